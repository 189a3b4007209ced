"""Pages for people: the story, the feeds, and what stands in the place of a story that is gone.

Complete HTML5 documents in UTF-8 without scripts. Templates escape everything but the body, which the
normaliser has sanitised; a Content-Security-Policy, also inside the page, forbids scripts a second time.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup

from wire.common.languages import direction
from wire.errors import RenderError
from wire.iptc.qcodes import is_qcode
from wire.ports import House
from wire.ports.feeds import FeedInfo, Headline
from wire.publish import base
from wire.publish.carriage import like_markup, lost, uncodable
from wire.publish.news_article import news_article
from wire.publish.phrases import phrases
from wire.publish.wording import public_pictures, public_uri, story_url, title_of
from wire.story import Action, Concept, Document, PubStatus, Revision, Standing, Story

if TYPE_CHECKING:
    from jinja2 import Environment

MEDIA_TYPE = "text/html; charset=utf-8"
_NAME = re.compile(r"[^\W\d_][\w.'’ -]{1,59}")


class PageRenderer:
    """A story as a page of its own (`wire.ports.Renderer`), as the web surface serves it."""

    format = "html"
    media_type = MEDIA_TYPE

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as an HTML document. Raises RenderError."""
        body = HousePages(house).story(revision)
        losses = lost(revision.story, self.format, _losses(revision.story))
        return Document(
            format=self.format, media_type=self.media_type, body=body, suffix="html", losses=losses
        )


class HousePages:
    """Every page of one house (`wire.ports.web.Pages`)."""

    def __init__(self, house: House, feeds: Sequence[FeedInfo] = ()) -> None:
        """feeds: the public ones, to which the pages of their stories lead

        Raises ValueError when the house's time zone is unknown.
        """
        self._house = house
        self._feeds = tuple(feeds)
        self._zone = _zone(house.timezone)
        self.policy = _policy()

    def story(self, revision: Revision) -> bytes:
        """A story in its own language and direction. Never ed_notes. Raises RenderError."""
        story = revision.story
        from jinja2 import TemplateError

        language = story.language or self._house.language
        try:
            return self._render(
                "story.html",
                language=language,
                story=story,
                title=title_of(story),
                description=story.description,
                url=story_url(revision, self._house),
                byline=story.byline or ", ".join(story.creators),
                note=_note(revision, language),
                pictures=_pictures(story),
                body=Markup(story.body_html),  # noqa: S704  # sanitised when it was normalised
                published=revision.published.astimezone(UTC),
                updated=revision.significant_at.astimezone(UTC),
                changed=revision.significant_at.replace(second=0, microsecond=0) > revision.published,
                facts=news_article(revision, self._house),
                feeds=[feed for feed in self._feeds if feed.id in revision.feeds],
            )
        except (TemplateError, UnicodeError) as exc:
            raise RenderError(f"story {revision.story_id} cannot be a page: {exc}") from exc

    def feed(self, feed: FeedInfo, newest: Sequence[Headline]) -> bytes:
        """What a feed is, how to subscribe, and its newest stories, in the feed's language."""
        stories = [
            (story, direction(story.language or feed.language or self._house.language)) for story in newest
        ]
        return self._render("feed.html", language=feed.language, feed=feed, stories=stories)

    def start(self, feeds: Sequence[FeedInfo]) -> bytes:
        """The way in: every feed with its addresses."""
        return self._render("start.html", feeds=feeds)

    def withdrawn(self) -> bytes:
        """In the place of a killed or withheld story."""
        return self._render("notice.html", of="withdrawn")

    def missing(self) -> bytes:
        """In the place of what never was."""
        return self._render("notice.html", of="missing")

    def _render(self, template: str, *, language: str | None = None, **values: Any) -> bytes:
        language = language or self._house.language
        spoken = phrases(language)
        page = _templates().get_template(template)
        return page.render(
            house=self._house,
            language=language,
            direction=direction(language),
            house_direction=direction(self._house.language),
            policy=self.policy,
            style=Markup(_style()),  # noqa: S704  # our own file
            words=spoken.words,
            ours=Markup('lang="{}" dir="{}"').format(spoken.language, spoken.direction),
            printed=lambda moment: spoken.moment(moment.astimezone(self._zone)),
            **values,
        ).encode()


def _losses(story: Story) -> Iterator[str]:
    """What readers of a page may take otherwise than people: what looks like several, or like nothing."""
    yield from uncodable(story)
    yield from like_markup(story)
    if any(mark in keyword for keyword in story.keywords for mark in ",;|"):
        yield "keywords"
    if not all(map(_NAME.fullmatch, story.creators)):
        yield "creators"
    for genre in story.genres:
        yield from _lost_of_genre(genre)
    yield from _lost_titles(story)
    shown = {url for url, _ in public_pictures(story)}
    if len(shown) < len(story.pictures) or (shown and not story.body_html):
        yield "pictures"


def _lost_of_genre(genre: Concept) -> Iterator[str]:
    """A genre has but one text; one like a code will be read as one."""
    if genre.name and genre.qcode:
        yield "genres.qcode"
    if is_qcode(genre.name or ""):
        yield "genres"


def _lost_titles(story: Story) -> Iterator[str]:
    headline, second = story.headline or "", story.subheadline or ""
    if headline and not any(map(str.isalnum, headline)):
        yield "headline"
    if second and second.casefold() == headline.casefold():
        yield "subheadline"


def _note(revision: Revision, language: str) -> str | None:
    """What readers must be told above the headline; who gets a killed story as a page, that it is none."""
    words = phrases(language).words
    if base.pub_status(revision) is not PubStatus.USABLE:
        return words["withdrawn_notice"]
    if revision.standing is Standing.EXPIRED:
        return words["expired"]
    return words["corrected"] if revision.action is Action.CORRECTION else None


def _pictures(story: Story) -> list[dict[str, Any]]:
    """Pictures that the public can see or read of, each with the address it may be loaded from."""
    found = [asdict(picture) | {"url": public_uri(picture.href)} for picture in story.pictures]
    return [picture for picture in found if picture["url"] or picture["caption"]]


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as exc:
        raise ValueError(f"there is no time zone {name!r}") from exc


@cache
def _templates() -> Environment:
    """The templates; loaded with the first page, which a daemon that starts need not wait for."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    made.filters["fill"] = _fill
    return made


def _fill(phrase: str, **values: str) -> Markup:
    """One of our phrases with its places filled in; what is no markup yet is escaped."""
    return Markup(phrase).format(**values)  # noqa: S704  # our own file


@cache
def _style() -> str:
    return Path(__file__).with_name("templates").joinpath("style.css").read_text(encoding="utf-8")


def _policy() -> str:
    """Nothing runs and nothing is loaded but pictures and this very style sheet."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    style = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; {style}; img-src http: https:; base-uri 'none'; form-action 'none'"
