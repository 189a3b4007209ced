"""Alarms on the desk: what, since when, and what to do, on every page and live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.desk_page.conftest import CONFIG, Newsdesk, configured
from tests.desk_page.test_api import Machine
from tests.desk_page.test_story import dropped
from wire.ports.delivery import Terms
from wire.story import DeliveryState, Outcome

pytestmark = pytest.mark.slow(3)

SILENT = CONFIG.replace('id = "agency"', 'id = "agency"\nquiet_after_s = 1800')
ALARM = "<strong>nothing came from agency for 45 min</strong>, since "


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    """A desk whose agency may be silent for half an hour, and has just not been yet."""
    desk = configured(tmp_path, SILENT)
    desk.app.watchman.resume()
    yield desk
    desk.app.stop()


@pytest.fixture
def silent(desk: Newsdesk) -> Newsdesk:
    """The desk three quarters of an hour later, when somebody has looked."""
    desk.now += timedelta(minutes=45)
    desk.app.watchman.look()
    return desk


@pytest.mark.parametrize("path", ["/desk", "/desk/inbox", "/desk/outlets"])
def test_every_page_shows_the_alarms_that_stand_and_no_others(silent: Newsdesk, path: str) -> None:
    rik = silent.guest("rik")
    page = rik.get(path).text
    assert page.count(ALARM) == 1
    assert "2 Mar 2026, 12:00</time>. Ask the agency or check its line" in page
    assert 'href="/desk?source=agency"' in page
    silent.app.tally.arrived("agency", silent.now)
    silent.app.watchman.look()
    assert "nothing came" not in rik.get(path).text


def test_who_has_not_come_in_sees_none(silent: Newsdesk) -> None:
    assert "agency" not in silent.guest().get("/desk/login").text


def test_the_api_lists_them(silent: Newsdesk) -> None:
    [alarm] = Machine(silent).get("/api/alarms")["alarms"]
    assert (alarm["kind"], alarm["about"]) == ("quiet-source", "agency")
    assert alarm["since"] == "2026-03-02T12:00:00+00:00"


def test_a_board_that_is_open_shows_an_alarm_without_being_asked(desk: Newsdesk) -> None:
    rik = desk.guest("rik")
    connection = HTTPConnection(desk.url.removeprefix("http://"), timeout=30)
    path = f"/desk/live?seen={desk.app.database.commits}"
    connection.request("GET", path, headers={"Cookie": rik.cookie})
    stream = connection.getresponse()
    assert stream.readline() == b"retry: 2000\n"
    desk.now += timedelta(minutes=45)
    desk.app.watchman.look()
    assert any(ALARM.encode() in line for line in iter(stream.readline, b""))
    connection.close()


def test_what_an_endpoint_says_when_it_is_switched_off_is_told_to_nobody_outside(
    desk: Newsdesk, caplog: pytest.LogCaptureFixture
) -> None:
    """It may repeat the copy that it was sent, embargo and all; health and log are for everybody."""
    dropped(desk)
    [lane] = desk.app.queue.ripe(limit=9)
    [sent] = desk.app.queue.take(lane, Terms(limit=1, lease_s=60), worker="w").deliveries
    gone = Outcome(
        delivery_id=sent.id,
        state=DeliveryState.DUE,
        started_at=desk.now,
        ended_at=desk.now,
        detail="HTTP 410: The bridge is closed",
        next_due=desk.now,
        disable_endpoint=True,
    )
    desk.app.queue.settle(lane, [gone], worker="w")
    desk.app.watchman.look()
    health = desk.guest().get("/health").text
    assert "archive is switched off" in health and "archive is switched off" in caplog.text
    assert "bridge" not in health and "bridge" not in caplog.text
    assert "The bridge is closed" in desk.guest("rik").get("/desk/outlets").text
