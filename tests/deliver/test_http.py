"""What the HTTP transport sends, and how it takes every kind of answer."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.deliver.conftest import delivery
from tests.servers import http_receiver as answer
from tests.servers.http_receiver import HttpReceiver
from wire.deliver.deadline import Watchdog
from wire.deliver.http_push import HttpTransport
from wire.errors import DeliveryError, Refused, Unreachable

OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SHORT_S = 0.6
GENEROUS_S = 20.0

Make = Callable[..., HttpTransport]


@pytest.fixture
def make(receiver: HttpReceiver) -> Iterator[Make]:
    """Transports to the receiver, closed afterwards."""
    made: list[HttpTransport] = []

    def build(**options: object) -> HttpTransport:
        transport = HttpTransport(**{"url": receiver.url, "watchdog": Watchdog(), **options})
        made.append(transport)
        return transport

    yield build
    for transport in made:
        transport.close()


def test_a_document_is_posted_as_it_is_with_its_type_story_and_version(
    make: Make, receiver: HttpReceiver
) -> None:
    receipt = make(headers={"X-Desk": "example"}).send(delivery(7, version=3), deadline_s=GENEROUS_S)
    (got,) = receiver.received
    assert (got.method, got.path, got.body) == ("POST", "/wire", delivery().document.body)
    assert got.headers["content-type"] == "application/vnd.iptc.g2.newsitem+xml"
    assert got.headers["accept-encoding"] == "identity"
    assert (got.story, got.version, got.key) == ("flood1", 3, "msg_7")
    assert got.headers["x-desk"] == "example"
    assert "webhook-signature" not in got.headers
    assert receipt.status == 200
    assert receipt.accepted_at.tzinfo is not None


@pytest.mark.parametrize("secret", [OLD_SECRET, NEW_SECRET])
def test_both_secrets_verify_while_they_rotate(make: Make, receiver: HttpReceiver, secret: str) -> None:
    make(secrets=(NEW_SECRET, OLD_SECRET)).send(delivery(), deadline_s=GENEROUS_S)
    (got,) = receiver.received
    Webhook(secret).verify(got.body, got.headers, json_parse=False)


def test_a_foreign_secret_or_a_changed_body_does_not_verify(make: Make, receiver: HttpReceiver) -> None:
    make(secrets=(OLD_SECRET,)).send(delivery(), deadline_s=GENEROUS_S)
    (got,) = receiver.received
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW_SECRET).verify(got.body, got.headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD_SECRET).verify(got.body + b" ", got.headers, json_parse=False)


def test_the_key_stays_and_the_time_moves_between_attempts(make: Make, receiver: HttpReceiver) -> None:
    moments = iter(datetime(2026, 11, 22, 12, 0, second, tzinfo=UTC) for second in range(60))
    transport = make(secrets=(OLD_SECRET,), clock=lambda: next(moments))
    for _ in range(2):
        transport.send(delivery(), deadline_s=GENEROUS_S)
    first, second = receiver.received
    assert first.key == second.key
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_faulty_secret_is_named_without_being_shown() -> None:
    with pytest.raises(ValueError, match="whsec_") as caught:
        HttpTransport(url="http://127.0.0.1/", secrets=("whsec_!",))
    assert "whsec_!" not in str(caught.value)


def test_one_connection_serves_many_deliveries(make: Make, receiver: HttpReceiver) -> None:
    transport = make()
    for number in range(20):
        transport.send(delivery(number), deadline_s=GENEROUS_S)
    assert receiver.connections == 1


def test_nothing_is_connected_before_the_first_delivery(make: Make, receiver: HttpReceiver) -> None:
    make()
    assert receiver.connections == 0


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_every_2xx_is_success(make: Make, receiver: HttpReceiver, code: int) -> None:
    receiver.script(answer.status(code))
    assert make().send(delivery(), deadline_s=GENEROUS_S).status == code


@pytest.mark.parametrize("code", [408, 425, 429, 500, 501, 502, 503, 504, 599])
def test_answers_that_pass_are_to_be_retried(make: Make, receiver: HttpReceiver, code: int) -> None:
    receiver.script(answer.status(code, b"busy\n<now>"))
    with pytest.raises(Unreachable, match=f"HTTP {code}: busy <now>") as caught:
        make().send(delivery(), deadline_s=GENEROUS_S)
    assert caught.value.status == code


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 415, 422, 451])
def test_other_4xx_are_refusals(make: Make, receiver: HttpReceiver, code: int) -> None:
    receiver.script(answer.status(code))
    with pytest.raises(Refused) as caught:
        make().send(delivery(), deadline_s=GENEROUS_S)
    assert (caught.value.status, caught.value.disable) == (code, False)


def test_410_asks_never_to_be_called_again(make: Make, receiver: HttpReceiver) -> None:
    receiver.script(answer.status(410))
    with pytest.raises(Refused) as caught:
        make().send(delivery(), deadline_s=GENEROUS_S)
    assert caught.value.disable


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_failures_and_never_followed(make: Make, receiver: HttpReceiver, code: int) -> None:
    receiver.script(answer.redirect(receiver.url + "/elsewhere", code))
    with pytest.raises(Refused, match="not followed"):
        make().send(delivery(), deadline_s=GENEROUS_S)
    assert [got.path for got in receiver.received] == ["/wire"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("9" * 400, 999999999999.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(
    make: Make, receiver: HttpReceiver, value: str, seconds: float | None
) -> None:
    receiver.script(answer.status(429, retry_after=value))
    transport = make(clock=lambda: datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    with pytest.raises(Unreachable) as caught:
        transport.send(delivery(), deadline_s=GENEROUS_S)
    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize(
    "reply",
    [answer.hang(), answer.drip_status(), answer.drip_headers(500), answer.drip_body(500)],
    ids=["hang", "status drip", "header drip", "body drip"],
)
def test_the_deadline_is_for_the_whole_exchange(
    make: Make, receiver: HttpReceiver, reply: answer.Reply
) -> None:
    receiver.script(reply)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        make().send(delivery(), deadline_s=SHORT_S)
    assert time.monotonic() - began < GENEROUS_S  # each of them would last for ever


def test_after_a_broken_off_exchange_the_next_one_works(make: Make, receiver: HttpReceiver) -> None:
    receiver.script(answer.hang())
    transport = make()
    with pytest.raises(Unreachable, match=r"no answer within 0\.6 s|timed out"):  # whichever clock is first
        transport.send(delivery(1), deadline_s=SHORT_S)
    assert transport.send(delivery(2), deadline_s=GENEROUS_S).status == 200


@pytest.mark.parametrize(
    "reply",
    [answer.cut(), answer.drip_headers(), answer.drip_body(), answer.huge()],
    ids=["cut", "header drip", "body drip", "huge"],
)
def test_a_2xx_status_decides_whatever_becomes_of_the_rest(
    make: Make, receiver: HttpReceiver, reply: answer.Reply
) -> None:
    receiver.script(reply)
    transport = make()
    assert transport.send(delivery(1), deadline_s=SHORT_S).status == 200
    assert transport.send(delivery(2), deadline_s=GENEROUS_S).status == 200


def test_huge_and_packed_answers_cost_no_memory(make: Make, receiver: HttpReceiver) -> None:
    transport = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = answer.gzip_bomb()
    packing = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    receiver.script(bomb, answer.huge(500))
    transport.send(delivery(1), deadline_s=GENEROUS_S)
    with pytest.raises(Unreachable):
        transport.send(delivery(2), deadline_s=GENEROUS_S)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before - packing
    assert grown < 50_000  # KiB; unpacked they would take 100 MB each


@pytest.mark.parametrize("reply", [answer.reset(), answer.garbage()], ids=["reset", "garbage"])
def test_a_broken_conversation_is_to_be_retried(
    make: Make, receiver: HttpReceiver, reply: answer.Reply
) -> None:
    receiver.script(reply)
    with pytest.raises(Unreachable) as caught:
        make().send(delivery(), deadline_s=GENEROUS_S)
    assert caught.value.status is None
    assert len(receiver.received) == 1  # the queue counts attempts, not the library


def test_a_closed_port_is_unreachable(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable, match=f"^127.0.0.1 port {port}: Connection refused$"):
        make(url=f"http://127.0.0.1:{port}/").send(delivery(), deadline_s=GENEROUS_S)


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/", "http://" + "a" * 70 + ".example/"])
def test_a_name_without_address_is_unreachable(make: Make, url: str) -> None:
    with pytest.raises(Unreachable, match=r"^no-such-host\.invalid: |^no host name: "):
        make(url=url).send(delivery(), deadline_s=GENEROUS_S)


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "0.0.0.0", "2852039166"])
def test_metadata_and_link_local_addresses_are_never_connected_to(make: Make, host: str) -> None:
    with pytest.raises(DeliveryError, match="not connected to"):
        make(url=f"http://{host}/", networks=[ip_network("0.0.0.0/0")]).send(
            delivery(), deadline_s=GENEROUS_S
        )


def test_private_addresses_need_their_network_listed(make: Make) -> None:
    with pytest.raises(DeliveryError, match=r"10\.255\.255\.1 is a private address"):
        make(url="http://10.255.255.1/").send(delivery(), deadline_s=GENEROUS_S)


def test_proxies_of_the_environment_are_ignored(
    make: Make, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.delenv("no_proxy", raising=False)
    make().send(delivery(), deadline_s=GENEROUS_S)
    assert len(receiver.received) == 1


def test_cookies_are_not_kept(make: Make, receiver: HttpReceiver) -> None:
    receiver.script(answer.status(200, headers=("Set-Cookie: a=b",)))
    transport = make()
    for number in range(2):
        transport.send(delivery(number), deadline_s=GENEROUS_S)
    assert "cookie" not in receiver.received[1].headers


def test_a_header_that_cannot_be_sent_is_refused(make: Make) -> None:
    with pytest.raises(Refused, match="header"):
        make().send(delivery(media_type="text/plain; title=Überflutung – 洪水"), deadline_s=GENEROUS_S)


def test_closing_breaks_off_a_send(make: Make, receiver: HttpReceiver) -> None:
    receiver.script(answer.hang())
    transport = make()
    ended = threading.Event()

    def send() -> None:
        with pytest.raises(Unreachable):
            transport.send(delivery(), deadline_s=600)
        ended.set()

    threading.Thread(target=send, daemon=True).start()
    receiver.wait_for(1)
    transport.close()
    assert ended.wait(GENEROUS_S)
    with pytest.raises(Unreachable, match="stopping"):
        transport.send(delivery(), deadline_s=GENEROUS_S)


@pytest.mark.parametrize("code", [200, 404, 405, 500])
def test_a_probe_is_content_with_any_answer_and_delivers_nothing(
    make: Make, receiver: HttpReceiver, code: int
) -> None:
    receiver.always(answer.status(code))
    make().probe()
    (got,) = receiver.received
    assert (got.method, got.body) == ("HEAD", b"")


def test_a_probe_of_a_closed_port_fails(make: Make) -> None:
    with pytest.raises(Unreachable):
        make(url="http://127.0.0.1:1/").probe()
