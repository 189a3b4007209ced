"""The HTTP API: the same operations as JSON, for machines with a token."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from openapi_spec_validator import validate

from tests.desk_page.conftest import TOKEN, Guest, Newsdesk, Reply
from tests.desk_page.test_story import STORY, dropped
from wire.orders.pushing import PushWork
from wire.store.audit import audit

BODY = json.dumps(STORY).encode()


class Machine:
    """Something that calls the API."""

    def __init__(self, newsdesk: Newsdesk, token: str | None = TOKEN) -> None:
        self._guest = Guest(newsdesk.url)
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def call(
        self, method: str, path: str, fields: Any = None, *, body: bytes | None = None, **headers: str
    ) -> Reply:
        if fields is not None:
            body = json.dumps(fields).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._guest.ask(method, path, body, self._headers | named)

    def get(self, path: str) -> Any:
        reply = self.call("GET", path)
        assert reply.status == 200, reply.text
        return json.loads(reply.body)


def said(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["error"]["message"]


@pytest.mark.slow
def test_the_document_describes_every_operation_and_is_valid(newsdesk: Newsdesk) -> None:
    reply = Machine(newsdesk, None).call("GET", "/api/openapi.json")
    document = json.loads(reply.body)
    validate(document)
    described = {(method, path) for path, made in document["paths"].items() for method in made}
    assert {
        ("get", "/api/stories"),
        ("post", "/api/stories"),
        ("post", "/api/stories/{id}/kill"),
    } <= described
    ids = [made["operationId"] for path in document["paths"].values() for made in path.values()]
    assert len(ids) == len(set(ids))


def test_nothing_is_told_without_a_token(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    for machine in (Machine(newsdesk, None), Machine(newsdesk, "wrong"), Machine(newsdesk, "")):
        reply = machine.call("GET", "/api/stories")
        assert reply.status == 401 and reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert ann.get("/api/stories").status == 401, "a cookie counts for nothing here"
    assert Machine(newsdesk).get("/api/stories") == {"stories": [], "older": None, "unsearchable": 0}


def test_a_pushed_story_is_accepted_at_once_and_kept(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    reply = machine.call("POST", "/api/stories?source=agency&name=bridge.json", body=BODY)
    assert reply.status == 201
    [made] = json.loads(reply.body)["stories"]
    assert (made["version"], made["action"], made["standing"]) == (1, "new", "live")
    [row] = newsdesk.stories()
    detail = newsdesk.browse.story(row.id)
    assert detail is not None and (row.id, row.source) == (made["id"], "agency")
    assert [(entry.who, entry.what) for entry in detail.history] == [("system", "sent by the HTTP API")]
    assert detail.revisions[0].file == "agency/bridge.json"
    assert newsdesk.app.board.rendition("all", "atom").body.count(b"</entry>") == 1  # type: ignore[union-attr]
    assert audit(newsdesk.app.database) == []


def test_a_push_under_a_key_may_be_repeated(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    first = json.loads(machine.call("POST", "/api/stories", body=BODY, Idempotency_Key="k1").body)
    with ThreadPoolExecutor(4) as pool:
        repeats = list(
            pool.map(
                lambda _: machine.call("POST", "/api/stories", body=BODY, Idempotency_Key="k1"), range(6)
            )
        )
    for repeat in repeats:
        assert repeat.status == 201
        assert json.loads(repeat.body) == {**first, "repeated": True}
    assert said(machine.call("POST", "/api/stories", body=BODY + b" ", Idempotency_Key="k1")) == (
        409,
        "this key was used for another file",
    )
    assert len(newsdesk.stories()) == 1
    # without a key, the same bytes are a duplicate like every other file's
    again = json.loads(machine.call("POST", "/api/stories", body=BODY).body)
    assert (again["stories"], again["duplicate"], again["repeated"]) == ([], True, False)


def test_nobody_meets_another_ones_key(newsdesk: Newsdesk) -> None:
    app = newsdesk.app
    work = PushWork(pipeline=app.pipeline, settings=app.settings, clock=app.clock)
    pushed = [
        work.push(data=body, name="a.json", source="agency", who=who, key="k")
        for who, body in (("ann", BODY), ("system", BODY.replace(b"Bridge", b"Tunnel")))
    ]
    assert [len(one["stories"]) for one in pushed] == [1, 1]
    assert not any(one["repeated"] for one in pushed)


def test_pushes_at_the_same_time_under_one_key_are_one(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    with ThreadPoolExecutor(8) as pool:
        replies = list(
            pool.map(lambda _: machine.call("POST", "/api/stories", body=BODY, Idempotency_Key="k"), range(8))
        )
    assert {reply.status for reply in replies} == {201}
    assert sorted(json.loads(reply.body)["repeated"] for reply in replies) == [False] + [True] * 7


def test_answers_to_keys_are_kept_for_a_month(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    machine.call("POST", "/api/stories", body=BODY, Idempotency_Key="k")
    newsdesk.now = newsdesk.now.replace(month=4, day=30)
    newsdesk.app.purge()
    assert machine.call("POST", "/api/stories", body=BODY + b" ", Idempotency_Key="k").status == 201


def test_what_cannot_be_read_is_refused_and_not_kept(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    status, why = said(machine.call("POST", "/api/stories?name=a.json", body=b'{"pub_status": '))
    assert status == 422 and "JSON" in why
    assert said(machine.call("POST", "/api/stories", body=b""))[0] == 400
    assert said(machine.call("POST", "/api/stories?source=nobody", body=BODY))[0] == 409
    assert said(machine.call("POST", "/api/stories", body=b"x" * 1_000_001))[0] == 413
    assert newsdesk.browse.quarantine() == [] and newsdesk.stories() == []


def test_orders_are_carried_out_as_on_the_page(newsdesk: Newsdesk) -> None:
    id, machine = dropped(newsdesk), Machine(newsdesk)
    at = f"/api/stories/{id}"
    done = machine.call("POST", f"{at}/amend", {"version": 1, "changes": {"headline": "Shut"}, "note": "n"})
    assert json.loads(done.body) == {"story": id, "version": 2, "standing": "live"}
    assert json.loads(machine.call("POST", f"{at}/embargo", {"until": "2030-01-01T00:00Z"}).body)[
        "standing"
    ] == ("embargoed")
    assert machine.call("POST", f"{at}/release", {}).status == 200
    assert machine.call("POST", f"{at}/withhold").status == 200
    assert machine.call("POST", f"{at}/release").status == 200
    assert machine.call("POST", f"{at}/kill", {"note": "wrong"}).status == 200
    told = machine.get(at)
    assert told["story"]["standing"] == "killed" and told["json"]["headline"] == "Shut"
    assert [entry["who"] for entry in told["history"]] == ["system"] * 6
    assert said(machine.call("POST", f"{at}/kill", {"note": "again"})) == (
        409,
        f"story {id}: it is killed already",
    )


def test_what_is_asked_wrongly_is_said(newsdesk: Newsdesk) -> None:
    id, machine = dropped(newsdesk), Machine(newsdesk)
    kill = f"/api/stories/{id}/kill"
    assert said(machine.call("POST", kill, {})) == (400, "note is missing")
    assert said(machine.call("POST", kill, {"note": 5})) == (400, "note must be of type string")
    assert said(machine.call("POST", kill, {"why": "x"})) == (400, "why is no field; known are: note")
    assert said(machine.call("POST", kill, ["note"]))[0] == 400
    assert said(machine.call("POST", kill, body=b"{"))[0] == 400
    assert said(machine.call("GET", "/api/stories?sauce=x"))[0] == 400
    for limit in ("0", "201", "000000201", "0000010000000", "²", "9" * 5000):
        assert said(machine.call("GET", f"/api/stories?limit={quote(limit)}"))[0] == 400, limit[:20]
    assert said(machine.call("GET", "/api/stories/nothing"))[0] == 404
    assert said(machine.call("GET", "/api/nothing"))[0] == 404
    assert machine.call("DELETE", f"/api/stories/{id}").status == 405
    assert newsdesk.stories()[0].standing == "live"


def test_words_that_no_text_may_hold_harm_no_order(newsdesk: Newsdesk) -> None:
    id, machine = dropped(newsdesk), Machine(newsdesk)
    at = f"/api/stories/{id}"
    assert said(machine.call("POST", f"{at}/withhold", {"note": "half a \ud83d"})) == (
        400,
        "the body holds half a character: a surrogate without its other",
    )
    assert machine.call("POST", f"{at}/kill", {"note": "two\0\x1bwords"}).status == 200
    detail = newsdesk.browse.story(id)
    assert detail is not None
    assert [entry.note for entry in detail.history] == ["twowords"]


def test_stories_are_listed_searched_and_shown(newsdesk: Newsdesk) -> None:
    machine = Machine(newsdesk)
    for number in range(3):
        dropped(newsdesk, guid=f"urn:x:{number}", headline=f"Bridge {number}", slugline=f"B{number}")
    page = machine.get("/api/stories?limit=2&text=bridge&source=agency")
    assert [row["headline"] for row in page["stories"]] == ["Bridge 2", "Bridge 1"]
    rest = machine.get(f"/api/stories?limit=2&text=bridge&source=agency&before={page['older']}")
    assert [row["headline"] for row in rest["stories"]] == ["Bridge 0"] and rest["older"] is None
    id = rest["stories"][0]["id"]
    document = machine.call("GET", f"/api/stories/{id}/documents/nitf")
    assert document.status == 200 and b"Bridge 0" in document.body
    assert (
        machine.call("GET", f"/api/stories/{id}/original").body
        == json.dumps({**STORY, "guid": "urn:x:0", "headline": "Bridge 0", "slugline": "B0"}).encode()
    )


def test_the_quarantine_is_listed_and_mended(newsdesk: Newsdesk) -> None:
    newsdesk.drop("broken.json", '{"pub_status": "usable", "headline": "Almost', source="agency")
    machine = Machine(newsdesk)
    [held] = machine.get("/api/quarantine")["held"]
    at = f"/api/quarantine/{held['intake_id']}"
    assert json.loads(machine.call("POST", f"{at}/release").body)["released"] == 0
    assert machine.call("POST", f"{at}/mend", {"text": BODY.decode()}).status == 200
    assert machine.get("/api/quarantine") == {"held": []}
    assert machine.get("/api/inbox") == {"waiting": []}
    assert newsdesk.stories()[0].headline == "Bridge closed"
