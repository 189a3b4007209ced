"""What other systems left behind in texts: their tags, and letters read in the wrong charset."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalise.test_steps import normalised
from wire.normalise.leftovers import as_meant, unescaped, without_tags
from wire.story import Concept, Picture

_PIECES = st.sampled_from(
    ["<", ">", "/", "b", "p", "br", " ", "=", '"', "a", "x", "&lt;", "<b>", "</i>", "<3"]
)


@pytest.mark.parametrize(
    ("left", "meant"),
    [
        ("<b>Rain</b> closes the harbour", "Rain closes the harbour"),
        ("Rain<br/>closes", "Rain closes"),
        ("<P ALIGN=center class='x'>Rain</P>", "Rain"),
        ('A <a href="https://x.example/?a=1&b">link</a>', "A link"),
        ("<<b>b>Rain</b>", "Rain"),
        ("Council<script>alert(1)</script> meets", "Council meets"),
        ("<style>b { color: red }", "b { color: red }"),
    ],
)
def test_tags_of_html_left_in_a_headline_are_taken_out_and_said(left: str, meant: str) -> None:
    found = normalised(headline=left)
    assert found.headline == meant
    assert "markup taken out of headline" in found.origin.warnings


@pytest.mark.parametrize(
    "text",
    [
        "a < b and b > c",
        "I <3 it",
        "if a <b and c> d",
        "he said <unclear>",
        "<O'Brien>",
        "AT&T &lt;b&gt; &co;",
        "<1% of it>",
    ],
)
def test_whatever_is_no_tag_of_html_stays_in_a_headline(text: str) -> None:
    found = normalised(headline=text)
    assert found.headline == text
    assert not any("markup" in warning for warning in found.origin.warnings)


def test_tags_are_taken_out_of_every_text_and_left_in_codes() -> None:
    found = normalised(
        guid="<b>",
        byline="By <i>Example</i>",
        description="One<br>\n<em>two</em>",
        keywords=("<b>", "<b>sport</b>"),
        pictures=(Picture(caption="The <b>pier</b>", href="https://x.example/<b>.jpg"),),
        subjects=(Concept(name="<i>weather</i>", qcode="x:<b>"),),
    )
    assert [found.guid, found.byline, found.description] == ["<b>", "By Example", "One\ntwo"]
    assert found.keywords == ("sport",)
    assert found.pictures == (Picture(caption="The pier", href="https://x.example/<b>.jpg"),)
    assert found.subjects[0] == Concept(name="weather", qcode="x:<b>")


def test_a_tag_that_a_control_character_hides_is_a_tag() -> None:
    assert normalised(headline="<\x07b>Rain</b>").headline == "Rain"


def test_a_headline_made_of_the_text_has_no_tags_that_the_text_quotes() -> None:
    found = normalised(headline=None, body_html="<p>&lt;b&gt;Rain&lt;/b&gt; closes it</p>")
    assert (found.headline, found.body_html) == (
        "Rain closes it",
        "<p>&lt;b&gt;Rain&lt;/b&gt; closes it</p>",
    )


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_taking_out_tags_twice_changes_nothing_more(text: str) -> None:
    assert without_tags(without_tags(text)) == without_tags(text)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("CafÃ© Ã\xa0 la crÃ¨me", "Café à la crème"),
        ("Ã\xa0 bientÃ´t", "à bientôt"),
        ("Itâ€™s â€œoverâ€\x9d", "It’s “over”"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("CafÃƒÂ©", "Café"),
        ("Â£5m", "£5m"),
        ("日本語 Â£5m", "日本語 £5m"),
    ],
)
def test_utf_8_read_as_latin_letters_is_read_as_it_was_meant_and_said(read: str, meant: str) -> None:
    found = normalised(headline=read, body_html=f"<p>{read}</p><p>déjà vu</p>")
    assert (found.headline, found.body_html) == (meant, f"<p>{meant}</p><p>déjà vu</p>")
    assert [warning for warning in found.origin.warnings if "wrong charset" in warning] == [
        "characters of headline mended, which somebody had read in the wrong charset",
        "characters of the body mended, which somebody had escaped twice or read in a wrong charset",
    ]


def test_what_was_lost_before_it_was_misread_becomes_no_letter() -> None:
    assert normalised(headline="Un taureau ï¿œ Landquart").headline == "Un taureau \ufffd Landquart"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("&amp;quot;Now&amp;quot;, it&amp;#39;s", '"Now", it\'s'),
        ("AT&amp;amp;T&amp;nbsp;1 &amp;mdash; 2", "AT&amp;T\xa01 — 2"),
        ("&amp;amp;amp;apos;", "'"),
        ("R&amp;D; &amp;lt;b&amp;gt; &amp;co;", "R&amp;D; &amp;lt;b&amp;gt; &amp;co;"),
    ],
)
def test_characters_that_were_escaped_twice_are_read_as_such(sent: str, meant: str) -> None:
    assert normalised(body_html=f"<p>{sent}</p>").body_html == f"<p>{meant}</p>"
    assert normalised(headline=unescape(sent)).headline == unescape(meant).replace("\xa0", " ")


@given(st.lists(st.sampled_from(["&", "amp;", "quot;", "#38;", "#8364;", "lt;", "a", ";"])).map("".join))
def test_once_read_as_such_they_stay(text: str) -> None:
    assert unescaped(unescaped(text)) == unescaped(text)


@pytest.mark.parametrize("text", ["«AMANHû", "São Paulo", "naïve café", "ÄÖÜ ß", "10 °C – 5 ½", "Ångström"])
def test_letters_that_make_sense_as_they_are_stay(text: str) -> None:
    assert normalised(headline=text).headline == text


@given(st.text())
def test_what_was_misread_once_comes_back_whole(text: str) -> None:
    meant = as_meant(text)
    misread = meant.encode("utf-8", "replace").decode("latin-1")
    assert as_meant(misread) == meant.encode("utf-8", "replace").decode()
