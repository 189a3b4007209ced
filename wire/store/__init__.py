"""The store: what was accepted, durably, and every question asked of it.

database    one writer with group commit, many readers; locks, pragmas, migrations
schema      the tables
accepting   the transaction that accepts a story
queue       delivery rows as `wire.ports.Queue`
shelf       feed windows and stories for feeds and pages
browse      what the command line shows
audit       the conservation law
"""
