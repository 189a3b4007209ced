"""The store: what was accepted, durably, and every question asked of it.

database        one writer with group commit, many readers; locks, pragmas, migrations
schema, rows    the tables, and values as their rows
accepting       the transaction that accepts stories
delivery_queue  delivery rows as `wire.ports.delivery.Queue`
shelf           feed windows and stories for feeds and pages
upkeep          what the daemon asks between stories
browse, lists   what the command line shows
audit           the conservation law
"""
