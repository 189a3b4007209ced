"""The desk: pure decisions on what an arrival is, where it goes and when. No I/O, no clock.

identity    which story an arrival is a version of
succession  stories that go on under another guid
ownership   whose stories a source may revise
marks       what agencies write into the text about a version
precedence  which of two versions is in force
judge       new, update, correction, kill, withheld, duplicate, stale; where the story stands then
by_hand     what people may do with it
matrix      all of that as a table, which the tests run
routing     which feeds and endpoints take it
dispatch    lanes, priorities and idempotency keys of its deliveries
desk        these joined
"""
