"""Documents put into a bucket, under signatures that Amazon's own code makes as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Theirs
from hypothesis import given
from hypothesis import strategies as st

from tests.deliver.conftest import TransportOf, delivery
from tests.servers import http_receiver as answer
from tests.servers.s3_server import ACCESS_KEY, REGION, SECRET_KEY, S3Server
from wire.deliver.discretion import Discreet
from wire.deliver.sigv4 import Credentials, path_of, signed
from wire.errors import Refused, Unreachable
from wire.story import Action

Endpoint = Callable[..., Discreet]


@pytest.fixture
def endpoint(transport_of: TransportOf, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The transport to an endpoint that is a bucket of such a server."""
    monkeypatch.setenv("ACCESS", ACCESS_KEY)
    monkeypatch.setenv("SECRET", SECRET_KEY)
    monkeypatch.setenv("TOKEN", "t0ken/t0ken==")

    def build(server: S3Server, settings: str = "", bucket: str = "wire") -> Discreet:
        return transport_of(
            f'type = "s3"\nurl = "{server.url}"\nbucket = "{bucket}"\nregion = "{REGION}"\n'
            f'access_key = "${{env:ACCESS}}"\nsecret_key = "${{env:SECRET}}"\n{settings}\n'
        )

    return build


def test_a_document_becomes_an_object(endpoint: Endpoint) -> None:
    with S3Server("wire") as server:
        receipt = endpoint(server, 'prefix = "desk/ü b/"').send(delivery(5, version=2), deadline_s=10)
        assert server.objects == {"wire": {"desk/ü b/flood1-v2.xml": delivery().document.body}}
        (got,) = server.requests
    assert (receipt.status, receipt.detail) == (200, "flood1-v2.xml")
    assert got.headers["content-type"] == "application/vnd.iptc.g2.newsitem+xml"
    notes = {name: value for name, value in got.headers.items() if name.startswith("x-amz-meta-")}
    assert notes == {
        "x-amz-meta-wire-story": "flood1",
        "x-amz-meta-wire-version": "2",
        "x-amz-meta-wire-action": "new",
        "x-amz-meta-wire-key": "msg_5",
    }


@pytest.mark.parametrize(
    ("files", "left"),
    [("versions", ["flood1-v1.xml", "flood1-v2.xml"]), ("latest", ["flood1.xml"]), ("live", [])],
)
def test_a_kill_becomes_an_object_or_replaces_or_removes_the_storys(
    endpoint: Endpoint, files: str, left: list[str]
) -> None:
    with S3Server("wire") as server:
        transport = endpoint(server, f'files = "{files}"')
        transport.send(delivery(1), deadline_s=10)
        for _ in range(2):
            transport.send(delivery(2, version=2, action=Action.KILL, body=b"killed"), deadline_s=10)
        assert sorted(server.objects["wire"]) == left
        assert not left or server.objects["wire"][left[-1]] == b"killed"
        assert server.receiver.connections == 1


def test_credentials_for_a_while_carry_their_token(endpoint: Endpoint) -> None:
    with S3Server("wire", token="t0ken/t0ken==") as server:
        endpoint(server, 'session_token = "${env:TOKEN}"').send(delivery(), deadline_s=10)
        with pytest.raises(Refused, match="InvalidToken"):
            endpoint(server).send(delivery(), deadline_s=10)


def test_a_wrong_key_is_refused_and_not_told(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "wr0ng/secret+key")
    with S3Server("wire") as server, pytest.raises(Refused, match="SignatureDoesNotMatch") as caught:
        endpoint(server).probe()
    assert "wr0ng" not in str(caught.value)


def test_a_bucket_that_is_not_there_is_found_by_a_probe(endpoint: Endpoint) -> None:
    with S3Server("wire") as server, pytest.raises(Refused, match="NoSuchBucket"):
        endpoint(server, bucket="other").probe()


@pytest.mark.parametrize("may_delete", [True, False])
def test_a_probe_delivers_nothing(endpoint: Endpoint, may_delete: bool) -> None:
    with S3Server("wire", may_delete=may_delete) as server:
        endpoint(server).probe()
        assert list(server.objects["wire"]) == ([] if may_delete else [".wire-probe"])


@pytest.mark.parametrize(
    ("code", "kind"), [(503, Unreachable), (500, Unreachable), (301, Refused), (400, Refused)]
)
def test_other_answers_mean_what_they_mean_in_http(endpoint: Endpoint, code: int, kind: type) -> None:
    with S3Server("wire") as server:
        server.receiver.script(answer.status(code, b"<Error><Code>SlowDown</Code></Error>"))
        with pytest.raises(kind):
            endpoint(server).send(delivery(), deadline_s=10)
        assert len(server.receiver.received) == 1


@pytest.mark.parametrize("reply", [answer.hang(), answer.drip_headers(500)], ids=["hangs", "drips"])
def test_the_deadline_holds(endpoint: Endpoint, reply: answer.Reply) -> None:
    with S3Server("wire") as server:
        server.receiver.script(reply)
        with pytest.raises(Unreachable):
            endpoint(server).send(delivery(), deadline_s=0.5)


def test_the_metadata_address_is_never_connected_to(transport_of: TransportOf, endpoint: Endpoint) -> None:
    keys = 'access_key = "${env:ACCESS}"\nsecret_key = "${env:SECRET}"'
    transport = transport_of(f'type = "s3"\nurl = "http://169.254.169.254/"\nbucket = "wire"\n{keys}\n')
    with pytest.raises(Unreachable, match="is not connected to"):
        transport.probe()


TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@given(
    method=st.sampled_from(["PUT", "DELETE", "GET"]),
    names=st.lists(
        st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1),
        min_size=1,
        max_size=3,
    ),
    values=st.lists(TEXTS, max_size=3),
    body=st.binary(max_size=50),
    token=st.none() | TEXTS,
)
def test_any_request_is_signed_as_amazons_own_code_signs_it(
    method: str, names: list[str], values: list[str], body: bytes, token: str | None
) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    ours = Credentials(access_key="AK", secret_key="SK/+", session_token=token, region="r-1", service="desk")
    headers = {f"x-amz-meta-{number}": value for number, value in enumerate(values)}
    path = path_of(*names)
    made = signed(ours, method, "s3.example:9000", path, headers, body, now)
    signer = SigV4Auth(Theirs("AK", "SK/+", token), "desk", "r-1")
    stated = {name: value for name, value in made.items() if name != "Authorization"}
    request = AWSRequest(method, f"http://s3.example:9000{path}", headers=stated, data=body)
    request.context["timestamp"] = made["x-amz-date"]
    signer._normalize_url_path = lambda escaped: escaped  # S3 signs the path as it is
    text = signer.string_to_sign(request, signer.canonical_request(request))
    assert made["Authorization"].endswith(f"Signature={signer.signature(text, request)}")
