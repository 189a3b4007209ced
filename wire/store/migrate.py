"""Brings a database to the newest schema, in one transaction, before anything else touches it.

A new one is made as the schema is now; an older one is changed step by step by alembic's scripts in
``migrations``, which is loaded for nothing else.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text

from wire.errors import StoreUnusable
from wire.store import full_text
from wire.store.engines import begin_change
from wire.store.prepared import Prepared
from wire.store.schema import HEAD, counter, meta, metadata

_SCRIPTS = Path(__file__).with_name("migrations")
_COUNTERS = ("intake", "revision", "delivery", "history", "feed_set", "instant")
_GENERATION = Prepared(select(meta.c.value).where(meta.c.key == "generation"))


def migrate(connection: Connection) -> None:
    """Create or upgrade the schema; a current one costs two queries.

    The caller holds the data lock; of daemons that share a server, one migrates and the others wait.
    Raises StoreUnusable when a newer version of wire wrote the store.
    """
    with connection.begin():
        begin_change(connection, alongside=False)
        at = _current(connection)
        if at == HEAD:
            return
        if at is not None and at > HEAD:
            raise StoreUnusable(f"the store has schema {at}, this wire knows {HEAD}: install a newer wire")
        if at is None:
            _make(connection)
            begin_empty(connection)
        else:
            _upgrade(connection)


def _make(connection: Connection) -> None:
    metadata.create_all(connection)
    full_text.create(connection)
    version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
    version.create(connection)
    connection.execute(version.insert(), [{"version_num": HEAD}])


def begin_empty(connection: Connection) -> None:
    """What stands in a store before the first story: its counters and its id."""
    connection.execute(counter.insert(), [{"name": name, "value": 0} for name in _COUNTERS])
    connection.execute(meta.insert(), [{"key": "generation", "value": secrets.token_hex(8)}])


def generation(connection: Connection) -> str:
    """The database's own id, made with it; a part of every idempotency key."""
    [row] = _GENERATION.all(connection)
    return str(row.value)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
