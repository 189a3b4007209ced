"""How a delivery is queued: its lane, its priority, its idempotency key. All fixed at acceptance."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32

from wire.story import Action, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What the desk knows of a configured endpoint."""

    id: str
    document: str  #: format of the documents it takes, such as ``newsml-g2``
    lanes: int = 1  #: over how many lanes its stories are spread
    accepts_embargoed: bool = False


def lane_of(outlet: Outlet, story_id: str) -> str:
    """The lane that carries a story to an endpoint; the same for every version of the story."""
    return f"{outlet.id}/{crc32(story_id.encode()) % outlet.lanes}"


def lanes_of(outlet: Outlet) -> tuple[str, ...]:
    """Every lane of an endpoint."""
    return tuple(f"{outlet.id}/{number}" for number in range(outlet.lanes))


def delivery_key(generation: str, endpoint: str, story_id: str, seq: int) -> str:
    """``msg_`` and 26 characters: the same for ever for one revision and endpoint of one store."""
    digest = sha256(f"{generation}\n{endpoint}\n{story_id}\n{seq}".encode()).digest()
    return "msg_" + b32encode(digest)[:26].decode("ascii").lower()


def priority(action: Action, story: Story) -> int:
    """0 goes first: kills and withholds, then corrections, then urgent copy (1, 2), then the rest.

    A repeat is nothing to be alerted by, however urgent it was the first time.
    """
    if action in {Action.KILL, Action.WITHHOLD}:
        return 0
    if action is Action.CORRECTION:
        return 1
    urgent = story.urgency is not None and story.urgency <= 2 and "repeat" not in story.signals
    return 2 if urgent else 3
