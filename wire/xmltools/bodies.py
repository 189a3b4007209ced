"""The one sanitiser of bodies: HTML in, a well-formed XHTML fragment of a few elements out."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

import nh3
from lxml import etree

from wire.errors import Malformed, UnsafeInput
from wire.xmltools.parsing import parse_untrusted
from wire.xmltools.texts import clean_line, composed, is_everyday, legalised

MAX_HTML_CHARS = 1_000_000  #: of a body before sanitising
#: Of a body's characters at each of which the sanitiser looks through the text that follows.
MAX_LABORIOUS = 20_000
MAX_NESTING = 200  #: of elements in a body; the sanitiser's time grows with its square

_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
_INLINE = frozenset(("a", "em", "strong", "sub", "sup"))
_TEXT_BLOCKS = frozenset(("p", "h2", "h3", "figcaption", "caption", "pre"))
_TABLE_PARTS = frozenset(("thead", "tbody", "tfoot", "tr"))
_CELLS = frozenset(("td", "th", "li"))
_CONTAINERS = frozenset(("blockquote", "figure"))
_KEPT = _INLINE | _TEXT_BLOCKS | _TABLE_PARTS | _CELLS | _CONTAINERS | {"br", "table", "ul", "ol"}
#: Allowed into the sanitiser so that text on both sides of them is not glued together; `_tidied` drops them.
_DIVIDERS = frozenset(
    ("div", "section", "article", "main", "header", "footer", "aside", "address", "center", "nav", "form")
) | frozenset(("dl", "dt", "dd", "details", "summary", "fieldset", "hr", "body"))
_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "button")
) | frozenset(("textarea", "datalist", "dialog", "title", "audio", "video", "canvas"))
_TAG_TO_RENAME = re.compile(r"<(/?)(b|i|h[1456])>")
_BARE_LINK = re.compile(r"<a>([^<]*)</a>")
_EMPTY_BLOCK = re.compile(r"<(p|h2|h3)>(?:\s|<br/>)*+</\1>")
_TEXT = r"(?:[^<]++|</?(?:em|strong|sub|sup)>|<br/>(?!\s*<br/>))"
_FLAT = rf'(?:{_TEXT}|<a href="[^"<>]*+">{_TEXT}*+</a>)*+'
_ITEMS = rf"(?:\s*+<li>{_FLAT}</li>)++\s*+"
#: Paragraphs, subheads and plain lists in a row: nothing to repair, and stable when sanitised again.
#: (No capturing groups: inside possessive ones they make CPython's ``re`` fail.)
_TIDY_BLOCKS = "|".join(rf"<{tag}>{_FLAT}</{tag}>" for tag in ("p", "h2", "h3"))
_TIDY_LISTS = "|".join(rf"<{tag}>{_ITEMS}</{tag}>" for tag in ("ul", "ol"))
_TIDY = re.compile(rf"(?:\s*+(?:{_TIDY_BLOCKS}|{_TIDY_LISTS}))*+\s*+")
_WORDS = r"(?=\s*+[^\s<])[^<]++"
_PLAIN = re.compile(rf"(?:\s*+<(?:p>{_WORDS}</p|h2>{_WORDS}</h2|h3>{_WORDS}</h3)>)*+\s*+")
_ESCAPED = ("&amp;", "&lt;", "&gt;")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>")
_ENDED_BY_OTHERS = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "br", "img", "hr", "input", "wbr"))
_REFERENCE = re.compile(r"&(?:#?\w{1,31};)?")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LABORIOUS = re.compile("[&\xa0-\xbf]")
_DOUBLE_BREAK = re.compile(r"<br/>\s*<br/>")
_BREAKS = re.compile(r"<br/>(?:\s*<br/>)+")
#: Blanks that only lay out the markup stand beside the tags of blocks.
_BLOCKS = "|".join(sorted(_TEXT_BLOCKS | _TABLE_PARTS | _CELLS | _CONTAINERS | {"table", "ul", "ol", "br"}))
_BEFORE_BLOCK = re.compile(rf" <(?=/?(?:{_BLOCKS})\b)")
_AFTER_BLOCK = re.compile(rf"(</?(?:{_BLOCKS})\b[^<>]*>) ")
_SET_TEXT = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)


@lru_cache(maxsize=64)
def _sanitiser(base_url: str | None) -> nh3.Cleaner:
    """The sanitiser for bodies whose links are relative to an address; without one when it is none."""
    try:
        return nh3.Cleaner(
            tags=set(_KEPT | _DIVIDERS | _RENAMED.keys()),
            clean_content_tags=set(_DROPPED),
            attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
            url_schemes={"http", "https", "mailto"},
            url_relative=("rewrite_with_base", base_url) if base_url else "deny",
            link_rel=None,
        )
    except ValueError:
        if base_url is None:
            raise
        return _sanitiser(None)


def clean_html(html: str, base_url: str | None = None) -> str:
    """A body as a well-formed XHTML fragment of allow-listed elements, legal characters only.

    Scripts, styles, pictures, event handlers and links to other schemes than http, https and mailto
    go; relative links are made absolute when the base is known, else they become plain text. Loose
    text is put in paragraphs. Blanks are as a browser shows them: runs of them are one. A body that is
    too long or nests too deep keeps only its text. ``clean_html(clean_html(x)) == clean_html(x)``.
    """
    everyday = is_everyday(html)
    if not everyday:
        html = legalised(html)[0]
    if is_plain(html):
        return _unlaid((html if everyday else composed(html)).strip())
    if base_url and not base_url.startswith(("http://", "https://")):
        base_url = None
    return _unlaid(_repaired(html, base_url))


def _unlaid(html: str) -> str:
    """A clean fragment without the blanks of its layout; text that is set (``pre``) keeps its own."""
    if "\n" not in html and "  " not in html and "\t" not in html and "</p> <" not in html:
        return html  # of other lone blanks beside a tag nobody hears
    parts = _SET_TEXT.split(html) if "<pre>" in html else [html]
    for n in range(0, len(parts), 2):
        part = _BEFORE_BLOCK.sub("<", _single_blanks(parts[n]))
        parts[n] = _AFTER_BLOCK.sub(r"\1", part) if "> " in part else part
    return "".join(parts)


def _single_blanks(text: str) -> str:
    """The text with one blank for each run of blanks, tabs and line feeds: in a tenth of a pattern's time."""
    text = text.replace("\n", " ").replace("\t", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def is_plain(html: str) -> bool:
    """Whether legal text is bare, filled paragraphs and subheads: well-formed, nothing to sanitise.

    Most copy from agencies is.
    """
    return (
        len(html) <= MAX_HTML_CHARS
        and "\u0338" not in html
        and (
            _is_paragraphs(html)
            or (html.count("<") == html.count(">") and _PLAIN.fullmatch(html) is not None)
        )
        and _is_escaped(html)
    )


def _is_paragraphs(html: str) -> bool:
    """Whether it is filled paragraphs and nothing else, which is known in half the time."""
    if not (html.startswith("<p>") and html.endswith("</p>")):
        return False
    texts = html[3:-4].split("</p><p>")
    text = "".join(texts)
    return "<" not in text and ">" not in text and all(map(str.strip, texts))


def _is_escaped(html: str) -> bool:
    """Whether each ampersand begins one of the references that we write."""
    at = html.find("&")
    while at >= 0 and html.startswith(_ESCAPED, at):
        at = html.find("&", at + 1)
    return at < 0


def _repaired(html: str, base_url: str | None) -> str:
    """A body of legal characters, sanitised until nothing is left to repair."""
    if len(html) > MAX_HTML_CHARS or (html.count("<") > MAX_NESTING and _nesting(html) > MAX_NESTING):
        return _text_only(html[:MAX_HTML_CHARS])
    if html.count("&") > 1000:
        html = _REFERENCE.sub(lambda reference: escape(unescape(reference[0])), html)
    if len(html) > MAX_LABORIOUS and len(_LABORIOUS.findall(html)) > MAX_LABORIOUS:
        return _text_only(html)
    clean = _sanitised(html, _sanitiser(base_url))
    for _ in range(4):
        if _TIDY.fullmatch(clean):
            return clean
        before, clean = clean, _sanitised(_tidied(clean), _sanitiser(None))
        if clean == before:
            return clean
    return _text_only(clean)


def _sanitised(html: str, sanitiser: nh3.Cleaner) -> str:
    """nh3's output made XHTML: void elements closed, our names for elements, no empty blocks."""
    html = sanitiser.clean(html)
    html = legalised(html)[0].replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    # U+0338 goes: normalising would join it with the ">" of a tag before it
    html = html.replace("&nbsp;", "\xa0").replace("\u0338", "")
    html = _TAG_TO_RENAME.sub(lambda tag: f"<{tag[1]}{_RENAMED[tag[2]]}>", html)
    html = _BARE_LINK.sub(r"\1", html)
    emptied = 1
    while emptied:  # a block may hold nothing but an empty one
        html, emptied = _EMPTY_BLOCK.subn("", html)
    return composed(html).strip()


def _nesting(html: str) -> int:
    """How deep the elements nest at most, counting those that only a closing tag ends."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _ENDED_BY_OTHERS:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _text_only(html: str) -> str:
    """The paragraphs of a body that is not worth its markup."""
    text = unescape(_ANY_TAG.sub(" ", html.replace("</p>", "\n")))
    lines = (_text(clean_line(line)) for line in text.split("\n"))
    return "".join(f"<p>{line}</p>" for line in lines if line)


def _tidied(html: str) -> str:
    """A well-formed fragment rebuilt so that blocks hold blocks or inline text, never both loosely."""
    try:
        return "".join(_flow(parse_untrusted(f"<div>{html}</div>".encode())))
    except (Malformed, UnsafeInput):
        return _text_only(html)


def _flow(container: etree._Element) -> list[str]:
    """The container's content as blocks; loose runs of inline content become paragraphs."""
    blocks, run = list[str](), [_text(container.text)]
    for child in container:
        if _holds_block(child):
            blocks += _paragraphs("".join(run))
            blocks += _block(child)
            run = []
        else:
            run.append(_inline(child))
        run.append(_text(child.tail))
    return blocks + _paragraphs("".join(run))


def _paragraphs(run: str) -> list[str]:
    """A run of inline content as paragraphs, split where a line was left empty."""
    pieces = (run,) if "<a" in run or "<em" in run or "<s" in run else _DOUBLE_BREAK.split(run)
    return [f"<p>{piece}</p>" for piece in map(_trimmed, pieces) if _ANY_TAG.sub("", piece).strip()]


def _trimmed(run: str) -> str:
    """A run of inline content without breaks and blanks at its ends."""
    return _BREAKS.sub("<br/>", run).strip().removeprefix("<br/>").removesuffix("<br/>").strip()


def _block(element: etree._Element) -> list[str]:
    tag = element.tag
    if tag in _TEXT_BLOCKS and tag != "p":
        content = _trimmed(_inline_content(element))
        return [f"<{tag}>{content}</{tag}>"] if content.strip() else []
    if tag in ("ul", "ol"):
        return _wrapped(tag, [item for child in element for item in _cell(child, "li")])
    if tag == "table":
        return _wrapped(tag, _table_parts(element))
    return _wrapped(tag, _flow(element)) if tag in _CONTAINERS else _flow(element)


def _wrapped(tag: str, blocks: list[str]) -> list[str]:
    return [f"<{tag}>", *blocks, f"</{tag}>"] if blocks else []


def _table_parts(element: etree._Element) -> list[str]:
    """Caption, row groups, rows and cells; anything else in a table is not its place."""
    parts: list[str] = []
    for child in element:
        if child.tag == "caption":
            parts += _block(child)
        elif child.tag in _TABLE_PARTS:
            parts += _wrapped(child.tag, _table_parts(child))
        elif child.tag in _CELLS:
            parts += _cell(child, child.tag)
    return parts


def _cell(element: etree._Element, tag: str) -> list[str]:
    """A list item or table cell; inline content stays bare in it."""
    spans = "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if re.fullmatch(r"[1-9]\d?", value := element.get(name, ""))
    )
    content = _flow(element) if _holds_block(element, itself=False) else [_inline_content(element).strip()]
    if tag == "li" and not any(content):
        return []
    return [f"<{tag}{spans}>", *content, f"</{tag}>"]


def _inline(element: etree._Element) -> str:
    """An inline element with what is in it; links in links and unknown elements lose their tags."""
    if element.tag == "br":
        return "<br/>"
    content = _inline_content(element)
    if element.tag not in _INLINE or not content:
        return content
    if element.tag != "a":
        return f"<{element.tag}>{content}</{element.tag}>"
    if (href := element.get("href")) is None or next(element.iterancestors("a"), None) is not None:
        return content
    return f'<a href="{escape(href)}">{content}</a>'


def _inline_content(element: etree._Element) -> str:
    return _text(element.text) + "".join(_inline(child) + _text(child.tail) for child in element)


def _holds_block(element: etree._Element, *, itself: bool = True) -> bool:
    inside = element.iter("*") if itself else element.iterdescendants("*")
    return any(e.tag not in _INLINE and e.tag != "br" for e in inside)


def _text(text: str | None) -> str:
    return escape(text, quote=False) if text else ""
