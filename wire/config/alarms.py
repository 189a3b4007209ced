"""``[alarms]``: from where on something is wrong, and who is told of it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from wire.config.secret_text import HeaderValue, SecretAddress, SigningKey
from wire.config.values import Networks, Several, Table, Text, host_and_port, is_mail_address


def _server(address: str) -> str:
    if host_and_port(address, "smtp.news.example:587")[1] == 0:
        raise ValueError(f"{address!r} names no port that anybody listens on")
    return address


def _mail_address(address: str) -> str:
    if not is_mail_address(address):
        raise ValueError(f"{address!r} is no mail address, such as desk@news.example")
    return address


MailServer = Annotated[str, AfterValidator(_server)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]


class MailSettings(Table):
    """``mail``: alarms by e-mail."""

    to: Annotated[tuple[MailAddress, ...], Several]
    sender: MailAddress
    server: MailServer
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    user: Text | None = None
    password: HeaderValue | None = None  #: as ``${env:NAME}`` or ``${file:PATH}``

    @model_validator(mode="after")
    def _credentials(self) -> Self:
        if (self.user is None) is not (self.password is None):
            raise ValueError("user and password belong together")
        if self.password is not None and not self.password.template.startswith("${"):
            raise ValueError("a password never stands in the configuration itself; write it as ${env:NAME}")
        if self.user is not None and self.encryption == "none":
            raise ValueError("a password is only sent encrypted; say encryption = 'starttls' or 'tls'")
        return self

    @property
    def host(self) -> str:
        """The mail server's name or address, without brackets."""
        return host_and_port(self.server)[0]

    @property
    def port(self) -> int:
        """The mail server's port."""
        return host_and_port(self.server)[1]


class HookSettings(Table):
    """``webhook``: alarms by POST, as JSON with a ``text`` that chat systems show."""

    url: SecretAddress  #: may be ``${env:NAME}``, as many a webhook's address is its password
    secret: SigningKey | None = None  #: signs by Standard Webhooks
    networks: Networks = ()  #: private addresses that it may be reached at


class AlarmSettings(Table):
    """``[alarms]``: when to call for people, and how."""

    learn: bool = True  #: learn the usual gap of sources that state no ``quiet_after_s``
    unread_s: Annotated[float, Field(ge=1, le=86_400)] = 300.0  #: a file may lie unread for so long
    queued: Annotated[int, Field(ge=1)] = 1000  #: deliveries that may wait for an endpoint
    failing_s: Annotated[float, Field(ge=1, le=7 * 86_400)] = 900.0  #: an endpoint may take nothing
    free_mb: Annotated[int, Field(ge=0)] = 1000  #: to be left on each disk, or a fifth of a small one
    mail: MailSettings | None = None
    webhook: HookSettings | None = None
