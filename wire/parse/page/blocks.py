"""A web page as the blocks a reader sees, one after another: paragraphs, subheads, list items, tables.

Nothing is judged here. Every block knows the element it stands in (`Scope`), so that others can tell what
kind of place that is. What a browser would not show (scripts, styles, hidden elements, forms' fields) is
no block at all. Time is linear in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from lxml import etree

from wire.common.hidden import STRUCK_OUT, is_hidden

MOST_BLOCKS = 10_000  #: of a page; what comes after is not read

#: Elements that show no text of their own, whatever stands in them.
_NOT_SHOWN = frozenset(
    name
    for names in (
        "head script style noscript template svg math iframe object embed applet audio video canvas map",
        "select option textarea button input datalist dialog progress meter frameset",
        "amp-consent amp-ad amp-embed amp-analytics amp-sidebar amp-lightbox amp-iframe amp-list",
        "amp-twitter amp-instagram amp-facebook amp-tiktok amp-social-share amp-user-notification",
        "amp-sticky-ad amp-next-page",
        *STRUCK_OUT,
    )
    for name in names.split()
)
#: Elements within a line. Everything else, unknown elements too, begins a new block.
_INLINE = frozenset(
    name
    for names in (
        "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr",
        "picture q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr",
    )
    for name in names.split()
)
_STYLES = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sub": "sub", "sup": "sup"}
_READ_ALOUD_ONLY = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-hidden)(?:\s|$)"
)
_LAYOUT = ("table", "p", "h1", "h2", "h3", "ul", "ol", "article", "section")
_LONGEST_CELL = 300  #: characters; what holds a longer one arranges the page, it is no table
_BOX_DEPTH = 3  #: elements around a picture or a block that may be the box of both
_BOX_BLOCKS, _BOX_TEXT = 3, 700  #: blocks and characters in such a box at most
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """An element that holds blocks, and the one around it."""

    tag: str
    element: etree._Element
    parent: Scope | None
    heading: int | None = None  #: 1 to 6 in ``h1`` to ``h6``

    def up(self) -> Iterator[Scope]:
        """The scope itself and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def within(self, *tags: str) -> Scope | None:
        """The innermost scope of one of these elements."""
        return next((scope for scope in self.up() if scope.tag in tags), None)


class Run(NamedTuple):
    """A stretch of text with the same link and style; ``\\n`` in it is a line break."""

    text: str
    href: str | None = None
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """A paragraph, heading, list item or whole table, as it stands on the page."""

    text: str  #: on one line
    scope: Scope
    runs: tuple[Run, ...] = ()
    linked: int = 0  #: characters that are links
    links: int = 0
    strong: bool = False  #: nothing but bold type

    @property
    def heading(self) -> int | None:
        """1 to 6 in ``h1`` to ``h6``, else None."""
        return self.scope.heading


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Image:
    """A picture of the page, and how many blocks stand before it."""

    place: int
    element: etree._Element  #: ``img``, ``amp-img``, or a ``figure`` that shows its picture as it likes
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that a reader sees of a page, in its order."""

    blocks: Sequence[Block]
    images: Sequence[Image]
    times: Sequence[tuple[int, str]]  #: of ``time`` elements: blocks before them, ``datetime``
    boxes: Mapping[int, Scope]  #: small elements that hold a picture and little text, by the blocks in them


def _picture_boxes(blocks: Sequence[Block], images: Iterable[Image]) -> dict[int, Scope]:
    """The small elements that hold a picture and little text, by the blocks in them: captions, or teasers."""
    pictured = {up for image in images for up in islice(image.scope.up(), _BOX_DEPTH)}
    held: dict[Scope, list[int]] = {}
    for n, block in enumerate(blocks):
        for up in islice(block.scope.up(), _BOX_DEPTH):
            if up in pictured:
                held.setdefault(up, []).append(n)
    found: dict[int, Scope] = {}
    for scope, inside in held.items():
        if len(inside) <= _BOX_BLOCKS and sum(len(blocks[n].text) for n in inside) <= _BOX_TEXT:
            for n in inside:
                found.setdefault(n, scope)
    return found


def read_page(root: etree._Element) -> Page:
    """What a page shows, as far as its first MOST_BLOCKS blocks."""
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            reader.leave(element)
        elif not _is_shown(element):
            walk.skip_subtree()
        elif element.tag == "table" and _is_data(element):
            walk.skip_subtree()
            reader.table(element)
        else:
            reader.enter(element)
        if len(reader.blocks) >= MOST_BLOCKS:
            break
    boxes = _picture_boxes(reader.blocks, reader.images)
    return Page(blocks=reader.blocks, images=reader.images, times=reader.times, boxes=boxes)


def shown_text(element: etree._Element | None) -> str:
    """The text that a reader sees in an element, on one line."""
    if element is None:
        return ""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            if inner is not element:
                parts.append(inner.tail or "")
        elif not _is_shown(inner):
            walk.skip_subtree()
        else:
            parts.append(
                inner.text or "" if inner.tag in _INLINE and inner.tag != "br" else f" {inner.text or ''}"
            )
    return " ".join("".join(parts).split())


def _is_shown(element: etree._Element) -> bool:
    if element.tag in _NOT_SHOWN:
        return False
    attributes = element.attrib
    if not attributes:
        return True
    if is_hidden(attributes):  # type: ignore[arg-type]  # a mapping indeed
        return False
    kind = attributes.get("class")
    return not kind or _READ_ALOUD_ONLY.search(kind) is None


def _are_strong(runs: Iterable[Run]) -> bool:
    """Whether all that is said is set in bold type."""
    return all("strong" in run.styles for run in runs if run.text.strip())


def _is_data(table: etree._Element) -> bool:
    """Whether a table is one, and not the frame in which something else is laid out."""
    if next(table.iterdescendants(*_LAYOUT), None) is not None:
        return False
    cells = list(table.iterdescendants("td", "th"))
    return len(cells) > 2 and all(sum(map(len, cell.itertext())) <= _LONGEST_CELL for cell in cells)


@dataclass(slots=True)
class _Reader:
    """What has been met of the block that is being read."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)
    scope: Scope | None = None
    runs: list[Run] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag not in _INLINE:
            self.finish()
            heading = int(tag[1]) if tag in _HEADINGS else self.scope.heading if self.scope else None
            self.scope = Scope(tag, element, self.scope, heading)
            if tag == "amp-img":
                self.images.append(Image(place=len(self.blocks), element=element, scope=self.scope))
        elif tag == "a":
            self.hrefs.append(element.get("href") or "")
        elif tag in _STYLES:
            self.styles.append(_STYLES[tag])
        elif tag == "br":
            self.line_break()
        elif tag == "img" and self.scope is not None:
            self.images.append(Image(place=len(self.blocks), element=element, scope=self.scope))
        elif tag == "time" and (when := element.get("datetime")):
            self.times.append((len(self.blocks), when))
        self.add(element.text)

    def leave(self, element: etree._Element) -> None:
        tag = element.tag
        if self.scope is not None and element is self.scope.element:
            self.finish()
            self.scope = self.scope.parent
        elif tag == "a" and self.hrefs:
            self.hrefs.pop()
        elif tag in _STYLES and self.styles:
            self.styles.pop()
        self.add(element.tail)

    def add(self, text: str | None) -> None:
        if text and (self.runs or not text.isspace()):
            href = self.hrefs[-1] if self.hrefs else None
            styles = tuple(dict.fromkeys(self.styles)) if self.styles else ()
            self.runs.append(Run(text.replace("\n", " "), href, styles))

    def line_break(self) -> None:
        """One breaks the line, two end the paragraph, as one below nothing but bold type does."""
        if self.runs and (self.runs[-1].text == "\n" or _are_strong(self.runs)):
            self.finish()
        elif self.runs and not (
            len(self.runs) > 1 and self.runs[-2].text == "\n" and not self.runs[-1].text.strip()
        ):
            self.runs.append(Run("\n"))
        else:
            self.finish()

    def finish(self) -> None:
        """The block ends here."""
        if not self.runs:
            return
        runs, self.runs = self.runs, []
        while runs and not runs[-1].text.strip():
            runs.pop()
        text = " ".join("".join(run.text for run in runs).split())
        if not text or self.scope is None:
            return
        filled = [run for run in runs if run.text.strip()]
        self.blocks.append(
            Block(
                text=text,
                scope=self.scope,
                runs=tuple(runs),
                linked=sum(len(run.text.strip()) for run in filled if run.href is not None),
                links=sum(run.href is not None for run in filled),
                strong=_are_strong(filled),
            )
        )

    def table(self, table: etree._Element) -> None:
        self.finish()
        scope = Scope("table", table, self.scope)
        text = " ".join(shown_text(cell) for cell in table.iterdescendants("caption", "td", "th"))
        if text.strip():
            links = list(table.iterdescendants("a"))
            linked = sum(len(shown_text(link)) for link in links)
            self.blocks.append(
                Block(text=" ".join(text.split()), scope=scope, linked=linked, links=len(links))
            )
