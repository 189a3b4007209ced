"""Endpoints that keep documents as files: folders, file servers, object stores."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from wire.config.endpoint_base import Endpoint, Host, Line, Port, ReadableFile, needs, revealed
from wire.config.endpoint_plug_in import Options, plain_options
from wire.config.secret_text import SecretLines, SecretWord
from wire.config.values import Networks, RootedPath, Several, WebAddress

_BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"


def _host_key(line: str) -> str:
    kind, _, rest = line.partition(" ")
    try:
        named = b64decode(rest.split(" ")[0], validate=True)[4 : 4 + len(kind)]
    except NotBase64:
        named = b""
    if not named or named != kind.encode():
        raise ValueError("must be a public key as ssh-keyscan prints it behind the host: ssh-ed25519 AAAA…")
    return line


def _prefix(text: str) -> str:
    if text.startswith("/") or {".", ".."} & set(text.split("/")):
        raise ValueError(f"{text!r} must be the beginning of a name, such as wire/")
    return text


def _fsspec_address(url: str) -> str:
    """A folder in a file system that fsspec knows, and whose library is installed."""
    protocol, separator, rest = url.partition("://")
    if not separator or not rest.strip("/") or not url.isprintable() or "@" in rest.partition("/")[0]:
        raise ValueError("must name a folder such as gs://bucket/wire, credentials in options")
    if find_spec("fsspec") is not None:
        try:
            import_module("fsspec").get_filesystem_class(protocol)
        except (ImportError, ValueError) as exc:
            raise ValueError(f"{protocol}:// cannot be used: {exc}") from exc
    return url


class _Files(Endpoint):
    """What all of them have."""

    files: Literal["versions", "latest", "live"] = (
        "versions"  #: one a version; one a story; or while it stands
    )


class FolderEndpoint(_Files):
    """``type = "folder"``: documents are written as files."""

    type: Literal["folder"] = "folder"
    path: RootedPath

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {"path": self.path, "files": self.files}


class FtpEndpoint(_Files):
    """``type = "ftp"``: an FTP server, with TLS unless that is switched off."""

    type: Literal["ftp"] = "ftp"
    host: Host
    port: Port | None = None
    tls: Literal["none", "explicit", "implicit"] = "explicit"
    user: Line = "anonymous"
    password: SecretWord | None = None
    path: Line | None = None  #: folder to be in after the login
    ca_file: ReadableFile | None = None  #: certificates trusted instead of the public ones
    networks: Networks = ()  #: may be reached in these, besides the default

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "host": self.host,
            "port": self.port,
            "tls": self.tls,
            "user": self.user,
            "password": revealed(self.password) or "",
            "path": self.path or "",
            "files": self.files,
            "ca_file": self.ca_file,
            "networks": self.networks,
        }


class SftpEndpoint(_Files):
    """``type = "sftp"``: a server reached by SSH."""

    type: Annotated[Literal["sftp"], needs("paramiko", "sftp")] = "sftp"
    host: Host
    port: Port | None = None
    user: Line
    password: SecretWord | None = None
    key: SecretLines | None = None  #: a private key
    key_password: SecretWord | None = None
    known_hosts: ReadableFile | None = None  #: as OpenSSH writes it
    host_keys: Annotated[tuple[Annotated[str, AfterValidator(_host_key)], ...], Several] = ()
    path: Line | None = None  #: folder to be in after the login
    networks: Networks = ()  #: may be reached in these, besides the default

    @model_validator(mode="after")
    def _knows_both_sides(self) -> Self:
        if self.known_hosts is None and not self.host_keys:
            raise ValueError("needs known_hosts or host_keys: nobody else may pass for the server")
        if self.password is None and self.key is None:
            raise ValueError("needs a password or a key")
        return self

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": revealed(self.password),
            "key": revealed(self.key),
            "key_password": revealed(self.key_password),
            "known_hosts_file": self.known_hosts,
            "host_keys": self.host_keys,
            "path": self.path or "",
            "files": self.files,
            "networks": self.networks,
        }


class FsspecEndpoint(_Files):
    """``type = "fsspec"``: wherever a library of the fsspec family reaches."""

    type: Annotated[Literal["fsspec"], needs("fsspec", "fsspec")] = "fsspec"
    url: Annotated[str, AfterValidator(_fsspec_address)]
    options: Options = Field(default_factory=dict)  #: of the library that knows such addresses
    rename: bool = True  #: write under a temporary name first
    networks: Networks = ()  #: it may connect in these, besides the default

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "url": self.url,
            "options": plain_options(self.options),
            "rename": self.rename,
            "files": self.files,
            "networks": self.networks,
        }


class S3Endpoint(_Files):
    """``type = "s3"``: a bucket of S3, or of a server that speaks like it."""

    type: Literal["s3"] = "s3"
    bucket: Annotated[str, Field(pattern=_BUCKET)]
    region: Line = "us-east-1"
    url: WebAddress | None = None  #: of a server that is not Amazon's
    prefix: Annotated[Line, AfterValidator(_prefix)] | None = None  #: what names begin with
    access_key: SecretWord
    secret_key: SecretWord
    session_token: SecretWord | None = None
    ca_file: ReadableFile | None = None  #: certificates trusted instead of the public ones
    proxy: WebAddress | None = None  #: through which the endpoint is reached
    networks: Networks = ()  #: may be reached in these, besides the default

    def transport_options(self) -> dict[str, Any]:
        """See `Endpoint.transport_options`."""
        return {
            "url": self.url or f"https://s3.{self.region}.amazonaws.com",
            "bucket": self.bucket,
            # Amazon wants it there; of a bucket with a dot no certificate could hold the name.
            "bucket_in_host": self.url is None and "." not in self.bucket,
            "region": self.region,
            "prefix": self.prefix or "",
            "access_key": self.access_key.reveal(),
            "secret_key": self.secret_key.reveal(),
            "session_token": revealed(self.session_token),
            "files": self.files,
            "ca_file": self.ca_file,
            "proxy": self.proxy,
            "networks": self.networks,
        }
