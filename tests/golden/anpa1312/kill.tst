a0778xxxxx
b v bt BC-XX--Bridge Kill a0777 05-01 0012
^BC-XX--Bridge, Kill<
^KILL Bridge<
	   Kill the story slugged BC-XX--Bridge. A kill is mandatory.

	   AP-WF-05-01-26 0745GMT<


