"""Reading: a `RawFile` becomes one or more `Draft`s, each saying what the document itself says.

`detect.read` is the way in: it refuses what can be no story, asks every parser for its evidence and
lets the surest one read. A parser lives in a file of its own and knows only the helpers beside it
(`base`, `charset`, `markup`) and what lies below the stages. Nothing here invents, cleans or follows
anything: dates may be naive, bodies hostile; normalising comes after.
"""
