W0001x
d f BC-XX--Trade-1 05-21 
^BC-XX--Trade-1<
^Trade grows, part 1<
	   PORT (AP) _ Trade grows.

	   


W0002x
d f BC-XX--Trade-2 05-22 
^BC-XX--Trade-2<
^Trade grows, part 2<
	   PORT (AP) _ Trade grows.

	   


