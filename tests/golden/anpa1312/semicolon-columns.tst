W2595asian
u o BC-WEA--Coast-Weather     05-01 0030
^BC-WEA--Coast Weather,<
	   HARBOUR TOWN (AP) _ Temperatures on the coast.
	   ;MIN;MAX;COND;PRECIP<
	   Port;42;50;rn;0.08<
	   Old Town;59;69;rn;0.00<
	    rn - rain

	   AP-WF-05-01-26 0745GMT<


