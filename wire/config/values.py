"""The kinds of values that stand in the configuration, each with the check it must pass.

A check takes what TOML gave and returns it, perhaps made canonical, or raises ValueError with a sentence that
follows the setting's name and says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    ValidationInfo,
)

from wire import plugins
from wire.common.languages import language_tag
from wire.common.particulars import template
from wire.iptc import media_topics, qcodes
from wire.story import Guess

SQLITE = "sqlite:///"  #: what the URL of a database file begins with
_POSTGRESQL = "postgresql://"
_HOST_PORT = re.compile(r"(?P<host>[^:\[\]\s/]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_MAIL = re.compile(r"[^@\s<>,;:\"]+@[A-Za-z0-9.-]+")
_SPAN = re.compile(r"([1-9])-([1-9])")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class Table(BaseModel):
    """A TOML table: frozen, nothing unknown in it, no value turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, validate_default=True)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The tables that a setting of this type may hold, each once."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return list(dict.fromkeys(model for inner in get_args(annotation) for model in models_in(inner)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the nearest of the known words, or nothing."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError) as exc:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"{name!r} is no time zone name") from exc
    except KeyError as exc:
        near = did_you_mean(name, available_timezones())
        raise ValueError(f"{name!r} is no known time zone{near or ', such as Europe/London'}") from exc
    return name


def _charset(name: str) -> str:
    try:
        "a".encode(name)
    except (LookupError, ValueError) as exc:
        raise ValueError(f"{name!r} is no known charset, such as utf-8, cp1252 or iso-8859-15") from exc
    return name


def _domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f"{name!r} must be a domain name in lower case, such as news.example")
    return name


def _format(name: str) -> str:
    if name not in plugins.BUILT_IN["wire.renderers"] and name not in plugins.names("wire.renderers"):
        known = plugins.names("wire.renderers")
        near = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        raise ValueError(f"{name!r} is no known document format{near}")
    return name


def web_address(url: str) -> str:
    """An absolute http or https URL without credentials and fragment. Raises ValueError."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises on a port that is no number
    except ValueError as exc:
        raise ValueError(f"is no valid URL: {exc}") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a full URL that begins with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or password; put them into headers as ${env:NAME}")
    if parts.fragment or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError("must hold neither blanks nor a #fragment")
    return url


def _templated_address(url: str) -> str:
    parts = template(web_address(url))
    if len(parts) > 1 and urlsplit(parts[0]).path in {"", "?"}:
        raise ValueError("only the path may hold {…}: the host is what is checked and connected to")
    return url


def _image_address(url: str) -> str:
    if not urlsplit(url).path.lower().endswith((".gif", ".jpg", ".jpeg", ".png")):
        raise ValueError("must be a GIF, JPEG or PNG by the ending of its address: RSS knows no other images")
    return url


def _network(block: object) -> IPv4Network | IPv6Network:
    """Addresses in CIDR notation. Raises ValueError."""
    try:
        return ip_network(block if isinstance(block, str) else "")
    except ValueError as exc:
        raise ValueError(f"{block!r} is no block of addresses, such as 10.1.0.0/16") from exc


def _base_url(url: str) -> str:
    if urlsplit(url).query:
        raise ValueError("must hold no ?query: paths are added to it")
    return url.rstrip("/")


def host_and_port(address: str, example: str = "127.0.0.1:8080 or [::1]:8080") -> tuple[str, int]:
    """The host, without brackets, and the port of ``HOST:PORT``. Raises ValueError, naming an example."""
    match = _HOST_PORT.fullmatch(address)
    if match is None or int(match["port"]) > 65535:
        raise ValueError(f"{address!r} must read HOST:PORT, such as {example}")
    return match["host"].strip("[]"), int(match["port"])


def listen_address(address: str) -> str:
    """``HOST:PORT``. Raises ValueError."""
    host_and_port(address)
    return address


def is_mail_address(text: str) -> bool:
    """Whether a text is a mail address alone, such as ``desk@news.example``."""
    return text.isascii() and _MAIL.fullmatch(text) is not None


def _rooted(path: Path, info: ValidationInfo) -> Path:
    if not str(path).strip() or "\0" in str(path):
        raise ValueError("must be a path")
    return root_of(info) / path


def _database(url: str, info: ValidationInfo) -> str:
    if url.startswith(_POSTGRESQL):
        return _server(url)
    name = url.removeprefix(SQLITE)
    if name == url or not name.strip() or name.startswith(":"):
        raise ValueError(
            f"must name a database file, such as {SQLITE}var/wire.db, "
            f"or a PostgreSQL database, such as {_POSTGRESQL}wire@db.example/wire"
        )
    return f"{SQLITE}{root_of(info) / name}"


def _server(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise ValueError(f"is no URL: {exc}") from exc
    if parts.password is not None or "password=" in parts.query:
        # nor is it repeated here, since this is printed
        raise ValueError(
            "holds a password: give it in the environment as PGPASSWORD, or in a file as PGPASSFILE"
        )
    if not parts.path.strip("/"):
        raise ValueError(f"must name a database, such as {_POSTGRESQL}wire@db.example/wire")
    return url


def root_of(info: ValidationInfo) -> Path:
    """The folder that relative paths start from: handed to the validation as ``context["root"]``."""
    context: dict[str, Path] = info.context or {}
    return context["root"]


def _below(folder: str) -> str:
    path = PurePosixPath(folder)
    if path.is_absolute() or ".." in path.parts or not folder:
        raise ValueError(
            f"{folder!r} must be a folder below the inbox, such as agency, or '.' for the inbox itself"
        )
    if any(part.startswith((".", "~")) for part in path.parts):
        raise ValueError(f"{folder!r} is never looked into: a name may not begin with '.' or '~'")
    return str(path)


def _topic(qcode: str) -> str:
    _code(qcode)
    if qcode.startswith("medtop:") and not media_topics.is_known(qcode):
        raise ValueError(f"{qcode!r} is no media topic of the IPTC, such as medtop:16000000")
    return qcode


def _code(qcode: str) -> str:
    try:
        alias, _ = qcodes.split(qcode)
    except ValueError as exc:
        raise ValueError(f"{qcode!r} is no qcode; it must read alias:code, such as medtop:16000000") from exc
    if not qcodes.is_known_alias(alias):
        near = did_you_mean(alias, qcodes.catalogue())
        raise ValueError(f"{alias!r} in {qcode!r} is no alias of the IPTC catalogue{near}")
    return qcode


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as exc:
        raise ValueError(f"{text!r} is no regular expression: {exc}") from exc
    return text


def _name_or_code(text: str) -> str:
    return _code(text) if ":" in text else text


def guesses(value: Any) -> frozenset[Guess]:
    """The fields of ``enrich``; an empty array switches all guessing off."""
    if isinstance(value, frozenset):  # what holds without it
        return value
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("must be an array of field names in quotes, [] for none")
    known = [guess.value for guess in Guess]
    for name in value:
        if name not in known:
            near = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            raise ValueError(f"{name!r} is nothing that can be guessed{near}")
    return frozenset(Guess(name) for name in value)


def _one_or_more(value: Any) -> Any:
    """TOML's arrays, and a single value for an array of one."""
    if value == []:
        raise ValueError("is an empty array; leave it out instead")
    if isinstance(value, tuple):
        return value
    return tuple(value) if isinstance(value, list) else (value,)


def _spans_too(value: Any) -> Any:
    """As `_one_or_more`, where ``"1-3"`` stands for 1, 2 and 3."""
    values: list[Any] = []
    for each in _one_or_more(value):
        if isinstance(each, str) and (span := _SPAN.fullmatch(each)):
            if span[1] > span[2]:
                raise ValueError(f"{each!r} runs backwards; write '{span[2]}-{span[1]}'")
            values += range(int(span[1]), int(span[2]) + 1)
        else:
            values.append(each)
    return tuple(dict.fromkeys(values))


Text = Annotated[str, Field(min_length=1)]
ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
ID_MEANT = "must be 1 to 64 of a-z, 0-9 and '-', and begin with a letter or digit"
Id = Annotated[str, Field(pattern=ID_PATTERN)]
#: An id, or what ids are made from (`wire.config.feed_templates`).
IdTemplate = Annotated[str, Field(pattern=r"^[a-z0-9{][a-z0-9{}-]{0,127}$")]
Timezone = Annotated[str, AfterValidator(_timezone)]
Charset = Annotated[str, AfterValidator(_charset)]
Language = Annotated[str, AfterValidator(language_tag)]
Domain = Annotated[str, AfterValidator(_domain)]
Format = Annotated[str, AfterValidator(_format)]
WebAddress = Annotated[str, AfterValidator(web_address)]
#: A `WebAddress` in whose path particulars of a delivery may be filled in (`wire.common.particulars`).
TemplatedAddress = Annotated[str, AfterValidator(_templated_address)]
ImageAddress = Annotated[WebAddress, AfterValidator(_image_address)]
BaseUrl = Annotated[WebAddress, AfterValidator(_base_url)]
Listen = Annotated[str, AfterValidator(listen_address)]
RootedPath = Annotated[Path, Strict(False), AfterValidator(_rooted)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
FolderBelowInbox = Annotated[str, AfterValidator(_below)]
Topic = Annotated[str, AfterValidator(_topic)]
NameOrCode = Annotated[Text, AfterValidator(_name_or_code)]
#: What tells which story a document without a guid is (`wire.desk.identity`).
SameStory = Literal["file-name", "slugline", "nothing"]
Expression = Annotated[str, AfterValidator(_expression)]
Urgency = Annotated[int, Field(ge=1, le=9)]

#: An array that may also be written as its only value.
Several = BeforeValidator(_one_or_more)
#: Private networks, each as a block of addresses, that somebody may be reached in.
Networks = Annotated[tuple[Annotated[IPv4Network | IPv6Network, PlainValidator(_network)], ...], Several]
#: `Several` numbers of one digit, or spans of them such as ``"1-3"``.
Urgencies = BeforeValidator(_spans_too)
