"""Every fault of a configuration is said at once, with its line and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.conftest import Faults
from wire.config import defaults, load, salvaged
from wire.errors import ConfigError


def test_every_fault_is_listed_in_the_order_of_the_file(faults_of: Faults) -> None:
    assert faults_of(
        "[desk]\n"
        'timezone = "Europe/Lundon"\n'
        "nmae = 3\n"
        "\n"
        "[inbox]\n"
        'settle_s = "1"\n'
        "\n"
        "[[feeds]]\n"
        'id = "World News"\n'
        "limit = 0\n"
    ) == [
        "2: desk.timezone: 'Europe/Lundon' is no known time zone; did you mean 'Europe/London'?",
        "3: desk.nmae: is no known setting; did you mean 'name'?",
        "6: inbox.settle_s: must be a number",
        "8: feeds[1].title: is missing",
        "9: feeds[1].id: must be 1 to 64 of a-z, 0-9 and '-', and begin with a letter or digit",
        "10: feeds[1].limit: must be greater than or equal to 1",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[desks]\nname = "x"', "1: desks: is no known setting; did you mean 'desk'?"),
        ('[desk]\nid = "News Example"', "2: desk.id: 'News Example' must be a domain name in lower case"),
        ('[desk]\nlanguage = "english!"', "2: desk.language: 'english!' is no language tag"),
        ("[desk]\nname = 1", "2: desk.name: must be a text in quotes"),
        ('[feeds]\nid = "a"', "1: feeds: each begins with [[feeds]], in two brackets"),
        ('[desk]\nname = ""', "2: desk.name: must not be empty"),
        ('[desk]\nhome_page = "news.example"', "2: desk.home_page: must be a full URL"),
        (
            '[store]\nurl = "oracle://x"',
            "2: store.url: must name a database file, such as sqlite:///var/wire.db",
        ),
        ('[store]\nurl = "sqlite:///:memory:"', "2: store.url: must name a database file"),
        ('[store]\nurl = "postgresql://wire@db.example"', "2: store.url: must name a database, such as"),
        ('[store]\nurl = "postgresql://db.example:x/wire"', "2: store.url: is no URL"),
        (
            '[store]\nurl = "postgresql://wire:s3cret@db.example/wire"',
            "2: store.url: holds a password: give it in the environment as PGPASSWORD",
        ),
        ('[web]\nlisten = "8080"', "2: web.listen: '8080' must read HOST:PORT"),
        ('[web]\nlisten = "localhost:99999"', "2: web.listen: 'localhost:99999' must read HOST:PORT"),
        (
            '[web]\nbase_url = "http://a/"\nlisten = "10.0.0.1:80"',
            "3: web.listen: '10.0.0.1:80' lets other machines reach the desk page, which has no login yet",
        ),
        ('[[users]]\nname = "a"', "1: users[1]: needs a password (`wire user hash`) or a token_sha256"),
        (
            '[[users]]\nname = "a"\npassword = "secret"',
            "3: users[1].password: must be the hash of a password",
        ),
        ('[[users]]\nname = "a"\nrole = "boss"', "3: users[1].role: must be 'reader', 'editor' or 'admin'"),
        (
            '[web]\ndesk = false\nlisten = "0.0.0.0:8080"',
            "1: web: listen = '0.0.0.0:8080' is every address at once",
        ),
        ('[web]\nbase_url = "http://x.example/?a=1"', "2: web.base_url: must hold no ?query"),
        ("[log]\nlevel = 'loud'", "2: log.level: must be 'debug', 'info', 'warning' or 'error'"),
        ("[retry]\ndelays_s = [-1]", "2: retry.delays_s[1]: must be greater than or equal to 0"),
        ('[[sources]]\nid = "a"\ncharset = "cp9"', "3: sources[1].charset: 'cp9' is no known charset"),
        ('[[sources]]\nid = "a"\ncharset = "hex"', "3: sources[1].charset: 'hex' is no known charset"),
        (
            '[[sources]]\nid = "a"\nfolder = "../b"',
            "3: sources[1].folder: '../b' must be a folder below the inbox",
        ),
        (
            '[[sources]]\nid = "a"\nfolder = "/b"',
            "3: sources[1].folder: '/b' must be a folder below the inbox",
        ),
        ('[[sources]]\nid = "a"\nfolder = ".b"', "3: sources[1].folder: '.b' is never looked into"),
        (
            '[[sources]]\nid = "a"\nenrich = ["place"]',
            "3: sources[1].enrich: 'place' is nothing that can be guessed; did you mean 'places'?",
        ),
        (
            '[[sources]]\nid = "a"\nenrich = "places"',
            "3: sources[1].enrich: must be an array of field names in quotes",
        ),
        ('[[sources]]\nid = "a"\nurgency = 10', "3: sources[1].urgency: must be less than or equal to 9"),
        ('[[endpoints]]\nid = "a"', "1: endpoints[1]: needs a type"),
        (
            '[[endpoints]]\nid = "a"\ntype = "ftq"',
            "1: endpoints[1]: 'ftq' is no known type; did you mean 'ftp'?",
        ),
    ],
)
def test_a_fault_says_what_is_wrong_and_what_would_be_right(faults_of: Faults, text: str, fault: str) -> None:
    assert [found[: len(fault)] for found in faults_of(text)] == [fault]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ('url = "ftp://x.example/"', "url: must be a full URL that begins with http:// or https://"),
        ('url = "http://u:p@x.example/"', "url: must not hold a user or password"),
        ('url = "http://x.example:port/"', "url: is no valid URL"),
        ('url = "http://x.example/ a"', "url: must hold neither blanks nor a #fragment"),
        ('document = "newsml"', "document: 'newsml' is no known document format; did you mean 'newsml-g2'?"),
        ("lanes = 0", "lanes: must be greater than or equal to 1"),
        ('networks = ["10.0.0.1/8"]', "networks[1]: '10.0.0.1/8' is no block of addresses"),
        ("deadline_s = nan", "deadline_s: must be"),
        ('shelf = "out"', "shelf: is no known setting; known are id, document"),
        ('headers = { "webhook-id" = "1" }', "headers: webhook-id is set by wire itself"),
        ('headers = { "X Y" = "1" }', "headers: 'X Y' is no header name"),
        ('headers = { X = "a\\r\\nb" }', "headers.X: must be a text on one line"),
    ],
)
def test_an_endpoint_is_checked_setting_by_setting(faults_of: Faults, setting: str, fault: str) -> None:
    given = "" if setting.startswith("url") else 'url = "http://x.example/"\n'
    (found,) = faults_of(f'[[endpoints]]\nid = "cms"\ntype = "http"\n{given}{setting}\n')
    assert found.partition(": endpoints[1].")[2].startswith(fault)


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ('{ lenguage = "en" }', "where.lenguage: is no known setting; did you mean 'language'?"),
        (
            '{ subject = "medtop:99999999" }',
            "where.subject[1]: 'medtop:99999999' is no media topic of the IPTC",
        ),
        ('{ subject = ["war"] }', "where.subject[1]: 'war' is no qcode"),
        (
            '{ genre = "genr:Current" }',
            "where.genre[1]: 'genr' in 'genr:Current' is no alias of the IPTC catalogue",
        ),
        ("{ urgency = [1, 12] }", "where.urgency[2]: must be less than or equal to 9"),
        ('{ urgency = "5-2" }', "where.urgency: '5-2' runs backwards; write '2-5'"),
        ("{ keyword = [] }", "where.keyword: is an empty array; leave it out instead"),
        ("{ min_words = 9, max_words = 1 }", "where: min_words is above max_words"),
        ("{ any = [{ picture = 1 }] }", "where.any[1].picture: must be true or false"),
        ("{ not = { al = [] } }", "where.not.al: is no known setting; did you mean 'all'?"),
    ],
)
def test_a_rule_is_checked_down_to_its_nested_rules(faults_of: Faults, where: str, fault: str) -> None:
    (found,) = faults_of(f'[[feeds]]\nid = "a"\ntitle = "A"\nwhere = {where}\n')
    assert found.startswith(f"4: feeds[1].{fault}")


@pytest.mark.parametrize(
    ("transform", "fault"),
    [
        ('{ strip = "body" }', "transform.strip[1]: must be 'ed_notes'"),
        ('{ subjects = { "medtop:1" = "medtop:15000000" } }', "transform.subjects.medtop:1"),
        ('{ rigths = "x" }', "transform.rigths: is no known setting; did you mean 'rights'?"),
    ],
)
def test_a_transformation_is_checked(faults_of: Faults, transform: str, fault: str) -> None:
    (found,) = faults_of(f'[[feeds]]\nid = "a"\ntitle = "A"\ntransform = {transform}\n')
    assert found.startswith(f"4: feeds[1].{fault}")


def test_a_nested_fault_is_named_by_its_own_line(faults_of: Faults) -> None:
    text = (
        '[[feeds]]\nid = "a"\ntitle = "A"\nwhere = { any = [\n'
        '    { text = "war" },\n    { not = { subject = [\n'
        '        "medtop:16000000",\n        "medtop:1",\n    ] } },\n] }\n'
    )
    (found,) = faults_of(text)
    assert found.startswith("8: feeds[1].where.any[2].not.subject[2]: 'medtop:1'")


def test_ids_and_folders_are_not_used_twice(faults_of: Faults) -> None:
    assert faults_of(
        '[[sources]]\nid = "a"\nfolder = "x"\n'
        '[[sources]]\nid = "a"\n'
        '[[sources]]\nid = "b"\nfolder = "x/"\n'
        '[[feeds]]\nid = "f"\ntitle = "F"\n'
        '[[feeds]]\nid = "f"\ntitle = "F"\n'
    ) == [
        "5: sources[2].id: 'a' stands on another of the [[sources]] already; each needs its own",
        "8: sources[3].folder: 'x/' is the folder of source 'a' already",
        "13: feeds[2].id: 'f' stands on another of the [[feeds]] already; each needs its own",
    ]


@pytest.mark.parametrize("outbox", ["inbox", "inbox/out", ".", "./inbox/../inbox"])
def test_inbox_and_outbox_do_not_lie_in_each_other(faults_of: Faults, outbox: str) -> None:
    (fault,) = faults_of(f'[outbox]\npath = "{outbox}"\n')
    assert fault.startswith("2: outbox.path: ")


@pytest.mark.parametrize(
    ("inbox", "store", "held"),
    [
        ("var", "", "the store"),
        ("data", '[store]\nurl = "sqlite:///data/below/x.db"\n', "the store"),
        ("var", '[store]\nurl = "postgresql://db.example/wire"\n', "the store"),
        ("config", "", "the configuration"),
    ],
)
def test_nothing_of_our_own_lies_in_the_inbox(faults_of: Faults, inbox: str, store: str, held: str) -> None:
    (fault,) = faults_of(f'[inbox]\npath = "{inbox}"\n{store}')
    assert fault.startswith(f"2: inbox.path: holds {held}, which would be taken in")


def test_no_endpoint_writes_into_the_inbox(faults_of: Faults) -> None:
    (fault,) = faults_of('[[endpoints]]\nid = "a"\ntype = "folder"\npath = "inbox/loop"\n')
    assert fault.startswith("4: endpoints[1].path: lies in the inbox")


def test_a_syntax_error_is_named_by_its_line(faults_of: Faults) -> None:
    (fault,) = faults_of('[desk]\nname = "x\n')
    assert fault.startswith("2: is no valid TOML: ")


def test_a_file_that_is_not_utf_8_is_said_so(config_file: Path) -> None:
    config_file.write_bytes('[desk]\n# ok\nname = "Zürich"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"wire\.toml:3: is not UTF-8"):
        load(config_file)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "fault", ['[web]\nlisten = "x"', "[web]\nlisten = ", "[[feeds]]\nid = 3", "[nothing]"]
)
def test_of_a_faulty_file_the_tables_that_are_right_still_hold(config_file: Path, fault: str) -> None:
    config_file.write_text(f'[store]\nurl = "sqlite:///data/x.db"\n[[endpoints]]\nid = "a"\n{fault}\n')
    found = salvaged(config_file)
    assert found.store.url.endswith("/data/x.db")
    assert (found.web.listen, found.endpoints) == ("127.0.0.1:8080", ())
    assert found.root == config_file.parent.parent


@pytest.mark.parametrize("text", ["", "[store", "= = =", "\0"])
def test_of_a_file_that_says_nothing_the_defaults_hold(config_file: Path, text: str) -> None:
    config_file.write_text(text)
    assert salvaged(config_file) == defaults(config_file.parent.parent)
