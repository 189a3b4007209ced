"""``type = "http"``: documents are pushed to a URL."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from wire.config.endpoint_base import Endpoint, Networks
from wire.config.secret_text import HeaderValue, SigningKey, check_headers
from wire.config.values import WebAddress


class HttpEndpoint(Endpoint):
    """Documents are sent by POST."""

    type: Literal["http"] = "http"
    url: WebAddress
    secret: SigningKey | None = None  #: signs by Standard Webhooks
    headers: Annotated[dict[str, HeaderValue], AfterValidator(check_headers)] = Field(default_factory=dict)
    networks: Networks = ()  #: may be reached in these, besides the default

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "url": self.url,
            "secrets": () if self.secret is None else (self.secret.reveal(),),
            "headers": {name: value.reveal() for name, value in self.headers.items()},
            "networks": self.networks,
        }
