"""HTTP endpoints as they are configured: methods, credentials, certificates, templates, proxies."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest
from standardwebhooks import Webhook

from tests.deliver.conftest import TransportOf, delivery
from tests.servers import http_receiver as answer
from tests.servers.certificates import Authority
from tests.servers.http_receiver import HttpReceiver
from wire.common.particulars import PARTICULARS
from wire.deliver.discretion import Discreet
from wire.deliver.signing import Signer
from wire.errors import DeliveryError, Refused, Unreachable
from wire.story import Action

NEW, OLD = ("whsec_" + b64encode(text).decode() for text in (b"n" * 32, b"o" * 32))

Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, receiver: HttpReceiver) -> Endpoint:
    """The transport to an endpoint with such settings."""

    def build(settings: str = "", url: str = receiver.url) -> Discreet:
        return transport_of(f'type = "http"\nurl = "{url}"\n{settings}\n')

    return build


def test_a_put_goes_to_an_address_of_the_storys_own(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    transport = endpoint('method = "PUT"', url=receiver.url + "/{story}.{suffix}?v={version}&a={action}")
    transport.send(delivery(1), deadline_s=10)
    transport.send(delivery(2, version=2, action=Action.KILL, body=b"gone"), deadline_s=10)
    assert [(got.method, got.path, got.body) for got in receiver.received] == [
        ("PUT", "/wire/flood1.xml?v=1&a=new", delivery().document.body),
        ("PUT", "/wire/flood1.xml?v=2&a=kill", b"gone"),
    ]


def test_a_kill_is_known_by_its_headers(endpoint: Endpoint, receiver: HttpReceiver) -> None:
    endpoint().send(delivery(action=Action.KILL), deadline_s=10)
    assert receiver.received[0].headers["wire-action"] == "kill"


def test_headers_are_filled_in_and_secrets_are_never_read_as_templates(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_TOKEN", "t0ken-{story}")
    names = " ".join(f"{name}={{{name}}}" for name in PARTICULARS)
    transport = endpoint(f'headers = {{ X-About = "{names}", X-Token = "${{env:CMS_TOKEN}} {{version}}" }}')
    transport.send(delivery(5, version=3), deadline_s=10)
    (got,) = receiver.received
    assert got.headers["x-about"] == (
        "story=flood1 version=3 key=msg_5 action=new endpoint=cms format=newsml-g2 suffix=xml"
    )
    assert got.headers["x-token"] == "t0ken-{story} 3"


def test_a_bearer_token_and_a_password_come_by_reference(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_SECRET", "t0ken-t0ken")
    endpoint('bearer = "${env:CMS_SECRET}"').send(delivery(), deadline_s=10)
    endpoint('user = "desk"\npassword = "${env:CMS_SECRET}"').send(delivery(), deadline_s=10)
    assert [got.headers["authorization"] for got in receiver.received] == [
        "Bearer t0ken-t0ken",
        "Basic " + b64encode(b"desk:t0ken-t0ken").decode(),
    ]


@pytest.mark.parametrize(
    "credentials", ['bearer = "${env:CMS_SECRET}"', 'user = "d"\npassword = "${env:CMS_SECRET}"']
)
def test_an_endpoint_that_repeats_its_credentials_is_quoted_without_them(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch, credentials: str
) -> None:
    monkeypatch.setenv("CMS_SECRET", "t0ken-t0ken")
    transport = endpoint(credentials)
    transport.send(delivery(), deadline_s=10)
    sent = receiver.received[0].headers["authorization"].encode()
    receiver.script(answer.status(200, sent), answer.status(500, sent))
    said = transport.send(delivery(), deadline_s=10).detail
    with pytest.raises(Unreachable) as caught:
        transport.send(delivery(), deadline_s=10)
    for told in (said, str(caught.value)):
        assert "[secret]" in told
        assert sent.decode().rpartition(" ")[2] not in told


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_while_secrets_rotate_both_sign(
    endpoint: Endpoint, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("NEW", NEW)
    monkeypatch.setenv("OLD", OLD)
    endpoint('secret = "${env:NEW}"\nold_secret = "${env:OLD}"').send(delivery(), deadline_s=10)
    (got,) = receiver.received
    Webhook(secret).verify(got.body, got.headers, json_parse=False)


def test_a_document_of_any_bytes_is_signed() -> None:
    body = b"\x01ap-wf \xfe\xff\x80\x03\x04"
    signer = Signer([NEW])
    signed = signer.headers("msg_1", body, delivery().created_at)["webhook-signature"]
    assert signed == "v1,JAvKF1blZeQG52kKxcUlzknSSIpgU0gmZ9qoY8wnCas="  # worked out by openssl


def test_a_server_of_an_authority_of_its_own_is_trusted_when_its_ca_file_is_given(
    endpoint: Endpoint, vouching: Authority
) -> None:
    with HttpReceiver(tls=vouching.server()) as secured:
        assert endpoint(f'ca_file = "{vouching.ca_file}"', secured.url).send(delivery(), deadline_s=10)
        with pytest.raises(Unreachable, match="certificate is not trusted"):
            endpoint("", secured.url).send(delivery(), deadline_s=10)
        assert len(secured.received) == 1


def test_a_certificate_for_another_name_is_not_believed(endpoint: Endpoint, vouching: Authority) -> None:
    with (
        HttpReceiver(tls=vouching.server(name="elsewhere.example")) as secured,
        pytest.raises(Unreachable, match=r"certificate is not trusted|doesn't match"),
    ):
        endpoint(f'ca_file = "{vouching.ca_file}"', secured.url).send(delivery(), deadline_s=10)


def test_a_client_certificate_opens_a_door_that_is_closed_without(
    endpoint: Endpoint, vouching: Authority
) -> None:
    certificate, key = vouching.pair("desk.example")
    trusted = f'ca_file = "{vouching.ca_file}"\n'
    shown = f'{trusted}client_certificate = "{certificate}"\nclient_key = "{key}"'
    with HttpReceiver(tls=vouching.server(asks=True)) as secured:
        assert endpoint(shown, secured.url).send(delivery(), deadline_s=10)
        with pytest.raises(Unreachable):
            endpoint(trusted, secured.url).send(delivery(), deadline_s=10)
        assert len(secured.received) == 1


def test_a_configured_proxy_is_asked_and_its_address_is_checked(
    endpoint: Endpoint, receiver: HttpReceiver
) -> None:
    proxy = f'proxy = "http://127.0.0.1:{receiver.port}/"'
    endpoint(proxy, "http://cms.invalid/wire").send(delivery(), deadline_s=10)
    assert receiver.received[0].path == "http://cms.invalid/wire"
    with pytest.raises(DeliveryError, match="link-local or metadata"):
        endpoint('proxy = "http://169.254.169.254/"', "http://cms.invalid/").send(delivery(), deadline_s=10)


@pytest.mark.parametrize("code", [401, 403, 407, 410, 301, 307])
def test_a_probe_is_not_content_with_a_closed_door(
    endpoint: Endpoint, receiver: HttpReceiver, code: int
) -> None:
    receiver.script(answer.status(code))
    with pytest.raises(Refused, match=f"HTTP {code}"):
        endpoint().probe()
