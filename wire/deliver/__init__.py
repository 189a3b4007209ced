"""Documents on their way to the endpoints.

- ``retry.py``    when to try again: pure
- ``turn.py``     one turn of a lane: take, send, settle; the same under every engine
- ``engine.py``   which lane gets a turn when: threads in this process
- ``sender.py``   the same in one child process, ``worker.py``; ``talk.py`` is what the two say to each
  other, in ``frames.py``
- ``http_push.py``  HTTP(S), with ``http_line.py`` (one conversation after the other), ``http_message.py``
  (what is said in it), ``adapter.py`` (TLS and proxies), ``reply.py`` (what an answer means), ``bundle.py``
  (several documents in one request) and ``signing.py`` (Standard Webhooks)
- ``websub.py``   the same for subscribers and hubs; ``notices.py`` for alarms
- ``dialling.py`` and ``addresses.py`` (only checked addresses are connected to), ``deadline.py`` (total
  deadlines that hold) and ``discretion.py`` (no secret in what is told) serve them all
- ``filing.py``   documents as files: names, what replaces what, what a kill does; for ``folder.py``,
  ``ftp.py`` with ``ftp_line.py``, ``sftp.py``, ``s3.py`` with ``sigv4.py``, and ``fsspec_files.py`` with
  ``fsspec_child.py``
- ``smtp.py``     mails, with ``smtp_line.py`` and ``letters.py`` (what a story is as a mail)
- ``session.py``  connections that are kept, for protocols whose libraries know no deadline

One file a transport. A transport raises DeliveryError and nothing else.
"""
