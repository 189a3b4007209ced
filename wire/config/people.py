"""``[[users]]``: who may use the desk page and the HTTP API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from wire.common.people import PASSWORD_HASH, Role, User
from wire.config.locate import KeyPath
from wire.config.values import Table


def _hash(text: str) -> str:
    # the value itself must never get into a message: somebody may have put the password there
    if not PASSWORD_HASH.fullmatch(text):
        raise ValueError("must be the hash of a password; `wire user hash` makes one")
    return text


class UserSettings(Table):
    """Somebody who may use the desk: by name and password, by token, or by either."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
    role: Annotated[Role, Strict(False)] = Role.EDITOR
    password: Annotated[str, AfterValidator(_hash)] | None = None
    token_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None  #: of the token, kept nowhere

    @model_validator(mode="after")
    def _can_come_in(self) -> Self:
        if self.password is None and self.token_sha256 is None:
            raise ValueError("needs a password (`wire user hash`) or a token_sha256 (`wire user token`)")
        return self

    def user(self) -> User:
        """As the desk knows them."""
        return User(name=self.name, role=self.role, password=self.password, token_sha256=self.token_sha256)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on a host."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def open_to_others(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """A desk that other machines reach needs users: the fault as `wire.config.crosscheck` tells it."""
    web = data.get("web")
    listen = web.get("listen") if isinstance(web, dict) else None
    if not isinstance(web, dict) or not isinstance(listen, str) or web.get("desk", True) is False:
        return
    host = listen.rpartition(":")[0]
    if host and not is_loopback(host) and not data.get("users"):
        message = (
            f"{listen!r} lets other machines reach the desk page, which has no login yet: "
            "add [[users]] (`wire user hash` makes a password), set desk = false, or listen on 127.0.0.1"
        )
        yield ("web", "listen"), message
