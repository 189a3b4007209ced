"""Web pages: what they state is believed, the story is found in the furniture, nothing hidden leaks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.reading import stories, story
from wire.errors import NotAStory
from wire.parse.page.byline import is_person, names_in
from wire.parse.page.dates import loose_date
from wire.parse.page.headline import find_headline
from wire.parse.page.metadata import read_statements
from wire.parse.page.story import cheapest_path
from wire.story import Story
from wire.xmltools import parse_html

COPY = (
    "The harbour of Example Point will open again on Friday after two years of work, the office said.",
    "Ferries to the islands leave from the northern pier, where a new hall with a café has been built.",
    "The work cost twelve million pounds, half of which came from the county, according to the budget.",
    "Fishing boats keep their old moorings, and the market moves back into the brick building in June.",
)
NAVIGATION = "".join(
    f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("news", "sport", "culture")
)
TEASERS = "".join(
    f'<li class="teaser"><a href="/t{n}">Ten things that you did not know about ports {n}</a></li>'
    for n in range(8)
)


def page(
    *inside: str, head: str = "", title: str = "The harbour opens", h1: str = "The harbour opens again"
) -> str:
    """A news site's page: navigation and footer around an article, boxes beside it."""
    paragraphs = "".join(f"<p>{text}</p>" for text in COPY)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>"
        f"<header class='site-header'><nav><ul>{NAVIGATION}</ul></nav></header>"
        f"<main><article class='article'><h1>{h1}</h1>"
        f"<div class='article-body'>{paragraphs}{''.join(inside)}</div></article>"
        f"<aside class='sidebar related'><h3>Most read</h3><ul>{TEASERS}</ul></aside></main>"
        f"<footer><p>© Example News. All rights reserved.</p><ul>{NAVIGATION}</ul></footer></body></html>"
    )


def json_ld(*nodes: Any, wrapped: str = "{}") -> str:
    """A script of linked data."""
    text = json.dumps(nodes[0] if len(nodes) == 1 else list(nodes))
    return f'<script type="application/ld+json">{wrapped.replace("{}", text)}</script>'


def meta(**contents: str) -> str:
    """``meta`` elements; ``__`` in a name stands for a colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{text}">' for name, text in contents.items()
    )


def read(html: str) -> Story:
    return story(html, "page.html")


ARTICLE = {"@type": "NewsArticle", "headline": "Stated", "datePublished": "2026-05-14T09:30:00+01:00"}


class TestWhatThePageStates:
    """JSON-LD however it is wrapped, then ``meta``, then microdata."""

    @pytest.mark.parametrize(
        "script",
        [
            json_ld(ARTICLE),
            json_ld([{"@type": "WebSite", "name": "x"}, ARTICLE]),
            json_ld({"@graph": [{"@type": "WebPage"}, ARTICLE]}),
            json_ld({"@type": "WebPage", "mainEntity": ARTICLE}),
            json_ld({**ARTICLE, "@type": ["Article", "ReportageNewsArticle"]}),
            json_ld(ARTICLE, wrapped="<!-- {} -->"),
            json_ld(ARTICLE, wrapped="//<![CDATA[\n{}\n//]]>"),
            json_ld(ARTICLE).replace("}<", ",}<"),
            json_ld(ARTICLE).replace("}<", ', "broken": "quote "within" it"}<'),
            json_ld({**ARTICLE, "headline": "Sta\tted"}).replace("\\t", ""),
        ],
        ids=[
            "plain",
            "list",
            "graph",
            "within",
            "two-types",
            "comment",
            "cdata",
            "comma",
            "broken",
            "control",
        ],
    )
    def test_json_ld_is_read_however_it_is_wrapped(self, script: str) -> None:
        stated = read_statements(parse_html(page(head=script)))
        assert ("ld", "Stated") in stated.headlines
        assert stated.published[:1] == ("2026-05-14T09:30:00+01:00",)

    def test_authors_by_reference_are_looked_up(self) -> None:
        graph = [
            {**ARTICLE, "author": {"@id": "#a"}},
            {"@id": "#a", "@type": "Person", "name": "Jane Roe"},
        ]
        assert read(page(head=json_ld({"@graph": graph}))).creators == ("Jane Roe",)

    def test_organisations_are_authors_too(self) -> None:
        author = [{"@type": "Organization", "name": "dpa"}, {"@type": "Person", "name": "Jane Roe"}]
        assert read(page(head=json_ld({**ARTICLE, "author": author}))).creators == ("dpa", "Jane Roe")

    def test_references_and_markup_in_metadata_are_resolved(self) -> None:
        found = read(
            page(head=json_ld({**ARTICLE, "headline": "Ports &amp; &#8216;piers&#8217; <b>open</b>"}))
        )
        assert found.headline == "Ports & ‘piers’ open"

    def test_meta_of_any_vocabulary_is_read(self) -> None:
        found = read(
            page(
                head=meta(
                    og__title="The harbour opens again",
                    og__description="After two years.",
                    og__site_name="Example News",
                    article__modified_time="2026-05-15T10:00:00Z",
                    news_keywords="harbour, ferries",
                )
                + '<meta name="DC.date.issued" content="2026-05-14"><meta name="author" content="Jane Roe">'
            )
        )
        assert (found.headline, found.description) == ("The harbour opens again", "After two years.")
        assert (found.provider, found.creators) == ("Example News", ("Jane Roe",))
        assert found.keywords == ("harbour", "ferries")
        assert found.first_created == datetime(2026, 5, 14, tzinfo=timezone(timedelta(hours=1)))
        assert found.version_created == datetime(2026, 5, 15, 10, tzinfo=UTC)

    def test_microdata_is_read(self) -> None:
        html = page('<time itemprop="datePublished" datetime="2026-05-14T08:00:00Z">Thursday</time>')
        assert read(html).first_created == datetime(2026, 5, 14, 8, tzinfo=UTC)

    def test_a_stated_body_replaces_a_page_that_shows_none(self) -> None:
        head = json_ld({**ARTICLE, "articleBody": "\n".join((*COPY, *COPY))})
        found = read(f"<html><head>{head}</head><body><div id='root'></div><p>Loading</p></body></html>")
        assert found.body_html.startswith(f"<p>{COPY[0]}</p><p>{COPY[1]}</p>")
        assert any("body taken from the page's metadata" in warning for warning in found.origin.warnings)


class TestHeadline:
    """The wording with most weight behind it."""

    @pytest.mark.parametrize(
        "title", ["The harbour opens again | Example News", "The harbour opens again - Coast - Example News"]
    )
    def test_the_sites_name_is_no_part_of_it(self, title: str) -> None:
        assert find_headline([("og:title", title)], [], "Example News") == "The harbour opens again"
        assert (
            find_headline([("title", title)], ["The harbour opens again"], None) == "The harbour opens again"
        )

    def test_a_dash_within_it_stays(self) -> None:
        assert (
            find_headline([("og:title", "Ports - piers - people")], [], "Example News")
            == "Ports - piers - people"
        )

    def test_linked_data_wins_over_one_other_wording(self) -> None:
        assert find_headline([("ld", "Stated")], ["Something else"], None) == "Stated"

    def test_what_most_places_agree_on_wins(self) -> None:
        stated = [("ld", "For search engines"), ("og:title", "For readers"), ("twitter:title", "For readers")]
        assert find_headline(stated, ["For readers"], None) == "For readers"

    def test_a_heading_of_something_else_is_none(self) -> None:
        assert (
            find_headline([("og:title", "The harbour opens")], ["Log in to read"], None)
            == "The harbour opens"
        )

    def test_the_headline_is_not_repeated_in_the_body(self) -> None:
        assert (
            "harbour opens again" not in read(page(head=meta(og__title="The harbour opens again"))).body_html
        )


class TestWriters:
    """Names in metadata and on the page."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("By Jane Roe", ["Jane Roe"]),
            ("Jane Roe and Ken Poe", ["Jane Roe", "Ken Poe"]),
            ("Jane Roe und Ken Poe, dpa", ["Jane Roe", "Ken Poe", "dpa"]),
            ("Jane Roe, Political Correspondent", ["Jane Roe"]),
            ("Jane Roe (jro)", ["Jane Roe"]),
            ("Trudi Lundby Roe", ["Trudi Lundby Roe"]),
            ("Jane Roe jane@example.org", ["Jane Roe"]),
            ("https://example.org/authors/jane", []),
            ("jane@example.org", []),
            ("admin", []),
        ],
    )
    def test_metadata_names(self, text: str, names: list[str]) -> None:
        assert list(names_in([text], "")) == names

    @pytest.mark.parametrize("name", ["Jane Roe", "Anna van der Poe", "Ó. Roe", "松岡大地"])
    def test_what_is_a_person(self, name: str) -> None:
        assert is_person(name)

    @pytest.mark.parametrize(
        "text", ["Harbour", "Read more", "Senior Reporter", "Jane Roe 2026", "the old port"]
    )
    def test_what_is_none(self, text: str) -> None:
        assert not is_person(text)

    @pytest.mark.parametrize(
        "byline",
        [
            '<p class="byline">By <a href="/authors/jane-roe">Jane Roe</a></p>',
            "<p>By Jane Roe</p>",
            '<div class="article-author"><span>Jane Roe</span></div>',
        ],
    )
    def test_a_printed_byline_is_a_guess_and_said(self, byline: str) -> None:
        found = read(page().replace("<div class='article-body'>", f"{byline}<div class='article-body'>"))
        assert found.creators == ("Jane Roe",)
        assert "creators guessed from the page: Jane Roe" in found.origin.warnings

    def test_the_publisher_gives_way_to_a_printed_person(self) -> None:
        publisher = {"@type": "Organization", "name": "Example News"}
        article = {"@type": "NewsArticle", "headline": "The harbour opens again", "publisher": publisher}
        html = page(head=json_ld({**article, "author": publisher}))
        assert read(html).creators == ("Example News",)
        byline = "<p>By Jane Roe</p><div class='article-body'>"
        assert read(html.replace("<div class='article-body'>", byline)).creators == ("Jane Roe",)


class TestDates:
    """Metadata in all forms, elements, print, the address."""

    @pytest.mark.parametrize(
        "text",
        [
            *("2026-05-14", "2026-05-14T09:30:00Z", "2026-05-14 09:30:00 +0000", "20260514T0930", "20260514"),
            *("Thu, 14 May 2026 09:30:00 GMT", "1778751000", "1778751000000", "May 14, 2026", "14. Mai 2026"),
            *("14.05.2026 - 09:30 Uhr", "14 mai 2026", "2026年5月14日"),
        ],
    )
    def test_every_form_is_understood(self, text: str) -> None:
        found = loose_date(text)
        assert found is not None
        assert found.date().isoformat() == "2026-05-14"

    def test_a_time_element_near_the_headline_is_stated(self) -> None:
        mark = "<time datetime=\"2026-05-14T08:00:00Z\">today</time><div class='article-body'>"
        found = read(page().replace("<div class='article-body'>", mark))
        assert found.first_created == datetime(2026, 5, 14, 8, tzinfo=UTC)
        assert not any("date" in warning for warning in found.origin.warnings)

    @pytest.mark.parametrize("printed", ["14 May 2026", "14. Mai 2026", "14 de mayo de 2026"])
    def test_a_printed_date_is_a_guess_and_said(self, printed: str) -> None:
        html = page().replace("<div class='article-body'>", f"<p>{printed}</p><div class='article-body'>")
        assert "publication date guessed from the page: 2026-05-14" in read(html).origin.warnings

    def test_the_address_tells_the_date_last(self) -> None:
        head = '<link rel="canonical" href="https://news.example.org/2026/05/14/harbour">'
        assert "publication date guessed from the page: 2026-05-14" in read(page(head=head)).origin.warnings


class TestBody:
    """The story without what stands around it."""

    def test_the_copy_is_all_there_and_nothing_else(self) -> None:
        assert read(page()).body_html == "".join(f"<p>{text}</p>" for text in COPY)

    @pytest.mark.parametrize(
        "furniture",
        [
            '<div class="cookie-banner"><p>We use cookies to improve your experience on our site.</p></div>',
            '<div class="newsletter-signup"><p>Sign up to our newsletter for a daily digest.</p></div>',
            '<div class="related-links"><a href="/r">Related: when ports were closed</a></div>',
            '<div class="share-tools"><span>Share</span><a href="/f">Facebook</a></div>',
            '<section class="comments"><h3>3 comments</h3><p class="comment">I like it.</p></section>',
            '<div class="paywall"><p>Subscribe to continue reading this article.</p></div>',
            '<p><a href="/x">Read more: the history of the port</a></p>',
            "<aside><p>Advertisement</p></aside>",
            "<nav><a href='/'>Home</a></nav>",
        ],
    )
    def test_furniture_within_the_article_goes(self, furniture: str) -> None:
        assert read(page(furniture)).body_html == read(page()).body_html

    @pytest.mark.parametrize(
        "hidden",
        [
            "<script>var LEAK</script>",
            "<style>LEAK {}</style>",
            "<noscript><p>LEAK in a paragraph of some length, with a full stop.</p></noscript>",
            "<template><p>LEAK</p></template>",
            "<p hidden>LEAK in a paragraph of some length, with a full stop.</p>",
            "<p style='color: red; display:none'>LEAK in a paragraph, with a full stop.</p>",
            "<p style='visibility: hidden'>LEAK in a paragraph, with a full stop.</p>",
            "<div aria-hidden='true'><p>LEAK in a paragraph, with a full stop.</p></div>",
            "<p>Seen.<span class='sr-only'>LEAK</span></p>",
            "<!-- LEAK -->",
            "<svg><text>LEAK</text></svg>",
            "<select><option>LEAK</option></select>",
            "<textarea>LEAK</textarea>",
            "<iframe>LEAK</iframe>",
            "<video><p>LEAK</p></video>",
        ],
    )
    def test_what_a_reader_cannot_see_never_leaks(self, hidden: str) -> None:
        found = read(page(hidden))
        assert "LEAK" not in f"{found.body_html} {found.description} {found.pictures}"
        assert COPY[3] in found.body_html

    def test_lists_quotations_tables_and_subheads_stay_what_they_are(self) -> None:
        found = read(
            page(
                "<h2>What it cost</h2><p>The money came from several sources, said the county.</p>",
                "<ul><li>the county: six million</li><li>the port: four million</li></ul>",
                "<blockquote><p>It was the best we could do with the money, she said.</p></blockquote>",
                "<table><tr><th>Pier</th><th>Metres</th></tr><tr><td>North</td><td>210</td></tr></table>",
                f"<p>{COPY[0]}</p>",
            )
        )
        assert "<h2>What it cost</h2>" in found.body_html
        assert "<ul><li>the county: six million</li><li>the port: four million</li></ul>" in found.body_html
        assert "<blockquote><p>It was the best" in found.body_html
        assert "<th>Metres</th>" in found.body_html

    def test_a_line_in_bold_above_copy_is_a_subhead(self) -> None:
        found = read(page("<p><strong>Forty dark years</strong></p>", f"<p>{COPY[1]}</p>"))
        assert "<h2>Forty dark years</h2>" in found.body_html

    def test_empty_lines_part_paragraphs(self) -> None:
        found = read(f"<html><h1>The harbour</h1><div>{COPY[0]}<br><br>{COPY[1]}<br>{COPY[2]}</div></html>")
        assert found.body_html == f"<p>{COPY[0]}</p><p>{COPY[1]}<br/>{COPY[2]}</p>"

    def test_a_small_page_keeps_its_short_lines(self) -> None:
        found = read("<html><h1>Flash from the port</h1><p>Harbour opens Friday</p><p>More soon.</p></html>")
        assert found.body_html == "<p>Harbour opens Friday</p><p>More soon.</p>"

    def test_relative_links_are_made_absolute_by_the_pages_own_address(self) -> None:
        link = '<p>The port of Example, said the <a href="../trust">trust</a>, will be open at night too.</p>'
        head = '<link rel="canonical" href="https://news.example.org/coast/harbour">'
        assert '<a href="https://news.example.org/trust">trust</a>' in read(page(link, head=head)).body_html
        assert "<a" not in read(page(link)).body_html

    def test_a_page_without_text_is_no_story(self) -> None:
        with pytest.raises(NotAStory):
            stories("<html><body><nav hidden>x</nav></body></html>", "page.html")

    @settings(max_examples=60)
    @given(st.lists(st.floats(-5, 5), max_size=12), st.floats(0, 2))
    def test_no_other_choice_of_blocks_is_worth_more(self, scores: list[float], price: float) -> None:
        def worth(chosen: list[bool]) -> float:
            states = [False, *chosen]
            changes = sum(a != b for a, b in pairwise(states))
            return sum(s for s, kept in zip(scores, chosen, strict=True) if kept) - price * changes

        best = worth(cheapest_path(scores, price))
        every = range(2 ** len(scores)) if len(scores) < 8 else ()
        for number in every:
            assert best >= worth([bool(number >> n & 1) for n in range(len(scores))]) - 1e-6


class TestAttacks:
    """Nothing active arrives, and nothing makes reading endless."""

    @pytest.mark.parametrize(
        "attack",
        [
            "<p onclick='alert(1)'>Copy of the <a href='javascript:alert(1)'>port</a>, in full.</p>",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; was written on the wall, the office said.</p>",
            "<p>A picture of it <img src=x onerror=alert(1)> was shown to the people, it said.</p>",
            "<p><a href='data:text/html,<script>alert(1)</script>'>The port</a> opens on Monday.</p>",
            "<math><mtext><script>alert(1)</script></mtext></math>",
            "<table><tr><td><svg onload=alert(1)></td></tr></table>",
        ],
    )
    def test_nothing_active_survives(self, attack: str) -> None:
        for field in (page(attack), page(head=meta(og__title=attack.replace('"', "'")))):
            body = read(field).body_html
            assert "<script" not in body
            assert "javascript:" not in body
            assert "data:" not in body
            assert " on" + "click" not in body

    @pytest.mark.parametrize(
        "flood",
        [
            "<" * 300_000,
            "<div>" * 20_000,
            "<div " + " ".join(f'a{n}="x"' for n in range(60_000)) + ">",
            "<p>" + "a<br>" * 30_000,
            "<img src=a.jpg>" * 10_000,
            "<table><tr><td>" * 5_000,
            '<script type="application/ld+json">' + "[" * 300_000 + "</script>",
            '<script type="application/ld+json">{"@type":"Article","headline":"x","author":['
            + ",".join('{"name":"A B"}' for _ in range(20_000))
            + "]}</script>",
        ],
        ids=["brackets", "nested", "attributes", "breaks", "pictures", "tables", "json", "authors"],
    )
    def test_floods_are_bounded(self, flood: str) -> None:
        found = stories(f"<html><body><p>{COPY[0]}</p>{flood}<p>{COPY[1]}</p></body></html>", "page.html")
        assert COPY[0] in f"{found[0].body_html} {found[0].headline}"


class TestPictures:
    """Where each lies, what it shows, whose it is."""

    FIGURE = (
        '<figure><picture><source srcset="/s.jpg 400w, /l.jpg 1600w"><img src="/m.jpg"></picture>'
        '<figcaption>The new pier at dusk. <span class="credit">Photo: Jane Roe/Example Agency</span>'
        "</figcaption></figure>"
    )
    HEAD = '<link rel="canonical" href="https://news.example.org/coast/harbour">'

    def test_the_largest_form_its_caption_and_its_credit(self) -> None:
        (picture,) = read(page(self.FIGURE, f"<p>{COPY[0]}</p>", head=self.HEAD)).pictures
        assert picture.href == "https://news.example.org/l.jpg"
        assert picture.caption == "The new pier at dusk."
        assert picture.credit == "Jane Roe/Example Agency"

    def test_captions_are_no_copy(self) -> None:
        body = read(page(self.FIGURE, f"<p>{COPY[0]}</p>", head=self.HEAD)).body_html
        assert "pier at dusk" not in body
        assert "Jane Roe" not in body

    @pytest.mark.parametrize(
        ("printed", "caption", "credit"),
        [
            ("The pier. Photo: Jane Roe", "The pier.", "Jane Roe"),
            ("The pier. © Example Agency", "The pier.", "Example Agency"),
            ("The pier (AP Photo/Jane Roe)", "The pier", "AP Photo/Jane Roe"),
            ("The pier", "The pier", None),
        ],
    )
    def test_a_credit_in_the_caption_is_taken_out(
        self, printed: str, caption: str, credit: str | None
    ) -> None:
        figure = f'<figure><img src="/m.jpg"><figcaption>{printed}</figcaption></figure>'
        (picture,) = read(page(figure, f"<p>{COPY[0]}</p>", head=self.HEAD)).pictures
        assert (picture.caption, picture.credit) == (caption, credit)

    def test_pictures_loaded_late_are_found_where_they_lie(self) -> None:
        picture = '<img src="data:image/gif;base64,R0" data-src="/late.jpg">'
        figure = f"<figure>{picture}<figcaption>A pier</figcaption></figure>"
        (picture,) = read(page(figure, f"<p>{COPY[0]}</p>", head=self.HEAD)).pictures
        assert picture.href == "https://news.example.org/late.jpg"

    def test_counters_and_portraits_are_none(self) -> None:
        small = (
            '<img src="/c.gif" width="1" height="1"><div class="author-bio"><img src="/portrait.jpg"></div>'
        )
        assert read(page(small, f"<p>{COPY[0]}</p>", head=self.HEAD)).pictures == ()

    def test_the_stated_picture_comes_when_the_page_shows_none(self) -> None:
        (picture,) = read(page(head=self.HEAD + meta(og__image="/pictures/harbour.jpg"))).pictures
        assert picture.href == "https://news.example.org/pictures/harbour.jpg"


@pytest.mark.parametrize(
    "caption",
    [
        "Workers wait at the new hall of Example Point in spring. (Jane Example/Sampleimages)",
        "Jane Example, second left, and Ali Sample, right, look at the plans for the hall at the pier.",
        "READY TO SAIL … A ferry leaves Example Point for the islands on the first day after the work.",
    ],
)
def test_a_paragraph_that_says_it_is_a_caption_is_no_copy(caption: str) -> None:
    found = story(page(f"<p>{caption}</p>", f"<p>{COPY[0]} It was built by hand.</p>"), "page.html")
    assert caption not in found.body_html
    assert "built by hand" in found.body_html
