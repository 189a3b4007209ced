"""What the export format of WordPress (WXR, an extension of RSS) adds to an entry.

Its posts may be drafts or be due later, its text has blank lines where HTML has paragraphs, and names of
authors stand apart from the entries. Pages, menus and attachments are entries too, but no stories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from wire.parse.base import read_date
from wire.parse.items.feed_texts import line_in
from wire.parse.items.said import Said
from wire.parse.markup import local_name, text_of

Element = etree._Element

_NAMESPACE = re.compile(r"\{http://wordpress\.org/export/\d[\d.]*/\}")
_EXCERPT = re.compile(r"\{http://wordpress\.org/export/\d[\d.]*/excerpt/\}encoded")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_STATES = {"publish": "published", "future": "published", "trash": "deleted"}
_BLANK_LINES = re.compile(r"\r?\n(?:[ \t]*\r?\n)+")
_BLOCK = re.compile(
    r"<(?:p|h[1-6]|ul|ol|li|div|blockquote|table|pre|figure|section|hr|!--)\b|<!--", re.IGNORECASE
)
_CAPTION = re.compile(r"\[caption\b[^\]]{0,300}\](.{0,2000}?)(<img\b[^>]{0,1000}>)(.{0,2000}?)\[/caption\]")
_SHORT_CODE = re.compile(r"\[/?(?:gallery|embed|audio|video|playlist|caption)\b[^\]]{0,500}\]")


def own_parts(element: Element) -> Iterator[tuple[str, Element]]:
    """The children of WordPress's own vocabulary, by their names."""
    return ((local_name(part), part) for part in element if _NAMESPACE.match(str(part.tag)))


def is_story(entry: Element) -> bool:
    """Whether an entry is a post; of feeds that are no export, all are."""
    kind = next((text_of(part) for name, part in own_parts(entry) if name == "post_type"), None)
    return kind is None or kind == "post"


def authors(root: Element) -> Mapping[str, str]:
    """The names under which authors write, by those with which they log in."""
    found = {}
    for author in (part for name, part in _all_parts(root) if name == "author"):
        told = {name: text_of(part) for name, part in own_parts(author)}
        login, shown = told.get("author_login"), told.get("author_display_name")
        if login and shown:
            found[login] = shown
    return found


def read_post(entry: Element, said: Said) -> None:
    """Its state, its times and its excerpt; its text as HTML, in its place."""
    told = {name: text_of(part) or "" for name, part in own_parts(entry)}
    if not told:
        return
    status = told.get("status", "")
    said.say_status(_STATES.get(status, status))
    published = read_date(f"{told.get('post_date_gmt', '')}+00:00") or read_date(told.get("post_date"))
    if status == "future":
        said.say("embargoed", published)
    said.say("first_created", published)
    said.say("version_created", read_date(f"{told.get('post_modified_gmt', '')}+00:00"))
    for part in entry:
        if part.tag == _CONTENT and not len(part):
            part.text = _paragraphs(part.text or "")
        elif _EXCERPT.fullmatch(str(part.tag)):
            said.say("description", line_in(part))


def _all_parts(root: Element) -> Iterator[tuple[str, Element]]:
    return (found for channel in root.iterchildren("{*}channel") for found in own_parts(channel))


def _paragraphs(text: str) -> str:
    """Blank lines part paragraphs that are no block elements; short codes give way to what they show."""
    text = _CAPTION.sub(r"<figure>\2<figcaption>\1\3</figcaption></figure>", text)
    text = _SHORT_CODE.sub("", text)
    parts = (part.strip() for part in _BLANK_LINES.split(text))
    return "".join(part if _BLOCK.match(part) else f"<p>{part}</p>" for part in parts if part)
