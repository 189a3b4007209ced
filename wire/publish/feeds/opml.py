"""OPML 2.0: every public feed, for readers that subscribe to all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from wire.ports import House
from wire.ports.feeds import FeedInfo
from wire.publish.feeds.heads import FeedSpec, info_of
from wire.xmltools import clean_line

MEDIA_TYPE = "text/x-opml; charset=utf-8"


class FeedList:
    """The list of feeds as configured: it changes with the configuration alone."""

    name = "feeds.opml"
    media_type = MEDIA_TYPE

    def __init__(self, specs: Iterable[FeedSpec], house: House, since: datetime) -> None:
        """since: when this configuration came into force"""
        self._body = opml(map(info_of, specs), house)
        self._since = since

    def written(self) -> tuple[bytes, datetime]:
        """The document, and since when it holds."""
        return self._body, self._since


def opml(feeds: Iterable[FeedInfo], house: House) -> bytes:
    """The list of feeds, in their order. Pure."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = clean_line(house.name)
    etree.SubElement(head, "ownerName").text = clean_line(house.name)
    etree.SubElement(head, "ownerId").text = house.home_page
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=clean_line(feed.title))
        outline.set("title", clean_line(feed.title))
        if feed.description:
            outline.set("description", clean_line(feed.description))
        outline.set("xmlUrl", f"{house.base_url}/feeds/{feed.id}.rss")
        outline.set("htmlUrl", f"{house.base_url}/feeds/{feed.id}")
        outline.set("language", feed.language or house.language)
        outline.set("version", "RSS2")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
