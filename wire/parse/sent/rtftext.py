"""The text of an RTF document as blocks of HTML. One pass over its tokens, no recursion, bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from wire.common.words import html_to_text
from wire.errors import UnsafeInput
from wire.parse.copyblocks import joined
from wire.parse.sent.documents import Block

_TOKEN = re.compile(
    r"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(\r\n|[^A-Za-z'])|"
    r"([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_MAX_TOKENS = 400_000  #: control words and groups; long books have fewer
_MAX_DEPTH = 2000
#: Groups whose text is none of the document's.
_SKIPPED = frozenset(
    (
        *("colortbl", "listtable", "listoverridetable", "rsidtbl", "pict", "object", "header", "headerl"),
        *("headerr", "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation"),
        *("atnid", "atnauthor", "generator", "themedata", "colorschememapping", "datastore", "template"),
        *("latentstyles", "xmlnstbl", "nonshppict", "shpinst", "private", "revtbl", "bkmkstart", "bkmkend"),
        *("filetbl", "comment", "printim", "revtim", "buptim", "operator", "company", "doccomm"),
        *("hlinkbase", "category", "manager", "nextfile"),
    )
)
_NOTED = frozenset(("fonttbl", "stylesheet", "title", "author", "subject", "keywords", "fldinst", "info"))
_CHARACTERS: Mapping[str, str] = {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "tab": "\t",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
}
_SYMBOLS: Mapping[str, str] = {"~": "\u00a0", "_": "\u2011", "-": "", "\\": "\\", "{": "{", "}": "}"}
#: Charsets by ``\\fcharset``.
_CHARSETS: Mapping[int, str] = dict(
    zip(
        (77, 128, 129, 130, 134, 136, 161, 162, 163, 177, 178, 186, 204, 222, 238, 254, 255),
        (
            *("mac_roman", "cp932", "cp949", "johab", "gbk", "cp950", "cp1253", "cp1254", "cp1258", "cp1255"),
            *("cp1256", "cp1257", "cp1251", "cp874", "cp1250", "cp437", "cp850"),
        ),
        strict=True,
    )
)
_SYMBOL_FONT = 2
_TWO_BYTES = frozenset(("cp932", "cp949", "johab", "gbk", "cp950", "cp936", "big5"))
_SEAM = re.compile("</strong><strong>|</em><em>|</em></strong><strong><em>")  #: between runs of one kind
_LINK = re.compile(r'HYPERLINK\s+(?:\\[lmnot]\s+)*"?((?:https?|mailto):[^"\s]+)', re.IGNORECASE)
_HEADING = re.compile(r"heading [1-6]|überschrift [1-6]|titre [1-6]|title|titel", re.IGNORECASE)
_BULLET = re.compile(r"[•·▪◦\uf0b7]\s+")
_INFO: Mapping[str, str] = {"title": "headline", "subject": "description", "author": "creators"}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group."""

    skip: bool = False
    destination: str = ""
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    struck: bool = False
    font: int = -1
    after_unicode: int = 1  #: characters to leave out after each ``\\u``
    href: str | None = None


class RtfText:
    """A document read. Raises UnsafeInput when it has more tokens or deeper groups than any document."""

    def __init__(self, data: bytes, source_charset: str | None) -> None:
        self.info: dict[str, Any] = {}  #: what the document's properties state, as fields of a draft
        self.warnings: list[str] = []
        self.charset = source_charset or "cp1252"
        self._fonts: dict[int, str | None] = {}  #: charset by number of font; None for symbols
        self._headings: set[int] = set()  #: numbers of styles
        self._states: list[_State] = []
        self._state = _State()
        self._bytes = bytearray()
        self._high = ""  #: first half of a surrogate pair
        self._left_out = 0  #: characters still to be left out after ``\\u``
        self._noted: list[str] = []  #: text of a group that is read for what it says
        self._number = -1  #: of the font or style that is being defined
        self._runs: list[str] = []
        self._style = -1
        self._in_table = False
        self._cells: list[str] = []
        self._rows: list[str] = []
        self._items: list[str] = []
        self._found: list[Block] = []
        self._href: str | None = None
        self._read(data.decode("latin-1"))

    def blocks(self) -> list[Block]:
        """Paragraphs, headings, lists and tables in their order."""
        return self._found

    def _read(self, text: str) -> None:
        if text.count("\\") + text.count("{") > _MAX_TOKENS:
            raise UnsafeInput("this RTF document has more control words than any story")
        position = 0
        while (match := _TOKEN.match(text, position)) is not None:
            position = match.end()
            word, number, code, symbol, brace, plain = match.groups()
            if code is not None:
                self._byte(int(code, 16))
            elif plain is not None:
                self._plain(plain)
            elif word is not None:
                if word == "bin":
                    position += max(0, int(number or 0))
                self._flush()
                self._word(word, int(number) if number else None)
            elif brace:
                self._flush()
                self._brace(brace)
                if brace == "}" and not self._states:
                    break  # the document's own group is closed
            elif symbol is not None:
                self._flush()
                self._symbol(symbol)
        self._flush()
        self._end_paragraph()
        self._end_row()
        self._end_table()
        self._end_list()

    def _brace(self, brace: str) -> None:
        self._left_out = 0
        if brace == "{":
            if len(self._states) >= _MAX_DEPTH:
                raise UnsafeInput("this RTF document nests without bounds")
            self._states.append(self._state)
        elif self._states:
            ended, self._state = self._state.destination, self._states.pop()
            if ended == "stylesheet":
                self._end_style()
            elif ended != self._state.destination:
                self._end_noted(ended)

    def _symbol(self, symbol: str) -> None:
        if symbol in "\r\n" or symbol == "\r\n":
            self._word("par", None)
        elif symbol == "*":
            self._state = replace(self._state, skip=True)  # unless a word that we know comes next
        else:
            self._say(_SYMBOLS.get(symbol, ""))

    def _word(self, word: str, number: int | None) -> None:
        if self._left_out and word != "u":
            self._left_out -= 1
            if word in _CHARACTERS:
                return
        if word in _NOTED and not (self._state.skip and word != "fldinst"):
            self._state = replace(self._state, destination=word, skip=False)
        elif word in _SKIPPED:
            self._state = replace(self._state, skip=True)
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif (change := _CHANGES.get(word)) is not None:
            change(self, number)

    def _unicode(self, number: int | None) -> None:
        code = (number or 0) % 65536
        self._left_out = 0
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
        elif 0xDC00 <= code < 0xE000:
            pair = (self._high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
            self._high = ""
            self._say(pair)
        else:
            self._say(chr(code))
        self._left_out = self._state.after_unicode

    def _byte(self, code: int) -> None:
        if self._left_out:
            self._left_out -= 1
        else:
            self._bytes.append(code)

    def _plain(self, text: str) -> None:
        if self._left_out:
            cut = min(self._left_out, len(text))
            self._left_out -= cut
            text = text[cut:]
        if self._bytes and self._charset() in _TWO_BYTES and len(self._bytes) % 2 and text:
            self._bytes += text[0].encode("latin-1")  # the second half may stand as it is
            text = text[1:]
        if text.isascii():
            self._flush()
            self._say(text)
        else:
            self._bytes += text.encode("latin-1")
            self._flush()

    def _charset(self) -> str | None:
        return self._fonts.get(self._state.font, self.charset)

    def _flush(self) -> None:
        if not self._bytes:
            return
        data, charset = bytes(self._bytes), self._charset()
        self._bytes.clear()
        if charset is None:
            self._say("".join("•" if code == 0xB7 else "" for code in data))
            return
        try:
            text = data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            text = data.decode("cp1252", "replace")
        self._say(text)

    def _say(self, text: str) -> None:
        state = self._state
        if state.destination:
            self._noted.append(text)
        elif text and not (state.skip or state.hidden or state.struck):
            html = escape(text, quote=False)
            html = f"<em>{html}</em>" if state.italic and text.strip() else html
            html = f"<strong>{html}</strong>" if state.bold and text.strip() else html
            if state.href:
                html = f'<a href="{escape(state.href)}">{html}</a>'
            self._runs.append(html)

    def _end_style(self) -> None:
        if _HEADING.fullmatch(joined(self._noted).rstrip("; ")):
            self._headings.add(self._number)
        self._noted = []

    def _end_noted(self, destination: str) -> None:
        """What a group of a font, style, property or field has said."""
        text = joined("".join(self._noted).split("\n"))
        self._noted = []
        if destination == "fldinst":
            link = _LINK.search(text)
            self._href = link[1] if link else None
        elif destination in _INFO and text:
            self.info[_INFO[destination]] = (text,) if destination == "author" else text
        elif destination == "keywords" and text:
            self.info["keywords"] = tuple(part.strip() for part in re.split("[,;]", text) if part.strip())

    def _font(self, number: int | None) -> None:
        self._number = number or 0
        if self._state.destination != "fonttbl":
            self._state = replace(self._state, font=self._number)

    def _font_charset(self, number: int | None) -> None:
        if self._state.destination == "fonttbl" and number:
            self._fonts[self._number] = (
                None if number == _SYMBOL_FONT else _CHARSETS.get(number, self.charset)
            )

    def _code_page(self, number: int | None) -> None:
        name = f"cp{number}"
        try:
            b"".decode(name)
        except LookupError:
            self.warnings.append(f"code page not known: {number}")
            return
        self.charset = "utf-8" if number == 65001 else name

    def _paragraph_style(self, number: int | None) -> None:
        self._style = number if number is not None else -1
        if self._state.destination == "stylesheet":
            self._number = self._style

    def _plain_style(self, _: int | None) -> None:
        self._state = replace(self._state, bold=False, italic=False, hidden=False, struck=False)

    def _new_paragraph(self, _: int | None) -> None:
        self._style = -1
        self._in_table = False

    def _paragraph(self, _: int | None) -> None:
        if self._state.skip or self._state.destination:
            return
        if self._in_table:
            self._runs.append("<br>")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        html = _SEAM.sub("", "".join(self._runs)).strip()
        self._runs = []
        if not html:
            return
        self._end_table()
        text = html_to_text(html).strip()
        if bullet := _BULLET.match(html):
            self._items.append(html[bullet.end() :])
            return
        self._end_list()
        if text:
            heading = self._style in self._headings
            tag = "h2" if heading else "p"
            self._found.append(Block(html=f"<{tag}>{html}</{tag}>", text=text, heading=heading))

    def _end_list(self) -> None:
        if self._items:
            html = "".join(f"<li>{item}</li>" for item in self._items)
            self._found.append(Block(html=f"<ul>{html}</ul>", text=html_to_text(html).strip()))
            self._items = []

    def _cell(self, _: int | None) -> None:
        self._cells.append(_SEAM.sub("", "".join(self._runs)).strip().removesuffix("<br>"))
        self._runs = []

    def _row(self, _: int | None) -> None:
        self._end_row()

    def _end_row(self) -> None:
        if any(self._cells):
            self._end_list()
            self._rows.append("".join(f"<td>{cell}</td>" for cell in self._cells))
        self._cells = []

    def _end_table(self) -> None:
        if self._rows:
            html = f"<table>{''.join(f'<tr>{row}</tr>' for row in self._rows)}</table>"
            self._rows = []
            self._found.append(Block(html=html, text=html_to_text(html).strip()))

    def _set(self, **changes: Any) -> None:
        if any(getattr(self._state, name) != value for name, value in changes.items()):
            self._state = replace(self._state, **changes)


_Change = Callable[[RtfText, int | None], None]


def _switch(name: str) -> _Change:
    return lambda text, number: text._set(**{name: number != 0})


_CHANGES: Mapping[str, _Change] = {
    "u": RtfText._unicode,
    "uc": lambda text, number: text._set(after_unicode=min(max(number or 0, 0), 10)),
    "b": _switch("bold"),
    "i": _switch("italic"),
    "v": _switch("hidden"),
    "deleted": _switch("hidden"),
    "strike": _switch("struck"),
    "striked": _switch("struck"),
    "plain": RtfText._plain_style,
    "fldrslt": lambda text, _: text._set(href=text._href),
    "shppict": lambda text, _: text._set(skip=True),
    "f": RtfText._font,
    "fcharset": RtfText._font_charset,
    "ansicpg": RtfText._code_page,
    "mac": lambda text, _: setattr(text, "charset", "mac_roman"),
    "pc": lambda text, _: setattr(text, "charset", "cp437"),
    "pca": lambda text, _: setattr(text, "charset", "cp850"),
    "s": RtfText._paragraph_style,
    "par": RtfText._paragraph,
    "sect": RtfText._paragraph,
    "page": RtfText._paragraph,
    "line": lambda text, _: text._runs.append("<br>"),
    "lbr": lambda text, _: text._runs.append("<br>"),
    "pard": RtfText._new_paragraph,
    "intbl": lambda text, _: setattr(text, "_in_table", True),
    "cell": RtfText._cell,
    "nestcell": RtfText._cell,
    "row": RtfText._row,
}
