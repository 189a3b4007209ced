"""The desk: pure decisions on what an arrival is, where it goes and when. No I/O, no clock.

identity   which story an arrival is a version of
judge      new, update, correction, kill, withheld, duplicate, stale; live or embargoed
routing    which feeds and endpoints take it
dispatch   lanes, priorities and idempotency keys of its deliveries
desk       these joined
"""
