"""``type = "mail"``: stories are sent by e-mail."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from wire.config.endpoint_base import Endpoint, Host, Line, Port, ReadableFile, revealed
from wire.config.secret_text import SecretWord
from wire.config.values import Format, Networks, Several, is_mail_address


def _mailbox(text: str) -> str:
    """An address, perhaps behind a name."""
    if not is_mail_address(parseaddr(text)[1]) or "," in text:
        raise ValueError(
            f"{text!r} is no address such as desk@news.example or 'The Desk <desk@news.example>'"
        )
    return text


Mailbox = Annotated[Line, AfterValidator(_mailbox)]


class MailEndpoint(Endpoint):
    """A mail a story, or a digest of those that are due."""

    type: Literal["mail"] = "mail"
    document: Format = "text"
    host: Host  #: of the mail server that we hand over to
    port: Port | None = None
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: Line | None = None
    password: SecretWord | None = None
    sender: Mailbox
    to: Annotated[tuple[Mailbox, ...], Several]
    digest: Annotated[int, Field(ge=1, le=128)] = 1  #: stories that one mail may hold
    subject_prefix: str = ""
    ca_file: ReadableFile | None = None  #: certificates trusted instead of the public ones
    networks: Networks = ()  #: may be reached in these, besides the default

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.user is not None and self.tls == "none":
            raise ValueError("tls = 'none' would send the password in the clear")
        if not self.subject_prefix.isprintable():
            raise ValueError("subject_prefix must be a text on one line")
        return self

    @property
    def at_once(self) -> int:
        """See `Endpoint.at_once`."""
        return self.digest

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "host": self.host,
            "port": self.port,
            "tls": self.tls,
            "user": self.user,
            "password": revealed(self.password),
            "sender": self.sender,
            "to": self.to,
            "prefix": self.subject_prefix,
            "ca_file": self.ca_file,
            "networks": self.networks,
        }
