"""What a line of copied text shows by itself: its size, how it begins and ends, its words and marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import ne

from wire.parse.cues import FUNCTION_WORDS, GROUPS, groups_of

LONG = 80  #: size from which a line that ends a sentence is a paragraph on its own account
_SEEN, _WORDS_SEEN = 600, 60  #: characters and words of a line: enough to know its kind
_LONGEST_CAPTION = 640  #: size
_POSED = ("pose", "agency")  #: groups of which one is in a line that says where somebody stands
_CREDIT = 120  #: characters at either end of a caption in which its mark stands
_TINY = 25  #: size up to which a line is tiny

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»›)]」』“*"
_BROKEN_OFF = ("..", "…")  #: as links to other stories are, where they are too long for their box
_STOPS = ".!?。！？।؟۔։"
#: One class of characters first: `re` skips quickly to those.
_SENTENCE_INSIDE = re.compile(r"[.!?。！？](?:(?<=[。！？])|['\"”’»)]?\s+[\"'“‘«(„]?[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω0-9])")
_DATE = re.compile(
    r"\d(?:\d?[월月]|"
    r"(?<=\b\d)(?:(?:(?<=1)9|(?<=2)0)\d{2}\b|\d?[./-]\d{1,2}[./-]\d{2,4}\b|\d?\.\d{1,2}\.))"
)
_MONTH_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b", re.IGNORECASE
)
_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
_CLOCK = re.compile(r"\d(?<=\b\d)\d?(?:[:.h]\d{2}| ?[ap]\.?m| Uhr)\b", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:[Bb]y|BY|[Vv]on|VON|[Pp]or|[Pp]ar|PAR|[Dd]i|[Dd]oor|[Aa]v|[Aa]f|[Tt]ext|Oleh|Autor|Автор|Źródło)"
    r"(?:[: ]\s*|(?=[A-Z][a-z]))[A-ZÀ-ÖØ-ÞА-Я@]"
)
_NAME_ONLY = re.compile(
    r"[A-ZÀ-ÖØ-ÞА-Я][\w.'’-]+(?: (?:de|van|von|der|da|di|del|al|bin|la|le|[A-ZÀ-ÖØ-ÞА-Я][\w.'’-]*)){1,3}$"
)
_CAPTION_MARK = re.compile(
    r"\b(?:in this (?:\w+[ ,]+){0,4}(?:photo|picture|image|frame|file|handout|still|video grab)|"
    r"(?:photos?|pictures?|image|credits?|fotos?|bild(?:er)?|fotografía|photograph|cr[eé]ditos?|kuvat?|fotó|"
    r"ljósmynd(?:ir)?|mynd|snímek|zdjęcie|fotoğraf|ảnh|arkiv(?:bild|foto)|archiv(?:bild|foto)|symbolbild|"
    r"fuente|imagen|"
    r"quelle|crédit|reprodução|divulgação|фото|фот)\s*(?:by\b|:|/|\|)|"
    r"image (?:source|copyright|caption)|file (?:photo|picture|image)|"
    r"(?:getty images|ap photo|afp photo|shutterstock|istock|picture[- ]alliance|epa-efe|"
    r"zuma press|alamy|"
    r"imago images|via getty|via ap|via reuters|photo courtesy|dpa/|/dpa|/afp|/ap|afp/|/reuters|"
    r"reuters/|imago/)\b)|"
    r"\b(?:ap|afp|efe|epa|apa|ansa|dpa|reuters|lusa|pap|ats|belga)/ \w|"
    r"[-–—(\[|/] ?(?:midjourney|dall[-·]e|stable diffusion|adobe firefly|ki-generiert|ai-generated)\b|"
    r"[(\[](?:photo|foto|bild|fot\.|credit)\b|^(?:FILE|ARCHIVE?)\b\s*[-–—:]|"
    r"\((?:ap|afp|reuters|dpa|epa|efe|ansa|tt|ntb|pa|upi|xinhua)"
    r"(?:/[^()]{1,60}| photo[^()]{0,60}|[^()]{0,10}\bvia\b[^()]{0,40})\)|©|【写真】|資料写真|资料图|"
    r"사진[=:]|\((?:photo|foto)[^()]{0,60}\)$",
    re.IGNORECASE,
)
#: Where somebody stands in a picture; an agency glued to the sentence before it; the full date of a caption.
_POSE_MARK = re.compile(
    r"\w \((?:(?:v\. ?)?[lLrRM]\.(?: ?[-–&/u] ?[lr]\.)?|"
    r"(?:[vV]on )?(?:li|links|rechts)(?:\.| nach re.{0,8}|)|"
    r"(?:2nd |second |far |front |top |bottom |from )*(?:left|right|cent(?:er|re))|Mitte|[vV]orne|[hH]inten|"
    r"izq(?:da)?\.?|dcha\.?|izquierda|derecha|centro|à (?:gauche|droite)|au centre|"
    r"слева|справа|в центре|vlevo|vpravo|uprostřed|t\.[vh]\.)\)|"
    r"^\(?L-R\)?[ :]|\w, (?:(?:at |front |top |bottom |second |third |2nd |far |back |from )*"
    r"(?:left|right|cent(?:er|re))),|"
    r"[a-zà-ÿ)][.!?]?(?:AFP|EFE|REUTERS|Reuters|EPA|Getty|dpa)(?: ?/.{0,30})?$"
)
#: From which side people in a picture are named, and words of which one is always in it.
_NAMED_FROM = re.compile(
    r"\b(?:[fF]rom (?:top |bottom |the )?left|[vV]on links|[dD]e gauche|[dD](?:e|esde la) izquierda|"
    r"[dD]a sinistra|[fF]rån vänster|[fF]ra venstre|[fF]rá vinstri|[zZ]leva|[oO]d lewej|[сС]лева|"
    r"[dD]a esquerda)"
    r"(?: to (?:the )?right| nach rechts| à droite| a derecha| a destra| til høyre)?\)?[:,]"
)
_SIDES = frozenset(
    [
        "left",
        "links",
        "gauche",
        "izquierda",
        "sinistra",
        "vänster",
        "venstre",
        "vinstri",
        "zleva",
        "lewej",
        "слева",
        "esquerda",
    ]
)
#: Who made a picture: behind a slash or in brackets at the end of what it shows, or as a line of its own.
_SIGNED = re.compile(
    r"\w[.\"”»]? / (?:[A-ZÀ-Þ][\w.'’-]+ ){1,2}[A-ZÀ-Þ][\w'’-]+$|"
    r"\([A-ZÀ-Þ][^()/]{2,40} ?/ ?[A-ZÀ-Þ][^()/]{2,40}\)$|"
    r"^[A-ZÀ-Þ][\w&-]{2,20} ?/ ?[A-ZÀ-Þ][\w.-]+ [A-ZÀ-Þ][\w'’-]+$"
)
#: What a picture is made to say: "HERE TO STAY … The minister at the bridge."
_TITLED = re.compile(r"[A-ZÀ-Þ]{2}[A-ZÀ-Þ'’ -]{2,40}\s?(?:…|\.{3}) ?[A-ZÀ-Þ]")
#: An agency's paragraph that opens a story, with its mark in brackets: no credit.
_DATELINE = re.compile(r"[A-ZÀ-Þ][^()]{1,60} \([\w/ .-]{2,30}\) ?(?:[-–—_]|--)")
_CAPTION_DATE = re.compile(
    r"[a-z,] (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, 20\d\d"
)
_CREDIT_LINE = re.compile(
    r"(?:(?:photo|image|picture|foto|bild|fot|credit|source|quelle)\b.{0,50}|"
    r"(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?|imago|apa)(?:\s*/.{0,50})?|"
    r".{1,50}/\s?(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?|imago|apa|picture alliance|keystone))$",
    re.IGNORECASE,
)
_OPENS_CREDIT = re.compile(
    r"[(\[]?(?:©|(?:photo|foto|bild|image|picture|credit|crédit|quelle|source|fot|kuva|ljósmynd|mynd|фото|"
    r"snímek)\w*\b)",
    re.IGNORECASE,
)
_SIGNED_ALONE = re.compile(r"[A-ZÀ-Þ][\w&. -]{2,30} ?/ ?[A-ZÀ-Þ][\w&./' -]{2,40}$")
_END_MARK = re.compile(
    r"(?:[-–—]\s?30\s?[-–—]|#{2,}|ends?\b\W*$|\(?(?:end|fin|ende|slut|конец|koniec)\)?\W?$|\* \* \*$|"
    r"(?:comments?|kommentare?|comentarios?|commentaires?|commenti|coment[áa]rios?|"
    r"reacties|kommentarer|leave a (?:comment|reply)|post a comment|kommentar (?:schreiben|verfassen)|"
    r"deja un comentario|laisser un commentaire|deixe um comentário)\b.{0,25}$|"
    r"\(?\d+\)? (?:comments?|responses?|repl(?:y|ies)|thoughts?|reactions?|kommentare?|antworten|beiträge|"
    r"comentarios?|respuestas?|commentaires?|réactions?|réponses?|commenti|risposte|coment[áa]rios?|"
    r"respostas?|reacties|kommentarer|komentarzy|komentářů|комментари\w+)\b[^.!?]{0,120}$|"
    r"(?:related|more (?:from|on|stories|news)|about the authors?|recommended|most (?:read|popular|viewed)|"
    r"you (?:may|might) (?:also )?like|read (?:more|next)|topics?|tags?|filed under|sign up|subscribe|"
    r"join the (?:conversation|discussion)|copyright|mehr zum thema|schlagw[oö]rter|themen|"
    r"das k[oö]nnte (?:sie|dich)|"
    r"auch interessant|meistgelesen|temas|etiquetas|m[aá]s noticias|relacionad[oa]s?|sur le m[eê]me sujet|"
    r"[àa] lire aussi|leggi anche|leia (?:mais|também)|lees ook|relaterat|les også|související|"
    r"terkait|теги|zur person|[üu]ber (?:den|die) autor\w*|zu[rm] autor\w*|sobre (?:el|la|o|a) autora?|"
    r"[àa] propos de l['’]aut|l['’]autore|об авторе|"
    r"você (?:também )?pode|talvez você|(?:también )?te puede|vous aimerez|(?:ti )?potrebbe|mohlo by|"
    r"może cię|du kanske|читайте также|"
    r"добавить (?:отзыв|комментарий)|отзывы|читать ещё|많이 본|인기|"
    r"関連記事|相关|相關|関連|관련)\b.{0,25}$)",
    re.IGNORECASE,
)
#: The heading of a box about somebody, mostly the author.
_ABOUT_SOMEBODY = re.compile(
    r"(?:About|Über|Sobre|À propos de|Om|Over|O|Об?) (?:(?:[A-ZÀ-ÞА-Я][\w.'’-]+|d[aeo]s?|von|van) ?){2,4}$"
)
#: Those of them under which links stand, also in the middle of stories.
_MORE_MARK = re.compile(
    r"(?:related|more |recommended|most |you |read |mehr |das k|auch |meistgelesen|m[aá]s |relacionad|sur le|"
    r"[àa] lire|leggi|leia|lees|relaterat|você|talvez|también|te puede|vous|ti |potrebbe|mohlo|może|"
    r"du k|читайте|les også|související|terkait|関連|相关|相關|관련)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"(?P<address>https?://|www\.|\w@\w|\.(?:com|org|de)/|pic\.twitter)|(?P<handle>(?<!\S)[@#]\w)|"
    r"(?P<separators>[|•·›»→▶►]|\s>\s)"
)
_MARK_CHARACTERS = frozenset("@#|•·›»→▶►>/")
_DIGIT = re.compile(r"\d")
_WORD_STEPS = (1, 2, 3, 4, 5, 7, 9, 12, 16)
_SAYS = re.compile(
    r"\b(?:says|said|wrote|writes|schrieb|schreibt|sagt|dice|dijo|escribió|a écrit|dit|scrive|disse|"
    r"escreveu|zegt|säger|pisze)"
    r"\b.{0,25}:?$"
)
_LISTED = re.compile(r"(?:[-–—*•·‣▪■●◦]|\(?\d{1,3}[.)]|[a-z]\))\s+\S")
_WORD = re.compile(r"\w+")
_TYPOGRAPHIC = "’“”‘–—…•·\xa0"
#: Of Latin-1, the letters, digits and underscores, and blanks for all else; the same in lower case.
_WORDS_ONLY = "".join(chr(code) if _WORD.match(chr(code)) else " " for code in range(256)).encode("latin-1")
_LOWER_WORDS_ONLY = _WORDS_ONLY.decode("latin-1").lower().encode("latin-1")
#: By width and group: the names of the features that its phrases make, in a line and at its beginning.
_GROUP_NAMES = {width: {group: f"{group}/{width}" for group in GROUPS} for width in "tsl"}
_FIRST_NAMES = {width: {group: f"{group} first/{width}" for group in GROUPS} for width in "tsl"}
_IS_FUNCTION_WORD = FUNCTION_WORDS.__contains__
_SHOWS_PICTURE = frozenset(("photo", "agency"))  #: groups
_CUES = frozenset(("share", "more", "navigation", "membership", "comments", "advert"))  #: the same
_CAPITAL_STEPS = (0.01, 0.2, 0.4, 0.6, 0.8, 1.0)
_FUNCTION_STEPS = (0.01, 0.12, 0.22, 0.32, 0.42, 0.55)
_STEPS = (8, 15, 25, 35, 50, 65, 80, 110, 150, 220, 320, 500)  #: sizes at which the next step begins


@dataclass(slots=True, kw_only=True)
class Line:
    """One stripped, non-empty line and what it says by itself."""

    text: str
    size: int  #: characters; those of scripts with dense or unspaced writing count three times
    width: str  #: "t" tiny, "s" short, "l" long
    stops: bool  #: ends as a sentence does
    long: bool  #: is a paragraph on its own account
    words: list[str]  #: the first ones, in lower case
    content: set[str]  #: its words of four letters and more; of dense scripts single characters
    caption: bool = False  #: bears an unmistakable mark of a picture's caption or credit
    byline: bool = False
    dated: bool = False
    ends_story: bool = False  #: a heading or sign of what comes after a story
    says_more: bool = False  #: one of links, which may stand in it as well
    labelled: bool = False  #: a colon stands in it: a name and what belongs to it
    crowd: int = 0  #: short lines that stand together with it
    again: bool = False  #: stands more than once in the document
    told: str = ""  #: step of the share of its words that other long lines hold
    kind: str = ""  #: in one word, as its neighbours see it
    look: str = ""  #: how it begins and ends
    groups: frozenset[str] = frozenset()  #: of `wire.parse.cues` with a phrase in it
    names: list[str] = field(default_factory=list)  #: of its features


def step(value: float, steps: Sequence[float]) -> int:
    """How many of the rising ``steps`` the value has reached."""
    return bisect_right(steps, value)


def seen_alone(text: str) -> Line:
    """The line with the features it has by itself."""
    cased, words, wide = _words(text)
    size = len(text) + 2 * wide
    bare = text.rstrip(_CLOSERS)
    stops = bare != "" and bare[-1] in _STOPS and not text.endswith(_BROKEN_OFF)
    width = "t" if size <= _TINY else "s" if size <= LONG else "l"
    content = {word for word in words if len(word) > 3}
    if wide:
        content.update(_WIDE.findall(text[:200]))
    long = stops and size > LONG
    line = Line(text=text, size=size, width=width, stops=stops, long=long, words=words, content=content)
    found, groups = _groups(line, text if wide else "")
    line.groups = frozenset(found)
    line.caption = _is_caption(line, found)
    begins, ends = f"first:{_beginning(text)}/{width}", f"ends:{_ending(text, bare, stops)}/{width}"
    line.look = f"{begins} {ends}"
    line.names = [
        f"size:{step(size, _STEPS)}",
        begins,
        ends,
        f"capitals:{_capitals(cased, words)}/{width}",
        f"function:{_function_words(words, wide)}/{width}",
        f"commas:{_commas(text, wide)}/{width}",
        *groups,
    ]
    if size > LONG:
        line.names.append(f"sentences:{min(len(_SENTENCE_INSIDE.findall(text)), 4)}")
    if size <= 2 * LONG:
        _see_marks(line, found)
    line.kind = _kind(line, found)
    return line


def _groups(line: Line, wide: str) -> tuple[set[str], list[str]]:
    """The groups with a phrase in the line, and what they make its features."""
    found, first = groups_of(wide, line.words)
    width = line.width
    names = list(map(_GROUP_NAMES[width].__getitem__, found))
    names += map(_FIRST_NAMES[width].__getitem__, first)
    if len(found) > 2:
        names.append(f"many groups/{width}")
    return found, names


def _plain(text: str) -> str:
    """The text without the marks that make most copy more than ASCII."""
    if text.isascii():
        return text
    for mark in _TYPOGRAPHIC:
        text = text.replace(mark, " ")
    return text


def _words(text: str) -> tuple[list[str], list[str], int]:
    """The first words of a text, the same in lower case, and how many of its characters are wide.

    Splitting Latin-1 at what belongs to no word takes a third of searching for words.
    """
    plain = _plain(text)
    try:
        data = plain.encode("latin-1")
    except UnicodeEncodeError:
        cased = _WORD.findall(plain[:_SEEN])[:_WORDS_SEEN]
        return cased, " ".join(cased).lower().split(), len(_WIDE.findall(text))
    data = data[:_SEEN]
    cased, words = (
        data.translate(only).decode("latin-1").split() for only in (_WORDS_ONLY, _LOWER_WORDS_ONLY)
    )
    return cased[:_WORDS_SEEN], words[:_WORDS_SEEN], 0


def _commas(text: str, wide: int) -> int:
    return min(text.count(",") + (text.count("，") + text.count("、") if wide else 0), 3)


def _is_caption(line: Line, found: set[str]) -> bool:
    """Whether a line says itself that it belongs to a picture, at its beginning or its end."""
    text = line.text
    if line.size > _LONGEST_CAPTION:
        return False
    if text[:2].isupper() and _TITLED.match(text):
        return True
    if found or "/" in text or "©" in text:
        ends = text if len(text) <= 2 * _CREDIT else f"{text[:_CREDIT]} … {text[-_CREDIT:]}"
        return _is_credited(text, ends, found) or _is_posed(line, ends, found)
    return False


def _is_credited(text: str, ends: str, found: set[str]) -> bool:
    if _SHOWS_PICTURE.isdisjoint(found) and "/" not in text and "©" not in text:
        return False
    if _CAPTION_MARK.search(ends) is not None:
        return len(text) <= LONG or _DATELINE.match(text) is None
    return ("/" in text and _SIGNED.search(ends) is not None) or (
        len(text) <= LONG and _CREDIT_LINE.match(text) is not None
    )


def _is_posed(line: Line, ends: str, found: set[str]) -> bool:
    """Whether it says where somebody stands in a picture, or when it was taken."""
    if not found.isdisjoint(_POSED) and (
        _POSE_MARK.search(ends) or (not _SIDES.isdisjoint(line.words) and _NAMED_FROM.search(ends))
    ):
        return True
    return line.size > LONG and "stamp" in found and _CAPTION_DATE.search(ends, LONG // 2) is not None


def _see_marks(line: Line, found: set[str]) -> None:
    """Patterns that only short lines are searched for."""
    text, width, names = line.text, line.width, line.names
    line.labelled = ":" in text[:-1] or "：" in text[:-1]
    if line.size < LONG:
        _see_kinds_of_short_lines(line)
    if _DIGIT.search(text):
        names.append(f"digits/{width}")
        if _DATE.search(text) or _names_day(line):
            line.dated = True
            names.append(f"dated/{width}")
        if _CLOCK.search(text):
            names.append(f"clock/{width}")
    if not _MARK_CHARACTERS.isdisjoint(text) and (mark := _MARK.search(text)):
        names.append(f"{mark.lastgroup}/{width}")
    names.append(f"words:{step(len(line.words), _WORD_STEPS)}")
    names += [f"{name}/{width}" for name in _looks(line, found)]


def _names_day(line: Line) -> bool:
    """Whether a day stands in it as the name of a month and a number."""
    opens = {word[:3] for word in line.words}
    return not _MONTHS.isdisjoint(opens) and _MONTH_DAY.search(line.text) is not None


def _looks(line: Line, found: set[str]) -> Iterator[str]:
    text = line.text
    if line.caption:
        yield "caption mark"
    if not text[0].isupper() and _LISTED.match(text):
        yield "listed"
    if text.isupper():
        yield "upper"
    if line.labelled:
        yield "colon inside"
    if "speech" in found and _SAYS.search(text):
        yield "says"
    if "?" in text:
        yield "question"


def _see_kinds_of_short_lines(line: Line) -> None:
    """Bylines, marks of the end, names."""
    text = line.text
    line.byline = not line.stops and _BYLINE.match(text) is not None
    line.ends_story = (_END_MARK.match(text) or _ABOUT_SOMEBODY.match(text)) is not None
    line.says_more = line.ends_story and _MORE_MARK.match(text) is not None
    if line.byline:
        line.names.append("byline")
    if line.ends_story:
        line.names.append("end mark")
    if line.width != "l" and text[0].isupper() and _NAME_ONLY.match(text):
        line.names.append("name only")


def _ending(text: str, bare: str, stops: bool) -> str:
    if stops:
        return "stop" if bare == text else "stop quoted"
    last = text[-1]
    if text.endswith(_BROKEN_OFF):
        return "dots"
    if last in ":：":
        return "colon"
    if last in ",;，、":
        return "comma"
    if last.isdigit():
        return "digit"
    if last.isalpha():
        return "letter"
    return "quote" if last in _CLOSERS else "other"


def _beginning(text: str) -> str:
    first = text[0]
    if first.isupper():
        return "upper"
    if first.islower():
        return "lower"
    if first.isdigit():
        return "digit"
    if first.isalpha():
        return "letter"
    return "quote" if first in "\"“„«‘'「" else "mark"


def _capitals(cased: Sequence[str], words: Sequence[str]) -> str:
    """How many of the words but the first begin with a capital."""
    if len(cased) < 2:
        return "none to see"
    capitals = sum(map(ne, cased, words)) - (cased[0] != words[0])
    return str(bisect_right(_CAPITAL_STEPS, capitals / (len(cased) - 1)))


def _function_words(words: Sequence[str], wide: int) -> str:
    if wide:
        return "wide"
    if not words:
        return "no words"
    return str(bisect_right(_FUNCTION_STEPS, sum(map(_IS_FUNCTION_WORD, words)) / len(words)))


def _is_credit(text: str) -> bool:
    """Whether a marked line only says who made the picture."""
    return _OPENS_CREDIT.match(text) is not None or any(
        credit.match(text) for credit in (_CREDIT_LINE, _SIGNED_ALONE)
    )


def _kind(line: Line, groups: set[str]) -> str:
    if line.caption:
        return "credit" if line.size <= LONG and _is_credit(line.text) else "caption"
    if line.ends_story:
        return "end mark"
    if line.byline:
        return "byline"
    if line.long:
        return "long"
    if line.dated and line.size <= LONG:
        return "dated"
    if line.size <= LONG and not _CUES.isdisjoint(groups):
        return "cue"
    if line.stops:
        return "sentence"
    return "tiny" if line.size <= _TINY else "short" if line.size <= LONG else "unended"
