"""Rules of conditional requests and content codings (RFC 9110)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wire.web.conditional import Asked, best_coding, is_known, matches

MODIFIED = datetime(2026, 3, 4, 5, 6, 7, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        '"abc"',
        'W/"abc"',
        "*",
        ' "x", W/"y" ,"abc"',
        '"abc-gzip"',
        '"abc-zstd"',
        'W/"abc-br-gzip"',
        '"x""abc"',
    ],
)
def test_a_tag_of_this_content_matches_in_whatever_form_it_comes_back(header: str) -> None:
    assert matches(header, "abc")


@pytest.mark.parametrize("header", ['"abcd"', "abc", '"', "", '"-gzip"', 'W/"ab", "c"', "**"])
def test_any_other_tag_does_not_match(header: str) -> None:
    assert not matches(header, "abc")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br,gzip", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.4, gzip;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.0", None),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("*;q=0", None),
        ("gzip, *;q=0", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("deflate, compress", None),
        ("gzip;q=much", None),
        (",,;", None),
    ],
)
def test_the_coding_sent_is_the_one_liked_best_and_never_a_forbidden_one(
    header: str, coding: str | None
) -> None:
    assert best_coding(header) == coding


@pytest.mark.parametrize(
    ("since", "known"),
    [
        ("Wed, 04 Mar 2026 05:06:07 GMT", True),
        ("Wednesday, 04-Mar-26 05:06:07 GMT", True),
        ("Wed Mar  4 05:06:07 2026", True),
        ("Wed, 04 Mar 2026 05:06:06 GMT", False),
        ("Thu, 05 Mar 2026 05:06:07 GMT", False),
        ("Wed, 04 Mar 9999 05:06:07 GMT", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_if_modified_since_must_name_our_date(since: str, known: bool) -> None:  # edge case 39
    assert is_known(Asked(if_modified_since=since), "abc", MODIFIED) is known


def test_if_none_match_decides_alone() -> None:
    same_date = "Wed, 04 Mar 2026 05:06:07 GMT"
    assert not is_known(Asked(if_none_match='"old"', if_modified_since=same_date), "abc", MODIFIED)
    assert is_known(Asked(if_none_match='"abc"', if_modified_since="garbage"), "abc", MODIFIED)


def test_repeated_headers_count_as_one_list() -> None:
    asked = Asked.of([(b"if-none-match", b'"x"'), (b"host", b"y"), (b"if-none-match", b'"abc"')])
    assert is_known(asked, "abc", MODIFIED)


def test_each_header_is_read_under_its_own_name() -> None:
    headers = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"a-im", b"authorization")
    asked = Asked.of((name, name.upper()) for name in headers)
    assert asked == Asked(
        if_none_match="IF-NONE-MATCH",
        if_modified_since="IF-MODIFIED-SINCE",
        accept_encoding="ACCEPT-ENCODING",
        a_im="A-IM",
        authorization="AUTHORIZATION",
    )


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("feed", True), ("vcdiff, Feed;q=0.5", True), ("feed;q=0", False), ("gzip", False), ("", False)],
)
def test_a_delta_is_sent_to_whoever_takes_feeds_apart(header: str, wanted: bool) -> None:
    assert Asked.of([(b"a-im", header.encode())]).wants_delta is wanted
