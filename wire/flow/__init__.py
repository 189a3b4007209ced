"""What carries stories from stage to stage: read, accept, export, show.

- ``reading.py``     raw bytes become stories; ``reading_apart.py`` those of large files, ``reading_wary.py``
  those found after a crash, both in processes of ``reading_process.py``
- ``acceptance.py``  what happens inside the transaction that accepts; ``press.py`` writes its documents
- ``showing.py``     what feeds and outbox learn after each commit; ``exporting.py`` keeps the outbox in step
- ``follower.py``    what other daemons on the same store committed
- ``hub.py``         who is told of feeds that changed; ``indexing.py`` makes stories findable
- ``backfill.py``    what an endpoint missed
- ``tally.py``       what is counted on the way
- ``convert.py`` and ``itinerary.py``  the way of a file without store: what it becomes, where it would go
"""
