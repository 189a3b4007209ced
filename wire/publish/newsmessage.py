"""NewsML-G2 2.35 as a ``newsMessage``: the story's item, and for one with pictures a package of items.

A picture that can be fetched becomes a ``newsItem`` of its own beside the text, and a ``packageItem`` says
that they belong together. The guids of these parts are the story's with a fragment (``#picture-1``,
``#package``), so they are the same in every version.
"""

from __future__ import annotations

from datetime import UTC

from lxml import etree

from wire.errors import RenderError
from wire.iptc import codes
from wire.iptc.namespaces import NAR
from wire.iptc.qcodes import catalogue_href
from wire.ports import House
from wire.publish import base
from wire.publish.carriage import lost
from wire.publish.g2_properties import embargoed_until, iri, party, timed
from wire.publish.markup import element, serialised, text
from wire.publish.newsml_g2 import NewsMLG2Renderer
from wire.story import Document, Picture, Revision
from wire.storyjson import rfc3339

_ITEM_TYPE = "application/vnd.iptc.g2.newsitem+xml"
#: A caption without a picture stands in the text item, and there is no item for what else we know of it.
_LOST_WITHOUT_ADDRESS = ("credit", "mimetype", "width", "height", "size")


class NewsMessageRenderer:
    """Writes a revision as a ``newsMessage``."""

    format = "newsml-g2-message"
    media_type = "application/vnd.iptc.g2.newsmessage+xml"

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a message. Raises RenderError when its texts or its body are no legal XML."""
        story_item = NewsMLG2Renderer().render(revision, house)
        pictures = [picture for picture in revision.story.pictures if picture.href]
        items = [story_item.body.partition(b"?>")[2].decode()]
        if pictures:
            items += [_picture_item(revision, house, n, picture) for n, picture in enumerate(pictures, 1)]
            items.append(_package_item(revision, house, len(pictures)))
        message = _header(revision, house, atomic=bool(pictures)) + element("itemSet", "".join(items))
        try:
            _, body = serialised(element("newsMessage", message, xmlns=NAR))
        except (ValueError, etree.XMLSyntaxError) as exc:
            raise RenderError(f"story {revision.guid} cannot be written as a newsMessage: {exc}") from exc
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix="xml",
            losses=lost(revision.story, self.format, _losses(revision, story_item)),
        )


def _losses(revision: Revision, story_item: Document) -> set[str]:
    """What the story's item loses, but of pictures only what has no item of its own."""
    bare = [picture for picture in revision.story.pictures if not picture.href]
    return {name for name in story_item.losses if not name.startswith("pictures.")} | {
        f"pictures.{name}"
        for name in _LOST_WITHOUT_ADDRESS
        if any(getattr(picture, name) is not None for picture in bare)
    }


def _header(revision: Revision, house: House, *, atomic: bool) -> str:
    parts = (
        element("sent", rfc3339(revision.accepted_at.astimezone(UTC))),
        element("catalogRef", href=catalogue_href()),
        text("sender", house.id),
        text("transmitId", f"{revision.guid}:{revision.version}"),
        text("priority", str(revision.story.urgency or "")),
        element("signal", qcode=codes.ATOMIC) if atomic else "",
    )
    return element("header", "".join(parts))


def _item(kind: str, revision: Revision, fragment: str, content: str, own_catalogue: str = "") -> str:
    language = revision.story.language
    return element(
        kind,
        element("catalogRef", href=catalogue_href()) + own_catalogue + content,
        xmlns=NAR,
        standard="NewsML-G2",
        standardversion="2.35",
        conformance="power",
        guid=f"{revision.guid}#{fragment}",
        version=str(revision.version),
        **({"xml:lang": language} if language else {}),
    )


def _item_meta(item_class: str, revision: Revision, house: House) -> str:
    """The status of the parts is the story's: a kill takes its pictures along."""
    parts = (
        element("itemClass", qcode=item_class),
        party("provider", base.provider(revision, house)),
        timed("versionCreated", base.version_created(revision)),
        timed("firstCreated", revision.story.first_created),
        embargoed_until(base.embargoed(revision)),
        element("pubStatus", qcode=f"stat:{base.pub_status(revision)}"),
        text("generator", "wire"),
        timed("expires", revision.story.expires),
    )
    return element("itemMeta", "".join(parts))


def _picture_item(revision: Revision, house: House, number: int, picture: Picture) -> str:
    about = (
        text("headline", revision.story.headline)
        + text("creditline", picture.credit)
        + text("description", picture.caption, role=codes.CAPTION)
    )
    stated = {
        "contenttype": picture.mimetype,
        "size": picture.size,
        "width": picture.width,
        "height": picture.height,
    }
    target = {name: str(value) for name, value in stated.items() if value is not None}
    content = (
        _item_meta(codes.PICTURE, revision, house)
        + (element("contentMeta", about) if about else "")
        + element("contentSet", element("remoteContent", href=iri(picture.href or ""), **target))
    )
    return _item("newsItem", revision, f"picture-{number}", content)


def _package_item(revision: Revision, house: House, pictures: int) -> str:
    """The text in the group of main things, its pictures beside it; references hint at what they name."""
    version = str(revision.version)
    parts = [(revision.guid, codes.TEXT)]
    parts += [(f"{revision.guid}#picture-{n}", codes.PICTURE) for n in range(1, pictures + 1)]
    references = [
        element(
            "itemRef",
            element("itemClass", qcode=item_class),
            residref=guid,
            version=version,
            contenttype=_ITEM_TYPE,
        )
        for guid, item_class in parts
    ]
    groups = element(
        "group", references[0] + element("groupRef", idref="pictures"), id="story", role="grole:main"
    )
    groups += element("group", "".join(references[1:]), id="pictures", role="grole:pictures")
    scheme = element("scheme", alias="grole", uri=f"http://{house.id}/schemes/grole/")
    headline = text("headline", revision.story.headline)
    content = (
        _item_meta(codes.COMPOSITE, revision, house)
        + (element("contentMeta", headline) if headline else "")
        + element("groupSet", groups, root="story")
    )
    return _item("packageItem", revision, "package", content, element("catalog", scheme))
