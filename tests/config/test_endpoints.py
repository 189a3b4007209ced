"""Endpoints: what their types have in common, and types that third parties bring along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.conftest import Faults, Load
from wire import plugins
from wire.deliver.turn import build_transport
from wire.errors import Unreachable
from wire.from_settings import route

MODULE = """
from wire.errors import Unreachable

class Pigeon:
    def __init__(self, *, loft, grain=1, codes=()):
        self.told = (loft, grain, codes)

    def send(self, delivery, *, deadline_s):
        raise Unreachable(f"the pigeon is tired: {self.told}")

    def probe(self):
        raise Unreachable(f"the pigeon is asleep: {self.told}")

    def close(self):
        pass
"""


@pytest.fixture
def pigeons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A distribution that brings a transport along, installed for the time of the test."""
    site = tmp_path / "site"
    about = site / "wire_pigeons-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wire-pigeons\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[wire.transports]\npigeon = wire_pigeons:Pigeon\n")
    (site / "wire_pigeons.py").write_text(MODULE)
    monkeypatch.syspath_prepend(site)
    plugins.names.cache_clear()
    plugins.load.cache_clear()
    yield
    plugins.names.cache_clear()
    plugins.load.cache_clear()


@pytest.mark.usefixtures("pigeons")
def test_a_third_partys_transport_gets_its_options_with_secrets_looked_up(
    settings_of: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOFT", "c4nary-c4nary")
    settings = settings_of(
        '[[endpoints]]\nid = "coop"\ntype = "pigeon"\ndocument = "text"\ndeadline_s = 3\n'
        'options = { loft = "north-${env:LOFT}", grain = 2, codes = ["${env:LOFT}", "b"] }\n'
    )
    (endpoint,) = settings.endpoints
    assert "c4nary" not in repr(endpoint)
    way = route(endpoint, settings)
    assert (way.transport, way.deadline_s) == ("pigeon", 3.0)
    assert way.options == {"loft": "north-c4nary-c4nary", "grain": 2, "codes": ["c4nary-c4nary", "b"]}
    with pytest.raises(Unreachable, match=r"asleep: \('north-\[secret\]', 2, \['\[secret\]', 'b'\]\)"):
        build_transport(way).probe()


@pytest.mark.usefixtures("pigeons")
def test_faults_of_a_third_partys_endpoint_stand_with_their_lines(faults_of: Faults) -> None:
    loft, lanes = faults_of('[[endpoints]]\nid = "coop"\ntype = "pigeon"\nloft = "north"\nlanes = 0\n')
    assert loft.startswith("4: endpoints[1].loft: is no known setting; known are id, document")
    assert lanes == "5: endpoints[1].lanes: must be greater than or equal to 1"
    (fault,) = faults_of('[[endpoints]]\nid = "coop"\ntype = "pigeon"\noptions = { loft = "${env:}" }\n')
    assert fault.startswith("4: endpoints[1].options.loft: holds a reference to a secret that cannot be read")


@pytest.mark.usefixtures("pigeons")
def test_a_misspelt_type_is_told_what_there_is_third_parties_included(faults_of: Faults) -> None:
    assert faults_of('[[endpoints]]\nid = "coop"\ntype = "pigion"\n') == [
        "1: endpoints[1]: 'pigion' is no known type; did you mean 'pigeon'?"
    ]
    (fault,) = faults_of('[[endpoints]]\nid = "coop"\ntype = "xyz"\n')
    assert fault.startswith("1: endpoints[1]: 'xyz' is no known type; known are http, folder")
    assert fault.endswith("pigeon")
