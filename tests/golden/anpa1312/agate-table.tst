s0284-----
r s BC-BBO--Glance     05-01 
^BC-BBO--Glance<
^Harbour League Glance=
^All Times EDT=
^By The Associated Press=
^EAST=
 W  L Pct GB
OldTown 7  5 .584 _
Port 6  6 .500 1{
^Friday's Games=
	   Port 6, Old Town 5

	   AP-WF-05-01-26 0745GMT<


