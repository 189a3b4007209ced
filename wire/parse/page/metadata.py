"""What a web page states about itself: JSON-LD, ``meta`` (OpenGraph, Dublin Core, Parsely, …), microdata.

Nothing here is guessed. JSON-LD is read however it is wrapped (arrays, ``@graph``, articles within pages,
authors by ``@id``) and as far as it goes when it is broken. All texts come back on one line, references
resolved; the sources of a value are kept in the order in which they are believed.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import etree

from wire.parse.page.blocks import shown_text
from wire.parse.page.details import details_of
from wire.parse.page.features import squeezed

Node = Mapping[str, Any]

_ARTICLE = re.compile(
    r"(?:Article|BlogPosting|LiveBlogPosting|Report|Review|Recipe|SocialMediaPosting|CreativeWork)$"
)
_MOST_NODES = 5_000  #: objects of JSON-LD looked at
_MOST_AUTHORS = 50
_LONGEST = 5_000  #: characters of a text of the metadata, ``articleBody`` aside
_LONGEST_JSON = 2_000_000  #: characters of one script
_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_PAIR = re.compile(
    r'"(@type|headline|alternativeHeadline|description|articleBody|articleSection|datePublished|dateModified)"'
    r'\s*:\s*"((?:[^"\\]|\\.)*)"'
)
_AUTHOR_PAIR = re.compile(
    r'"author"\s*:\s*[\[{\s]{0,20}(?:"@type"\s*:\s*"\w+"\s*,\s*)?(?:"name"\s*:\s*)?"([^"\\]{2,100})"'
)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")

_DATE_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished"),
    *("article:published", "og:published_time"),
    *("date", "pubdate", "publishdate", "publish-date", "publish_date"),
    *("publication_date", "article.published"),
    *("dc.date.issued", "dc.date", "dcterms.issued", "dcterms.created", "dcterms.date"),
    *("dc.date.created", "dc.created"),
    *("sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime"),
    *("cxenseparse:publishtime", "bt:pubdate"),
    *("citation_publication_date", "citation_date", "displaydate"),
    *("originalpublicationdate", "article_date_original"),
)
_DATE_MODIFIED = (
    *("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod"),
    *("last-modified", "dc.date.modified", "dcterms.modified", "revised", "moddate"),
)
_AUTHOR = (
    *("author", "article:author", "sailthru.author", "parsely-author", "cxenseparse:author"),
    *("byl", "dc.creator"),
    *("dcterms.creator", "dcsext.author", "article:author:name", "article:author_name", "citation_author"),
    *("og:article:author", "author_name", "content-author"),
)
_TITLE = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "cxenseparse:title")
_DESCRIPTION = (
    "og:description",
    "twitter:description",
    "description",
    "dc.description",
    "sailthru.description",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What the page says of itself; None, empty or an empty tuple for what it does not say."""

    headlines: tuple[tuple[str, str], ...] = ()  #: (source, text) of ``ld``, ``og:title``, ``title``, …
    descriptions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()  #: authors as JSON-LD or microdata give them, uncleaned
    desks: tuple[str, ...] = ()  #: authors that are organisations
    meta_authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()  #: dates as written
    modified: tuple[str, ...] = ()
    language: str | None = None
    keywords: tuple[str, ...] = ()
    section: str | None = None
    publisher: str | None = None
    address: str | None = None  #: the page's own, absolute
    images: tuple[Node, ...] = ()
    body: str | None = None  #: ``articleBody``, its line ends kept
    live: bool = False  #: a live blog
    details: Mapping[str, Any] = field(default_factory=dict)  #: further fields of a draft


def read_statements(root: etree._Element) -> Statements:
    """All that the page states about itself."""
    nodes = list(_all_nodes(root))
    by_id = {
        node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 2
    }
    meta = _meta(root)
    article = _article(nodes, [squeezed(text) for _, text in _titles(root, meta)])
    items = _microdata(root)
    persons, desks = _authors(article.get("author") or article.get("creator"), by_id)
    section = texts_of(article.get("articleSection"))
    return Statements(
        headlines=tuple(_headlines(root, article, meta, items)),
        descriptions=_unique(
            *texts_of(article.get("description")),
            *_of_meta(meta, _DESCRIPTION),
            *items.get("description", ()),
        ),
        persons=persons,
        desks=desks,
        meta_authors=_unique(*_of_meta(meta, _AUTHOR)),
        published=_unique(
            *texts_of(article.get("datePublished")),
            *_of_meta(meta, _DATE_PUBLISHED),
            *items.get("datepublished", ()),
            *texts_of(article.get("dateCreated")),
        ),
        modified=_unique(
            *texts_of(article.get("dateModified")),
            *_of_meta(meta, _DATE_MODIFIED),
            *items.get("datemodified", ()),
        ),
        language=_language(root, article, meta),
        keywords=tuple(_keywords(article, meta)),
        section=next(iter((*section, *meta.get("article:section", ()), *meta.get("section", ()))), None),
        publisher=_publisher(article, by_id, meta),
        address=_address(root, meta),
        images=tuple(_images(article, by_id, meta)),
        body=article.get("articleBody") if isinstance(article.get("articleBody"), str) else None,
        live="LiveBlogPosting" in _kinds(article),
        details=details_of(article, root),
    )


def line(text: str) -> str:
    """A text of the metadata on one line, without references and markup."""
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.split())


def texts_of(value: Any) -> tuple[str, ...]:
    """The filled texts in a JSON value that may be one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for part in values if isinstance(part, str) and (text := line(part[:_LONGEST])))


def _unique(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _headlines(
    root: etree._Element, article: Node, meta: Mapping[str, list[str]], items: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    yield from (("ld", text) for text in texts_of(article.get("headline"))[:1])
    yield from (("item", text) for text in items.get("headline", ())[:1])
    yield from _titles(root, meta)
    if name := next(iter(texts_of(article.get("name"))), None):
        yield "name", name


def _titles(root: etree._Element, meta: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What the page as a whole is called."""
    yield from ((name, meta[name][0]) for name in _TITLE if name in meta)
    title = next((found for found in root.iter("title") if found.text), None)
    if title is not None and (text := line((title.text or "")[:_LONGEST])):
        yield "title", text


# JSON-LD


def _all_nodes(root: etree._Element) -> Iterator[Node]:
    """Every object in the page's JSON-LD, those further out first."""
    found = 0
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting: deque[Any] = deque([_loaded(script.text or "")])
        while waiting and found < _MOST_NODES:
            value = waiting.popleft()
            if isinstance(value, dict):
                found += 1
                yield value
                waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
            elif isinstance(value, list):
                waiting.extend(value)


def _loaded(text: str) -> Any:
    """The JSON of a script; what can be told of it when it is broken."""
    text = _WRAPPER.sub("", text[:_LONGEST_JSON])
    for repaired in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    pairs: dict[str, Any] = {}
    for key, value in _PAIR.findall(text):
        pairs.setdefault(key, value.replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/"))
    if author := _AUTHOR_PAIR.search(text):
        pairs["author"] = author[1]
    return {**pairs, "@type": "Article"} if "headline" in pairs else {}


def _kinds(node: Node) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _article(nodes: list[Node], titles: Iterable[str]) -> Node:
    """The first article among the nodes that has a headline, better one that the page itself is called by;
    what others of the kind add to it.

    titles  of the page, squeezed
    """
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in _kinds(node))]
    named = [node for node in articles if "headline" in node] or articles
    if not named:
        return {}
    named.sort(key=lambda node: not _is_called(node, titles))
    same = [node for node in named[1:] if node.get("headline") == named[0].get("headline")]
    merged = {}
    for node in reversed([named[0], *same]):
        merged.update(node)
    return merged


def _is_called(node: Node, titles: Iterable[str]) -> bool:
    """Whether one of the page's titles is a node's headline, with the site's name behind it or not."""
    headline = squeezed("".join(texts_of(node.get("headline"))[:1]))
    return bool(headline) and any(title.startswith(headline) for title in titles)


def _authors(value: Any, by_id: Mapping[str, Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of persons and of organisations that a JSON-LD value gives as authors."""
    persons: list[str] = []
    desks: list[str] = []
    waiting = [value]
    while waiting and len(persons) + len(desks) < _MOST_AUTHORS:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, str):
            persons.extend(texts_of(part))
        elif isinstance(part, dict):
            node = part if "name" in part else by_id.get(str(part.get("@id")), part)
            organisation = any("Organization" in kind for kind in _kinds(node)) and "Person" not in _kinds(
                node
            )
            (desks if organisation else persons).extend(texts_of(node.get("name")))
    return _unique(*persons), _unique(*desks)


def _publisher(article: Node, by_id: Mapping[str, Node], meta: Mapping[str, list[str]]) -> str | None:
    value = article.get("publisher")
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, dict):
        value = value.get("name") or by_id.get(str(value.get("@id")), {}).get("name")
    names = (*texts_of(value), *meta.get("og:site_name", ()), *meta.get("dc.publisher", ()))
    return next(iter(names), None)


def _images(article: Node, by_id: Mapping[str, Node], meta: Mapping[str, list[str]]) -> Iterator[Node]:
    """The article's pictures as objects with ``url``, perhaps ``caption`` and ``creditText``."""
    value = article.get("image")
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str):
            yield {"url": part}
        elif isinstance(part, dict):
            node = part if "url" in part or "contentUrl" in part else by_id.get(str(part.get("@id")), part)
            yield node
    for name in ("og:image", "og:image:url", "twitter:image"):
        for address in meta.get(name, ()):
            alt = meta.get("og:image:alt", ())
            yield {"url": address, "alt": alt[0] if alt else None}


# ``meta``, microdata and the rest of the head


def _meta(root: etree._Element) -> dict[str, list[str]]:
    """Contents of ``meta`` by name or property in lower case, in their order."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = line((element.get("content") or "")[:_LONGEST])
        if key and content:
            found.setdefault(key.strip().lower(), []).append(content)
    return found


def _of_meta(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [text for name in names for text in meta.get(name, ())]


def _microdata(root: etree._Element) -> dict[str, list[str]]:
    """``itemprop`` and RDFa ``property`` values of elements that are no ``meta``, by name in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("h1", "h2", "span", "div", "time", "a", "p", "link", "address", "abbr"):
        name = element.get("itemprop") or (element.get("property") or "").rpartition(":")[2]
        if name not in ("headline", "datePublished", "dateModified", "description"):
            continue
        value = element.get("content") or element.get("datetime") or shown_text(element)
        if value:
            found.setdefault(name.lower(), []).append(line(value))
    return found


def _language(root: etree._Element, article: Node, meta: Mapping[str, list[str]]) -> str | None:
    stated = article.get("inLanguage")
    stated = stated.get("alternateName") or stated.get("name") if isinstance(stated, dict) else stated
    names = (
        *(root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang")),
        *texts_of(stated),
        *meta.get("og:locale", ()),
        *meta.get("content-language", ()),
    )
    return next((name.replace("_", "-") for name in names if name and name.strip()), None)


def _keywords(article: Node, meta: Mapping[str, list[str]]) -> Iterator[str]:
    lists = (
        texts_of(article.get("keywords")),
        meta.get("news_keywords", ()),
        meta.get("article:tag", ()),
        meta.get("keywords", ()),
    )
    for words in lists:
        if words:
            separate = words if len(words) > 1 else re.split(r"[,;]", words[0])
            yield from dict.fromkeys(word for part in separate if (word := part.strip()))
            return


def _address(root: etree._Element, meta: Mapping[str, list[str]]) -> str | None:
    """What relative links are relative to: ``base`` if it is whole, else where the page says it lies."""
    base = next(root.iter("base"), None)
    canonical = (
        link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"
    )
    stated = (base.get("href") if base is not None else None, *canonical, *meta.get("og:url", ()))
    return next(
        (address.strip() for address in stated if address and address.strip().startswith("http")), None
    )
