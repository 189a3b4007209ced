"""Secrets stand in the configuration as references only: ``${env:NAME}`` or ``${file:PATH}``.

They are looked up when a value is needed, so that no command wants secrets that does not use them; until then
they travel as a type that shows the reference, never the value.
"""

from __future__ import annotations

import os
import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo

from wire.common.particulars import template
from wire.config.values import root_of, web_address
from wire.errors import ConfigError, Fault

_REFERENCE = re.compile(r"\$\{(?P<kind>env|file):(?P<name>[^{}]+)\}")
_HOW = "write it as ${env:NAME} or ${file:PATH}"

#: Headers that carry credentials whenever they are there.
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
#: Headers that the delivery itself sets.
_OURS = re.compile(r"(?i)(webhook|wire)-.*|host|content-(length|type|encoding)|transfer-encoding|connection")


@dataclass(frozen=True, slots=True)
class SecretText:
    """A text with references to secrets in it. Its ``repr`` shows the references alone."""

    template: str
    root: Path  #: what the path of a ``${file:…}`` is relative to

    def reveal(self) -> str:
        """The text with every reference replaced by what it names now. Raises ConfigError."""
        try:
            return _REFERENCE.sub(
                lambda match: _look_up(match["kind"], match["name"], self.root), self.template
            )
        except ValueError as exc:
            raise ConfigError((Fault(where=self.template, key="", message=str(exc)),)) from exc

    def parts(self) -> tuple[str, ...]:
        """As `wire.common.particulars.template` takes it apart, then each text as `reveal` gives it.

        Raises ConfigError.
        """
        return tuple(
            part if number % 2 else SecretText(part, self.root).reveal()
            for number, part in enumerate(template(self.template))
        )

    def secrets(self) -> frozenset[str]:
        """What the references name now. Raises ConfigError."""
        found = _REFERENCE.finditer(self.template)
        return frozenset(SecretText(match[0], self.root).reveal() for match in found)


def _look_up(kind: str, name: str, root: Path) -> str:
    if kind == "env":
        found = os.environ.get(name, "")
    else:
        try:
            found = (root / name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise ValueError(f"the secret file {name} cannot be read: {exc}") from exc
    if not found:
        raise ValueError(
            f"the environment variable {name} is not set" if kind == "env" else f"{name} is empty"
        )
    return found


def _signing_key(value: Any, info: ValidationInfo) -> SecretText:
    secret = _reference(value, info)
    if (found := _revealed(secret, info)) is not None:
        _check_key(found)
    return secret


def _check_key(key: str) -> None:
    """Standard Webhooks: ``whsec_`` and 24 to 64 bytes in base64."""
    try:
        size = len(b64decode(key.removeprefix("whsec_"), validate=True))
    except NotBase64:
        size = 0
    if not key.startswith("whsec_") or not 24 <= size <= 64:
        raise ValueError("the secret it names must be 'whsec_' followed by 24 to 64 bytes in base64")


def text_with_secrets(value: str, info: ValidationInfo) -> SecretText:
    """A text in which references to secrets may stand. Raises ValueError."""
    if "${" in _REFERENCE.sub("", value):
        raise ValueError(f"holds a reference to a secret that cannot be read; {_HOW}")
    text = SecretText(value, root_of(info))
    _revealed(text, info)
    return text


def _header_value(value: Any, info: ValidationInfo) -> SecretText:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("must be a text on one line")
    text = text_with_secrets(value, info)
    template(value)
    if not (_revealed(text, info) or "").isprintable():
        raise ValueError("the secret it names must be a text on one line")
    return text


def _reference(value: Any, info: ValidationInfo) -> SecretText:
    # the value itself must never get into a message: somebody may have put the secret there
    if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
        raise ValueError(f"a secret never stands in the configuration itself; {_HOW}")
    return text_with_secrets(value, info)


def _word(value: Any, info: ValidationInfo) -> SecretText:
    text = _reference(value, info)
    if not (_revealed(text, info) or "").isprintable():
        raise ValueError("the secret it names must be a text on one line")
    return text


def _secret_address(value: Any, info: ValidationInfo) -> SecretText:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text in quotes")
    text = SecretText(value, root_of(info))
    found = _revealed(text, info) if _REFERENCE.search(value) else value
    if found is not None:
        web_address(found)
    return text


def _revealed(text: SecretText, info: ValidationInfo) -> str | None:
    """The text with its secrets when the validation was told to look them up."""
    if not (info.context or {}).get("secrets"):
        return None
    try:
        return text.reveal()
    except ConfigError as exc:
        raise ValueError(exc.faults[0].message) from exc


def check_headers(headers: dict[str, SecretText]) -> dict[str, SecretText]:
    """Names are tokens (RFC 9110, 5.6.2) and not ours to set, credentials come by reference.

    Raises ValueError.
    """
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name")
        if _OURS.fullmatch(name):
            raise ValueError(f"{name} is set by wire itself")
        if name.lower() in _CREDENTIALS and not _REFERENCE.search(value.template):
            raise ValueError(f"{name} holds a secret; {_HOW}")
    return headers


SigningKey = Annotated[SecretText, PlainValidator(_signing_key)]
#: An address that may be, or hold, a reference to a secret.
SecretAddress = Annotated[SecretText, PlainValidator(_secret_address)]
HeaderValue = Annotated[SecretText, PlainValidator(_header_value)]
#: A secret and nothing else: a password or a token.
SecretWord = Annotated[SecretText, PlainValidator(_word)]
#: A secret of several lines, such as a private key.
SecretLines = Annotated[SecretText, PlainValidator(_reference)]
