W1234asian
r i BC-XX--Harbour-BridgeReo 1stLd-Writethru W1200 05-01 0049
^BC-XX--Harbour-Bridge Reopens, 1st Ld-Writethru,49<
^Bridge reopens after two years<
^AP Photo XHB101<
^Eds: UPDATES with quote. With AP Photos.<
^EDITOR'S NOTE _ This is one of three stories.<
^By EXAMPLE WRITER=
^Associated Press=
	   HARBOUR TOWN (AP) _ The bridge reopened Friday.
 
	   ``We waited two years,'' the mayor's office said _ and waited again.
 
^Ferry stays=
	   The ferry stays.
	   ___
^END<

	   AP-WF-05-01-26 0745GMT<


