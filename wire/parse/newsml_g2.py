"""NewsML-G2, any version: bare items and messages with several (guidelines 2.35).

Bodies may be XHTML, NITF (with or without its namespace) or inline data. A package becomes a list of
what it holds. Other items of the standard (concepts, events, plans) are no stories.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from wire.errors import Malformed, NotAStory, UnsafeInput
from wire.parse import newsml_meta as meta
from wire.parse.base import head_of, paragraphs_html
from wire.parse.charset import declared_charset, decode
from wire.parse.markup import (
    inner_html,
    local_name,
    named,
    nitf_html,
    take_figures,
    take_nitf_media,
    text_of,
    whole,
)
from wire.parse.newsml_meta import NAR, XML_LANG, Element, Said
from wire.story import Draft, Link, Picture, RawFile
from wire.xmltools import clean_text, parse_untrusted

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(newsItem|newsMessage|packageItem)\b")
_OTHER_ROOT = re.compile(rb"<(?:[\w.-]+:)?(conceptItem|knowledgeItem|planningItem|catalogItem)\b")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARKUP = re.compile(r"</?(?:p|br|div|table|h[1-6]|ul|li)\b[^<>]*>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_NAMESPACE = b"iptc.org/std/nar"


class NewsMLG2Parser:
    """Reads ``newsItem``, ``newsMessage`` and ``packageItem``."""

    name = "newsml-g2"

    def evidence(self, raw: RawFile) -> int:
        """100 for a root of the standard in its namespace; less without it, or for other items."""
        head = head_of(raw)
        if not head.startswith(b"<"):
            return 0
        if _ROOT.search(head):
            return 100 if _NAMESPACE in head else 70
        return 90 if _OTHER_ROOT.search(head) and _NAMESPACE in head else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a newsItem or packageItem, in the document's order.

        Raises Malformed, UnsafeInput, or NotAStory when no item is a story.
        """
        root, charset, warnings = _root_of(raw)
        drafts = [draft for item in _items(root) for draft in _draft(item, charset, warnings)]
        if not drafts:
            kinds = ", ".join(sorted({local_name(item) for item in _items(root)})) or local_name(root)
            raise NotAStory(f"this NewsML-G2 document holds no news item or package, only: {kinds}")
        return drafts


def _root_of(raw: RawFile) -> tuple[Element, str, tuple[str, ...]]:
    """The root, the charset it was read in, and warnings; repairs a charset that was declared wrongly."""
    try:
        return parse_untrusted(raw.data), declared_charset(raw.data) or "utf-8", ()
    except Malformed as broken:
        if "encoding" not in str(broken) and "bytes" not in str(broken):
            raise
        decoded = decode(raw.data, raw.source.charset)
        text = clean_text(_XML_DECLARATION.sub("", decoded.text.lstrip("\ufeff")))
        try:
            return parse_untrusted(text.encode()), decoded.charset, decoded.warnings
        except (Malformed, UnsafeInput):
            raise broken from None


def _items(root: Element) -> Iterator[Element]:
    """The items of a message, or the bare item itself."""
    if local_name(root) != "newsMessage":
        yield root
        return
    for item_set in root.iterchildren("{*}itemSet"):
        yield from item_set.iterchildren("*")


def _draft(item: Element, charset: str, warnings: tuple[str, ...]) -> Iterator[Draft]:
    kind = local_name(item)
    if kind not in ("newsItem", "packageItem"):
        return
    said = Said()
    said.warnings += warnings
    version = whole(item.get("version"))
    for part in item:
        _read_part(part, said)
    if not item.tag.startswith(NAR):
        said.warn("the item is not in the NewsML-G2 namespace; its metadata was not read")
    said.say("headline", said.title)
    said.say("language", item.get(XML_LANG))
    for caption in said.captions:
        _give_caption(caption, said)
    yield Draft(
        format=NewsMLG2Parser.name,
        guid=item.get("guid") or None,
        version=version or None,
        charset=charset,
        warnings=tuple(said.warnings),
        **said.fields,
    )


def _read_part(part: Element, said: Said) -> None:
    reader = _PARTS.get(part.tag)
    if reader is not None:
        reader(part, said)
    elif part.tag not in _PARTS_PASSED_OVER:
        said.warn(f"ignored: {local_name(part)}")


def _give_caption(caption: str, said: Said) -> None:
    """A caption of the item belongs to its first picture without one, else to a picture we do not have."""
    pictures: tuple[Picture, ...] = said.fields.get("pictures", ())
    bare = next((n for n, picture in enumerate(pictures) if picture.href and not picture.caption), None)
    if bare is None:
        said.add("pictures", Picture(caption=caption))
        return
    old = pictures[bare]
    new = Picture(
        caption=caption,
        href=old.href,
        mimetype=old.mimetype,
        width=old.width,
        height=old.height,
        size=old.size,
    )
    said.fields["pictures"] = (*pictures[:bare], new, *pictures[bare + 1 :])


def _content_set(content: Element, said: Said) -> None:
    """The best of the alternatives for the body; every picture for the pictures."""
    renditions: list[Picture] = []
    for part in content:
        kind = local_name(part)
        if kind == "remoteContent":
            _remote(part, renditions, said)
        elif "body_html" in said.fields:
            continue
        elif kind == "inlineXML":
            _inline_xml(part, said)
        elif kind == "inlineData":
            _inline_data(part, said)
        else:
            said.warn(f"ignored: contentSet/{kind}")
    if renditions:  # alternatives of one picture: the widest stands for it
        said.add("pictures", max(renditions, key=lambda picture: (picture.width or 0, picture.size or 0)))


def _remote(part: Element, renditions: list[Picture], said: Said) -> None:
    media_type = part.get("contenttype") or ""
    href = part.get("href") or part.get("residref")
    if not href:
        return
    if not media_type.startswith("image/"):
        said.warn(f"ignored: remoteContent of type {media_type or 'unknown'}")
        return
    renditions.append(
        Picture(
            href=href,
            mimetype=media_type,
            width=whole(part.get("width")),
            height=whole(part.get("height")),
            size=whole(part.get("size")),
        )
    )


def _inline_xml(part: Element, said: Said) -> None:
    content = next(part.iterchildren("*"), None)
    if content is None:
        said.warn("inlineXML is empty")
        return
    reader = _BODIES.get(local_name(content))
    if reader is None:
        said.warn(f"ignored: inlineXML with {local_name(content)}")
    else:
        reader(content, said)


def _xhtml(document: Element, said: Said) -> None:
    body = next(document.iterchildren("{*}body"), document)
    for header in list(body.iterchildren("{*}header")):  # repeats what contentMeta says
        body.remove(header)
    for picture in take_figures(body):
        said.add("pictures", picture)
    said.say("body_html", inner_html(body))


def _nitf(document: Element, said: Said) -> None:
    """``body.content``, and from ``body.head`` what contentMeta did not say."""
    for head in named(document, "body.head"):
        said.say("headline", text_of(next(named(head, "hl1"), None)))
        said.say("subheadline", text_of(next(named(head, "hl2"), None)))
        said.say("byline", text_of(next(named(head, "byline"), None)))
        said.say("dateline", text_of(next(named(head, "dateline"), None)))
        said.say("description", text_of(next(named(head, "abstract"), None)))
    for content in named(document, "body.content"):
        for picture in take_nitf_media(content):
            said.add("pictures", picture)
        said.say("body_html", nitf_html(content))


def _inline_data(part: Element, said: Said) -> None:
    text = text_of(part)
    if text and part.get("encoding"):
        said.warn("ignored: encoded inlineData")
    elif text and _MARKUP.search(text):
        said.say("body_html", text)
    elif text:
        said.say("body_html", paragraphs_html(block.strip() for block in _BLANK_LINE.split(text)))


def _group_set(groups: Element, said: Said) -> None:
    """A package: its references as links, their titles as a list."""
    titles: list[str] = []
    for reference in named(groups, "itemRef"):
        title = text_of(next(named(reference, "headline", "title"), None))
        residref, href = reference.get("residref"), reference.get("href")
        if residref or href:
            said.add(
                "links",
                Link(residref=residref, href=href, version=whole(reference.get("version")), title=title),
            )
        if title:
            titles.append(title)
    if titles:
        said.say("body_html", f"<ul>{paragraphs_html(titles, 'li')}</ul>")


_Reader = Callable[[Element, Said], None]
_BODIES: Mapping[str, _Reader] = {"html": _xhtml, "body": _xhtml, "div": _xhtml, "nitf": _nitf}
_PARTS: Mapping[str, _Reader] = {
    f"{NAR}rightsInfo": lambda part, said: meta.read_properties(part, meta.RIGHTS, said),
    f"{NAR}itemMeta": lambda part, said: meta.read_properties(part, meta.ITEM_META, said),
    f"{NAR}contentMeta": lambda part, said: meta.read_properties(part, meta.CONTENT_META, said),
    f"{NAR}contentSet": _content_set,
    f"{NAR}groupSet": _group_set,
}
_PARTS_PASSED_OVER = frozenset(
    NAR + name
    for name in [
        "catalogRef",
        "catalog",
        "hopHistory",
        "pubHistory",
        "partMeta",
        "assert",
        "inlineRef",
        "derivedFrom",
        "derivedFromValue",
    ]
)
