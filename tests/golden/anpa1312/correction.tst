a0777xxxxx
u n bt BC-XX--Bridge Correction a0700 05-01 0020
^BC-XX--Bridge, Correction<
^Correction: Bridge story<
	   HARBOUR TOWN (AP) _ In a story May 1, the bridge's length was wrong. It is 300 meters.

	   AP-WF-05-01-26 0745GMT<


