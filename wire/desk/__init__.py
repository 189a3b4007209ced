"""The desk: pure decisions on what an arrival is, where it goes and when. No I/O, no clock.

- ``identity.py``      which story an arrival is a version of
- ``succession.py``    stories that go on under another guid
- ``ownership.py``     whose stories a source may revise
- ``marks.py``         what agencies write into the text about a version
- ``precedence.py``    which of two versions is in force
- ``judge.py``         new, update, correction, kill, withheld, duplicate, stale; where the story stands then
- ``by_hand.py``       what people may do with it
- ``matrix.py``        all of that as a table, which the tests run
- ``significance.py``  whether a version is news to its readers
- ``similar.py``       near-duplicates
- ``routing.py``       which feeds and endpoints take it, by its ``facets.py``; ``explain.py`` says why
- ``transform.py``     what a feed or an endpoint gets other than it came
- ``dispatch.py``      lanes, priorities and idempotency keys of its deliveries
- ``desk.py``          these joined
"""
