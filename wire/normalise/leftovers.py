"""What other systems left behind in texts: tags of HTML, and UTF-8 that somebody read as Latin letters."""

from __future__ import annotations

import re
from html import escape, unescape

#: Elements between which words stand apart, and those that stand within a line. HTML's, old ones included.
_APART = (
    "address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|frameset|h[1-6]|head|header|hgroup|hr|html|iframe|legend|li|listing|main|menu|nav|noframes|noscript|ol"
    "|option|p|plaintext|pre|script|section|style|table|tbody|td|tfoot|th|thead|title|tr|ul|video|xmp"
)
_WITHIN = (
    "a|abbr|acronym|applet|area|audio|b|base|basefont|bdi|bdo|big|button|canvas|cite|code|col|colgroup|command"
    "|comment|data|datagrid|datalist|del|details|dfn|dialog|dir|em|embed|eventsource|font|frame|i|img|input|ins"
    "|isindex|kbd|label|link|m|map|mark|meta|meter|object|optgroup|output|param|picture|progress|q|rp|rt|ruby|s"
    "|samp|select|slot|small|source|span|strike|strong|sub|summary|sup|svg|template|textarea|time|track|tt|u"
    "|var|wbr"
)
#: An attribute must have a value: "a <b and c> d" is no tag.
_ATTRIBUTES = r"""(?:\s++[\w:-]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++))*+\s*+/?"""
_TAG = re.compile(rf"</?(?:({_APART})|(?:{_WITHIN})){_ATTRIBUTES}>", re.IGNORECASE | re.ASCII)
#: What is between these is no text. Bounded: a text may open many and close none.
_SCRIPT = re.compile(rf"<(script|style){_ATTRIBUTES}>.{{0,400}}?</\1>", re.IGNORECASE | re.ASCII | re.DOTALL)
_PASSES = 4

#: The characters that cp1252 has where Latin-1 has controls, as these controls.
_BYTES = {ord(bytes((byte,)).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0xA0)}
#: How every character beyond ASCII begins when its bytes were read as letters: a letter from U+00C2 to U+00F4
#: and one of the others, in UTF-8 in their turn. By way of bytes in a third of the time.
_MISREAD = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")
_LATIN = re.compile("[\0-\xff{}]+".format("".join(map(chr, _BYTES))))
#: The replacement character read as Latin-9: of what it stood for nothing is left.
_LOST_TWICE = "ï¿œ"
#: Characters that were escaped twice. Angle brackets may be what a text tells of.
_ESCAPED_TWICE = re.compile(
    r"&amp;(?:amp;)*+((?:[a-z]{1,3}(?:quo|dash)|apos|quot|nbsp|hellip|euro|copy|reg|#\d{2,5});)"
    r"|&amp;(?:amp;)++"
)
#: The same in a text that is no HTML.
_REFERENCE = re.compile(
    r"&(?:amp;)*+((?:[a-z]{1,3}(?:quo|dash)|apos|quot|nbsp|hellip|euro|copy|reg|#(?!0*38;)\d{2,5});)|&(?:amp;)++"
)
_MARKUP_OR_TEXT = re.compile(r"<[^>]*+>?+|[^<]++")


def without_tags(text: str) -> str:
    """The text without tags of HTML, scripts and styles; other angle brackets stay: "a < b", "<unclear>".

    Doing it twice changes nothing more.
    """
    if "<" not in text:
        return text
    for _ in range(_PASSES):
        text, found = _TAG.subn(lambda tag: " " if tag[1] else "", _SCRIPT.sub(" ", text))
        if not found:
            return text
    return text.replace("<", "")  # tags made of tags are nobody's words


def as_meant(text: str) -> str:
    """The text with its letters as their writer meant them, where UTF-8 was read as cp1252: "CafÃ©".

    Only where all between letters of other scripts makes sense then; anything else is left alone.
    """
    text = text.replace(_LOST_TWICE, "\ufffd")
    while _may_be_misread(text):
        meant = _LATIN.sub(_decoded, text)
        if meant == text:
            break
        text = meant
    return text


def unescaped(text: str) -> str:
    """The text without references of HTML that somebody escaped once too often; brackets may be told of."""
    return _REFERENCE.sub(lambda found: unescape(f"&{found[1] or ''}"), text)


def _decoded(run: re.Match[str]) -> str:
    try:
        return run[0].translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return run[0]


def body_as_meant(html: str) -> str:
    """`as_meant` for each run of text in a body, since one may be quoted from elsewhere; and escaped once."""
    if "&amp;" in html:
        html = _ESCAPED_TWICE.sub(lambda found: escape(unescape(f"&{found[1] or 'amp;'}"), quote=False), html)
    if not _may_be_misread(html):
        return html
    return _MARKUP_OR_TEXT.sub(lambda run: run[0] if run[0][0] == "<" else as_meant(run[0]), html)


def _may_be_misread(text: str) -> bool:
    return not text.isascii() and _MISREAD.search(text.encode("utf-8", "surrogatepass")) is not None
