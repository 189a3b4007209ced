"""What scripts depend on is documented: every command, every field of ``--json``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.cli.test_help import COMMANDS
from wire.common import lists
from wire.desk.explain import Reason
from wire.flow.itinerary import Itinerary, Stop
from wire.orders.checkup import Status

TEXT = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")

SHOWN = (
    *(lists.StoryRow, lists.RevisionRow, lists.DeliveryRow, lists.AttemptRow),
    *(
        lists.AlikeRow,
        lists.HistoryRow,
        lists.QuarantineRow,
        lists.EndpointRow,
        Status,
        Itinerary,
        Stop,
        Reason,
    ),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`wire {command}" in TEXT


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.__name__)
def test_every_field_of_json_is_documented(shown: type) -> None:
    missing = [field.name for field in dataclasses.fields(shown) if f"`{field.name}`" not in TEXT]
    assert not missing
