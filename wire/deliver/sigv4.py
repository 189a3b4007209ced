"""AWS Signature Version 4 in the ``Authorization`` header, as S3 and everything like it wants it. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who signs, and for where."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    region: str = "us-east-1"
    service: str = "s3"


def path_of(*names: str) -> str:
    """The path of an object, its names escaped as both the address and the signature have them."""
    return "/" + "/".join(quote(name, safe="/-_.~") for name in names if name)


def signed(
    credentials: Credentials,
    method: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> dict[str, str]:
    """The headers of one request without a query, those given and those that sign all of them.

    host  as the ``Host`` header has it
    path  already escaped
    now   aware; the server refuses what is minutes off
    """
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = sha256(body).hexdigest()
    token = {"x-amz-security-token": credentials.session_token} if credentials.session_token else {}
    ours = {**headers, "x-amz-content-sha256": digest, "x-amz-date": moment, **token}
    names = {name.lower(): " ".join(value.split()) for name, value in {**ours, "host": host}.items()}
    listed = ";".join(sorted(names))
    lines = "".join(f"{name}:{names[name]}\n" for name in sorted(names))
    request = f"{method}\n{path}\n\n{lines}\n{listed}\n{digest}"
    scope = f"{moment[:8]}/{credentials.region}/{credentials.service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    key = f"AWS4{credentials.secret_key}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    stated = f"Credential={credentials.access_key}/{scope}, SignedHeaders={listed}, Signature={signature}"
    return {**ours, "Authorization": f"AWS4-HMAC-SHA256 {stated}"}
