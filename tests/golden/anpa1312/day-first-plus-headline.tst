a0105KYODOkoko-
u s BC-Soccer-Cup   09-12 0034
BC-Soccer-Cup
Soccer: Example Reds claim cup+
     SAITAMA, Japan, Dec. 9 Kyodo - Example Reds claimed the cup 
on Sunday.
     They had won it before.
==Kyodo
KWS-21:37-09-12-25
