"""Which blocks of a page are its story, and the story's body as HTML.

Every block gets the sum of its features' weights (`weights`); a change between story and furniture has
a price, so that one doubtful block among good ones stays and a lonely good one far away goes (Viterbi over
two states).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, repeat

from lxml import etree

from wire.parse.copied.asides import is_aside
from wire.parse.copied.linelook import stops
from wire.parse.page.blocks import Block, Page, Run, shown_text
from wire.parse.page.features import CAPTION, Known, features
from wire.parse.page.weights import WEIGHTS

ALWAYS = "always"  #: the name of what holds for every block
PRICE = 0.8  #: log-odds for each change between story and furniture
_SMALL = 40  #: blocks; a page of so few is a story somebody sent, hardly more
#: Log-odds for a small page's blocks without a sign of furniture, against mere pointers, and captions.
_TRUST = 6.0
#: Of a block that is all links: it points to another story, or asks for something.
_POINTING = frozenset(
    f"{group} first/{width}" for group in ("more", "click", "membership") for width in "tsl"
).union(f"own:{kind}" for kind in ("social", "advert", "newsletter", "pay", "related"))
#: Features of which one is enough to doubt a block of a small page.
_SIGNS = re.compile(
    r"(?:(?:share|membership|legal|advert|affiliate|comments|photo|caption mark)(?: first)?/|"
    r"end mark|byline|repeated|linked:[3-5]|is headline|is alt text|"
    r"in:(?:nav|footer|aside|form|figcaption)|"
    r"(?:own|near):"
    r"(?:related|teaser|box|newsletter|pay|advert|social|talk|author|meta|navigation|consent|picture)$)"
)
_LONGEST_SUBHEAD = 110  #: characters
_LONG = 60  #: characters of copy that has to follow a subhead
_SPANS = ("colspan", "rowspan")


def choose(page: Page, known: Known, weights: Mapping[str, float] = WEIGHTS) -> list[bool]:
    """For each block whether it is copy of the story; the headline counts as none, nor does what says
    itself that it is a picture's caption.
    """
    small = len(page.blocks) <= _SMALL
    scores: list[float] = []
    captions: list[bool] = []
    for block, names in zip(page.blocks, features(page, known), strict=True):
        score = weights[ALWAYS] + sum(map(weights.get, names, repeat(0.0)))
        if is_aside(block.text, len(block.text)):
            score -= _TRUST
        elif small and not any(map(_SIGNS.match, names)):
            score += _TRUST
        elif "linked:5" in names and not _POINTING.isdisjoint(names):
            score -= _TRUST
        if CAPTION in names:
            score -= _TRUST
        scores.append(score)
        captions.append(CAPTION in names)
    path = cheapest_path(scores)
    return [kept and not caption for kept, caption in zip(path, captions, strict=True)]


def cheapest_path(scores: Sequence[float], price: float = PRICE) -> list[bool]:
    """The choice with the highest sum of scores, less the price of every change."""
    out, within = 0.0, -price
    steps: list[tuple[bool, bool]] = []  # for each of both states: whether the one before was "within"
    for score in scores:
        out_from, in_from = within - price > out, within >= out - price
        out, within = max(out, within - price), max(within, out - price) + score
        steps.append((out_from, in_from))
    state, path = within > out, list[bool]()
    for out_from, in_from in reversed(steps):
        path.append(state)
        state = in_from if state else out_from
    return path[::-1]


def story_html(blocks: Sequence[Block]) -> str:
    """The chosen blocks as one body: lists, quotations, tables and subheads kept as what they are."""
    kinds = [_kind(blocks, n) for n in range(len(blocks))]
    parts: list[str] = []
    for (wrapper, _), group in groupby(zip(blocks, kinds, strict=True), key=lambda pair: _wrapper(*pair)):
        inner = "".join(_block_html(block, kind) for block, kind in group)
        parts.append(f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner)
    return "".join(parts)


def _kind(blocks: Sequence[Block], n: int) -> str:
    """The element that a block becomes: h2, h3, li, table, pre or p."""
    block = blocks[n]
    if block.scope.tag == "table" and not block.runs:
        return "table"
    level = block.heading
    if level is not None and level > 1:
        return "h3" if level > _top_level(blocks) else "h2"
    if block.scope.within("li") is not None and _is_item(blocks, n):
        return "li"
    if block.scope.within("pre") is not None:
        return "pre"
    return "h2" if _looks_subhead(blocks, n) else "p"


def _top_level(blocks: Sequence[Block]) -> int:
    """The level of the story's foremost subheads."""
    return min((level for block in blocks if (level := block.heading) is not None and level > 1), default=2)


def _is_item(blocks: Sequence[Block], n: int) -> bool:
    """Whether the block is all that its list item holds; longer ones are laid out in a list."""
    item = blocks[n].scope.within("li")
    neighbours = (blocks[m] for m in (n - 1, n + 1) if 0 <= m < len(blocks))
    return all(near.scope.within("li") is not item for near in neighbours)


def _looks_subhead(blocks: Sequence[Block], n: int) -> bool:
    """A short line of nothing but bold type above copy that is not."""
    block = blocks[n]
    if not block.strong or len(block.text) > _LONGEST_SUBHEAD or n + 1 >= len(blocks):
        return False
    if block.text[-1] in ",;:" or (stops(block.text) and block.text[-1] != "?"):
        return False
    after = blocks[n + 1]
    return not after.strong and len(after.text) >= _LONG


def _wrapper(block: Block, kind: str) -> tuple[str, int]:
    """The element that holds a row of blocks, and which one it is."""
    if kind == "li":
        around = block.scope.within("ul", "ol")
        return ("ol" if around is not None and around.tag == "ol" else "ul"), id(around)
    quote = block.scope.within("blockquote") if kind == "p" else None
    return ("blockquote", id(quote)) if quote is not None else ("", 0)


def _block_html(block: Block, kind: str) -> str:
    if kind == "table":
        return _table_html(block.scope.element)
    inner = escape(block.text, quote=False) if kind in ("h2", "h3") else _inline_html(block.runs)
    return f"<{kind}>{inner}</{kind}>"


def _inline_html(runs: Sequence[Run]) -> str:
    """Runs of text with their links and styles."""
    parts: list[str] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        inner = "".join(map(_styled, group))
        parts.append(f'<a href="{escape(href)}">{inner}</a>' if href and inner.strip() else inner)
    return "".join(parts).strip()


def _styled(run: Run) -> str:
    if run.text == "\n":
        return "<br>"
    text = escape(_BLANKS.sub(" ", run.text), quote=False)
    if not text.strip():
        return text
    for style in reversed(run.styles):
        text = f"<{style}>{text}</{style}>"
    return text


_BLANKS = re.compile(r"[ \t\r\n\f]+")


def _table_html(table: etree._Element) -> str:
    rows = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in table.iterdescendants("tr"))
    caption = next(table.iterdescendants("caption"), None)
    told = shown_text(caption)
    return f"<table>{f'<caption>{escape(told)}</caption>' if told else ''}{rows}</table>"


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in row.iterchildren("td", "th"):
        spans = "".join(f' {name}="{value}"' for name in _SPANS if (value := cell.get(name, "")).isdigit())
        yield f"<{cell.tag}{spans}>{escape(shown_text(cell), quote=False)}</{cell.tag}>"
