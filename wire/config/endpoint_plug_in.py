"""Endpoints of a type that a third party brings along: an entry point of the group ``wire.transports``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from wire.config.endpoint_base import Endpoint
from wire.config.secret_text import SecretText, text_with_secrets
from wire.config.values import Text

#: How pydantic knows the class among those of the built-in types.
PLUG_IN = "plug-in"


def _option(value: Any, info: ValidationInfo) -> Any:
    """Texts with references to secrets in them, wherever they stand; everything else as it is."""
    if isinstance(value, str):
        return text_with_secrets(value, info) if "${" in value else value
    if isinstance(value, list):
        return tuple(_option(inner, info) for inner in value)
    if isinstance(value, dict):
        return {name: _option(inner, info) for name, inner in value.items()}
    return value


#: Settings that somebody else's code knows; secrets may stand anywhere in them.
Options = dict[str, Annotated[Any, BeforeValidator(_option)]]


class PlugInEndpoint(Endpoint):
    """What ``options`` holds is handed to the transport's class by name; it alone knows what is right."""

    type: Text
    options: Options = Field(default_factory=dict)

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return plain_options(self.options)


def plain_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options with their secrets looked up. Raises ConfigError."""
    return {name: _plain(value) for name, value in options.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, SecretText):
        return value.reveal()
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
