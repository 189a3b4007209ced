"""From a folder that anybody may write to, to whole files: `RawFile`s and refusals.

- ``sweep.py``    looks through the inbox in batches, takes what is whole, removes it after the commit
- ``settle.py``   when a file is whole: the pure rule
- ``opening.py``  opens and reads without following links, blocking or reading too much
- ``naming.py``   which names are left alone, and how hostile names are shown
- ``found.py``    what a sweep hands on; ``ledger.py`` what it remembers until the next
- ``renames.py``  the kernel's word on which names were moved in rather than written in place
- ``watch.py``    file events that merely wake the sweep early; ``bell.py`` what the sweep waits for
- ``dropping.py`` hands files over as anybody else does; ``unread.py`` how much waits
- ``mark.py``     tells whether two daemons' inboxes are one folder

Polling is the truth. Events make it fast, never right: with every event lost, the same files are
taken, later.
"""
