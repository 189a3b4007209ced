"""What every ``[[endpoints]]`` table has: which stories go there, as what, and how they are queued.

How an endpoint of a type is reached stands in that type's own class: `endpoint_http` and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from wire.config.retry import Seconds
from wire.config.secret_text import SecretText
from wire.config.transform import Transform
from wire.config.values import Format, Id, RootedPath, Table
from wire.config.where import Where

_HOST = re.compile(r"[A-Za-z0-9._:-]+")


class Endpoint(Table):
    """What endpoints of every type have."""

    id: Id
    document: Format = "newsml-g2"
    where: Where = Where()
    transform: Transform = Transform()  #: what it gets other than it came
    lanes: Annotated[int, Field(ge=1, le=64)] = 1  #: stories of this many lanes may be under way at once
    rate_per_s: Annotated[float, Field(gt=0, le=10_000)] | None = None  #: deliveries a second, on average
    breaker_after: Annotated[int, Field(ge=0, le=1000)] = 5  #: failures in a row until it rests; 0: never
    breaker_rest_s: Annotated[Seconds, Field(ge=0.05)] = 30.0  #: how long at first
    breaker_longest_s: Annotated[Seconds, Field(ge=0.05)] = 900.0  #: and at most
    accepts_embargoed: bool = False  #: gets stories before their embargo ends
    deadline_s: Annotated[float, Field(ge=0.1, le=600)] = 20.0  #: for the whole exchange

    def transport_options(self) -> dict[str, Any]:
        """What its transport is built with, secrets and all. Raises ConfigError."""
        raise NotImplementedError

    @property
    def at_once(self) -> int:
        """How many stories one exchange may carry."""
        return 1

    def hidden(self) -> frozenset[str]:
        """Every secret that the table names: nothing that is shown may hold one. Raises ConfigError."""
        texts = (text for value in self.__dict__.values() for text in _secret_texts(value))
        return frozenset(secret for text in texts for secret in text.secrets())


def _secret_texts(value: Any) -> Iterator[SecretText]:
    if isinstance(value, SecretText):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secret_texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _secret_texts(inner)


def revealed(text: SecretText | None) -> str | None:
    """What a setting says, its secrets looked up; None when it is not given. Raises ConfigError."""
    return None if text is None else text.reveal()


def needs(module: str, extra: str) -> AfterValidator:
    """For the type of an endpoint that needs a library which does not come with wire."""

    def check(value: str) -> str:
        if find_spec(module) is None:
            raise ValueError(
                f"{value!r} needs {module}, which is not installed: pip install 'wire-desk[{extra}]'"
            )
        return value

    return AfterValidator(check)


def _readable(path: Path, info: ValidationInfo) -> Path:
    """Looked for with the secrets only: not every command needs what an endpoint needs."""
    if (info.context or {}).get("secrets"):
        try:
            with path.open("rb"):
                pass
        except OSError as exc:
            raise ValueError(f"{path} cannot be read: {exc.strerror}") from exc
    return path


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be a text on one line")
    return text


def _host(name: str) -> str:
    if not _HOST.fullmatch(name):
        raise ValueError(f"{name!r} must be a host name or an address alone, such as files.example")
    return name


Host = Annotated[str, AfterValidator(_host)]
Port = Annotated[int, Field(ge=1, le=65535)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]
#: A file that must be there when wire starts.
ReadableFile = Annotated[RootedPath, AfterValidator(_readable)]
