"""The Protocols through which the stages meet; stages never import each other.

A seam is one or two methods. Each docstring names who builds the object, which threads use it and
which errors it may raise.

Here is what a story meets on its way, and what plug-ins may add to: reading, normalising, writing,
sending. Beside it stand `wire.ports.delivery` (queue and engine), `wire.ports.feeds` (feeds, archives
and the hub) and `wire.ports.web` (stories by id, pages, changes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wire.errors import DeliveryError, IntakeError
from wire.story import Delivery, Document, Draft, RawFile, Receipt, Revision, Story

#: Gives the current instant, aware and UTC. Injected wherever a decision needs the time.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who we are, as documents, feeds and pages say it."""

    name: str
    id: str  #: a domain name; used in guids, never changes
    language: str = "en"  #: BCP 47
    timezone: str = "UTC"  #: IANA name
    home_page: str
    base_url: str  #: of our own HTTP surface, without a trailing slash


class Parser(Protocol):
    """Reads one format. Stateless; used by several threads at once."""

    name: str  #: the format's name, such as ``newsml-g2``

    def evidence(self, raw: RawFile) -> int:
        """How surely the file is of this format: 0 (not at all) to 100 (its own root element).

        Looks at the name and the first 4 kB only; never raises.
        """
        ...

    def parse(self, raw: RawFile) -> Sequence[Draft | IntakeError]:
        """What the document says, one Draft a story, in the document's order.

        A story of several that cannot be understood is an IntakeError among the Drafts. Raises IntakeError
        when nothing can be understood; anything less is a warning in the Draft.
        """
        ...


#: Reads a file that another one encloses, as if it had come by itself. Raises IntakeError.
ReadPart = Callable[[RawFile], Sequence[Draft]]


class Container(Parser, Protocol):
    """Reads a format whose files enclose other files, such as e-mail with attachments.

    It never learns of other parsers: detection hands it the function that reads an enclosed file and
    counts how many there are and how deep they lie.
    """

    def parse_parts(self, raw: RawFile, read_part: ReadPart) -> Sequence[Draft | IntakeError]:
        """As `parse`, with what the enclosed files say; one that cannot be read is a warning."""
        ...


class Step(Protocol):
    """One normalising step: fills in or repairs fields of a draft. Pure; used by several threads."""

    def __call__(self, draft: Draft, raw: RawFile) -> Draft:
        """The draft with more known; what is guessed is marked, what the document states stays.

        Raises IntakeError when the draft can be no story.
        """
        ...


class Renderer(Protocol):
    """Writes one format. Stateless; used by several threads at once. Pure: no clock, no I/O."""

    format: str
    media_type: str

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a document. Raises RenderError and nothing else."""
        ...


class Transport(Protocol):
    """Carries finished documents to one endpoint.

    Built once per endpoint by the composition root, used by one thread at a time, closed at
    shutdown. Raises DeliveryError and nothing else.
    """

    def send(self, delivery: Delivery, *, deadline_s: float) -> Receipt:
        """Hand the document over, or raise.

        deadline_s  seconds for the whole exchange, not for one read
        """
        ...

    def probe(self) -> None:
        """Prove that the endpoint is usable as configured, without delivering anything."""
        ...

    def close(self) -> None:
        """Release connections; may be called from another thread to break off a send."""
        ...


class BatchTransport(Transport, Protocol):
    """A transport that can carry several documents in one exchange."""

    def send_all(self, deliveries: Sequence[Delivery], *, deadline_s: float) -> list[Receipt | DeliveryError]:
        """Hand the documents over, in their order; how each of them fared, in the same order.

        Never two of one story. Raises nothing that one of them alone could be told by.
        deadline_s  seconds for all of them together
        """
        ...


class Normaliser(Protocol):
    """Joins the steps. Stateless; used by several threads at once."""

    def __call__(self, draft: Draft, raw: RawFile) -> Story:
        """The one normal form. Raises IntakeError when the draft is no story."""
        ...
