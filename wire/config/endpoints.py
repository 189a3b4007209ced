"""The ``[[endpoints]]`` tables: one class a type, told apart by ``type``."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Discriminator, Tag

from wire import plugins
from wire.config.endpoint_files import (
    FolderEndpoint,
    FsspecEndpoint,
    FtpEndpoint,
    S3Endpoint,
    SftpEndpoint,
)
from wire.config.endpoint_http import HttpEndpoint
from wire.config.endpoint_mail import MailEndpoint
from wire.config.endpoint_plug_in import PLUG_IN, PlugInEndpoint
from wire.config.values import did_you_mean


def _kind(table: Any) -> str | None:
    """Which of the classes a table is of; None when it does not say."""
    kind = table.get("type") if isinstance(table, dict) else getattr(table, "type", None)
    if not isinstance(kind, str):
        return None
    is_plug_in = kind not in plugins.BUILT_IN["wire.transports"] and kind in plugins.names("wire.transports")
    return PLUG_IN if is_plug_in else kind


EndpointSettings = Annotated[
    Annotated[HttpEndpoint, Tag("http")]
    | Annotated[FolderEndpoint, Tag("folder")]
    | Annotated[FtpEndpoint, Tag("ftp")]
    | Annotated[SftpEndpoint, Tag("sftp")]
    | Annotated[S3Endpoint, Tag("s3")]
    | Annotated[FsspecEndpoint, Tag("fsspec")]
    | Annotated[MailEndpoint, Tag("mail")]
    | Annotated[PlugInEndpoint, Tag(PLUG_IN)],
    Discriminator(_kind),
]


def no_such_type(kind: str) -> str:
    """What is said of a type that is none."""
    own = [inner.__metadata__[0].tag for inner in get_args(get_args(EndpointSettings)[0])]
    known = [tag for tag in own if tag != PLUG_IN]
    known += [name for name in plugins.names("wire.transports") if _kind({"type": name}) == PLUG_IN]
    near = did_you_mean(kind, known) or f"; known are {', '.join(known)}"
    return f"{kind!r} is no known type{near}"
