"""The hardened parser, the text cleaner and the sanitiser, against what comes in from outside."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from wire.errors import Malformed, UnsafeInput
from wire.xmltools import (
    clean_html,
    clean_line,
    clean_text,
    clean_text_counted,
    parse_html,
    parse_untrusted,
)

BOMB = (
    b'<!DOCTYPE a [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><a>&l9;</a>"
)
PIECES = r"""
<p>|</p>|<div>|</div>|<b>|</b>|<i>|<em>|</em>|<a href="http://x/?a=1&b=<2>">|<a href="/rel">|</a>
|<ul>|<li>|</ul>|<table>|<tr>|<td colspan=2>|<td>|</table>|<pre>|</pre>|<br>|<br/>|<h1>|</h1>|<h5>
|<script>x</script>|<svg>|</svg>|<img src=x onerror=alert(1)>|<a href=javascript:alert(1)>|<style>
|</style>|<button>|</button>|<math>|&nbsp;|&lt;|&amp;|&#11;|&#x338;|<!--|-->|<![CDATA[x]]>|text|tèxt
|<figure>|<figcaption>|<blockquote>|</blockquote>|<caption>|<p|<form>|<select>|<noscript>|<template>
|<iframe>| |<sup>|<dl>|<dt>|<hr>|</form>|<th rowspan="9&quot;">|<option>
"""
#: Pieces of markup, hostile and harmless, to be joined at random.
MARKUP = st.lists(st.sampled_from([*PIECES.replace("\n", "").split("|"), "\u0338", "\0", "\x85", "\r"])).map(
    "".join
)
#: Paragraphs and subheads of text alone, and some that are not quite.
PLAIN_MARKUP = st.lists(
    st.tuples(
        st.sampled_from(("p", "h2", "h3")),
        st.text(st.sampled_from("aé\u0301\u0338 \n\xa0\x85>\u2028") | st.characters()).map(
            lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
        ),
        st.sampled_from(("", " ", "\n  ")),
    ).map(lambda parts: "<{0}>{1}</{0}>{2}".format(*parts))
).map("".join)


def test_a_bare_doctype_is_no_reason_to_refuse() -> None:
    assert parse_untrusted(b'<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf>x</nitf>').text == "x"


def test_html_entity_names_are_understood_without_a_dtd() -> None:
    root = parse_untrusted("<p>a&nbsp;é&eacute;<![CDATA[&eacute;]]>&amp;</p>".encode())
    assert root.text == "a\xa0éé&eacute;&"


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"<a>" * 300 + b"</a>" * 300,
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b"/>",
        b"<a>" + b"x" * 10_500_000 + b"</a>",
        b"<a " + b" ".join(b'xmlns:a%d="u"' % n for n in range(50_000)) + b"/>",
    ],
    ids=["entity bomb", "any entity", "depth", "50k attributes", "huge text", "50k prefixes"],
)
def test_what_would_grow_without_bounds_is_unsafe(data: bytes) -> None:
    with pytest.raises(UnsafeInput) as refused:
        parse_untrusted(data)
    assert not re.search("XML_|xmlCtxt", str(refused.value))  # who drops a file writes no parser


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a><b>",
        b"<" * 10_000_000,
        b"[" * 10_000_000,
        b"<a>\0</a>",
        b"<a>\xff\xfe</a>",
        b"<a>&nosuch;</a>",
    ],
    ids=["empty", "truncated", "brackets", "square brackets", "NUL", "bad UTF-8", "unknown entity"],
)
def test_what_is_not_well_formed_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_untrusted(data)


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "{trap}">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "{trap}"> %x;]><a>y</a>',
        '<!DOCTYPE a SYSTEM "{trap}"><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "{trap}">]><a>unused</a>',
    ],
    ids=["external entity", "parameter entity", "external DTD", "unused entity"],
)
def test_nothing_that_a_document_names_is_opened(document: str, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text("<!ENTITY x 'sprung'>")
    with pytest.raises((UnsafeInput, Malformed)) as refused:
        parse_untrusted(document.format(trap=trap.as_uri()).encode())
    assert "sprung" not in str(refused.value)


def test_c1_characters_are_read_as_the_cp1252_ones_that_were_meant() -> None:
    assert clean_text_counted("\x93quiet\x94 \x81\x00x\r\ny") == ("“quiet” x\ny", 4)


def test_a_line_has_single_blanks_only() -> None:
    assert clean_line(" a\t b\r\n\xa0c ") == "a b c"


@given(
    st.text(
        st.sampled_from("ae\u0301 \n\t\xa0\x85\u2028\0")
        | st.characters(exclude_characters="\u3000")  # with which Japanese headlines set their pauses
    )
)
def test_a_line_is_the_clean_text_with_its_blanks_folded(text: str) -> None:
    assert clean_line(text) == " ".join(clean_text(text).split())


def test_of_a_flood_of_marks_on_one_letter_some_stay() -> None:
    flood = "e" + "\u0300\u0323" * 100_000 + "x"
    assert clean_text(flood) == normalize("NFC", "e" + "\u0300\u0323" * 15 + "x")
    signs = "\u2500" * 200
    assert clean_text(f"e\u0301{signs}") == f"é{signs}"


def test_text_is_composed() -> None:
    assert clean_text("e\u0301") == "é"
    every = (clean_text(f"e{chr(code)}") for code in range(0x3000))
    assert [text for text in every if not is_normalized("NFC", text)] == []


@settings(deadline=None)
@given(st.text())
def test_clean_text_is_always_legal_xml_and_stays_as_it_is(text: str) -> None:
    clean = clean_text(text)
    etree.fromstring(f"<a>{clean.replace('&', '&amp;').replace('<', '&lt;')}</a>".encode())
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<b>a</b><i>b</i>", "<p><strong>a</strong><em>b</em></p>"),
        ("<h1>a</h1><h4>b</h4>", "<h2>a</h2><h3>b</h3>"),
        ("<div>one<div>two</div>three</div>", "<p>one</p><p>two</p><p>three</p>"),
        ("one<br><br>two", "<p>one</p><p>two</p>"),
        ("<p>a</p><p><br> <br></p>", "<p>a</p>"),
        ("<p>a<br>b&nbsp;c</p>", "<p>a<br/>b\xa0c</p>"),
        ("<p>x</p><p> </p><p></p>", "<p>x</p>"),
        ("<table><tr><td>1</table>", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        ('<p><img src="http://t/1.gif">x<script>y</script></p>', "<p>x</p>"),
        ('<p><a href="javascript:x">a</a> <a href="//h/p">b</a></p>', "<p>a b</p>"),
        ('<p><a href="http://h/?a=1&b=2">a</a></p>', '<p><a href="http://h/?a=1&amp;b=2">a</a></p>'),
    ],
)
def test_a_body_keeps_its_words_and_loses_what_is_no_copy(html: str, clean: str) -> None:
    assert clean_html(html) == clean


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>One\n   two </p>\n\t<p> three</p>\n", "<p>One two</p><p>three</p>"),
        ("<ul>\n <li>one  <em>two</em> three </li>\n</ul>", "<ul><li>one <em>two</em> three</li></ul>"),
        (
            "<table>\n<tr>\n <td> 1 </td> <td>2</td>\n</tr>\n</table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        ("<p>one\n<br>\ntwo</p>", "<p>one<br/>two</p>"),
        ("<p>a\n b</p><pre>A  1\n B  2</pre>", "<p>a b</p><pre>A  1\n B  2</pre>"),
    ],
)
def test_blanks_that_only_lay_out_the_markup_are_as_a_browser_shows_them(html: str, clean: str) -> None:
    assert clean_html(html) == clean


def test_relative_links_become_absolute_where_the_base_is_known() -> None:
    link = '<p><a href="/b">x</a></p>'
    assert clean_html(link, "https://h.example/a") == '<p><a href="https://h.example/b">x</a></p>'
    assert clean_html(link) == "<p>x</p>"


@pytest.mark.parametrize(
    "base", ["https://h.exam\ufffdle/", "https://[", "http://", "/a", "mailto:a@h.example"]
)
def test_a_base_that_is_no_address_is_as_good_as_none(base: str) -> None:
    assert clean_html('<p>One <a href="b">x</a></p>', base) == "<p>One x</p>"


@settings(deadline=None)
@given(MARKUP)
def test_a_clean_body_is_well_formed_harmless_and_stays_as_it_is(html: str) -> None:
    clean = clean_html(html)
    root = etree.fromstring(f"<body>{clean}</body>".encode())
    assert not {e.tag for e in root.iter()} & {"script", "style", "img", "div", "svg", "iframe", "template"}
    assert all(name in ("href", "colspan", "rowspan") for e in root.iter() for name in e.keys())  # noqa: SIM118
    assert all(re.match("https?://|mailto:", e.get("href", "http://")) for e in root.iter())
    assert clean_html(clean) == clean


@settings(deadline=None)
@given(PLAIN_MARKUP)
def test_plain_paragraphs_are_what_the_sanitiser_makes_of_them(html: str) -> None:
    assert clean_html(html) == clean_html(f"{html}<p></p>")  # which keeps it from the shortcut


@pytest.mark.slow
@pytest.mark.parametrize(
    "flood",
    [
        "<" * 999_999,
        "<div>" * 199_999,
        "<ul><li>" * 99_999,
        "&" * 999_999,
        "<b>x<i>y<p>z</b>" * 60_000,
        "x" * 2_000_000,
        "<p>" * 300_000,
        "<li>" * 200_000,
        "<table><td>" * 90_000,
        "<a>" * 300_000,
        "<b>" * 250 + "x" + "</b>" * 250,
        "<br>" + "\xbd" * 240_000,
    ],
    ids=lambda flood: flood[:16],
)
@pytest.mark.timeout(60)
def test_a_flood_of_markup_ends_as_well_formed_text(flood: str) -> None:
    etree.fromstring(f"<body>{clean_html(flood)}</body>".encode(), etree.XMLParser(huge_tree=True))


def test_a_page_without_any_element_is_malformed() -> None:
    with pytest.raises(Malformed):
        parse_html("")


def test_a_comparison_in_a_script_is_no_tag_with_a_flood_of_attributes() -> None:
    script = "<script>if (a<b && c) { " + 'd = "it\'s"; e = f; ' * 2_000 + "}</script>"
    assert "".join(parse_html(f"<body>{script}<p>Copy.</p></body>").itertext()).endswith("Copy.")


def test_a_tag_with_a_flood_of_attributes_loses_them() -> None:
    flood = " ".join(f"a{n}" for n in range(5_000))
    (div,) = parse_html(f"<body><div {flood}>Copy.</div></body>").iter("div")
    assert (len(div.attrib), div.text) == (0, "Copy.")
