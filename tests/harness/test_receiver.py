"""The receiver must tell the truth, or every test built on it lies."""

from __future__ import annotations

import http.client
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.harness.receiver import Receiver

pytestmark = pytest.mark.slow(2)

SECRET = "whsec_" + b64encode(bytes(range(32))).decode()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path / "receiver") as running:
        yield running


def _post(receiver: Receiver, body: bytes = b"<story/>", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=1)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", "/cms", body, named)
    return connection.getresponse()


def test_it_logs_what_arrived_and_keeps_the_body(receiver: Receiver) -> None:
    response = _post(receiver, b"copy", webhook_id="msg_1", wire_story="abc", wire_version="3")
    assert response.status == 200
    (arrival,) = receiver.arrivals("cms")
    assert (arrival.key, arrival.story, arrival.version) == ("msg_1", "abc", 3)
    assert arrival.sha256 == sha256(b"copy").hexdigest()
    assert receiver.body(arrival) == b"copy"
    assert arrival.signed is None


def test_one_connection_serves_many_requests(receiver: Receiver) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=1)
    for number in range(5):
        connection.request("POST", "/cms", f"body {number}".encode())
        assert connection.getresponse().read() == b""
    assert len(receiver.arrivals()) == receiver.lines() == 5


@pytest.mark.parametrize(("key_used", "expected"), [(SECRET, True), ("whsec_" + "A" * 32, False)])
def test_it_checks_the_standard_webhooks_signature(receiver: Receiver, key_used: str, expected: bool) -> None:
    receiver.control("cms", secret=SECRET)
    now = datetime.now(tz=UTC)
    signature = Webhook(key_used).sign("msg_1", now, "copy")
    _post(
        receiver,
        b"copy",
        webhook_id="msg_1",
        webhook_timestamp=str(int(now.timestamp())),
        webhook_signature=signature,
    )
    assert receiver.arrivals()[0].signed is expected


def test_a_script_is_followed_answer_by_answer(receiver: Receiver) -> None:
    receiver.control("cms", script=["500", "429", "200"])
    answers = [_post(receiver) for _ in range(3)]
    assert [answer.status for answer in answers] == [500, 429, 200]
    assert answers[1].headers["Retry-After"] == "1"
    assert [seen.taken for seen in receiver.arrivals()] == [False, False, True]


def test_a_reset_after_the_body_counts_as_taken(receiver: Receiver) -> None:
    receiver.control("cms", script=["reset"])
    with pytest.raises(ConnectionError):
        _post(receiver)
    assert receiver.arrivals()[0].taken


def test_a_cut_answer_has_its_status_but_not_its_body(receiver: Receiver) -> None:
    receiver.control("cms", script=["cut"])
    response = _post(receiver)
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()


def test_a_hang_answers_nothing(receiver: Receiver) -> None:
    receiver.control("cms", script=["hang"])
    with pytest.raises(TimeoutError):
        _post(receiver)
    assert not receiver.arrivals()[0].taken


def test_chance_faults_repeat_by_seed(receiver: Receiver) -> None:
    def draw() -> list[int]:
        receiver.control("cms", seed=5, rate=0.5, faults=["500", "503"])
        return [_post(receiver).status for _ in range(12)]

    first = draw()
    assert first == draw()
    assert {200, 500} <= set(first)
