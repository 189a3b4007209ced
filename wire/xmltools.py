"""The one hardened XML parser, the one text cleaner, the one HTML sanitiser.

Everything that came from outside passes through here before it is believed: bytes through
`parse_untrusted`, single texts through `clean_text` or `clean_line`, bodies through `clean_html`.
Nothing here opens a file or a connection, whatever the input names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from html.entities import name2codepoint
from typing import Never
from unicodedata import normalize

import nh3
from lxml import etree

from wire.errors import Malformed, UnsafeInput

MAX_ATTRIBUTES = 1000  #: of one element; reading them back is far worse than linear
MAX_PREFIXES = 200  #: of namespaces in a document; the parser looks through those declared for each new one
MAX_HTML_CHARS = 1_000_000  #: of a body before sanitising
MAX_LABORIOUS = (
    20_000  #: of its characters at each of which the sanitiser looks through the text that follows
)
MAX_NESTING = 200  #: of elements in a body; the sanitiser's time grows with its square

#: What libxml2 tells programmers, in the middle of what it says to everybody.
_ADVICE = re.compile(r", (?:use|see|try) (?:XML_|xml)\w+(?: option)?")
_FLOOD = re.compile(r"amplification|loop|Excessive depth|Resource limit|huge", re.IGNORECASE)
#: A script, style or comment, else (group 1) a start tag up to its end with what is quoted in it; linear,
#: whatever is left open.
_TAG_OR_SCRIPT = re.compile(
    r"""<script\b[^<]*+(?:<(?!/script)[^<]*+)*+|<style\b[^<]*+(?:<(?!/style)[^<]*+)*+|"""
    r"""<!--[^-]*+(?:-(?!->)[^-]*+)*+|(<[a-z](?:[^>"']++|"[^"]*+"|'[^']*+')*+)""",
    re.IGNORECASE,
)
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_PREFIX = re.compile(rb"xmlns:[^\s=]{0,100}")
_UNDEFINED = re.compile(r"Entity '(\w+)' not defined")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,7});")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))


class _NoFetch(etree.Resolver):
    """Makes any attempt to load a DTD or an entity an error."""

    def resolve(self, system_url: str, *_: object) -> Never:
        raise OSError(f"refused to load {system_url!r}")


def parse_untrusted(data: bytes) -> etree._Element:
    """The root of an XML document from outside; the caller has capped ``len(data)``.

    HTML's entity names are understood without a DTD, since NITF uses them.

    Raises UnsafeInput for declared entities, floods and bottomless nesting; Malformed for anything
    that is not well-formed.
    """
    if data.count(b"xmlns:") > MAX_PREFIXES and len(set(_PREFIX.findall(data))) > MAX_PREFIXES:
        raise UnsafeInput(f"the document declares more than {MAX_PREFIXES} namespace prefixes")
    try:
        root = _parse(data)
    except etree.XMLSyntaxError as exc:
        undefined = _UNDEFINED.search(str(exc))
        if undefined is None or b"<!ENTITY" in data or undefined[1] not in name2codepoint:
            raise _translated(exc, data) from exc
        try:
            root = _parse(_without_html_entities(data))
        except etree.XMLSyntaxError as again:
            raise _translated(again, data) from again
    _refuse_hidden_work(root, data)
    return root


def parse_html(text: str) -> etree._Element:
    """The root of an HTML page, repaired as browsers do; comments and instructions left out.

    Raises Malformed when nothing is left of it.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(_without_floods(_legal(text)[0]).encode("utf-8"), parser)
    if root is None:
        raise Malformed("this HTML page holds no element")
    return root


def _without_floods(html: str) -> str:
    """HTML without the attributes of tags that have too many: the parser takes the square of their number."""
    if not any(map(_is_flood, _TAG_OR_SCRIPT.findall(html))):
        return html
    return _TAG_OR_SCRIPT.sub(
        lambda tag: tag[1].split(None, 1)[0] if _is_flood(tag[1] or "") else tag[0], html
    )


def _is_flood(tag: str) -> bool:
    return len(tag) > 2 * MAX_ATTRIBUTES and len(_QUOTED.sub("", tag).split()) > MAX_ATTRIBUTES


def _parse(data: bytes) -> etree._Element:
    # collect_ids, attribute_defaults and load_dtd stay off: each would open what a DOCTYPE names
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know booleans only
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    parser.resolvers.add(_NoFetch())
    return etree.fromstring(data, parser)


def _refuse_hidden_work(root: etree._Element, data: bytes) -> None:
    """Raise UnsafeInput for what the parser let pass but later code would pay for."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # type: ignore[attr-defined]
        raise UnsafeInput("the document declares entities of its own; remove its <!ENTITY …> lines")
    if data.count(b"=") > MAX_ATTRIBUTES and any(len(e.attrib) > MAX_ATTRIBUTES for e in root.iter("*")):
        raise UnsafeInput(f"an element has more than {MAX_ATTRIBUTES} attributes")


def _translated(exc: etree.XMLSyntaxError, data: bytes) -> Malformed | UnsafeInput:
    reason = " ".join(str(exc.msg or exc).split())
    if b"<!ENTITY" in data:
        return UnsafeInput(
            f"the document declares entities of its own and uses them unsafely: {_ADVICE.sub('', reason)}"
        )
    if _FLOOD.search(reason):
        return UnsafeInput(f"the document nests or grows without bounds: {_ADVICE.sub('', reason)}")
    return Malformed(f"the XML is broken: {reason}")


def _without_html_entities(data: bytes) -> bytes:
    """HTML's entity names as character references, in any encoding that extends ASCII."""

    def reference(match: re.Match[bytes]) -> bytes:
        name = match[1].decode("ascii")
        known = name in name2codepoint and name not in _XML_ENTITIES
        return b"&#%d;" % name2codepoint[name] if known else match[0]

    first, *rest = data.split(b"<![CDATA[")
    pieces = [_ENTITY.sub(reference, first)]
    for piece in rest:
        literal, end, markup = piece.partition(b"]]>")
        pieces += (b"<![CDATA[", literal, end, _ENTITY.sub(reference, markup))
    return b"".join(pieces)


#: C0 controls but tab and line feed, and DEL: one byte each in UTF-8, so that looking is cheap.
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10}) + b"\x7f"
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_FULL_WIDTH = "\u3000"
_NONCHARACTER_BYTES = re.compile(rb"\xef\xbf[\xbe\xbf]")
_LEGAL_ASCII = bytes((9, 10, *range(32, 127)))
#: Latin letters and signs up to U+02FF, general punctuation but its first two blanks, the euro: none of them
#: is illegal, and none ever composed with another.
_EVERYDAY = re.compile(rb"(?:\xc2[\xa0-\xbf]|[\xc3-\xcb][\x80-\xbf]|\xe2\x80[\x82-\xbf]|\xe2\x82\xac)*+")


def clean_text(text: str) -> str:
    """The text in legal XML characters, NFC, with line feeds as the only line ends.

    Characters U+0080 to U+009F are read as the cp1252 ones that were meant; other controls go.
    """
    return clean_text_counted(text)[0]


def clean_text_counted(text: str) -> tuple[str, int]:
    """`clean_text`, and how many characters were replaced or removed as illegal."""
    if _is_everyday(text):
        return text, 0
    legal, replaced = _legal(text)
    return _composed(legal), replaced


def _is_everyday(text: str) -> bool:
    """Whether a text is legal and composed at first sight, as most are in the West."""
    beyond_ascii = text.encode("utf-8", "surrogatepass").translate(None, _LEGAL_ASCII)
    return _EVERYDAY.fullmatch(beyond_ascii) is not None


def clean_line(text: str) -> str:
    """`clean_text` as one line: runs of blanks and line ends become single blanks."""
    if text.isprintable() and "  " not in text and text.strip() == text:
        return _composed(text)
    return one_spaced(clean_text(text))


def one_spaced(text: str) -> str:
    """The text with single blanks for runs of them, none at its ends.

    A full-width blank between characters stays: Japanese headlines set their pauses with it.
    """
    if text.isprintable() and "  " not in text:  # so there are no other blanks in it
        return text.strip()
    if _FULL_WIDTH not in text:
        return " ".join(text.split())
    parts = (" ".join(part.split()) for part in text.split(_FULL_WIDTH))
    return _FULL_WIDTH.join(filter(None, parts))


def _composed(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)


def _legal(text: str) -> tuple[str, int]:
    if is_legal(text):
        return text, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _ILLEGAL.subn(_meant, text)


def is_legal(text: str) -> bool:
    """Whether the text holds no control characters but tab and line feed, and nothing else illegal in XML."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):
        return False
    if text.isascii():
        return True
    held = _C1_BYTES.search(data) or (b"\xef\xbf" in data and _NONCHARACTER_BYTES.search(data))
    return not held


def _meant(match: re.Match[str]) -> str:
    code = ord(match[0])
    return bytes((code,)).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


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
#: Blanks that only lay out the markup: runs of them, and those beside the tags of blocks.
_LAYOUT = re.compile(r"[ \t\n]{2,}|[\t\n]")
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
    everyday = _is_everyday(html)
    if not everyday:
        html = _legal(html)[0]
    if is_plain(html):
        return _unlaid((html if everyday else _composed(html)).strip())
    if base_url and not base_url.startswith(("http://", "https://")):
        base_url = None
    return _unlaid(_repaired(html, base_url))


def _unlaid(html: str) -> str:
    """A clean fragment without the blanks of its layout; text that is set (``pre``) keeps its own."""
    if (
        "\n" not in html and "  " not in html and "\t" not in html
    ):  # of a lone blank beside a tag nobody hears
        return html
    parts = _SET_TEXT.split(html) if "<pre>" in html else [html]
    for n in range(0, len(parts), 2):
        part = _LAYOUT.sub(" ", parts[n])
        parts[n] = _AFTER_BLOCK.sub(r"\1", _BEFORE_BLOCK.sub("<", part))
    return "".join(parts)


def is_plain(html: str) -> bool:
    """Whether legal text is bare, filled paragraphs and subheads: well-formed, nothing to sanitise.

    Most copy from agencies is.
    """
    return (
        len(html) <= MAX_HTML_CHARS
        and html.count("<") == html.count(">")
        and "\u0338" not in html
        and _PLAIN.fullmatch(html) is not None
        and _is_escaped(html)
    )


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
    html = _legal(html)[0].replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    # U+0338 goes: normalising would join it with the ">" of a tag before it
    html = html.replace("&nbsp;", "\xa0").replace("\u0338", "")
    html = _TAG_TO_RENAME.sub(lambda tag: f"<{tag[1]}{_RENAMED[tag[2]]}>", html)
    html = _BARE_LINK.sub(r"\1", html)
    emptied = 1
    while emptied:  # a block may hold nothing but an empty one
        html, emptied = _EMPTY_BLOCK.subn("", html)
    return _composed(html).strip()


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
