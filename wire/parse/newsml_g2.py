"""NewsML-G2, any version: bare items and messages with several (guidelines 2.35).

Bodies may be XHTML, NITF (with or without its namespace) or inline data. A package becomes a list of
what it holds. Other items of the standard (concepts, events, plans) are no stories.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from wire.common.words import html_to_text
from wire.errors import NotAStory
from wire.parse.base import head_of, paragraphs_html
from wire.parse.for_editors import is_role_of_notes
from wire.parse.items import newsml_meta as meta
from wire.parse.items.newsml_bodies import read_inline_data, read_inline_xml
from wire.parse.items.newsml_meta import NAR, XML_LANG, Element, ItemSaid
from wire.parse.markup import block_texts, local_name, named, text_of, whole
from wire.parse.xml_input import read_root
from wire.story import Draft, Link, Picture, RawFile

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(newsItem|newsMessage|packageItem)\b")
_OTHER_ROOT = re.compile(rb"<(?:[\w.-]+:)?(conceptItem|knowledgeItem|planningItem|catalogItem)\b")
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?)$", re.IGNORECASE)
_ROOT_WORDS = (b"Item", b"newsMessage")  #: one is in each of those names
_NAMESPACE = b"iptc.org/std/nar"
_OPENING = 60  #: characters by which a caption is known to be the copy's beginning


class NewsMLG2Parser:
    """Reads ``newsItem``, ``newsMessage`` and ``packageItem``."""

    name = "newsml-g2"

    def evidence(self, raw: RawFile) -> int:
        """100 for a root of the standard in its namespace; less without it, or for other items."""
        head = head_of(raw)
        if not head.startswith(b"<") or not any(word in head for word in _ROOT_WORDS):
            return 0
        if _ROOT.search(head):
            return 100 if _NAMESPACE in head else 97
        return 98 if _OTHER_ROOT.search(head) and _NAMESPACE in head else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a newsItem or packageItem, in the document's order.

        Raises Malformed, UnsafeInput, or NotAStory when no item is a story.
        """
        root, charset, warnings = read_root(raw)
        if "}" not in root.tag:
            _put_into_namespace(root)
            warnings = (*warnings, "the document is in no namespace: read as NewsML-G2")
        drafts = [draft for item in _items(root) for draft in _draft(item, charset, warnings)]
        if not drafts:
            kinds = ", ".join(sorted({local_name(item) for item in _items(root)})) or local_name(root)
            raise NotAStory(f"this NewsML-G2 document holds no news item or package, only: {kinds}")
        return drafts


def _put_into_namespace(root: Element) -> None:
    """Give every element without a namespace that of the standard; bodies stay as they are."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if "}" not in element.tag:
            element.tag = NAR + element.tag
        if local_name(element) != "inlineXML":
            waiting += [child for child in element if isinstance(child.tag, str)]


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
    if kind == "packageItem" and not item.get("guid"):
        return  # some messages list their items in a package that is none
    said = ItemSaid(warnings)
    said.language = item.get(XML_LANG)
    version = whole(item.get("version"))
    for part in item:
        _read_part(part, said)
    if not item.tag.startswith(NAR):
        said.warn("the item is not in the NewsML-G2 namespace; its metadata was not read")
    said.say("headline", said.title)
    said.say("language", said.language)
    if "version_created" not in said.fields:
        said.say("first_created", said.fields.get("content_created"))
        said.say("version_created", said.modified or said.fields.get("content_created"))
    for caption in said.captions:
        _give_caption(caption, said)
    _name_concepts(said)
    yield said.draft(
        NewsMLG2Parser.name, guid=item.get("guid") or None, version=version or None, charset=charset
    )


def _read_part(part: Element, said: ItemSaid) -> None:
    reader = _PARTS.get(part.tag)
    if reader is not None:
        reader(part, said)
    elif part.tag not in _PARTS_PASSED_OVER:
        said.warn(f"ignored: {local_name(part)}")


def _give_caption(caption: str, said: ItemSaid) -> None:
    """A caption of the item belongs to its first picture without one, else to a picture we do not have.

    Pictures that are only linked to have captions of their own or none. Of a text, Reuters makes one of slug
    and headline, and TT of the first words of the copy: these are none.
    """
    if caption == f"{said.fields.get('slugline')}:{said.fields.get('headline')}" or _opens_copy(
        caption, said
    ):
        return
    pictures: tuple[Picture, ...] = said.fields.get("pictures", ())
    for n, picture in enumerate(pictures):
        if picture.href and not picture.caption and picture.href not in said.linked:
            said.fields["pictures"] = (*pictures[:n], replace(picture, caption=caption), *pictures[n + 1 :])
            return
    said.add("pictures", Picture(caption=caption))


def _opens_copy(caption: str, said: ItemSaid) -> bool:
    opening = html_to_text(said.fields.get("body_html", "")[: 2 * len(caption) + _OPENING])
    return len(caption) > _OPENING and " ".join(opening.split()).startswith(caption[:_OPENING])


def _assert(part: Element, said: ItemSaid) -> None:
    """What the concept of a code is called (``assert/name``)."""
    code, name = part.get("qcode"), text_of(meta.child(part, "name"))
    if code and name:
        said.asserted[code] = name
        if code.startswith("sttlocmeta:"):  # STT asserts of places under another alias than it names them by
            said.asserted[f"sttlocationalias:{code.rpartition(':')[2]}"] = name


def _name_concepts(said: ItemSaid) -> None:
    """Give concepts of which only the code stands in contentMeta the name that an assert gives it."""
    for field in _CONCEPTS if said.asserted else ():
        said.fields[field] = tuple(
            replace(one, name=said.asserted.get(one.qcode or "")) if one.name is None else one
            for one in said.fields.get(field, ())
        )


def _content_set(content: Element, said: ItemSaid) -> None:
    """The best of the alternatives for the body; every picture for the pictures."""
    renditions: list[Picture] = []
    for part in sorted(content, key=_is_data):
        kind = local_name(part)
        if kind == "remoteContent":
            _remote(part, renditions, said)
        elif is_role_of_notes(part.get("role")):
            for note in block_texts(part):
                said.add("ed_notes", note)
        elif "body_html" in said.fields:
            continue
        elif kind == "inlineXML":
            read_inline_xml(part, said)
        elif kind == "inlineData":
            read_inline_data(part, said)
        else:
            said.warn(f"ignored: contentSet/{kind}")
    if renditions:  # alternatives of one picture: the widest stands for it
        said.add("pictures", max(renditions, key=lambda picture: (picture.width or 0, picture.size or 0)))


def _is_data(part: Element) -> bool:
    """Whether a part tells of the body less than another may: without markup."""
    return local_name(part) == "inlineData"


def _remote(part: Element, renditions: list[Picture], said: ItemSaid) -> None:
    media_type = part.get("contenttype") or ""
    href = part.get("href") or part.get("residref")
    if not href:
        return
    unnamed = not media_type and (_PICTURE_NAME.search(href) or _is_of_picture_item(part))
    if not (media_type.startswith("image/") or unnamed):
        said.warn(f"ignored: remoteContent of type {media_type or 'unknown'}")
        return
    renditions.append(
        Picture(
            href=href,
            mimetype=media_type or None,
            width=whole(part.get("width")),
            height=whole(part.get("height")),
            size=whole(part.get("size")),
        )
    )


def _is_of_picture_item(part: Element) -> bool:
    item_class = next(
        (item.find(f"{NAR}itemMeta/{NAR}itemClass") for item in part.iterancestors(f"{NAR}newsItem")), None
    )
    return item_class is not None and (item_class.get("qcode") or "").endswith(":picture")


def _group_set(groups: Element, said: ItemSaid) -> None:
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


_CONCEPTS = ("subjects", "genres", "places", "people", "organisations")
_Reader = Callable[[Element, ItemSaid], None]
_PARTS: Mapping[str, _Reader] = {
    f"{NAR}rightsInfo": lambda part, said: meta.read_properties(part, meta.RIGHTS, said),
    f"{NAR}itemMeta": lambda part, said: meta.read_properties(part, meta.ITEM_META, said),
    f"{NAR}contentMeta": lambda part, said: meta.read_properties(part, meta.CONTENT_META, said),
    f"{NAR}contentSet": _content_set,
    f"{NAR}groupSet": _group_set,
    f"{NAR}assert": _assert,
}
_PARTS_PASSED_OVER = frozenset(
    NAR + name
    for name in [
        *("catalogRef", "catalog", "hopHistory", "pubHistory", "partMeta", "inlineRef"),
        *("derivedFrom", "derivedFromValue"),
    ]
)
