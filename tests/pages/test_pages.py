"""The pages for people in a real browser: nothing runs, nothing sticks out, everything can be read.

Each is looked at in light and dark, on a desk and on a phone; screenshots stay in ``test-output/screens``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest

from tests.feeds.stories import HOUSE, ORIGIN, START, MemoryRows, make_revision, make_story
from tests.harness.browser import Browser
from wire.ports.web import Shelved
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.page import HousePages
from wire.story import Action, Concept, Document, Picture, Revision, Standing, Story
from wire.web.app import create_app
from wire.web.server import WebServer
from wire.xmltools import clean_html

pytestmark = pytest.mark.slow

ATTACK = (
    "</title></style></script><script>document.title='RAN'</script>"
    "\"'><img src=x onerror=\"document.title='RAN'\"><svg onload=\"document.title='RAN'\">{{ 7*7 }}"
)
ATTACKED_BODY = (
    "<p onclick='document.title=\"RAN\"'>Kept words <script>document.title='RAN'</script>"
    "<a href='javascript:document.title=\"RAN\"' id='trap'>link</a></p>"
    "<iframe srcdoc='<script>parent.document.title=\"RAN\"</script>'></iframe>"
    "<p style='position:fixed;width:9000px'>" + "unbroken" * 200 + "</p>"
    "<table><tr>" + "<td>cell</td>" * 60 + "</tr></table><pre>" + "x" * 900 + "</pre>"
    "<img src=x onerror='document.title=\"RAN\"'><svg><script>document.title='RAN'</script></svg>"
    "<math><mtext><style><img src=x onerror='document.title=\"RAN\"'></style></mtext></math>"
)
PARAGRAPHS = (
    "<p>The harbour of Exampleville was closed on Tuesday after winds of up to 120 kilometres an hour tore "
    "two ferries from their moorings, the harbour master said. Nobody was hurt.</p>"
    "<p>“We have not seen a night like this in thirty years,” she told reporters at the old pier, where "
    "crews had been working since dawn to free a freighter that lay across the entrance.</p>"
)
REST = (
    "<h2>Next steps</h2><ul><li>The freighter is to be freed</li><li>Ferries run again on Friday</li></ul>"
    "<blockquote><p>It could have been far worse.</p></blockquote><table><tr><th>Pier</th>"
    "<th>Wind, km/h</th></tr><tr><td>Old</td><td>120</td></tr><tr><td>New</td><td>97</td></tr></table>"
)
ARABIC = Story(
    headline="إغلاق ميناء المدينة القديم بعد عاصفة شديدة",
    description="قالت مديرة الميناء إن أحدا لم يصب بأذى.",
    body_html="<p>أغلق ميناء المدينة يوم الثلاثاء بعد رياح بلغت سرعتها 120 كيلومترا في الساعة.</p>"
    "<p>ومن المقرر أن تستأنف العبارات رحلاتها يوم الجمعة، بحسب المديرة.</p>"
    "<blockquote><p>لم نر ليلة كهذه منذ ثلاثين عاما</p></blockquote>",
    language="ar",
    byline="مراسلة المثال",
    keywords=("ميناء", "عاصفة"),
    origin=ORIGIN,
)


def stories() -> dict[str, Revision]:
    """The pages that are looked at, by what they show."""
    plain = make_story(
        headline="Rain and wind close the old harbour, and ferries will not run until Friday",
        description="Two ferries were torn from their moorings; nobody was hurt, the harbour master said.",
        body_html=PARAGRAPHS + REST,
        pictures=(
            Picture(
                href="{pictures}/harbour.svg",
                caption="The empty harbour on Tuesday",
                credit="Example Agency",
                width=1200,
                height=700,
            ),
        ),
        keywords=("harbour", "storm", "ferries"),
    )
    attacked = make_story(
        **dict.fromkeys(
            ("headline", "subheadline", "description", "byline", "dateline", "provider", "copyright_notice"),
            ATTACK,
        ),
        creators=(ATTACK,),
        keywords=(ATTACK, "unbroken" * 60),
        subjects=(Concept(name=ATTACK),),
        body_html=clean_html(ATTACKED_BODY),
        pictures=(Picture(caption=ATTACK, credit=ATTACK, href="{pictures}/" + ATTACK),),
    )
    return {
        "story": make_revision(1, story=plain),
        "attacked": make_revision(2, story=attacked),
        "arabic": make_revision(3, story=ARABIC),
        "corrected": make_revision(
            4,
            story=make_story(pictures=()),
            action=Action.CORRECTION,
            version=2,
            updated=START + timedelta(hours=2),
        ),
    }


@dataclass
class Site:
    """What is served, and where."""

    url: str
    shelves: dict[str, Shelved] = field(default_factory=dict)

    def shelved(self, story_id: str) -> Shelved | None:
        return self.shelves.get(story_id)

    def document(self, revision: Revision, format: str) -> Document | None:
        return None


class Pictures(BaseHTTPRequestHandler):
    """A picture at every address."""

    def do_GET(self) -> None:
        """Answer with it."""
        body = (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 700"><rect width="1200" height="700" '
            b'fill="#7f9bb0"/><path d="M0 480h1200v220H0z" fill="#3e5a6b"/></svg>'
        )
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A server with the feeds ``world`` and ``arabic`` and a story of each kind."""
    pictures = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=pictures.serve_forever, daemon=True).start()
    server = WebServer("127.0.0.1", 0)
    house = replace(HOUSE, base_url=server.url)
    rows, served = MemoryRows(), Site(server.url)
    address = f"http://127.0.0.1:{pictures.server_port}"
    for revision in stories().values():
        shown = tuple(
            replace(picture, href=(picture.href or "").replace("{pictures}", address))
            for picture in revision.story.pictures
        )
        feeds = ("world",) if revision.story.language != "ar" else ("world", "arabic")
        made = replace(revision, story=replace(revision.story, pictures=shown), feeds=feeds)
        for feed in feeds:
            rows.put(feed, made)
        served.shelves[made.story_id] = Shelved(standing=Standing.LIVE, revision=made)
    served.shelves["gone"] = Shelved(standing=Standing.KILLED, revision=None)
    specs = [
        FeedSpec(
            id="world", title="World & more", description="News of the world, as it happens", language="en"
        ),
        FeedSpec(id="arabic", title="أخبار العالم", description="كل الأخبار بالعربية", language="ar"),
        FeedSpec(id="empty", title="Nothing yet"),
    ]
    board = FeedBoard(specs, house, rows)
    server.start(
        create_app(
            feeds=board,
            stories=served,
            pages=HousePages(house, board.infos()),
            health=dict,
            base_url=server.url,
        )
    )
    yield served
    server.stop()
    pictures.shutdown()
    pictures.server_close()


PAGES = {
    "start": "/",
    "feed": "/feeds/world",
    "feed-arabic": "/feeds/arabic",
    "feed-empty": "/feeds/empty",
    "story": "/stories/s0001",
    "attacked": "/stories/s0002",
    "arabic": "/stories/s0003",
    "corrected": "/stories/s0004",
    "gone": "/stories/gone",
    "missing": "/stories/none",
}
LOOKS = {
    "light": {"width": 1100, "height": 900},
    "dark": {"width": 1100, "height": 900, "dark": True},
    "mobile": {"width": 360, "height": 740, "mobile": True},
    "mobile-dark": {"width": 360, "height": 740, "mobile": True, "dark": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_runs_nothing_and_can_be_read(browser: Browser, site: Site, page: str, look: str) -> None:
    browser.dress(**LOOKS[look])  # type: ignore[arg-type]
    browser.open(site.url + PAGES[page])
    browser.shoot(f"{page}-{look}")
    assert browser.driver.title not in ("", "RAN")
    assert browser.overflow() == []
    assert browser.faint() == []
    told = [line for line in browser.complaints() if PAGES[page] not in line]
    assert told == []


def test_nothing_of_a_story_acts_even_when_it_is_clicked(browser: Browser, site: Site) -> None:
    browser.dress()
    browser.open(site.url + PAGES["attacked"])
    found = browser.run(
        "return [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
        ".filter(a => a.name.startsWith('on') || a.value.startsWith('javascript:')).map(a => a.name)"
    )
    assert found == []
    assert (
        browser.run("return document.querySelectorAll('script:not([type=\"application/ld+json\"])').length")
        == 0
    )
    assert browser.run("return document.querySelectorAll('iframe, svg, object, embed, form').length") == 0
    browser.run("document.querySelectorAll('article a, article p').forEach(e => e.click())")
    assert browser.driver.title != "RAN"
    assert "Kept words" in browser.run("return document.querySelector('main').innerText")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_landmarks_one_heading_and_names_its_language(
    browser: Browser, site: Site, page: str
) -> None:
    browser.dress()
    browser.open(site.url + PAGES[page])
    for landmark in ("main", "body > header", "body > footer", "h1"):
        assert browser.run("return document.querySelectorAll(arguments[0]).length", landmark) == 1
    levels = browser.run("return [...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert browser.run("return [...document.images].every(image => image.hasAttribute('alt'))")
    language, direction = browser.run("return [document.documentElement.lang, document.documentElement.dir]")
    arabic = "arabic" in page
    assert (language, direction) == (("ar", "rtl") if arabic else ("en", "ltr"))


def test_an_arabic_story_runs_from_right_to_left(browser: Browser, site: Site) -> None:
    browser.dress()
    browser.open(site.url + PAGES["arabic"])
    text, box = browser.run(
        "const title = document.querySelector('h1'), range = document.createRange();"
        "range.selectNodeContents(title);"
        "return [range, title].map(part => part.getBoundingClientRect().right)"
    )
    assert abs(text - box) < 2


def test_a_feeds_page_says_how_to_subscribe_and_shows_its_newest_stories(
    browser: Browser, site: Site
) -> None:
    browser.dress()
    browser.open(site.url + PAGES["feed"])
    text = browser.run("return document.querySelector('main').innerText")
    for ending in ("rss", "atom", "json"):
        assert f"{site.url}/feeds/world.{ending}" in text
    links = browser.run("return [...document.querySelectorAll('.stories a')].map(a => a.href)")
    assert links == [f"{site.url}/stories/s000{number}" for number in (4, 3, 2, 1)]
    discovered = browser.run(
        "return [...document.querySelectorAll('head link[rel=alternate]')].map(l => l.type)"
    )
    assert discovered == ["application/atom+xml", "application/rss+xml", "application/feed+json"]


def test_the_first_stop_of_the_keyboard_leads_to_the_content(browser: Browser, site: Site) -> None:
    browser.dress()
    browser.open(site.url + PAGES["story"])
    first = browser.run("return document.querySelector('a').getAttribute('href')")
    assert first == "#main" and browser.run("return document.querySelector('#main').tagName") == "MAIN"
