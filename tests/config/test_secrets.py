"""Secrets come from outside the configuration, are looked up late, and are never shown."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from tests.config.conftest import Faults, Load
from wire.config import HttpEndpoint, Settings, load
from wire.errors import ConfigError

CANARY = "whsec_" + b64encode(b"canary canary canary canary").decode()


def endpoint(setting: str) -> str:
    return f'[[endpoints]]\nid = "cms"\ntype = "http"\nurl = "http://cms.example/"\n{setting}\n'


def only_endpoint(settings: Settings) -> HttpEndpoint:
    (found,) = settings.endpoints
    assert isinstance(found, HttpEndpoint)
    return found


@pytest.mark.parametrize("value", [CANARY, "x${env:A}", "${env:A}${env:B}", "${ENV:A}", "$A", "${env:}"])
def test_a_secret_is_a_reference_and_nothing_else(faults_of: Faults, value: str) -> None:
    (fault,) = faults_of(endpoint(f'secret = "{value}"'))
    assert fault == (
        "5: endpoints[1].secret: a secret never stands in the configuration itself; "
        "write it as ${env:NAME} or ${file:PATH}"
    )


def test_a_secret_is_read_from_the_environment_when_it_is_needed(
    settings_of: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CMS_SECRET", raising=False)
    secret = only_endpoint(settings_of(endpoint('secret = "${env:CMS_SECRET}"'))).secret
    assert secret is not None
    with pytest.raises(ConfigError, match="the environment variable CMS_SECRET is not set"):
        secret.reveal()
    monkeypatch.setenv("CMS_SECRET", CANARY)
    assert secret.reveal() == CANARY


def test_a_secret_file_is_relative_to_the_root(settings_of: Load, tmp_path: Path) -> None:
    (tmp_path / "cms.key").write_text(f"{CANARY}\n")
    secret = only_endpoint(settings_of(endpoint('secret = "${file:cms.key}"'))).secret
    assert secret is not None
    assert secret.reveal() == CANARY


def test_a_header_may_hold_a_secret_in_its_value(settings_of: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMS_TOKEN", "t0ken")
    headers = only_endpoint(
        settings_of(endpoint('headers = { Authorization = "Bearer ${env:CMS_TOKEN}", X-Desk = "wire" }'))
    ).headers
    assert {name: value.reveal() for name, value in headers.items()} == {
        "Authorization": "Bearer t0ken",
        "X-Desk": "wire",
    }


@pytest.mark.parametrize("name", ["Authorization", "cookie", "X-API-Key"])
def test_credentials_in_headers_must_be_references(faults_of: Faults, name: str) -> None:
    (fault,) = faults_of(endpoint(f'headers = {{ {name} = "t0ken" }}'))
    assert fault.startswith(f"5: endpoints[1].headers: {name} holds a secret")
    assert "t0ken" not in fault


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "the environment variable CMS_SECRET is not set"),
        ("hunter2", "the secret it names must be 'whsec_' followed by 24 to 64 bytes in base64"),
        ("whsec_c2hvcnQ=", "the secret it names must be 'whsec_' followed by 24 to 64 bytes in base64"),
    ],
)
def test_a_start_finds_every_missing_or_faulty_secret(
    config_file: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, message: str
) -> None:
    config_file.write_text(endpoint('secret = "${env:CMS_SECRET}"'))
    monkeypatch.delenv("CMS_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("CMS_SECRET", value)
    load(config_file)
    with pytest.raises(ConfigError) as caught:
        load(config_file, with_secrets=True)
    (fault,) = caught.value.faults
    assert str(fault) == f"{config_file}:5: endpoints[1].secret: {message}"


def test_no_secret_shows_in_settings_or_faults(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMS_SECRET", CANARY)
    text = endpoint('secret = "${env:CMS_SECRET}"\nheaders = { X-Token = "${env:CMS_SECRET}" }')
    config_file.write_text(text)
    settings = load(config_file, with_secrets=True)
    assert CANARY not in repr(settings)
    config_file.write_text(text + "lanes = 0\n")
    with pytest.raises(ConfigError) as caught:
        load(config_file, with_secrets=True)
    assert CANARY not in str(caught.value)
