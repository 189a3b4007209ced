"""``config/wire.toml`` becomes frozen settings: whole and checked, or every fault at once with file:line.

`load` reads a file, `defaults` gives what holds without one, `salvaged` what a faulty one still says. Paths
in the settings are absolute; secrets are references (`wire.config.secret_text`) that are looked up only when
a value is needed.
"""

from __future__ import annotations

from wire.config.endpoint_files import FolderEndpoint
from wire.config.endpoint_http import HttpEndpoint
from wire.config.endpoints import EndpointSettings
from wire.config.reading import defaults, load, salvaged
from wire.config.retry import RetrySettings
from wire.config.secret_text import SecretText
from wire.config.settings import (
    DeskSettings,
    FeedSettings,
    Settings,
    SourceSettings,
)
from wire.config.transform import Transform
from wire.config.where import Where

__all__ = [
    "DeskSettings",
    "EndpointSettings",
    "FeedSettings",
    "FolderEndpoint",
    "HttpEndpoint",
    "RetrySettings",
    "SecretText",
    "Settings",
    "SourceSettings",
    "Transform",
    "Where",
    "defaults",
    "load",
    "salvaged",
]
