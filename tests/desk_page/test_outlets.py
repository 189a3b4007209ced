"""Feeds and endpoints on the desk: what they show, and what admins do with them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.desk_page.conftest import Newsdesk
from tests.desk_page.test_api import Machine, said
from tests.desk_page.test_story import acted, dropped
from wire.app import operations
from wire.common.deskview import Settled
from wire.ports.delivery import Terms
from wire.store.outlet_view import OutletView
from wire.story import DeliveryState, Outcome
from wire.web.desk.outlets import hour_bars, lag_bars, median_lag

pytestmark = pytest.mark.slow(4)


def delivered(newsdesk: Newsdesk) -> None:
    """Turns of every ripe lane until nothing is due."""
    turn = newsdesk.app.build_turn()
    try:
        while lanes := newsdesk.app.queue.ripe(limit=100):
            for lane in lanes:
                while turn(lane):
                    pass
    finally:
        turn.close()


def states(newsdesk: Newsdesk) -> list[str]:
    return [row.state for row in newsdesk.browse.deliveries()]


def test_the_page_shows_what_feeds_show_and_what_waits_for_endpoints(newsdesk: Newsdesk) -> None:
    for number in range(3):
        dropped(newsdesk, guid=f"urn:x:{number}", headline=f"Bridge {number}")
        newsdesk.now += timedelta(hours=2)
    machine = Machine(newsdesk)
    [feed] = machine.get("/api/feeds")["feeds"]
    assert (feed["id"], feed["shown"], sum(feed["hours"]), len(feed["hours"])) == ("all", 3, 3, 24)
    [endpoint] = machine.get("/api/endpoints")["endpoints"]
    assert (endpoint["row"]["waiting"], endpoint["settled"]) == (3, [])
    delivered(newsdesk)
    [endpoint] = machine.get("/api/endpoints")["endpoints"]
    assert (endpoint["row"]["waiting"], endpoint["row"]["delivered"], len(endpoint["settled"])) == (0, 3, 3)
    page = newsdesk.guest("rik").get("/desk/outlets").text
    assert page.count('<rect class="good"') == 3 and page.count('<rect class="hour"') == 3
    assert "Pause…" not in page, "a reader only looks"


def test_an_endpoint_is_paused_tested_resumed_and_replayed(newsdesk: Newsdesk) -> None:
    eve = newsdesk.guest("eve")

    def act(action: str, **fields: str) -> str:
        reply = eve.send(f"/desk/endpoints/archive/{action}", **fields)
        assert reply.status == 303, reply.text
        return eve.get(reply.headers["Location"].partition("#")[0]).text

    assert "Nothing is sent to it" in act("pause", note="Their night")
    dropped(newsdesk)
    assert newsdesk.app.queue.ripe(limit=10) == []
    assert "by eve since" in eve.get("/desk/outlets").text and "Their night" in eve.get("/desk/outlets").text
    assert "It is sent to again" in act("resume")
    delivered(newsdesk)
    assert states(newsdesk) == ["done"]
    assert "It answers" in act("test")
    assert "due again" in act("replay", since="2026-03-02T11:00")
    assert states(newsdesk) == ["due"]
    assert eve.send("/desk/endpoints/nobody/test").status == 409
    assert eve.send("/desk/endpoints/archive/explode").status == 404


def test_only_admins_do_something_with_endpoints(newsdesk: Newsdesk) -> None:
    for name in ("rik", "ann"):
        for action in ("pause", "resume", "test", "replay", "retry"):
            assert newsdesk.guest(name).send(f"/desk/endpoints/archive/{action}").status == 403


def test_a_story_is_sent_again(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    refused = ann.send(f"/desk/stories/{id}/resend")
    assert refused.status == 409 and "nothing to send again" in refused.text
    delivered(newsdesk)
    acted(ann, id, "resend", endpoint="archive", note="They lost it")
    assert states(newsdesk) == ["due"]
    delivered(newsdesk)
    acted(ann, id, "resend")
    detail = newsdesk.browse.story(id)
    assert detail is not None
    assert [(row.who, row.what, row.note) for row in detail.history] == [
        ("ann", "sent again to archive", "They lost it"),
        ("ann", "sent again to every endpoint", None),
    ]


def test_the_api_does_the_same(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    at = "/api/endpoints/archive"
    assert machine.call("POST", f"{at}/pause", {"note": "n"}).status == 200
    assert machine.call("POST", f"{at}/resume").status == 200
    assert machine.call("POST", f"{at}/test").status == 200
    assert json.loads(machine.call("POST", f"{at}/replay", {"since": "2026-03-01"}).body) == {"replayed": 0}
    assert said(machine.call("POST", f"{at}/replay"))[0] == 400
    assert json.loads(machine.call("POST", f"{at}/retry").body) == {"retried": 0}


@pytest.mark.parametrize("number", [0, 1, 60])
def test_bars_stand_inside_their_chart(number: int) -> None:
    settled = [Settled(lag_s=10.0**power, sent=power != 3) for power in range(-4, 8)] * 5
    for bar in (*lag_bars(settled[:number]), *hour_bars([number] * 24)):
        assert 0 <= bar.x < 240 and 0 <= bar.height <= 40


def test_the_median_is_of_what_was_sent() -> None:
    assert median_lag([]) is None
    lags = [Settled(lag_s=9, sent=False), *(Settled(lag_s=lag, sent=True) for lag in (3, 1, 2))]
    assert median_lag(lags) == 2


def test_what_was_ordered_of_an_endpoint_is_kept_with_who_did(newsdesk: Newsdesk) -> None:
    eve, machine = newsdesk.guest("eve"), Machine(newsdesk)
    for action, fields in (("pause", {"note": "Their night"}), ("resume", {}), ("test", {})):
        assert eve.send(f"/desk/endpoints/archive/{action}", **fields).status == 303
        newsdesk.now += timedelta(minutes=1)
    since = "2026-03-02T11:00+00:00"
    assert machine.call("POST", "/api/endpoints/archive/replay", {"since": since}).status == 200
    [endpoint] = machine.get("/api/endpoints")["endpoints"]
    assert [(order["who"], order["what"]) for order in endpoint["orders"]] == [
        ("system", f"replayed since {since}"),
        ("eve", "tested"),
        ("eve", "resumed"),
    ]
    assert "12:01 <strong>eve</strong> resumed" in newsdesk.guest("rik").get("/desk/outlets").text


def test_orders_by_command_are_kept_with_who_gave_them_too(newsdesk: Newsdesk) -> None:
    dropped(newsdesk)
    orders = operations(newsdesk.app)
    orders["pause"](endpoint="archive", who="kim\n", note="two\0 words")
    orders["test"](endpoint="archive", who="kim")
    orders["resume"](endpoint="archive", who="kim")
    [endpoint] = OutletView(newsdesk.app.database, newsdesk.clock).endpoints()
    assert [(order.who, order.what) for order in endpoint.orders] == [
        ("kim", "resumed"),
        ("kim", "tested"),
        ("kim", "paused: two words"),
    ]


@pytest.mark.parametrize("named", [True, False])
def test_a_retry_is_kept_with_every_endpoint_that_it_concerns(newsdesk: Newsdesk, *, named: bool) -> None:
    dropped(newsdesk)
    app = newsdesk.app
    [lane] = app.queue.ripe(limit=9)
    [claimed] = app.queue.take(lane, Terms(limit=1, lease_s=60), worker="w").deliveries
    dead = Outcome(
        delivery_id=claimed.id, state=DeliveryState.DEAD, started_at=newsdesk.now, ended_at=newsdesk.now
    )
    app.queue.settle(lane, [dead], worker="w")
    ids = [claimed.id] if named else None
    assert operations(app)["retry"](who="kim", ids=ids) == {"retried": 1}
    assert operations(app)["retry"](who="kim") == {"retried": 0}, "and is not kept"
    [endpoint] = OutletView(app.database, newsdesk.clock).endpoints()
    assert [(order.who, order.what) for order in endpoint.orders] == [("kim", "sent again what was given up")]


def test_what_could_not_be_done_is_not_told_as_done(newsdesk: Newsdesk) -> None:
    assert newsdesk.guest("eve").send("/desk/endpoints/archive/replay", since="soon").status == 409
    assert newsdesk.guest("rik").send("/desk/endpoints/archive/pause").status == 403
    [endpoint] = Machine(newsdesk).get("/api/endpoints")["endpoints"]
    assert endpoint["orders"] == []
