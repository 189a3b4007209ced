"""The first schema, from which changes count; a new store is made as the schema is now, at once."""

from __future__ import annotations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: no store is older."""
