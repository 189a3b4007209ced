"""What a ``type = "http"`` endpoint is told when it is configured wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.conftest import Faults
from wire.config import load
from wire.errors import ConfigError


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ('user = "desk"', "endpoints[1]: user and password go together"),
        ('password = "hunter2"', "endpoints[1].password: a secret never stands in the configuration itself"),
        ('bearer = "hunter2"', "endpoints[1].bearer: a secret never stands in the configuration itself"),
        (
            'bearer = "${env:A}"\nheaders = { authorization = "Basic ${env:B}" }',
            "endpoints[1]: bearer, user and an Authorization header are three ways for one; give one",
        ),
        ('client_key = "a.key"', "endpoints[1]: client_key needs its client_certificate"),
        ('old_secret = "${env:A}"', "endpoints[1]: old_secret stands beside a secret"),
        (
            'headers = { X = "{story.version}" }',
            "endpoints[1].headers.X: {story.version} is nothing that can",
        ),
        ('headers = { wire-story = "x" }', "endpoints[1].headers: wire-story is set by wire itself"),
        ('batch = 2\nheaders = { X = "{story}" }', "endpoints[1]: with a batch of several, url and headers"),
        ('method = "DELETE"', "endpoints[1].method: must be 'POST' or 'PUT'"),
    ],
)
def test_faults_are_told(faults_of: Faults, settings: str, fault: str) -> None:
    (found,) = faults_of(f'[[endpoints]]\nid = "cms"\ntype = "http"\nurl = "http://x.example/"\n{settings}\n')
    assert found.partition(": ")[2].startswith(fault)
    assert "hunter2" not in found


@pytest.mark.parametrize("url", ["http://{story}.example/", "http://x.example{story}/"])
def test_the_host_is_never_filled_in(faults_of: Faults, url: str) -> None:
    (found,) = faults_of(f'[[endpoints]]\nid = "cms"\ntype = "http"\nurl = "{url}"\n')
    assert "only the path may hold" in found


def test_a_file_that_is_not_there_is_a_fault_of_its_line(config_file: Path) -> None:
    config_file.write_text(
        '[[endpoints]]\nid = "cms"\ntype = "http"\nurl = "https://x/"\nca_file = "ca.pem"\n'
    )
    load(config_file)
    with pytest.raises(ConfigError, match=r"wire\.toml:5: endpoints\[1\]\.ca_file: .*ca\.pem cannot be read"):
        load(config_file, with_secrets=True)
