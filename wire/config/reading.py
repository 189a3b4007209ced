"""Reads ``wire.toml`` and says everything that is wrong with it, each fault with its line."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from wire.config.crosscheck import clashes
from wire.config.endpoint_plug_in import PLUG_IN
from wire.config.endpoints import no_such_type
from wire.config.locate import KeyPath, lines_of, nearest_line
from wire.config.settings import Settings
from wire.config.values import ID_MEANT, did_you_mean, models_in
from wire.errors import ConfigError, Fault

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_LARGEST = 4_000_000  # bytes; more is no configuration
#: "Expected '=' after a key in a key/value pair (at line 3, column 7)", or "(at end of document)"
_BROKEN_LINE = re.compile(r" \(at line (\d+)[^()]*\)$")

#: Without any [[feeds]] there is one with everything.
_EVERYTHING = {"id": "all", "title": "All stories", "description": "Every story, newest first"}

#: pydantic's kinds of errors in our words; other kinds keep pydantic's.
_MESSAGES = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be an array in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "path_type": "must be a path in quotes",
    "union_tag_not_found": "needs a type",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": ID_MEANT,
}


def load(path: Path | None, *, with_secrets: bool = False) -> Settings:
    """The settings of a file; of no file, the defaults.

    with_secrets  also look up every secret; one that is missing is a fault like any other

    Raises ConfigError with every fault.
    """
    if path is None:
        return defaults()
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError((_syntax_fault(path, exc),)) from exc
    except RecursionError as exc:
        raise ConfigError((Fault(where=str(path), key="", message="is nested too deeply"),)) from exc
    return _validated(data, text, path, with_secrets=with_secrets)


def salvaged(path: Path) -> Settings:
    """What a faulty file still says: the tables that are right by themselves, and the defaults of the others.

    Enough to find the daemon that runs on an earlier state of the file; nothing is to be started by it.
    """
    root = _root_for(path)
    found: dict[str, Any] = {}
    for name, table in _legible(path).items():
        with suppress(ValidationError):
            _settings({name: table}, root, with_secrets=False)
            found[name] = table
    return _settings(found, root, with_secrets=False)


def _legible(path: Path) -> dict[str, Any]:
    """The file's tables; those before the line at which it stops being TOML."""
    try:
        text = _read(path)
        lines = text.splitlines(keepends=True)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            broken = _BROKEN_LINE.search(str(exc))
            return tomllib.loads("".join(lines[: int(broken[1]) - 1] if broken else ()))
    except (ConfigError, tomllib.TOMLDecodeError, RecursionError):
        return {}


def defaults(root: Path | None = None) -> Settings:
    """What holds without any configuration: one feed with everything, no endpoints.

    root  what paths are relative to; the current folder when None
    """
    return _settings({}, (root or Path.cwd()).resolve(), with_secrets=False)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as exc:
        raise ConfigError(
            (Fault(where=str(path), key="", message=f"cannot be read: {exc.strerror}"),)
        ) from exc
    if len(data) > _LARGEST:
        raise ConfigError((Fault(where=str(path), key="", message=f"is larger than {_LARGEST} bytes"),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        fault = Fault(where=f"{path}:{line}", key="", message="is not UTF-8; save the file as UTF-8")
        raise ConfigError((fault,)) from exc


def _syntax_fault(path: Path, exc: tomllib.TOMLDecodeError) -> Fault:
    message = str(exc).rpartition(" (at ")[0]
    line = _BROKEN_LINE.search(str(exc))
    where = f"{path}:{line[1]}" if line else str(path)
    return Fault(where=where, key="", message=f"is no valid TOML: {message or exc}")


def _root_for(path: Path) -> Path:
    folder = path.resolve().parent
    return folder.parent if folder.name == "config" else folder


def _settings(data: dict[str, Any], root: Path, *, with_secrets: bool) -> Settings:
    tables: dict[str, Any] = {"inbox": {}, "outbox": {}, "store": {}, "feeds": [_EVERYTHING], **data}
    return Settings.model_validate(tables, context={"root": root, "secrets": with_secrets})


def _validated(data: dict[str, Any], text: str, path: Path, *, with_secrets: bool) -> Settings:
    root = _root_for(path)
    found = list(clashes(data, path, root))
    try:
        settings = _settings(data, root, with_secrets=with_secrets)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
        found += [(_place(error), _message(error)) for error in errors]
    else:
        if not found:
            return settings
    lines = lines_of(text)
    faults = [(nearest_line(lines, place) or 0, _dotted(place), message) for place, message in found]
    raise ConfigError(
        tuple(
            Fault(where=f"{path}:{line}" if line else str(path), key=key, message=message)
            for line, key, message in sorted(set(faults))
        )
    )


def _place(error: ErrorDetails) -> KeyPath:
    return _resolved(error["loc"])[0]


def _message(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        path, models = _resolved(error["loc"])
        known = [field.alias or key for model in models for key, field in model.model_fields.items()]
        return "is no known setting" + (
            did_you_mean(str(path[-1]), known) or f"; known are {', '.join(known)}"
        )
    if kind == "union_tag_invalid":
        return no_such_type(error["ctx"]["tag"])
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "tuple_type" and len(error["loc"]) == 1:
        return f"each begins with [[{error['loc'][0]}]], in two brackets"
    return _MESSAGES.get(kind) or error["msg"].replace("Input should be", "must be")


def _resolved(loc: KeyPath) -> tuple[KeyPath, list[type[BaseModel]]]:
    """Pydantic's location as the path in the file, and the models one of which holds its last part.

    Pydantic puts the tag of a union into its locations; the file knows nothing of it.
    """
    path: KeyPath = ()
    holders: list[type[BaseModel]] = []
    models: list[type[BaseModel]] = [Settings]
    for part in loc:
        if tagged := [model for model in models if _has_tag(model, part)]:
            models = tagged
            continue
        path = (*path, part)
        if isinstance(part, str):
            holders, fields = models, [_field(model, part) for model in models]
            models = [inner for field in fields if field for inner in models_in(field.annotation)]
    return path, holders


def _has_tag(model: type[BaseModel], part: str | int) -> bool:
    kind = model.model_fields.get("type")
    return kind is not None and part in (get_args(kind.annotation) or (PLUG_IN,))


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    return next((field for key, field in model.model_fields.items() if name == (field.alias or key)), None)


def _dotted(path: KeyPath) -> str:
    """``endpoints[1].url``: the path as people write it, counted from 1 like the tables in the file."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
