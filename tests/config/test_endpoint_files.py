"""What endpoints that keep files are told when they are configured wrongly."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.config.conftest import Faults, Load
from wire.config import endpoint_base

SFTP = '[[endpoints]]\nid = "a"\ntype = "sftp"\nhost = "files.example"\nuser = "desk"\n'
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHfiQ7LTVqbGUdnPTlzDrmwJbWa6W1e2ZZDZqD1p0e9u"
BOTH = f'password = "${{env:P}}"\nhost_keys = "{KEY}"\n'
S3 = '[[endpoints]]\nid = "a"\ntype = "s3"\naccess_key = "${env:A}"\nsecret_key = "${env:S}"\n'
FSSPEC = '[[endpoints]]\nid = "a"\ntype = "fsspec"\nurl = "x"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SFTP + 'password = "${env:P}"', "1: endpoints[1]: needs known_hosts or host_keys"),
        (SFTP + f'host_keys = "{KEY}"', "1: endpoints[1]: needs a password or a key"),
        (
            SFTP + 'password = "${env:P}"\nhost_keys = "AAAA"',
            "7: endpoints[1].host_keys[1]: must be a public key",
        ),
        (
            SFTP + f'password = "${{env:P}}"\nhost_keys = ["{KEY}", "{KEY.replace("ed25519", "rsa")}"]',
            "7: endpoints[1].host_keys[2]: must be a public key",
        ),
        (
            SFTP + BOTH + 'key = "-----BEGIN"',
            "8: endpoints[1].key: a secret never stands in the configuration",
        ),
        (SFTP.replace("files.example", "sftp://files.example/") + BOTH, "4: endpoints[1].host: "),
        (SFTP + BOTH + 'files = "all"', "8: endpoints[1].files: must be 'versions', 'latest' or 'live'"),
        (SFTP + BOTH + "port = 70000", "8: endpoints[1].port: must be less than or equal to 65535"),
        (SFTP + BOTH + 'path = "a\\r\\nDELE b"', "8: endpoints[1].path: must be a text on one line"),
        (FSSPEC, "4: endpoints[1].url: must name a folder such as gs://bucket/wire"),
        (FSSPEC.replace("x", "gs://me:pw@bucket/wire"), "4: endpoints[1].url: must name a folder"),
        (FSSPEC.replace("x", "nosuch://bucket/wire"), "4: endpoints[1].url: nosuch:// cannot be used: "),
        (
            FSSPEC.replace("x", "file:///tmp") + 'options = { token = "${env:}" }',
            "5: endpoints[1].options.token: holds a reference to a secret that cannot be read",
        ),
        (S3, "1: endpoints[1].bucket: is missing"),
        (S3 + 'bucket = "A b"', "6: endpoints[1].bucket: "),
        (S3 + 'bucket = "wire"\nprefix = "../other/"', "7: endpoints[1].prefix: '../other/' must be"),
        (
            '[[endpoints]]\nid = "a"\ntype = "ftp"\nhost = "x"\ntls = "off"',
            "5: endpoints[1].tls: must be 'none'",
        ),
    ],
)
def test_a_fault_says_what_is_wrong(faults_of: Faults, text: str, fault: str) -> None:
    (found,) = faults_of(text)
    assert found.startswith(fault)


def test_a_library_that_is_missing_is_a_fault_that_names_the_extra(
    faults_of: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        endpoint_base, "find_spec", lambda name: None if name == "paramiko" else find_spec(name)
    )
    assert faults_of(SFTP + BOTH) == [
        "3: endpoints[1].type: 'sftp' needs paramiko, which is not installed: pip install 'wire-desk[sftp]'"
    ]


def test_amazons_own_buckets_are_parts_of_the_host(
    settings_of: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A", "ak")
    monkeypatch.setenv("S", "sk")
    plain, dotted, other = settings_of(
        S3 + 'bucket = "wire"\nregion = "eu-west-1"\n'
        + S3.replace('"a"', '"b"') + 'bucket = "wire.example"\n'
        + S3.replace('"a"', '"c"') + 'bucket = "wire"\nurl = "https://s3.example/"\n'
    ).endpoints  # fmt: skip
    assert [
        (made["url"], made["bucket_in_host"])
        for made in (endpoint.transport_options() for endpoint in (plain, dotted, other))
    ] == [
        ("https://s3.eu-west-1.amazonaws.com", True),
        ("https://s3.us-east-1.amazonaws.com", False),
        ("https://s3.example/", False),
    ]


def test_a_folder_may_keep_only_what_is_live(settings_of: Load, tmp_path: Path) -> None:
    (endpoint,) = settings_of(
        '[[endpoints]]\nid = "a"\ntype = "folder"\npath = "out"\nfiles = "live"'
    ).endpoints
    assert endpoint.transport_options() == {"path": tmp_path / "out", "files": "live"}
