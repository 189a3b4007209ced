"""An S3 server on loopback that is strict about what it is sent, with faults.

Small and our own on purpose: moto's server weighs 155 MB and believes every signature. This one has each
request signed again by Amazon's own code (botocore) and compares.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import unquote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.servers.http_receiver import Exchange, HttpReceiver, Received, status

ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "c4nary/secret+key"
REGION = "eu-example-1"


class S3Server:
    """Buckets in memory, from construction to `close`.

    receiver  what it listens with; faults are scripted there
    """

    def __init__(self, *buckets: str, token: str | None = None, may_delete: bool = True) -> None:
        self.objects: dict[str, dict[str, bytes]] = {bucket: {} for bucket in buckets}
        self.requests: list[Received] = []
        self.receiver = HttpReceiver()
        self.receiver.always(self._answer)
        self._token = token
        self._may_delete = may_delete

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.receiver.port}"

    def _answer(self, exchange: Exchange) -> bool:
        request = self.receiver.received[-1]
        self.requests.append(request)
        code, name = self._done(request)
        body = f"<?xml version='1.0'?><Error><Code>{name}</Code></Error>".encode() if name else b""
        return status(code, b"" if code == 204 else body)(exchange)

    def _done(self, request: Received) -> tuple[int, str]:
        if fault := self._distrust(request):
            return 403, fault
        bucket, _, key = unquote(request.path).lstrip("/").partition("/")
        if bucket not in self.objects:
            return 404, "NoSuchBucket"
        if request.method == "PUT":
            self.objects[bucket][key] = request.body
            return 200, ""
        if request.method == "DELETE" and self._may_delete:
            self.objects[bucket].pop(key, None)
            return 204, ""
        return 403, "AccessDenied"

    def _distrust(self, request: Received) -> str:
        """Why a request is not believed; empty when it is."""
        headers = request.headers
        if headers.get("x-amz-content-sha256") != sha256(request.body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        if headers.get("x-amz-security-token") != self._token:
            return "InvalidToken"
        moment = datetime.strptime(headers.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) - moment) > timedelta(minutes=15):
            return "RequestTimeTooSkewed"
        if not hmac.compare_digest(
            signature(request, self.url, self._token), headers.get("authorization", "")
        ):
            return "SignatureDoesNotMatch"
        return ""

    def close(self) -> None:
        self.receiver.close()

    def __enter__(self) -> S3Server:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def signature(request: Received, url: str, token: str | None) -> str:
    """What ``Authorization`` must say, by botocore."""
    names = request.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: request.headers[name] for name in names if name != "host"}
    again = AWSRequest(request.method, url + request.path, headers=headers, data=request.body)
    again.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, token), "s3", REGION)
    signer._normalize_url_path = lambda path: path  # S3 signs the path as it is
    made = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    scope = f"{ACCESS_KEY}/{signer.credential_scope(again)}"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={';'.join(names)}, Signature={made}"
