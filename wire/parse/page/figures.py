"""The story's pictures: where each lies, what its caption says, who took it. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from wire.parse.markup import whole
from wire.parse.page.blocks import Block, Image, Page, Scope, shown_text
from wire.parse.page.features import squeezed
from wire.parse.page.metadata import Node, line, texts_of
from wire.parse.page.places import kinds_of, places_of
from wire.story import Picture

_MOST = 60  #: pictures of one page
_MOST_INNER = 100  #: elements of a figure that are looked at
_SMALLEST = 160  #: pixels; smaller ones are marks and portraits
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")
_LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image"),
    *("data-full-src", "src"),
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_LABEL = (
    r"(?:photo(?:graph)?s?|foto(?:s|graf)?|bild(?:quelle)?|images?(?: credit| source)?|pictures?|"
    r"crédit(?:o)?s?(?: photo)?|credits?|quelle|source|fuente|fonte|copyright)\s*(?::|\bby\b|/)|©|\(c\)"
)
_LABELLED = re.compile(rf"(?:^|[\s|.–-])((?:{_LABEL})\s*.{{2,80}})$", re.IGNORECASE)
_LABEL_ALONE = re.compile(rf"^(?:{_LABEL})\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(
    r"\s*[(\[]([^()\[\]]{0,60}\b(?:photo|foto|bild|image|AP|AFP|Reuters|dpa|EPA|Getty|imago|EFE|ANSA)\b"
    r"[^()\[\]]{0,60})[)\]]\s*$",
    re.IGNORECASE,
)
_CREDIT_WORD = re.compile(
    r"credit|copyright|source|quelle|photographer|fotograf|agency|agentur|byline|author|autor|rights|crédit",
    re.IGNORECASE,
)
_CAPTION_WORD = re.compile(
    r"caption|legend|bildunterschrift|bildtext|description|pie-de|leyenda|didascalia|cutline", re.IGNORECASE
)
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|cutline|bildunterschrift|bildtext|leyenda|didascalia)(?:-?text)?(?:$|\s)",
    re.IGNORECASE,
)
_FURNITURE = frozenset(
    (
        *("related", "teaser", "social", "author", "navigation", "talk", "advert", "newsletter"),
        *("nav", "footer", "aside", "pay"),
    )
)
_TEXT_ELEMENTS = frozenset(("span", "small", "div", "p", "cite", "em", "a", "i", "b", "dd", "li"))
_JOINTS = " |–—-/(\u00a0"  #: between caption and credit
_LONGEST_CREDIT = 120  #: characters
_COUNTER = 2  #: pixels of a picture that only counts readers
_NO_PICTURE = re.compile(
    r"(?:^data:|spacer|pixel|blank\.|placeholder|1x1|/logo|avatar|gravatar|sprite|\.svg(?:$|\?))",
    re.IGNORECASE,
)


def find_pictures(page: Page, stated: Iterable[Node], first: int, last: int) -> tuple[Picture, ...]:
    """The pictures between the headline's block and the story's last, then the one the page states.

    first, last  blocks between which pictures are the story's
    """
    found: dict[str, Picture] = {}
    seen: set[etree._Element] = set()
    while last + 1 < len(page.blocks) and page.blocks[last + 1].scope.within("figcaption") is not None:
        last += 1  # a gallery below the last paragraph
    for image in page.images[:5000]:
        if not first <= image.place <= last + 1 or len(found) >= _MOST:
            continue
        picture = _picture(image, seen)
        if picture is not None:
            if picture.caption is None and any(map(_is_called_caption, page.blocks[image.place :][:1])):
                picture = replace(picture, caption=page.blocks[image.place].text)
            key = _file_of(picture.href) or squeezed(picture.caption or "")
            known = found.get(key)
            if known is None or not known.caption:
                found[key] = picture
    _add_stated(found, stated)
    return tuple(found.values())


def captions_in(page: Page) -> frozenset[int]:
    """The blocks that are captions by where they stand or what they are called: in ``figcaption``, in a box
    made for a picture, or with a class of that name.
    """
    boxed = (n for n, box in page.boxes.items() if "picture" in kinds_of(box))
    within = (n for n, block in enumerate(page.blocks) if block.scope.within("figcaption") is not None)
    called = (n for n, block in enumerate(page.blocks) if _is_called_caption(block))
    return frozenset(n for n in (*boxed, *within, *called) if page.blocks[n].heading is None)


def _is_called_caption(block: Block) -> bool:
    """Whether the class of a block's own element says that it is a caption."""
    return _CAPTION_CLASS.search(block.scope.element.get("class") or "") is not None


def captions_of(pictures: Iterable[Picture]) -> frozenset[str]:
    """The captions, squeezed, to compare blocks with."""
    return frozenset(squeezed(picture.caption) for picture in pictures if picture.caption)


def _add_stated(found: dict[str, Picture], stated: Iterable[Node]) -> None:
    """Add the page's own picture where none like it was seen; tell what it says of those that were."""
    for node in stated:
        href = next(iter((*texts_of(node.get("url")), *texts_of(node.get("contentUrl")))), None)
        if href is None or _NO_PICTURE.search(href):
            continue
        caption = next(iter((*texts_of(node.get("caption")), *texts_of(node.get("description")))), None)
        credit = next(iter((*texts_of(node.get("creditText")), *texts_of(node.get("copyrightNotice")))), None)
        told = Picture(
            href=href,
            caption=caption,
            credit=credit,
            mimetype=next(iter(texts_of(node.get("encodingFormat"))), None),
            width=_pixels(node.get("width")),
            height=_pixels(node.get("height")),
        )
        key = _file_of(href)
        if key in found:
            found[key] = _completed(found[key], told)
        elif not found:
            found[key] = told


def _completed(shown: Picture, told: Picture) -> Picture:
    """A picture as the page shows it, with what the page states besides; sizes are of the very file."""
    caption, credit = told.caption or "", told.credit or ""
    words = squeezed(f"{shown.caption or ''}{shown.credit or ''}")
    known = told if words in (squeezed(caption), squeezed(caption + credit)) else shown
    sized = told if shown.href == told.href else shown
    return replace(
        shown,
        caption=known.caption or told.caption,
        credit=known.credit or told.credit,
        mimetype=shown.mimetype or told.mimetype,
        width=shown.width or sized.width,
        height=shown.height or sized.height,
    )


def _pixels(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _picture(image: Image, seen: set[etree._Element]) -> Picture | None:
    """The picture with caption and credit; None for furniture and for what only counts readers."""
    element = image.element
    figure = image.scope.within("figure")
    holder = figure.element if figure is not None else _captioned(image.scope)
    sides = [side for name in ("width", "height") if (side := whole(element.get(name))) is not None]
    if holder is None:
        if min(sides, default=_SMALLEST) < _SMALLEST or _is_furniture(image):
            return None
        caption = credit = None
    elif holder in seen or min(sides, default=_SMALLEST) <= _COUNTER:
        return None  # the same figure again, in another size
    else:
        seen.add(holder)
        caption, credit = caption_and_credit(holder)
    href = _source(element)
    if href is None and caption is None:
        return None
    width, height = sides if len(sides) == 2 else (None, None)
    return Picture(href=href, caption=caption or _alt(element), credit=credit, width=width, height=height)


def _is_furniture(image: Image) -> bool:
    """Whether a loose picture belongs to something else than the story, or leads away from it."""
    linked = next(image.element.iterancestors("a"), None) is not None
    return linked or not _FURNITURE.isdisjoint(places_of(image.scope))


def _captioned(scope: Scope) -> etree._Element | None:
    """The element around a picture that also holds a caption, three steps up at most."""
    for up, _ in zip(scope.up(), range(3), strict=False):
        if up.tag in ("body", "article", "main", "html"):
            return None
        if next(_classed(up.element, _CAPTION_WORD), None) is not None:
            return up.element
    return None


def caption_and_credit(holder: etree._Element) -> tuple[str | None, str | None]:
    """What is written under a picture, parted into what it shows and whose it is."""
    captions = list(islice(holder.iterdescendants("figcaption"), 3)) or list(_classed(holder, _CAPTION_WORD))
    text = max(map(shown_text, captions), key=len, default="")
    credits = (
        told for inner in _classed(holder, _CREDIT_WORD) if len(told := shown_text(inner)) < _LONGEST_CREDIT
    )
    credit = max(credits, key=len, default="")
    if credit:
        before, _, after = text.rpartition(credit)
        text = " ".join(f"{before.rstrip(_JOINTS)} {after}".split())
    elif match := _IN_BRACKETS.search(text) or _LABELLED.search(text):
        credit, text = match[1], text[: match.start()].rstrip(_JOINTS)
    return text or None, _LABEL_ALONE.sub("", credit).strip(" ()[]|") or None


def _classed(holder: etree._Element, kind: re.Pattern[str]) -> Iterator[etree._Element]:
    """The elements in a figure whose class or property is of a kind."""
    return (
        inner
        for inner in islice(holder.iterdescendants(), _MOST_INNER)
        if inner.tag in _TEXT_ELEMENTS
        and kind.search(f"{inner.get('class') or ''} {inner.get('itemprop') or ''}")
    )


def _alt(element: etree._Element) -> str | None:
    return line(element.get("alt") or "") or None


def _source(element: etree._Element) -> str | None:
    """The largest form of a picture that the page names; one written into the page lies nowhere."""
    sets = [element.get(name) for name in _LAZY_SETS]
    around = next(element.iterancestors("picture"), None)  # a ``source`` is taken for its parent at times
    if around is not None:
        sets += [source.get(name) for source in around.iterdescendants("source") for name in _LAZY_SETS]
    found = [candidate for text in sets if text for candidate in _candidates(text)]
    if found:
        return max(found, key=lambda pair: pair[0])[1]
    addresses = (element.get(name) for name in _LAZY)
    return next(
        (address.strip() for address in addresses if address and not _NO_PICTURE.search(address.strip())),
        None,
    )


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """(width or density, address) of each candidate of a ``srcset``."""
    for match in _CANDIDATE.finditer(srcset[:20_000]):
        if not _NO_PICTURE.search(match[1]):
            try:
                size = float(match[2] or 1)
            except ValueError:
                size = 1.0
            yield size if match[3] == "w" else size * 100, match[1]


def _file_of(href: str | None) -> str:
    """The file's name in an address: the same picture in other sizes often keeps it."""
    try:
        path = urlsplit(href or "").path
    except ValueError:
        return href or ""
    return path.rsplit("/", 1)[-1].lower() or (href or "")
