"""XML in an agency's own vocabulary: no standard, but elements whose names say what they hold.

One table of such names (lower case, without namespace) stands for all of them; a further agency is a
further name. An element is a story when its own children hold copy, so that lists of users, fixtures or
settings are refused instead of being taken for text. Such documents write every element, also of what
they do not say: an empty ``embargo`` is none here, and so is the first day of the first year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree

from wire.errors import NotAStory, UnsafeInput
from wire.parse.base import head_of, read_date
from wire.parse.items.coded import add_category, add_subject, subject_code
from wire.parse.items.html_input import body_of, line_of
from wire.parse.items.said import Said
from wire.parse.markup import inner_html, local_name, text_of, whole
from wire.parse.xml_input import read_root
from wire.story import Concept, Draft, Link, Location, Picture, PubStatus, RawFile

Element = etree._Element
_Parts = Mapping[str, Sequence[Element]]  #: an element's children by their folded names

_ROOT = re.compile(
    rb"(?:<\?xml[^>]*\?>)?(?:\s|<!--(?:(?!-->).){0,2000}-->|<!DOCTYPE[^>\[]*>)*<([\w:.-]+)", re.DOTALL
)
#: Elements of HTML: what begins with one is a page or a piece of one.
_HTML_ROOTS = frozenset(
    b"html head body title meta link style script base noscript template div p span section article "
    b"main header footer nav aside hgroup address h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead "
    b"tbody tfoot tr td th caption colgroup col figure figcaption blockquote pre hr br wbr a abbr b "
    b"bdi bdo big cite code center data del dfn em font i ins kbd mark q rp rt ruby s samp small "
    b"strike strong sub sup time tt u var img picture source video audio track embed object iframe "
    b"canvas map area form fieldset legend label input button select option optgroup textarea output "
    b"progress meter details summary dialog menu marquee frame frameset slot".split()
)
_MAX_ITEMS = 2000
_WITHOUT_ZERO = 7  #: digits of a subject code that lost its zero
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PRINTED_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ ,T-]+(\d{1,2})[:.h](\d{2})(?::\d{2})?)?")
_LIST = re.compile(" *[,;] *")
_YES = frozenset(("true", "yes", "1"))

_AUTHOR = ("autor", "auteur", "autore", "firma", "forfatter", "författare", "autorzy")
#: What a field's element may be called, in the agencies' languages and without hyphens and low lines; the
#: first that says something counts.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "headline": (
        *("headline", "title", "heading", "headline2", "titular", "titulo", "título", "titre", "titolo"),
        *("titel", "überschrift", "ueberschrift", "rubrik", "overskrift", "tittel", "otsikko"),
        *("tytul", "tytuł"),
    ),
    "subheadline": (
        *("subtitle", "subheadline", "subhead", "subtitulo", "subtítulo", "soustitre", "sottotitolo"),
        *("untertitel", "unterzeile", "underrubrik", "undertittel"),
    ),
    "slugline": ("slugline", "slug", "slugproper", "strapline", "catchline", "antetitulo", "antetítulo"),
    "byline": (*("byline", "author"), *_AUTHOR),
    "creditline": ("creditline", "credit", "origin"),
    "description": (
        *("leadtext", "lead", "ingress", "summary", "abstract", "standfirst", "teaser", "entradilla"),
        *("resumen", "chapeau", "chapo", "resume", "résumé", "sommario", "vorspann", "anriss", "resumo"),
    ),
    "provider": ("provider", "agency", "agencia", "agência", "agence", "agenzia", "agentur"),
    "copyright_notice": ("copyrightnotice", "copyright"),
    "usage_terms": ("usageterms", "usage"),
}
_DATES: Mapping[str, tuple[str, ...]] = {
    "first_created": (
        *("firstcreated", "createddatetime", "datecreated", "created"),
        *("publishdate", "publicationdate", "pubdate", "published", "fecha", "fechahora", "datum", "data"),
        *("date", "dateheure", "dato"),
    ),
    "version_created": ("versioncreated", "updateddatetime", "datemodified", "modified", "updated"),
    "content_created": ("contentcreated", "datetaken", "time"),
    "expires": ("expires", "expirydate", "expirationdate"),
}
_GUID = (
    *("guid", "newsid", "ntbid", "uuid", "systemslug", "storyid", "itemid", "articleid", "id"),
    *("identificador", "identifiant", "identificativo", "kennung"),
)
_COPY = (
    *("contenttext", "content", "bodytext", "body", "articlebody", "fulltext", "text", "cuerpo", "texto"),
    *("corps", "texte", "testo", "corpo", "fließtext", "fliesstext", "haupttext", "brodtext", "brödtext"),
    *("brodtekst", "brødtekst", "tekst", "teksti", "tresc", "treść", "contenido", "conteudo", "conteúdo"),
)
_CAPTION = ("englishcaption", "caption")
_EMBARGO = ("embargo", "embargoed", "embargotime", "embargountil", "sperrfrist")
_NOTES = (
    *("ednote", "editorsnote", "notetoeditors", "tilredaktionen", "updatenote"),
    *("editornote", "editorialnote", "internalnote", "notainterna", "noteinterne", "hinweis"),
    *("instructions", "specialinstructions", "contactsastext", "notaaleditor", "notaeditores", "notas"),
)
_PLACES = ("town", "city", "ciudad", "lugar", "ville", "lieu", "luogo", "ort", "cidade", "sted")
_COUNTRIES = ("country", "pais", "país", "pays", "paese", "land")
_SECTIONS = (
    *("section", "category", "subcategory", "seccion", "sección", "categoria", "rubrique"),
    *("sezione", "ressort"),
)
_KEYWORDS = (
    *("keyword", "keywords", "palabrasclave", "motscles", "motsclés", "parolechiave"),
    *("schlagworte", "tags"),
)
_LANGUAGES = ("language", "lang", "idioma", "langue", "lingua", "sprache")
_PICTURES = frozenset(("images", "medialist", "pictures", "photos"))
#: Elements that say yes or no, and what a yes is.
_CANCELED = ("annuleret", "killed", "canceled", "cancelled")
_WITHHELD = ("holdflag", "hold", "withheld")
_SIGNALS: Mapping[str, tuple[str, ...]] = {
    "correction": ("korrektion", "correction", "iscorrection"),
    "update": ("nyversion", "isupdate"),
}


class AgencyXMLParser:
    """Reads XML that is in none of the standards."""

    name = "xml"

    def evidence(self, raw: RawFile) -> int:
        """96 for XML whose root is none of HTML's: surer than a page, less sure than any standard.

        10 for any other markup that says by its name or beginning that it is XML: broken, or no story, but
        never text.
        """
        head = head_of(raw)
        named = raw.name.lower().endswith((".xml", ".xmp")) and head.startswith(b"<")
        root = _ROOT.match(head)
        declared = head.startswith(b"<?xml")
        if root is None or root[1].lower() in _HTML_ROOTS or (b"-" in root[1] and not declared):
            says_so = named or declared or head.startswith((b"<?xpacket", b"<!DOCTYPE"))
            return 10 if says_so else 0  # an element with a hyphen is a page's own
        ended = raw.data[-200:].rstrip(b"\0 \t\r\n").endswith(b"</" + root[1] + b">")
        return 96 if ended or declared or named else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a story. Raises Malformed, UnsafeInput, or NotAStory when no element is one."""
        root, charset, warnings = read_root(raw)
        drafts = [_draft(item, parts, charset, warnings) for item, parts in _items(root)]
        if not drafts:
            raise NotAStory(
                "this XML is in no known vocabulary, and nothing in it holds copy; "
                f"its root is {local_name(root)[:60]}"
            )
        return drafts


def _items(root: Element) -> Iterator[tuple[Element, _Parts]]:
    """The outermost elements whose children hold a story, in the document's order."""
    waiting, found = [root], 0
    while waiting:
        element = waiting.pop()
        parts = _parts(element)
        if _is_story(element, parts):
            found += 1
            if found > _MAX_ITEMS:
                raise UnsafeInput(f"this XML holds more than {_MAX_ITEMS} stories")
            yield element, parts
        else:
            waiting += reversed([child for child in element if isinstance(child.tag, str)])


def _parts(element: Element) -> _Parts:
    parts: dict[str, list[Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            name = local_name(child).lower().replace("_", "").replace("-", "")
            parts.setdefault(name, []).append(child)
    return parts


def _is_story(element: Element, parts: _Parts) -> bool:
    """Copy under a headline or an identity; or a caption with an identity (a picture)."""
    known = _text(parts, *_GUID) or element.get("id")
    headline = _text(parts, *_NAMES["headline"])
    if _text(parts, *_COPY):
        return bool(known or headline)
    return bool((known and _text(parts, *_CAPTION)) or (headline and _text(parts, *_NAMES["description"])))


def _text(parts: _Parts, *names: str) -> str | None:
    """What the first element of these names that says something says."""
    return next((text for part in _all(parts, *names) if (text := text_of(part))), None)


def _draft(item: Element, parts: _Parts, charset: str, warnings: tuple[str, ...]) -> Draft:
    said = Said(warnings)
    for field, names in _NAMES.items():
        said.say(field, line_of(_text(parts, *names)))
    for field, names in _DATES.items():
        said.say(field, _moment(_text(parts, *names)))
    _say_life_cycle(parts, said)
    _say_body(parts, said)
    _say_concepts(parts, said)
    _say_pictures(parts, said)
    language = item.get(_XML_LANG) or item.get("lang") or _text(parts, *_LANGUAGES) or ""
    said.say("language", language if _LANGUAGE.fullmatch(language) else None)
    return said.draft(
        AgencyXMLParser.name,
        guid=_text(parts, *_GUID) or item.get("id"),
        version=whole(_text(parts, "version", "revision")) or None,
        charset=charset,
    )


def _moment(text: str | None) -> datetime | None:
    """A time in any machine's form, or as ``04.03.2019 15:05``; None for the first year, which means none."""
    printed = _PRINTED_DATE.fullmatch(text) if text else None
    if printed is None:
        moment = read_date(text)
        return moment if moment is not None and moment.year > 1 else None
    day, month, year, hour, minute = (int(part or 0) for part in printed.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the source's zone comes later
    except ValueError:
        return None


def _says_yes(parts: _Parts, names: Sequence[str]) -> bool:
    return (_text(parts, *names) or "").lower() in _YES


def _say_life_cycle(parts: _Parts, said: Said) -> None:
    if _says_yes(parts, _CANCELED):
        said.say("pub_status", PubStatus.CANCELED)
    elif _says_yes(parts, _WITHHELD):
        said.say("pub_status", PubStatus.WITHHELD)
    said.say_status(_text(parts, "pubstatus"))
    said.say_state(_text(parts, "status", "state", "estado", "statut", "stato"))
    for signal, names in _SIGNALS.items():
        said.add("signals", signal if _says_yes(parts, names) else None)
    if (_text(parts, "writethrutype") or "").lower() == "writethru":
        said.add("signals", "update")
    embargo = _text(parts, *_EMBARGO)
    moment = _moment(embargo)
    if moment is not None:
        said.say("embargoed", moment)
    elif embargo and not embargo.startswith("0001-"):
        said.say_embargo(embargo)
    previous = _text(parts, "replacedid", "replaces")
    said.add("links", Link(rel="irel:previousVersion", residref=previous) if previous else None)
    said.say_urgency(_text(parts, "urgency", "priority"))


def _say_body(parts: _Parts, said: Said) -> None:
    """The copy as elements or as escaped HTML, and what stands under it; notes to editors apart."""
    bodies = [_html(part, said) for name in _COPY for part in parts.get(name, ())[:1] if text_of(part)][:1]
    bodies += [_html(part, said) for part in parts.get("boilerplate", ()) if text_of(part)]
    said.say("body_html", "".join(bodies))
    for note in _all(parts, *_NOTES):
        said.add("ed_notes", " ".join((line_of(text_of(note)) or "").split()))
    page = _text(parts, "longurl", "url", "link")
    if page and page.startswith(("http://", "https://")):
        said.add("links", Link(rel="irel:seeAlso", href=page))


def _html(part: Element, said: Said) -> str:
    if len(part):
        return inner_html(part)
    html, pictures = body_of(text_of(part) or "", said.fields.get("headline"))
    said.add_pictures(pictures)
    return html


def _say_concepts(parts: _Parts, said: Said) -> None:
    said.add("info_sources", _text(parts, "source"))
    said.add("creators", _text(parts, "byline", "author", *_AUTHOR))
    if town := _text(parts, *_PLACES):
        said.say("located", Location(name=town))
        country = _text(parts, *_COUNTRIES)
        said.add("places", Concept(name=country) if country else None)
    for category in (_text(parts, name) for name in _SECTIONS):
        if category and len(category) == 1:
            add_category(said, category.lower())
        else:
            said.add("subjects", Concept(name=category) if category else None)
    for subject in (inner for part in _all(parts, "subjects", "iptclist") for inner in part):
        _say_subject(subject, said)
    for keywords in _all(parts, *_KEYWORDS):
        _say_keywords(keywords, said)


def _say_keywords(keywords: Element, said: Said) -> None:
    for element in list(keywords.iterchildren("*")) or [keywords]:
        for keyword in _LIST.split(" ".join((text_of(element) or "").split())):
            said.add("keywords", keyword)


def _all(parts: _Parts, *names: str) -> Iterator[Element]:
    return (part for name in names for part in parts.get(name, ()))


def _say_subject(subject: Element, said: Said) -> None:
    text = text_of(subject)
    if text and len(text) == _WITHOUT_ZERO and text.isascii() and text.isdigit():
        text = f"0{text}"  # Ritzau's are numbers
    code = subject_code(subject.get("reference") or text)
    add_subject(said, None if text == code else text, code)


def _say_pictures(parts: _Parts, said: Said) -> None:
    """Pictures that come with the story; a caption of its own makes the story one."""
    for name in _PICTURES.intersection(parts):
        for picture in (inner for part in parts[name] for inner in part if isinstance(inner.tag, str)):
            of_picture = _parts(picture)
            href, caption = _text(of_picture, "url", "href"), _text(of_picture, *_CAPTION)
            said.add("pictures", Picture(href=href, caption=caption) if href or caption else None)
    if caption := _text(parts, *_CAPTION):
        told = " ".join(caption.split())
        said.say("description", told)
        said.add(
            "pictures",
            Picture(caption=told, credit=_text(parts, "credit"), href=_text(parts, "contentref", "viewfile")),
        )
