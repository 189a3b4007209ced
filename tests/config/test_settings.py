"""What holds without any configuration, and what the settings give to the rest of wire."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.config.conftest import Load
from wire.common.people import hash_password, token_hash
from wire.config import FolderEndpoint, HttpEndpoint, Where, defaults, load
from wire.config.endpoint_files import FtpEndpoint
from wire.config.endpoint_mail import MailEndpoint
from wire.ports import House
from wire.story import Guess

PROJECT = Path(__file__).parents[2]
TEMPLATE = PROJECT / "wire" / "config" / "template.toml"


def test_without_configuration_there_is_one_feed_with_everything(tmp_path: Path) -> None:
    settings = defaults(tmp_path)
    (feed,) = settings.feeds
    assert (feed.id, feed.where) == ("all", Where())
    assert settings.endpoints == ()
    assert settings.inbox.path == tmp_path / "inbox"
    assert settings.store.url == f"sqlite:///{tmp_path}/var/wire.db"


def test_no_file_means_the_defaults_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None) == defaults(tmp_path)


def test_an_empty_file_means_the_defaults(settings_of: Load, tmp_path: Path) -> None:
    assert settings_of("") == defaults(tmp_path)


def test_paths_are_relative_to_the_folder_that_holds_config(settings_of: Load, tmp_path: Path) -> None:
    settings = settings_of(
        '[inbox]\npath = "in"\n[outbox]\npath = "/srv/wire/out"\n[store]\nurl = "sqlite:///db/w.db"\n'
    )
    assert settings.root == tmp_path
    assert settings.inbox.path == tmp_path / "in"
    assert settings.outbox.path == Path("/srv/wire/out")
    assert settings.store.url == f"sqlite:///{tmp_path}/db/w.db"


def test_the_store_may_lie_on_a_server(settings_of: Load) -> None:
    for url in ("postgresql://wire@db.example:5432/wire", "postgresql:///wire?host=/run/postgresql"):
        assert settings_of(f'[store]\nurl = "{url}"').store.url == url


def test_a_file_outside_a_config_folder_is_relative_to_its_own_folder(tmp_path: Path) -> None:
    file = tmp_path / "wire.toml"
    file.write_text("")
    assert load(file).root == tmp_path


def test_the_shipped_configuration_is_what_init_writes() -> None:
    assert (PROJECT / "config" / "wire.toml").read_text() == TEMPLATE.read_text()


def test_the_template_holds_once_every_setting_in_it_is_uncommented(settings_of: Load) -> None:
    uncommented = [
        line.removeprefix("# ")
        if line.startswith("# ") and (" = " in line or line.startswith("# [["))
        else line
        for line in TEMPLATE.read_text().splitlines()
        if "where = { any" not in line
    ]
    made = {"scrypt$15$8$3$...": hash_password("a password", log2_n=14), "...": token_hash("a token")}
    text = "\n".join(uncommented)
    for placeholder, real in made.items():
        text = text.replace(f'"{placeholder}"', f'"{real}"')
    settings = settings_of(text)
    assert [source.id for source in settings.sources] == ["agency"]
    assert [feed.id for feed in settings.feeds][:3] == ["all", "conflict", "topic-01000000-en"]
    assert [type(endpoint) for endpoint in settings.endpoints] == [
        HttpEndpoint,
        FolderEndpoint,
        FtpEndpoint,
        MailEndpoint,
        HttpEndpoint,
    ]


def test_the_template_shows_the_values_that_hold_without_it(settings_of: Load, tmp_path: Path) -> None:
    shipped, without = settings_of(TEMPLATE.read_text()), defaults(tmp_path)
    for table in ("inbox", "outbox", "store", "web", "feeds", "sources", "endpoints", "retry", "log"):
        assert getattr(shipped, table) == getattr(without, table)


def test_the_house_is_who_we_are(settings_of: Load) -> None:
    settings = settings_of(
        '[desk]\nname = "N"\nid = "news.example"\nlanguage = "de"\ntimezone = "Europe/Berlin"\n'
        '[web]\nbase_url = "https://wire.example/"\n'
    )
    assert settings.house() == House(
        name="N",
        id="news.example",
        language="de",
        timezone="Europe/Berlin",
        home_page="https://wire.example/",
        base_url="https://wire.example",
    )


def test_links_begin_with_where_we_listen_unless_told_otherwise(settings_of: Load) -> None:
    web = settings_of('[web]\nlisten = "[::1]:8081"\n').web
    assert (web.base_url, web.host, web.port) == ("http://[::1]:8081", "::1", 8081)


SOURCES = (
    '[desk]\ntimezone = "Europe/Berlin"\n'
    '[[sources]]\nid = "agency"\nprovider = "Example Agency"\ncharset = "cp1252"\n'
    '[[sources]]\nid = "sport"\nfolder = "agency/sport"\ntimezone = "Asia/Tokyo"\ntrusted = true\n'
)


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("agency", "agency"),
        ("agency/sport", "sport"),
        ("agency/sport/deep", "sport"),
        ("agency/other", "agency"),
    ],
)
def test_a_folder_belongs_to_the_nearest_configured_source(
    settings_of: Load, folder: str, source: str
) -> None:
    assert settings_of(SOURCES).source(folder).id == source


def test_a_source_has_what_was_said_of_it_and_the_desks_time_zone(settings_of: Load) -> None:
    settings = settings_of(SOURCES)
    agency, sport = settings.source("agency"), settings.source("agency/sport")
    assert (agency.provider, agency.charset, agency.timezone) == ("Example Agency", "cp1252", "Europe/Berlin")
    assert (sport.timezone, sport.trusted, agency.trusted) == ("Asia/Tokyo", True, False)


def test_a_source_says_whose_stories_it_may_revise(settings_of: Load) -> None:
    source = '[[sources]]\nid = "{}"\n'
    settings = settings_of(
        source.format("a") + source.format("b") + "revises = []\n" + source.format("c") + 'revises = ["a"]\n'
    )
    assert [each.revises for each in settings.sources] == [None, (), ("a",)]


@pytest.mark.parametrize(
    ("said", "guesses"),
    [("", set(Guess)), ("enrich = []", set()), ('enrich = ["places"]', {Guess.PLACES})],
)
def test_a_source_says_what_may_be_guessed(settings_of: Load, said: str, guesses: set[Guess]) -> None:
    assert settings_of(f'[[sources]]\nid = "a"\n{said}').source("a").enrich == guesses


def test_a_folder_that_nobody_configured_is_a_source_of_its_own_name(settings_of: Load) -> None:
    settings = settings_of(SOURCES)
    assert settings.source("desk/late").id == "desk"
    assert settings.source("b\udcfcro").id == "b\N{REPLACEMENT CHARACTER}ro"
    assert settings.source("").id == "inbox"


def test_the_inbox_itself_can_be_configured(settings_of: Load) -> None:
    settings = settings_of('[[sources]]\nid = "copydesk"\nfolder = "."\nlanguage = "fr"\n')
    assert settings.source("").id == "copydesk"
    assert settings.source("agency").id == "agency"


def test_settings_cannot_be_changed(settings_of: Load) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings_of("").desk.name = "x"


def test_stories_are_kept_as_long_as_their_source_says_or_the_store(settings_of: Load) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    settings = settings_of(
        '[store]\nkeep_days = 30\n[[sources]]\nid = "agency"\nkeep_days = 1\n[[sources]]\nid = "own"\n'
    )
    ago = {source: (now - instant).days for source, instant in settings.kept_since(now).items()}
    assert ago == {"agency": 1, "own": 30, "": 30}
    assert settings_of("").kept_since(now) == {}


def test_a_source_says_what_tells_its_stories(settings_of: Load) -> None:
    settings = settings_of('[[sources]]\nid = "a"\nsame_story = "slugline"\nstory_in_name = "^[a-z]+"\n')
    assert settings.source("a").same_story == "slugline"
    assert settings.source("a").story_in_name == "^[a-z]+"
