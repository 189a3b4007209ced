"""Documents on their way to the endpoints.

- ``retry.py``    when to try again: pure
- ``turn.py``     one turn of a lane: take, send, settle; the same under every engine
- ``engine.py``   which lane gets a turn when: threads in this process
- ``sender.py``   the same in one child process, ``worker.py``; ``talk.py`` is what the two say to each
  other, in ``frames.py``
- ``http.py``     POST over HTTP(S), with ``reply.py`` (what an answer means), ``signing.py``
  (Standard Webhooks), ``dialling.py`` and ``addresses.py`` (only checked addresses are connected to)
  and ``deadline.py`` (total deadlines that hold)
- ``folder.py``   files in a folder

One file a transport. A transport raises DeliveryError and nothing else.
"""
