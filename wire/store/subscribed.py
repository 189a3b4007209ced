"""Where the deliveries of a subscription go."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from wire.store.prepared import Prepared
from wire.store.schema import meta, subscription
from wire.story import Target

#: Addresses that the configuration knows, kept for who delivers: what topics begin with, and our hub.
TOPICS, HUB = "topics_url", "hub_url"
#: How endpoints are named that stand in no configuration: subscribers of our hub, and hubs elsewhere.
SUBSCRIBER, PINGED = "hub:", "ping:"

_SUBSCRIPTION = Prepared(select(subscription).where(subscription.c.endpoint == bindparam("b_endpoint")))
_META = Prepared(select(meta.c.value).where(meta.c.key == bindparam("b_key")))


def target_of(tx: Connection, lane_id: str) -> Target | None:
    """Where what is in a lane goes; None of a configured endpoint, or when the subscription has ended."""
    if ":" not in lane_id:
        return None
    rows = _SUBSCRIPTION.all(tx, b_endpoint=lane_id.rpartition("/")[0])
    if not rows:
        return None
    [row] = rows
    hub = _META.scalar(tx, b_key=HUB) if lane_id.startswith(SUBSCRIBER) else ""
    topic = f"{_META.scalar(tx, b_key=TOPICS)}{row.topic}"
    return Target(url=row.callback, topic=topic, hub=hub, secret=row.secret)
