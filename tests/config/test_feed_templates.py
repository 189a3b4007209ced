"""Rules of ``each``: one table of the configuration that makes many feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from wire.config import Settings, load
from wire.errors import ConfigError
from wire.iptc import media_topics


def configured(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "wire.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text)
    return str(caught.value)


def test_a_feed_is_made_for_every_combination(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        """
        [[feeds]]
        id = "{subject}-{language}"
        title = "{subject} in {language}"
        description = "{subject}"
        limit = 20
        where = { urgency = [1, 2] }
        each = { subject = ["medtop:15000000", "medtop:16000000"], language = ["en", "pt-BR"] }
        """,
    )
    assert [feed.id for feed in settings.feeds] == [
        "15000000-en",
        "15000000-pt-br",
        "16000000-en",
        "16000000-pt-br",
    ]
    first = settings.feeds[1]
    assert (first.title, first.description) == ("Sport in pt-BR", "Sport")
    assert (first.language, first.limit) == ("pt-BR", 20)
    own, made = first.where.all
    assert own.urgency == (1, 2)
    assert (made.subject, made.language) == (("medtop:15000000",), ("pt-BR",))


def test_sources_and_places_make_feeds_too(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        """
        [[feeds]]
        id = "all"
        title = "All"
        [[feeds]]
        id = "from-{source}"
        title = "From {source}"
        each = { source = "agency" }
        [[feeds]]
        id = "at-{place}"
        title = "{place}"
        each = { place = ["São Paulo", "iso3166-1a2:FR"] }
        """,
    )
    made = [(feed.id, feed.title) for feed in settings.feeds]
    assert made == [
        ("all", "All"),
        ("from-agency", "From agency"),
        ("at-sao-paulo", "São Paulo"),
        ("at-fr", "iso3166-1a2:FR"),
    ]


def test_top_stands_for_the_topics_at_the_top(tmp_path: Path) -> None:
    settings = configured(
        tmp_path, '[[feeds]]\nid = "t-{subject}"\ntitle = "{subject}"\neach = { subject = "top" }\n'
    )
    assert len(settings.feeds) == len(media_topics.top_topics()) > 10
    assert ("t-15000000", "Sport") in [(feed.id, feed.title) for feed in settings.feeds]


@pytest.mark.parametrize(
    ("id", "each", "message"),
    [
        ("x-{subject}", "", "needs each"),
        ("x}", "", "must be 1 to 64 of a-z, 0-9 and '-'"),
        ("x" * 65, "", "must be 1 to 64 of a-z, 0-9 and '-'"),
        ("x-{subject}", "each = {}", "needs subject, language, source or place"),
        ("x-{topic}", 'each = { language = "en" }', "{topic} in 'x-{topic}' is no field of each"),
        ("x", 'each = { language = ["en", "fr"] }', "makes 'x' twice"),
        ("{place}", 'each = { place = "東京" }', "is no id of a feed"),
        ("x-{language}", 'each = { language = "english!" }', "is no language tag"),
    ],
)
def test_what_makes_no_feeds_is_said_where_it_stands(
    tmp_path: Path, id: str, each: str, message: str
) -> None:
    said = refused(tmp_path, f'[[feeds]]\nid = "{id}"\ntitle = "x"\n{each}\n')
    assert message in said
    assert "wire.toml:1" in said or "wire.toml:4" in said


def test_an_id_that_is_made_may_not_be_taken(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        """
        [[feeds]]
        id = "x-en"
        title = "x"
        [[feeds]]
        id = "x-{language}"
        title = "x"
        each = { language = "en" }
        """,
    )
    assert "'x-en' is the id of two feeds" in said
