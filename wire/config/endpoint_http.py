"""``type = "http"``: documents are pushed to a URL."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from wire.common.particulars import is_fixed, template
from wire.config.endpoint_base import Endpoint, Line, ReadableFile, revealed
from wire.config.secret_text import HeaderValue, SecretWord, SigningKey, check_headers
from wire.config.values import Networks, TemplatedAddress, WebAddress


class HttpEndpoint(Endpoint):
    """Documents are sent by POST or PUT, alone or several in one request."""

    type: Literal["http"] = "http"
    url: TemplatedAddress
    method: Literal["POST", "PUT"] = "POST"
    batch: Annotated[int, Field(ge=1, le=128)] = 1  #: stories that one request may carry
    secret: SigningKey | None = None  #: signs by Standard Webhooks
    old_secret: SigningKey | None = None  #: signs as well, while receivers change over to the other one
    bearer: SecretWord | None = None  #: the token of ``Authorization: Bearer``
    user: Line | None = None  #: of ``Authorization: Basic``
    password: SecretWord | None = None
    headers: Annotated[dict[str, HeaderValue], AfterValidator(check_headers)] = Field(default_factory=dict)
    ca_file: ReadableFile | None = None  #: certificates trusted instead of the public ones
    client_certificate: ReadableFile | None = None  #: shown to the server
    client_key: ReadableFile | None = None  #: of the certificate, when it is in a file of its own
    proxy: WebAddress | None = None  #: through which the endpoint is reached
    networks: Networks = ()  #: may be reached in these, besides the default

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        given = [self.bearer, self.user, *(name for name in self.headers if name.lower() == "authorization")]
        if sum(each is not None for each in given) > 1:
            raise ValueError("bearer, user and an Authorization header are three ways for one; give one")
        if self.client_key is not None and self.client_certificate is None:
            raise ValueError("client_key needs its client_certificate")
        if self.old_secret is not None and self.secret is None:
            raise ValueError("old_secret stands beside a secret, or becomes it")
        if self.batch > 1:
            self._fits_many()
        return self

    def _fits_many(self) -> None:
        templates = (self.url, *(value.template for value in self.headers.values()))
        if not all(is_fixed(template(text)) for text in templates):
            raise ValueError("with a batch of several, url and headers cannot name one story by {…}")

    @property
    def at_once(self) -> int:
        """See `Endpoint.at_once`."""
        return self.batch

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        secrets = (revealed(each) for each in (self.secret, self.old_secret))
        certificate = (self.client_certificate, self.client_key)
        return {
            "url": template(self.url),
            "method": self.method,
            "secrets": tuple(secret for secret in secrets if secret is not None),
            "headers": {name: value.parts() for name, value in self.headers.items()} | self._credentials(),
            "networks": self.networks,
            "ca_file": self.ca_file,
            "certificate": tuple(path for path in certificate if path is not None),
            "proxy": self.proxy,
        }

    def hidden(self) -> frozenset[str]:
        """See `Endpoint.hidden`; user and password are sent as one word."""
        words = (value.rpartition(" ")[2] for (value,) in self._credentials().values())
        return super().hidden().union(words)

    def _credentials(self) -> dict[str, tuple[str]]:
        if self.bearer is not None:
            return {"Authorization": (f"Bearer {self.bearer.reveal()}",)}
        if self.user is not None and self.password is not None:
            pair = f"{self.user}:{self.password.reveal()}".encode()
            return {"Authorization": (f"Basic {b64encode(pair).decode()}",)}
        return {}
