"""Kinds of pages that few sites make alike: no headings, boxes by class alone, several articles' data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.parse.reading import story
from tests.parse.test_webpage import ARTICLE, COPY, json_ld, page, read
from wire.errors import NotAStory

HTML = "".join(f"<p>{text}</p>" for text in COPY)


def test_the_article_that_the_page_is_called_by_wins_over_listed_ones() -> None:
    other = {**ARTICLE, "headline": "Dog finds a shell", "author": "Other Writer"}
    listed = {"@type": "ItemList", "itemListElement": [other]}
    found = read(page(head=json_ld(listed) + json_ld({**ARTICLE, "headline": "The harbour opens"})))
    assert (found.headline, found.creators) == ("The harbour opens", ())


def test_a_title_that_is_the_sites_name_is_no_headline() -> None:
    names = "".join(f'<meta property="og:{name}" content="Example News">' for name in ("title", "site_name"))
    assert read(page(head=names, title="Example News")).headline == "The harbour opens again"


def test_a_line_in_bold_above_all_copy_is_the_headline_where_there_are_no_headings() -> None:
    found = read(
        "<html><head><title>The Gazette</title></head><body><table><tr><td><a href='/'>Front</a></td><td>"
        "<font size=5><b>The harbour of Example opens again</b></font><br><i>By Jane Example</i><br><br>"
        f"{'<br><br>'.join(COPY)}</td></tr></table></body></html>"
    )
    assert (found.headline, found.body_html) == ("The harbour of Example opens again", HTML)
    assert found.creators == ("Jane Example",)


@pytest.mark.parametrize(
    "aside",
    [
        "<p>Te puede interesar: <a href='/x'>La escuela de la isla</a></p>",
        "<p><b>Lesen Sie auch: <a href='/x'>Die Schule der Insel</a></b></p>",
        "<div><p>Continue reading with a digital subscription</p></div>",
        "<p>You have 2 free articles left this month.</p>",
        "<div class='infobox'><h3>The port in figures</h3><ul><li>1.2 million passengers</li></ul></div>",
        "<div class='product-card'><a href='https://shop.example'>Buy this clock now for 19.99</a></div>",
        "<amp-twitter><blockquote placeholder>Loading the post</blockquote></amp-twitter>",
    ],
)
def test_what_is_set_between_paragraphs_is_no_copy_on_a_small_page(aside: str) -> None:
    found = story(f"<html><body><article><h1>The port</h1>{HTML}{aside}{HTML}</article></body></html>")
    assert found.body_html == HTML * 2


def test_a_caption_may_be_called_so_by_its_class_alone() -> None:
    picture = (
        '<amp-img src="/a.jpg" width="800" height="500"></amp-img><p class="caption">The ferry leaves.</p>'
    )
    found = story(f"<html><body><main><h1>The port</h1>{picture}{HTML}</main></body></html>")
    assert ([picture.caption for picture in found.pictures], found.body_html) == (["The ferry leaves."], HTML)


def test_a_gallery_below_the_last_paragraph_is_the_storys() -> None:
    figures = "".join(
        f'<figure><img src="/{name}.jpg"><figcaption>The {name} in the storm.</figcaption></figure>'
        for name in ("pier", "bridge", "hall")
    )
    found = read(page(figures))
    assert [picture.caption for picture in found.pictures] == [
        f"The {name} in the storm." for name in ("pier", "bridge", "hall")
    ]


def test_a_standfirst_may_be_called_so_by_its_class_alone() -> None:
    lead = '<p class="standfirst">Ferries leave from a new hall</p>'
    above = f"<h1>The port opens again</h1>{lead}<address>Jane Example</address>"
    found = story(f"<html><body><main>{above}{HTML}</main></body></html>")
    assert (found.description, found.creators) == ("Ferries leave from a new hall", ("Jane Example",))


@pytest.mark.parametrize(
    ("signed", "name"), [("（记者 陈例子）", "陈例子"), ("<p>【田中一例】</p>", "田中一例")]
)
def test_who_signs_at_the_end_of_a_page_in_east_asia_is_its_author(signed: str, name: str) -> None:
    copy = "公司表示，已无法找到足够的合格船员，船用燃料价格两年内上涨了百分之四十。"
    found = story(
        f"<html><body><h1>港口渡轮航线将削减班次</h1><p>{copy}</p><p>{copy}{signed}</p></body></html>"
    )
    assert found.creators == (name,)


def test_what_a_firm_says_about_itself_is_for_editors() -> None:
    """As in plain text: the heading's name opens the paragraph below."""
    about = (
        "About Example Instruments",
        "Example Instruments makes measuring devices for ports and waterways.",
    )
    below = "".join(f"<p>{text}</p>" for text in (*about, "Media contact: Jane Example, +44 20 7946 0000"))
    found = story(f"<html><body><h1>The port opens again</h1>{HTML}{below}</body></html>")
    assert (found.body_html, found.ed_notes[0]) == (HTML, about[0])
    plain = "\n\n".join(("The port opens again", *COPY, *about))
    assert story(plain).ed_notes == ("\n".join(about),)
    again = "\n\n".join(("The port opens again", *COPY, "About Example Instruments", *COPY))
    assert story(again).ed_notes == ()


def test_a_heading_that_leads_home_is_the_sites_name() -> None:
    found = story(
        "<html><head><title>The harbour opens again – The Island Blog</title></head><body><article>"
        f"<h1><a href='/'>The Island Blog</a></h1><h2>The harbour opens again</h2>{HTML}</article></body>"
    )
    assert (found.headline, found.body_html) == ("The harbour opens again", HTML)


@pytest.mark.parametrize(
    "set_apart",
    [
        "<blockquote class='pullquote'><p>A new hall with a café has been built</p></blockquote>",
        "<p>Low Water is a reader-supported publication. To support my work, subscribe.</p>",
    ],
)
def test_a_repeated_quotation_and_a_plea_are_no_copy(set_apart: str) -> None:
    found = story(f"<html><body><article><h1>The port</h1>{HTML}{set_apart}{HTML}</article></body></html>")
    assert found.body_html == HTML * 2


def test_a_short_line_above_the_headline_is_no_copy() -> None:
    found = story(f"<html><body><span>Coast</span><h1>The port opens again</h1>{HTML}</body></html>")
    assert found.body_html == HTML


@pytest.mark.parametrize("above", [True, False])
def test_a_page_is_held_by_a_line_about_its_headline(above: bool) -> None:
    line, headline = "<p>EMBARGOED UNTIL 6 PM GMT ON 5 JUNE 2026</p>", "<h1>The harbour opens again</h1>"
    top = line + headline if above else headline + line
    found = read(f"<html><body><article>{top}{HTML}</article></body></html>")
    assert found.embargoed == datetime(2026, 6, 5, 18, tzinfo=UTC)
    assert (found.body_html, found.ed_notes) == (HTML, ("EMBARGOED UNTIL 6 PM GMT ON 5 JUNE 2026",))


@pytest.mark.parametrize("line", ["<p>Not for publication</p>", "<p><b>NOT FOR PUBLICATION</b></p>"])
def test_a_page_that_is_not_for_publication_is_none(line: str) -> None:
    for top in (f"{line}<h1>The harbour opens again</h1>", f"<h1>The harbour opens again</h1>{line}"):
        with pytest.raises(NotAStory, match="not for publication"):
            read(f"<html><body><article>{top}{HTML}</article></body></html>")


def test_a_field_that_is_not_for_publication_below_the_story_holds_nothing() -> None:
    form = "<form><p>E-mail</p><p>Not for publication</p><input></form>"
    assert read(f"<html><body><h1>The harbour opens again</h1>{HTML}{form}</body></html>").body_html == HTML
