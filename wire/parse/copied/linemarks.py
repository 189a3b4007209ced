"""Marks that give a line of copied text away: of captions, credits, bylines, dates, ends of stories.

Each question is a pattern, asked of as few lines as a cheaper look leaves. Those that do not mind capitals
read the line in lower case: `re` skips through it several times faster than when it has to fold each letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wire.parse.copied.cues import bits

LONG = 80  #: size from which a line that ends a sentence is a paragraph on its own account
_LONGEST_CAPTION = 640  #: size
_TEXT_BY = ("Text:", "TEXT:", "Texte :", "Texto:", "Tekst:", "Words:")  #: what photographers may stand behind
_CREDIT = 120  #: characters at either end of a caption in which its mark stands

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
    r"image (?:source|copyright|caption)|file (?:photo|picture|image)|"
    r"(?:getty images|ap photo|afp photo|shutterstock|istock|picture[- ]alliance|epa-efe|zuma press|alamy|"
    r"imago images|via getty|via ap|via reuters|photo courtesy|dpa/|/dpa|/afp|/ap|afp/|/reuters|"
    r"reuters/|imago/)\b|(?:ap|afp|efe|epa|apa|ansa|dpa|reuters|lusa|pap|ats|belga)/ \w)|"
    r"[-–—(\[|/] ?(?:midjourney|dall[-·]e|stable diffusion|adobe firefly|ki-generiert|ai-generated)\b|"
    r"^(?:file|archive?)\b\s*[-–—:]"
)
#: One of these stands in whatever that matches: looking for them all takes a tenth of its time.
_CAPTION_STEMS = (
    *("/", "in this ", "image ", "file", "archiv", "getty", "p photo", "shutterstock"),
    *("istock", "alliance"),
    *("epa-efe", "zuma press", "alamy", "imago", "via ap", "via reuters", "photo courtesy"),
    *("midjourney", "dall"),
    *("stable diffusion", "adobe firefly", "-gener"),
)
#: Such marks in brackets, and those that are signs.
_BRACKETED = re.compile(
    r"[(\[](?:photo|foto|bild|fot\.|credit)\b|"
    r"\((?:ap|afp|reuters|dpa|epa|efe|ansa|tt|ntb|pa|upi|xinhua)"
    r"(?:/[^()]{1,60}| photo[^()]{0,60}|[^()]{0,10}\bvia\b[^()]{0,40})\)|"
    r"\((?:photo|foto)[^()]{0,60}\)$|©|【写真】|資料写真|资料图|사진[=:]"
)
#: How captions begin and end in Chinese.
_HAN_CREDIT = re.compile(
    r"[（(](?:圖|图|圖片|图片|資料照|资料图|翻攝)[／/:： ]?[^（）()]{0,40}[）)]$|[摄攝]$|^▲|^(?:图为|圖為)"
)
#: What introduces who made a picture, and what one of them stands in front of.
_CREDITS = re.compile(
    r"\b(?:photos?|pictures?|image|credits?|fotos?|bild(?:er)?|fotografía|photograph|cr[eé]ditos?|kuvat?|fotó|"
    r"ljósmynd(?:ir)?|mynd|snímek|zdjęcie|fotoğraf|ảnh|arkiv(?:bild|foto)|archiv(?:bild|foto)|symbolbild|"
    r"fuente|imagen|quelle|crédit|reprodução|divulgação|фото|фот|צילום|फोटो|फ़ोटो|φωτο(?:γραφία)?|تصوير|صورة|ภาพ)"
    r"\s*(?:by\b|:|/|\|)"
)
_CREDITED = ("by", ":", "/", "|")
#: Where somebody stands in a picture; an agency glued to the sentence before it.
_STANDS = (
    r"(?:(?:v\. ?)?[lLrRM]\.(?: ?[-–&/u] ?[lr]\.)?|"
    r"(?:[vV]on )?(?:li|links|rechts)(?:\.| nach re.{0,8}|)|"
    r"(?:2nd |second |far |front |top |bottom |from )*(?:left|right|cent(?:er|re))|Mitte|[vV]orne|[hH]inten|"
    r"izq(?:da)?\.?|dcha\.?|izquierda|derecha|centro|à (?:gauche|droite)|au centre|"
    r"слева|справа|в центре|vlevo|vpravo|uprostřed|t\.[vh]\.)"
)
_SIDE = r"(?:at |front |top |bottom |second |third |2nd |far |back |from )*(?:left|right|cent(?:er|re))"
_GLUED = "|".join(
    rf"{name}(?:(?<=[a-zà-ÿ)]{name})|(?<=[a-zà-ÿ)][.!?]{name}))(?: ?/.{{0,30}})?$"
    for name in ("AFP", "EFE", "REUTERS", "Reuters", "EPA", "Getty", "dpa")
)
#: What stands before the first letter is asked for behind it: `re` skips to a choice of single characters.
_POSE_MARK = re.compile(
    rf"\((?:(?<=\w \(){_STANDS}\)|(?<=^\()L-R\)?[ :])|L(?<=^L)-R\)?[ :]|,(?<=\w,) {_SIDE},|{_GLUED}"
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
        *("left", "links", "gauche", "izquierda", "sinistra", "vänster", "venstre", "vinstri"),
        *("zleva", "lewej", "слева", "esquerda"),
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
_CAPTION_DAY = "day, "
_CAPTION_DATE = re.compile(
    rf"[a-z,] (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun){_CAPTION_DAY}"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, 20\d\d"
)
_CREDIT_LINE = re.compile(
    r"(?:(?:photo|image|picture|foto|bild|fot|credit|source(?! text)|quelle)\b.{0,50}|"
    r"(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?|imago|apa)(?:\s*/.{0,50})?|"
    r".{1,50}/\s?(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?|imago|apa|picture alliance|keystone))$",
)
#: A sentence that goes on from such a word: "Image of the dead king was found on Monday."
_TELLS = re.compile(
    r"\w+ (?!(?:by|courtesy|via|from|von|de|di|par|shows?|zeigt|taken|provided|released)\b)"
    r"(?:[a-zà-ÿ]\S* ){3,}[^:/]*[.!?]"
)
_OPENS_CREDIT = re.compile(
    r"[(\[]?(?:©|(?:photo|foto|bild|image|picture|credit|crédit|quelle|source|fot|kuva|ljósmynd|mynd|фото|"
    r"snímek)\w*\b)",
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
)
#: The heading of a box about somebody, mostly the author.
_ABOUT_SOMEBODY = re.compile(
    r"(?:About|Über|Sobre|À propos de|Om|Over|O|Об?) (?:(?:[A-ZÀ-ÞА-Я][\w.'’-]+|d[aeo]s?|von|van) ?){2,4}$"
)
_ABOUT = "AÜSÀOО"  #: letters that it begins with
#: Those of them under which links stand, also in the middle of stories.
_MORE_MARK = re.compile(
    r"(?:related|more |recommended|most |you |read |mehr |das k|auch |meistgelesen|m[aá]s |relacionad|sur le|"
    r"[àa] lire|leggi|leia|lees|relaterat|você|talvez|también|te puede|vous|ti |potrebbe|mohlo|może|"
    r"du k|читайте|les også|související|terkait|関連|相关|相關|관련)",
)
#: What all of these begin with, first: the way past anything else is short.
_MARK = re.compile(
    r"(?=[hwp.@#|•·›»→▶►\s])(?:"
    r"(?P<address>https?://|www\.|@(?<=\w@)\w|\.(?:com|org|de)/|pic\.twitter)|"
    r"(?P<handle>(?<!\S)[@#]\w)|(?P<separators>[|•·›»→▶►]|\s>\s))"
)
_MARK_CHARACTERS = frozenset("@#|•·›»→▶►>/")
_DIGIT = re.compile(r"\d")
_SAYS = re.compile(
    r"\b(?:says|said|wrote|writes|schrieb|schreibt|sagt|dice|dijo|escribió|a écrit|dit|scrive|disse|"
    r"escreveu|zegt|säger|pisze)"
    r"\b.{0,25}:?$"
)
_LISTED = re.compile(r"(?:[-–—*•·‣▪■●◦]|\(?\d{1,3}[.)]|[a-z]\))\s+\S")
_SHOWS_PICTURE, _POSED, _STAMP = bits("photo", "agency"), bits("pose", "agency"), bits("stamp")
_TELLING = _SHOWS_PICTURE | _POSED | _STAMP  #: groups without which no word marks a caption


def is_caption(text: str, size: int, words: Sequence[str], found: int) -> bool:
    """Whether a line says itself that it belongs to a picture, at its beginning or its end.

    found  the groups of `wire.parse.copied.cues` with a phrase in it
    """
    if size > _LONGEST_CAPTION or text.startswith(_TEXT_BY):
        return False
    if text[:2].isupper() and _TITLED.match(text):
        return True
    if not found & _TELLING and "/" not in text and "©" not in text:
        return False
    ends = text if len(text) <= 2 * _CREDIT else f"{text[:_CREDIT]} … {text[-_CREDIT:]}"
    return _is_credited(text, ends, found) or _is_posed(ends, size, words, found)


def _is_credited(text: str, ends: str, found: int) -> bool:
    if not found & _SHOWS_PICTURE and "/" not in text and "©" not in text:
        return False
    if _bears_mark(ends.lower()):
        return len(text) <= LONG or _DATELINE.match(text) is None
    return ("/" in text and _SIGNED.search(ends) is not None) or (
        len(text) <= LONG and _CREDIT_LINE.match(text.lower()) is not None and _TELLS.fullmatch(text) is None
    )


def _bears_mark(lower: str) -> bool:
    """Whether either end of a line in lower case bears a mark that only captions bear."""
    if any(map(lower.__contains__, _CREDITED)) and _CREDITS.search(lower):
        return True
    if _BRACKETED.search(lower) or (not lower.isascii() and _HAN_CREDIT.search(lower)):
        return True
    return any(map(lower.__contains__, _CAPTION_STEMS)) and _CAPTION_MARK.search(lower) is not None


def _is_posed(ends: str, size: int, words: Sequence[str], found: int) -> bool:
    """Whether it says where somebody stands in a picture, or when it was taken."""
    if found & _POSED and (
        _POSE_MARK.search(ends) or (not _SIDES.isdisjoint(words) and _NAMED_FROM.search(ends))
    ):
        return True
    dated = size > LONG and found & _STAMP and _CAPTION_DAY in ends
    return bool(dated) and _CAPTION_DATE.search(ends, LONG // 2) is not None


def is_credit(text: str) -> bool:
    """Whether a line that bears a caption's mark only says who made the picture."""
    lower = text.lower()
    return (
        _OPENS_CREDIT.match(lower) is not None
        or _CREDIT_LINE.match(lower) is not None
        or _SIGNED_ALONE.match(text) is not None
    )


def ends_story(text: str, lower: str) -> bool:
    """Whether it is a heading or sign of what comes after a story."""
    return _END_MARK.match(lower) is not None or (
        text[0] in _ABOUT and _ABOUT_SOMEBODY.match(text) is not None
    )


def says_more(lower: str) -> bool:
    """Whether a heading of what comes after a story is one of links, which may stand in it as well."""
    return _MORE_MARK.match(lower) is not None


def is_byline(text: str) -> bool:
    """Whether it opens with a word that introduces an author, and a name."""
    return _BYLINE.match(text) is not None


def is_name(text: str) -> bool:
    """Whether it looks like nothing but a name: two words to four."""
    return 1 <= text.count(" ") <= 3 and _NAME_ONLY.match(text) is not None


def has_digit(text: str) -> bool:
    """Whether there is anything to count or to date by."""
    return _DIGIT.search(text) is not None


def is_dated(text: str, words: Sequence[str]) -> bool:
    """Whether a date stands in it, be it only a day of a month."""
    if _DATE.search(text):
        return True
    opens = {word[:3] for word in words}
    return not _MONTHS.isdisjoint(opens) and _MONTH_DAY.search(text) is not None


def has_clock(text: str) -> bool:
    """Whether the time of a day stands in it."""
    return _CLOCK.search(text) is not None


def furniture_mark(text: str, signs: str) -> str | None:
    """The kind of mark that pages are made with: ``address``, ``handle`` or ``separators``.

    signs  digits and such marks in the text
    """
    mark = None if _MARK_CHARACTERS.isdisjoint(signs) else _MARK.search(text)
    return mark.lastgroup if mark else None


def is_listed(text: str) -> bool:
    """Whether it opens like an item of a list."""
    return not text[0].isupper() and _LISTED.match(text) is not None


def says(text: str) -> bool:
    """Whether it ends with who said something."""
    return _SAYS.search(text) is not None
