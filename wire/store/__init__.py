"""The store: what was accepted, durably, and every question asked of it.

The database:

- ``schema.py``    the tables; ``rows.py`` values as their rows; ``migrate.py`` brings older stores to them
- ``database.py``  one writer with group commit, many readers; ``writer.py`` is the writing thread
- ``engines.py``   what differs between SQLite and PostgreSQL; ``following.py`` daemons that share a server
- ``prepared.py``  statements that run for every story or delivery

What is kept of stories:

- ``accepting.py``  the transaction that accepts stories; ``values.py`` what it is given
- ``places.py``     where stories stand; ``likenesses.py`` which are alike; ``naming.py`` how people name one
- ``upkeep.py``     what the daemon asks between stories; ``purging.py`` what is kept no longer
- ``audit.py``      the conservation law; ``copying.py`` backups

Deliveries:

- ``delivery_queue.py``  the rows as `wire.ports.delivery.Queue`, with ``queue_statements.py``
- ``queue_orders.py``    pause, resume, retry, replay; ``backfill.py`` what an endpoint missed
- ``standing.py``        how an endpoint stands; ``endpoints.py`` its health in numbers
- ``subscriptions.py``   WebSub's, and ``subscribed.py`` where their deliveries go

What is shown:

- ``shelf.py``   feed windows and stories for feeds and pages; ``changes.py`` for ``/changes``
- ``browse.py``  what the command line lists, with ``delivery_lists.py``
- ``board_view.py``, ``story_view.py``, ``outlet_view.py``, ``quarantine_view.py``  the desk page
- ``full_text.py`` and ``indexer.py``  the search
- ``sessions.py`` and ``handing.py``   who is at the desk, and who handed a file over
- ``figures.py`` and ``watch.py``      for metrics and alarms
"""
