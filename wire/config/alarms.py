"""``[alarms]``: from where on something is wrong, and who is told of it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from wire.config.secret_text import HeaderValue, SecretAddress, SigningKey
from wire.config.values import Networks, Several, Table, Text

_SERVER = re.compile(r"(?P<host>[^:\[\]\s/]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")


def _server(address: str) -> str:
    match = _SERVER.fullmatch(address)
    if match is None or not 0 < int(match["port"]) <= 65535:
        raise ValueError(f"{address!r} must read HOST:PORT, such as smtp.news.example:587")
    return address


def _mail_address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
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
        return self.server.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The mail server's port."""
        return int(self.server.rpartition(":")[2])


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
