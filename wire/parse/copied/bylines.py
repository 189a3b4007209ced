"""Who wrote a story, read from the lines around its headline: "By", "Von", "Por", or a name alone.

A line is a candidate when it opens with a word that introduces authors, or when it is nothing but a name.
Candidates are weighed by how they say it and by where they stand; the best one wins, if it is good enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from wire.parse.copied.cues import NO_NAMES
from wire.parse.copied.extent import Extent
from wire.parse.copied.linemarks import LONG
from wire.parse.copyblocks import dateline_of

#: Capitals; in Latin Extended-A they stand by turns with the small letters.
_UP = f"A-ZÀ-ÖØ-Þ{''.join(filter(str.isupper, map(chr, range(0x100, 0x180))))}А-ЯЁΑ-Ω"
_MARKER = re.compile(
    rf"(?:(?:(?:written|posted|reported|story|words|text|analysis|opinion|article|exclusive|"
    rf"published)[ ,:]+)?by|"
    rf"(?:text|words|author|autorin/autor|autor(?:in|a|es)?|auteur|autore|redaktion|redacción|автор|"
    rf"tekst|penulis|oleh|"
    rf"author of the article|protokoll|fotos? und text|text und fotos?):?|"
    rf"(?:[Ee]ine?\s+)?(?:kolumne|kommentar|gastbeitrag|artikel|beitrag|interview|essay|bericht|"
    rf"analyse|reportage|glosse|"
    rf"rezension|crónica|un artículo|un article|texto|a report|an analysis) (?:von|de|by|par|por)|"
    rf"(?:interview|propos recueillis|entretien|intervista|entrevista)(?: (?:by|par|von|di|de|por)|(?=:))|"
    rf"(?:von unsere[mr]|van onze|dal(?:la)? nostr[oa]|de nuestr[oa]|de notre)(?-i:(?: [a-zà-ÿ]+){{1,2}})|"
    rf"von|por|par|di|da|door|av|af|od|ni|texte)(?:\s*:\s*|\s+|(?-i:(?=[{_UP}][a-zà-ÿ]+[ -])))",
    re.IGNORECASE,
)
#: The same in capitals, but for those that begin no place's name.
_SHOUTED = re.compile(r"(?!BY |VON |POR |PAR )[A-Z]{2,4} [A-Z]")
#: A label in capitals, a place mostly, and a sentence behind it.
_LABEL = re.compile(r"[A-Z]{2,4}(?: [A-ZÀ-Þ.'’-]+){1,3}: [A-ZÀ-Þ\"“«]?\S*[a-zà-ÿ]\S* [^:]+")
_WITHIN = re.compile(
    r"\b(?:Kolumne|Kommentar|Gastbeitrag|Analyse|Reportage|Interview|Essay|Glosse|Opinion|Analysis|"
    r"Comment) (?:von|by|de) |\b20\d\d,? (?:by|von) "
)
_MARKER_ALONE = re.compile(
    r"(?:(?:written |posted |story )?by|von|por|par|di|author of the article|author|autor(?:in)?|"
    r"text|auteur)\s*:?",
    re.IGNORECASE,
)
_PARTICLE = (
    r"(?:de|van|von|der|den|da|di|del|dela|della|dos|das|do|du|la|le|el|al|bin|ibn|bint|zu|zur|ter|ten|"
    r"y|e|af|av|e['’])"
)
_NAME_WORD = rf"(?:[{_UP}]['’][{_UP}][\w'’.-]*|[{_UP}][\w'’-]*\.?|(?:al|el|d|l)[-'’][{_UP}][\w'’-]+)"
_AND = "and|und|et|y|e|och|og|en|i"
_NAME = re.compile(rf"{_NAME_WORD}(?:(?: {_PARTICLE}){{0,2}} {_NAME_WORD}){{1,4}}")
_ONE_NAME = re.compile(rf"{_NAME_WORD}(?:(?: {_PARTICLE}){{0,2}} {_NAME_WORD}){{0,4}}")
#: What a line that names nobody never opens with, once `_BEFORE_NAME` is off: two words of a name.
_OPENS_WITH_NAME = re.compile(
    rf"(?:[{_UP}](?:['’][{_UP}][\w'’.-]*+|[\w'’-]*+\.?)|(?:al|el|d|l)[-'’][{_UP}][\w'’-]++)"
    rf" (?:{_PARTICLE} ){{0,2}}(?:[{_UP}]|(?:al|el|d|l)[-'’][{_UP}])|(?:{_AND})\b"
)
_BEFORE_NAME = " -–—.,;&/|+"
_WITHOUT_CAPITALS = re.compile("[\u0590-\u06ff\u3400-\u9fff\uac00-\ud7af]")
_HAN_NAME = re.compile(
    "(?P<name>[\u3400-\u9fff]{3,5}|[\u3400-\u9fff]{1,3}[ \u3000][\u3400-\u9fff]{1,3})(?=$|[ \u3000]?20\\d\\d)"
)
_NO_HAN_NAME = re.compile("[新聞社報记記事網网站一覧国際]")
_NO_SIGNATURE = re.compile("新聞|記事|写真|通信|新華|速報|動画|関連|詳細|編集")
_HAN_SPLIT = re.compile("[ \\u3000、]")
_HAN_BYLINE = re.compile(
    "(?:記者|记者|文／|文/|作者|撰文|編輯)[ :：／/]*([\u3400-\u9fff]{2,4})|([\uac00-\ud7af]{2,4}) ?기자"
)
#: Who wrote it, within a paragraph of the copy: （记者 …）, 【…】, (서울=연합뉴스) … 기자 =.
_HAN_SIGNED = re.compile(
    "[（(](?:本报|本報|通讯员)?(?:记者|記者)[ \u3000:：]*"
    "(?P<zh>[\u3400-\u9fff]{2,4}(?:[ \u3000、][\u3400-\u9fff]{2,4})*)[）)]|"
    "【(?P<ja>[\u3400-\u9fff]{3,5}(?:、[\u3400-\u9fff]{3,5})*)】$|"
    r"^\([^()=]{2,10}=[^()=]{2,10}\) (?P<ko>[\uac00-\ud7af]{2,4}) 기자 ="
)
#: Words that introduce an author in scripts without capitals, and the names behind them.
_UNCASED = re.compile(
    r"(?:מאת|כתבה?|كتبت?|بقلم|إعداد)(?: ?[:：] ?| )"
    r"(?P<names>[\u0590-\u06ff'’\"״. -]{3,40}(?:[,،][\u0590-\u06ff'’ -]{3,40})*)"
)
_GLUED = re.compile(
    rf"[{_UP}](?<=[a-zà-ÿ].)(?=[a-zà-ÿ])"
    r"(?<!\bMc.)(?<!\bMac.)(?<!\bDe.)(?<!\bLe.)(?<!\bLa.)(?<!\bDi.)(?<!\bVan.)"
)
_CUT = re.compile(
    r"(?:[()\[\]›»>*:\d©@]|\s[-–—]+\s|[-–—]+$|https?|"
    r"\b(?:Published|Publiziert|Updated|Posted|for|For|für|para|pour|with|mit|at|in|on|aus|from|"
    r"Twitter|Follow|über|about|(?:[Ff]otos?|[Pp]hotos?|[Bb]ild|[Vv]ideo)(?= ?:)|"
    r"The (?=Associated Press|Canadian Press|West)|(?:(?:Political|Senior|Chief|Deputy|Associate|"
    r"Assistant|Staff|News|Sports?|Science|"
    r"Health|Business|Foreign|Royal|Parliamentary|Special|Digital|National|Local|Crime|Court|"
    r"Education|Political|Economics?|Technology|"
    r"Environment|Europe|World|Culture|Managing|Investigative|Freelance) )*"
    r"(?:Correspondents?|Reporters?|Editors?|Contributors?|Writers?|Journalist(?:in)?|Columnist|"
    r"Redakteur(?:in)?|Autor(?:in)?|"
    r"Korrespondent(?:in)?|Reporter(?:in)?|editor|reporter|correspondent|writer|columnist|"
    r"redakteur(?:in)?))\b).*",
)
_PARTS = re.compile(r"[|•·]")
_SPLIT = re.compile(rf"[,;&/|+]|\b(?:{_AND})\b")
#: Agencies and roles, in lower case.
_AGENCY = re.compile(
    r"(?:dpa|afp|ap|reuters|efe|ansa|apa|epd|kna|sid|tass|pti|ians|ani|aap|belga|ritzau|ntb|tt|lusa|"
    r"anp|čtk|upi|"
    r"(?:the )?associated press|(?:the )?canadian press|agence france-presse|europa press|"
    r"bloomberg(?: news)?|"
    r"deutsche presse-agentur|press association|pa)"
)
_ROLE = re.compile(
    r"(?:.*\b)?(?:reporter|editor|correspondent|writer|columnist|chief|producer|journalist(?:in)?|"
    r"redakteur(?:in)?|redaktion|"
    r"redacción|korrespondent(?:in)?|autor(?:in)?|staff|contributor|newsroom|team|desk|news|press|"
    r"times|post|"
    r"daily|media|agency|agencia|agentur|agence|agenzia|magazine|online|tv|radio|video|staff|"
    r"agencies|agenturen|updated|published)\b.*"
)
_MAIL = re.compile(r"\S+@\S+")
_ABOVE, _BELOW, _AFTER = 4, 8, 4  #: lines before the headline, after the first line, after the last one
_LEAST = 0.3  #: of that and of its place together, to be a byline
_PLAINLY = re.compile(rf"(?:By|BY|Von|Por|Par) [{_UP}]")
#: What a candidate is worth by itself: a word introduces its names; names alone; "By" before what are none
#: known; an agency alone; what may be a name in Chinese, Japanese or Korean.
_MARKED, _BARE, _PLAIN, _WIRE, _HAN = 2.5, 1.1, 1.0, 0.8, 0.4
_MOST_COMPANY = 1.2  #: what the lines near it are worth at most
_NOTHING: tuple[float, tuple[str, ...]] = (0.0, ())
_MOST = 12  #: names
_TIME = re.compile(r"\b20\d\d\b|\d[:.h]\d\d|\bago\b")
_PREPOSITION = re.compile(r"\s*(?:for|für|para|pour|with|mit|at|in|on|aus|from|über|about)\b", re.IGNORECASE)
_MONTH_AT_END = re.compile(r",? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?$")
_INITIAL = re.compile(r"\b\w\.$")
_LONGEST, _LONGEST_BARE, _LONGEST_PLAIN = 140, 90, 60  #: characters
_LONGEST_AGENCY, _LONGEST_HAN = 30, 32  #: characters
_LONGEST_NAME = 60  #: characters
_LONGEST_MARKER = 30  #: characters of a line that only introduces the author
_LONGEST_STAMP = 32  #: characters of a date and a clock after a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """A byline as printed, and whom it names."""

    line: int | None  #: None where it stands within the copy
    printed: str
    names: tuple[str, ...]


def find_byline(
    lines: Sequence[str], story: Extent, *, taken: frozenset[int], marked_only: bool = False
) -> Byline | None:
    """The byline of the story; lines in ``taken`` are something else.

    marked_only  a name alone is none, but right below the headline
    """
    region = story.around(above=_ABOVE, below=_BELOW + 1, after=_AFTER, count=len(lines))
    best, found = -inf, None
    for n in region:
        if n in taken:
            continue
        wins = found is None or _BARE + _place(n, story, marked=False) + _MOST_COMPANY > best
        alone = wins and (not marked_only or _is_between(lines, n, story))
        strength, names = _candidate(lines[n], lines[n - 1] if n else "", alone=alone)
        if not strength:
            continue
        score = strength + _place(n, story, marked=strength >= _MARKED)
        if score + _MOST_COMPANY > best:
            score += _company(lines, n, story, names)
        if score >= _LEAST and score > best:
            best, found = score, Byline(line=n, printed=lines[n], names=names)
    return found or _signed(lines, story)


def _is_between(lines: Sequence[str], n: int, story: Extent) -> bool:
    """Whether a line is the only one between the headline and the first paragraph."""
    if n != story.first or story.headline != n - 1 or n + 1 == len(lines):
        return False
    return len(lines[n]) <= _LONGEST_PLAIN and lines[n][-1] not in ".:" and len(lines[n + 1]) > LONG


def _signed(lines: Sequence[str], story: Extent) -> Byline | None:
    """The byline within the first or last paragraph."""
    for n in (story.first, story.last):
        if names := signed_within(lines[n] if n < len(lines) else ""):
            return Byline(line=None, printed=", ".join(names), names=names)
    return None


def signed_within(paragraph: str) -> tuple[str, ...]:
    """The names of those who sign within a paragraph, as dailies in East Asia do."""
    match = None if paragraph.isascii() else _HAN_SIGNED.search(paragraph)
    if match is None or _NO_SIGNATURE.search(match[match.lastgroup or 0]):
        return ()
    return tuple(_HAN_SPLIT.split(match[match.lastgroup or 0]))


def is_desk(text: str) -> bool:
    """Whether a line below a byline only says what somebody is, or for whom they write."""
    short = 0 < len(text) <= _LONGEST_AGENCY
    return short and (_is_agency(text) or _ROLE.fullmatch(text.lower()) is not None)


def named_by(printed: str) -> tuple[str, ...]:
    """The names in a line that is known to be a byline."""
    return _candidate(printed, "By", alone=True)[1]


def is_byline(text: str) -> bool:
    """Whether a paragraph is nothing but a byline with the word that introduces it."""
    return _candidate(text, "", alone=False) != _NOTHING


def opens_byline(text: str) -> bool:
    """Whether a text opens with a word that introduces its author."""
    return _MARKER.match(text) is not None and not _opens_with_place(text)


def _opens_with_place(text: str) -> bool:
    """Whether what looks like such a word begins the name of a place: "DA NANG, Vietnam (Reuters) - …"."""
    return (
        text[:2].isupper()
        and _SHOUTED.match(text) is not None
        and (dateline_of(text) is not None or _LABEL.match(text) is not None)
    )


def _candidate(text: str, before: str, *, alone: bool) -> tuple[float, tuple[str, ...]]:
    """How much a line looks like a byline, and whom it names; 0 when it is none.

    before  the line above it
    alone   whether names count without a word that introduces authors
    """
    if len(text) > _LONGEST or text[-1] in "!?…" or _opens_with_place(text):
        return _NOTHING
    marker = _MARKER.match(text)
    if names := _marked_names(text, marker, before):
        return _MARKED, names
    if marker and len(text) <= _LONGEST_PLAIN and text[-1] not in ".:,;" and _PLAINLY.match(text):
        return _PLAIN, ()
    found = _NOTHING if text.isascii() else _without_capitals(text, alone=alone)
    return _alone(text) if alone and not found[0] else found


def _without_capitals(text: str, *, alone: bool) -> tuple[float, tuple[str, ...]]:
    """The same for a line in a script without capitals."""
    if not _WITHOUT_CAPITALS.search(text):
        return _NOTHING
    if len(text) <= _LONGEST_HAN and (match := _HAN_BYLINE.search(text)):
        return _MARKED, (match[1] or match[2],)
    if match := _UNCASED.fullmatch(text):
        return _MARKED, tuple(name.strip() for name in re.split("[,،]", match["names"]))
    if alone and (match := _HAN_NAME.match(text)) and not _NO_HAN_NAME.search(match[0]):
        return _HAN, (match["name"],)
    return _NOTHING


def _alone(text: str) -> tuple[float, tuple[str, ...]]:
    """The same for a line of nothing but names."""
    if _is_agency(text):
        return _WIRE, (text,)
    if len(text) > _LONGEST_BARE:
        return _NOTHING
    parts = filter(_may_name, map(str.strip, _PARTS.split(text)))
    names = tuple(name for part in parts for name in names_in(part, marked=False))
    return (_BARE, names) if names else _NOTHING


def _may_name(part: str) -> bool:
    """Whether a look at its beginning leaves it open that a part of a line is nothing but names."""
    bare = part.lstrip(_BEFORE_NAME)
    return (
        _OPENS_WITH_NAME.match(bare) is not None
        or "@" in part
        or ("," in part and _AGENCY.match(bare.lower()) is not None)
    )


def _marked_names(text: str, marker: re.Match[str] | None, before: str) -> tuple[str, ...]:
    """The names after a word that introduces authors, in the line or in the one before it."""
    if not marker and (" von " in text or " by " in text or " de " in text):
        marker = _WITHIN.search(text)
    if marker and (names := names_in(text[marker.end() :], marked=True)):
        return names
    alone = len(before) <= _LONGEST_MARKER and _MARKER_ALONE.fullmatch(before)
    return names_in(text, marked=True) if alone else ()


def _place(n: int, story: Extent, *, marked: bool) -> float:
    """What the place of a candidate is worth."""
    if n == story.last + 1:  # where reporters sign
        return -0.6
    if n > story.last:
        return (-0.5 if marked else -1.0) - 0.2 * (n - story.last)
    worth = -0.12 * min(abs(n - story.top), 12)
    if n < story.top:
        worth -= 0.6 if marked else 1.0
    elif story.headline is not None and n < story.first:
        worth += 0.5
    return worth


def _company(lines: Sequence[str], n: int, story: Extent, names: tuple[str, ...]) -> float:
    """What the lines near a candidate are worth: a date, a role, the name once more."""
    beside = [lines[m] for m in (n - 1, n + 1) if 0 <= m < len(lines) and m != story.headline]
    worth = 0.4 * any(_TIME.search(line) for line in (*beside, lines[n]) if len(line) < 80)
    worth += 0.3 * any(len(line) < 60 and _ROLE.fullmatch(line.lower()) for line in beside)
    near = [line for line in (*lines[max(0, n - 15) : n], *lines[n + 1 : n + 4]) if len(line) < 90]
    near += [line[:120] for line in lines[max(n, story.last) + 1 : story.last + 8]]
    return worth + 0.5 * any(names[0] in line for line in near if names)


def names_in(text: str, *, marked: bool) -> tuple[str, ...]:
    """The names in what follows a marker, or in a line that may be nothing but a name."""
    cut = _cut(_unglued(text), marked=marked)
    names: list[str] = []
    for part in filter(None, map(_trimmed, _SPLIT.split(cut))):
        agency = _is_agency(part)
        said = (agency and (marked or "," in cut)) or _is_name(part, marked=marked and not names)
        if not said or (names and part.isupper() and not names[0].isupper() and not agency):
            break
        names.append(part)
    if not marked and all(map(_is_agency, names)):
        return ()
    return tuple(dict.fromkeys(names[:_MOST]))


def _is_agency(text: str) -> bool:
    return len(text) <= _LONGEST_AGENCY and _AGENCY.fullmatch(text.lower()) is not None


def _trimmed(piece: str) -> str:
    return piece.strip(" -–—" if piece[-1:] == "." and _INITIAL.search(piece) else " -–—.")


def _cut(text: str, *, marked: bool) -> str:
    """The text before roles, dates, addresses and other things that are no names."""
    found = _CUT.search(text)
    if not found:
        return text
    if not marked and (_PREPOSITION.match(found[0]) or _goes_on(found[0].lstrip())):
        return ""
    cut = text[: found.start()].strip(" ,;|")
    return _MONTH_AT_END.sub("", cut) if found[0].lstrip()[:1].isdigit() else cut


def _goes_on(rest: str) -> bool:
    """Whether what follows names makes the line a sentence or a headline."""
    return rest.startswith(":") or (rest[:1].isdigit() and len(rest) > _LONGEST_STAMP)


def _unglued(text: str) -> str:
    text = _MAIL.sub("", text) if "@" in text else text
    glued = _GLUED.search(text)
    return text[: glued.start()] if glued else text


def _is_name(part: str, *, marked: bool) -> bool:
    if (
        len(part) > _LONGEST_NAME
        or not (_ONE_NAME if marked else _NAME).fullmatch(part)
        or _ROLE.fullmatch(part.lower())
    ):
        return False
    return NO_NAMES.isdisjoint(part.lower().replace(".", "").split())
