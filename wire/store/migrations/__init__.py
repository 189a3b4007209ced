"""Alembic's scripts; run by `wire.store.migrate` at start, under the data lock."""
