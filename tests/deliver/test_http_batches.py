"""Several stories in one request: what it looks like, by which key, and how each of them fares."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from standardwebhooks import Webhook

from tests.deliver.conftest import TransportOf, delivery
from tests.feeds.stories import HOUSE, make_revision
from tests.publish.official import assert_valid
from tests.servers import http_receiver as answer
from tests.servers.http_receiver import HttpReceiver
from wire.deliver.bundle import bundle_key, bundled
from wire.deliver.discretion import Discreet
from wire.errors import DeliveryError, Refused, Unreachable
from wire.iptc.namespaces import NAR
from wire.publish.newsml_g2 import NewsMLG2Renderer
from wire.story import Action, Delivery, Document, Receipt

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def story(number: int, document: Document, action: Action = Action.NEW) -> Delivery:
    return replace(delivery(number, story=f"s{number}", version=number, action=action), document=document)


def item(number: int) -> Document:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<newsItem xmlns="{NAR}" guid="g{number}"/>\n'
    return Document(
        format="newsml-g2",
        media_type="application/vnd.iptc.g2.newsitem+xml",
        body=body.encode(),
        suffix="xml",
    )


def line(number: int, text: bytes | None = None) -> Document:
    body = text or json.dumps({"guid": f"g{number}", "headline": "Über\nFlut"}, indent=1).encode()
    return Document(format="json", media_type="application/json", body=body, suffix="json")


def old(number: int) -> Document:
    return Document(
        format="iptc7901", media_type="text/plain", body=b"\x01\xfe\r\n%d\x04" % number, suffix="txt"
    )


Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, receiver: HttpReceiver) -> Endpoint:
    """The transport to an endpoint that takes batches."""

    def build(settings: str = "") -> Discreet:
        return transport_of(f'type = "http"\nurl = "{receiver.url}"\nbatch = 10\n{settings}\n')

    return build


def test_newsml_g2_becomes_one_news_message(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    fared = endpoint().send_all([story(n, item(n)) for n in (1, 2, 3)], deadline_s=10)
    (got,) = receiver.received
    assert got.headers["content-type"] == "application/vnd.iptc.g2.newsmessage+xml"
    message = etree.fromstring(got.body)
    assert message.tag == f"{{{NAR}}}newsMessage"
    assert [one.get("guid") for one in message.find(f"{{{NAR}}}itemSet")] == ["g1", "g2", "g3"]
    assert message.findtext(f"{{{NAR}}}header/{{{NAR}}}sent") == "2026-11-22T12:00:00+00:00"
    assert message.findtext(f"{{{NAR}}}header/{{{NAR}}}transmitId") == got.key
    assert got.headers["wire-batch"] == "3"
    assert [type(one) for one in fared] == [Receipt] * 3


def test_json_becomes_a_line_a_story(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    endpoint().send_all([story(n, line(n)) for n in (1, 2)], deadline_s=10)
    (got,) = receiver.received
    assert got.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(one) for one in got.body.splitlines()] == [
        {"guid": "g1", "headline": "Über\nFlut"},
        {"guid": "g2", "headline": "Über\nFlut"},
    ]


def test_anything_else_becomes_parts_that_say_what_each_of_them_is(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S", SECRET)
    endpoint('secret = "${env:S}"').send_all([story(2, old(2), Action.KILL), story(1, old(1))], deadline_s=10)
    (got,) = receiver.received
    head = f"Content-Type: {got.headers['content-type']}\r\n\r\n".encode()
    parts = list(BytesParser(policy=HTTP).parsebytes(head + got.body).iter_parts())
    assert [part.get_payload(decode=True) for part in parts] == [old(2).body, old(1).body]
    assert [
        (part["webhook-id"], part["wire-story"], part["wire-version"], part["wire-action"]) for part in parts
    ] == [
        ("msg_2", "s2", "2", "kill"),
        ("msg_1", "s1", "1", "new"),
    ]
    assert got.headers["webhook-signature"].startswith("v1,")


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20, unique=True), st.randoms())
def test_the_key_and_the_bytes_are_those_of_the_deliveries_in_their_order(numbers: list[int], random) -> None:
    deliveries = [story(number, line(number)) for number in numbers]
    later = [replace(one, attempt=7) for one in deliveries]
    assert (bundle_key(deliveries), bundled(deliveries)) == (bundle_key(later), bundled(later))
    shuffled = random.sample(deliveries, len(deliveries))
    assert (bundle_key(shuffled) == bundle_key(deliveries)) == (shuffled == deliveries)
    assert bundle_key(deliveries[1:]) != bundle_key(deliveries)


@pytest.mark.slow(3)
@settings(max_examples=25)
@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_a_line_says_what_the_document_said(value: object) -> None:
    for indent in (None, 2):
        text = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
        _, body = bundled([story(1, line(1, text or b"null"))])
        assert body.count(b"\n") == 1
        assert body.endswith(b"\n")
        assert json.loads(body.decode("utf-8", "surrogatepass")) == value


def test_a_batch_is_signed_under_its_own_key(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S", SECRET)
    deliveries = [story(n, line(n)) for n in (1, 2)]
    endpoint('secret = "${env:S}"').send_all(deliveries, deadline_s=10)
    (got,) = receiver.received
    assert got.key == bundle_key(deliveries)
    Webhook(SECRET).verify(got.body, got.headers, json_parse=False)


def test_a_story_alone_travels_in_the_same_form(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    endpoint().send_all([story(1, line(1))], deadline_s=10)
    assert receiver.received[0].headers["content-type"] == "application/x-ndjson"


def test_207_says_of_each_story_how_it_fared(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    results = [
        {"status": 201},
        {"status": 422, "detail": "no headline"},
        {"status": 503},
        {"status": 410},
    ]
    receiver.script(answer.status(207, json.dumps({"results": results}).encode()))
    taken, refused, later, gone = endpoint().send_all(
        [story(n, line(n)) for n in (1, 2, 3, 4)], deadline_s=10
    )
    assert isinstance(taken, Receipt)
    assert isinstance(refused, Refused)
    assert str(refused) == "HTTP 422: no headline"
    assert isinstance(later, Unreachable)
    assert isinstance(gone, Refused)
    assert not gone.disable  # one story of several does not speak for the endpoint


@pytest.mark.parametrize(
    "said",
    [
        *(b"", b"[]", b'{"results": [{"status": 200}]}', b'{"results": [200, 200]}', b"[" * 100_000),
        *(
            b'{"results": [{"status": 200}, {"status": "ok"}]}',
            b'{"results": [{"status": 200}, {"status": 99}]}',
        ),
        *(b'{"results": [{"status": true}, {"status": 200}]}', b'{"results": null}'),
    ],
)
def test_207_that_does_not_say_it_counts_for_nothing(
    endpoint: Endpoint, receiver: HttpReceiver, said: bytes
) -> None:
    receiver.script(answer.status(207, said))
    fared = endpoint().send_all([story(n, line(n)) for n in (1, 2)], deadline_s=10)
    assert [str(one) for one in fared] == ["HTTP 207 without a result for each story"] * 2
    assert all(isinstance(one, Unreachable) for one in fared)


def test_a_story_that_is_not_wanted_holds_up_no_other(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    def choosy(exchange: answer.Exchange) -> bool:
        code = 422 if b'"g3"' in receiver.received[-1].body else 200
        return answer.status(code)(exchange)

    receiver.always(choosy)
    fared = endpoint().send_all([story(n, line(n)) for n in range(1, 9)], deadline_s=10)
    assert [isinstance(one, DeliveryError) for one in fared] == [n == 3 for n in range(1, 9)]
    assert len(receiver.received) == 7  # all; two halves; two quarters of one; two stories of one
    taken = [
        json.loads(one)["guid"]
        for got in receiver.received
        for one in got.body.splitlines()
        if b'"g3"' not in got.body
    ]
    assert taken == ["g1", "g2", "g4", "g5", "g6", "g7", "g8"]


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_what_speaks_of_the_address_is_asked_once(
    endpoint: Endpoint, receiver: HttpReceiver, code: int
) -> None:
    receiver.always(answer.status(code))
    fared = endpoint().send_all([story(n, line(n)) for n in (1, 2, 3)], deadline_s=10)
    assert [one.status for one in fared if isinstance(one, Refused)] == [code] * 3
    assert len(receiver.received) == 1


def test_a_passing_failure_is_that_of_all(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    receiver.script(answer.status(429, retry_after="7"))
    fared = endpoint().send_all([story(n, line(n)) for n in (1, 2)], deadline_s=10)
    assert [one.retry_after_s for one in fared if isinstance(one, Unreachable)] == [7.0, 7.0]


def test_the_deadline_is_for_all_of_them_together(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    receiver.script(answer.status(422), answer.hang())
    fared = endpoint().send_all([story(n, line(n)) for n in (1, 2)], deadline_s=0.6)
    assert all(isinstance(one, Unreachable) for one in fared)
    assert len(receiver.received) == 2


def test_a_news_message_of_real_items_is_valid_by_the_official_schema() -> None:
    deliveries = [story(n, NewsMLG2Renderer().render(make_revision(n), HOUSE)) for n in (1, 2)]
    media_type, body = bundled(deliveries)
    assert_valid(Document(format="newsml-g2-message", media_type=media_type, body=body, suffix="xml"))
