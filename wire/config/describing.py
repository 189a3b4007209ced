"""The configuration described: as JSON Schema for editors, and setting by setting for the reference.

What a setting means is said in the template, else where it is declared, in the ``#:`` comment beside it. Both
are read from there, so neither can be forgotten.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from wire.config.settings import Settings
from wire.config.values import models_in
from wire.story import Guess

#: What is called the same and means the same wherever it stands.
_RECURRING = {
    "all": "rules of which every one must be met",
    "any": "rules of which one must be met",
    "delays_s": "seconds to wait before each further attempt; then it is given up",
    "description": "a sentence for readers",
    "encryption": "how the connection is protected",
    "feeds": "ids of private feeds",
    "genre": "name or qcode of a genre",
    "headers": "sent with every request; credentials as `${env:NAME}`",
    "headline_prefix": "put before the headline",
    "hub": "our own hub",
    "id": "its name in addresses, commands and logs: a-z, 0-9 and `-`",
    "keyword": "words that stand among the keywords",
    "language": "BCP 47, such as `en` or `pt-BR`",
    "listen": "HOST:PORT",
    "mail": "alarms by e-mail",
    "max_subscriptions": "more are refused",
    "max_per_host": "of these, for callbacks at one host",
    "max_words": "no longer than this",
    "method": "of the request",
    "min_words": "no shorter than this",
    "name": "as feeds and documents say it",
    "not": "a rule that must not be met",
    "options": "handed to the plug-in by name",
    "password": "as `${env:NAME}` or `${file:PATH}`",
    "path": "a folder",
    "place": "name or qcode of a place",
    "provider": "who its stories are from",
    "rights": "the copyright line",
    "role": "what somebody may do",
    "sender": "from whom mail comes",
    "server": "HOST:PORT of the mail server",
    "slugline_prefix": "put before the slugline",
    "source": "ids of sources",
    "subject": "media topics, such as `medtop:16000000`",
    "timezone": "IANA name, such as `Europe/London`",
    "to": "to whom mail goes",
    "url": "where it is reached",
    "user": "name to log in with",
    "where": "which stories it takes; without it, all",
}

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SETTING = re.compile(r"^(?:# )?(?P<name>[a-z_]+) = .*?\s#(?P<said>(?: [^#\"]*)?)$")
_GOES_ON = re.compile(r"^#?\s{20,}#\s*(?P<said>.*)$")
_HEADER = re.compile(r"^(?:# )?\[\[?(?P<table>[a-z]+)\]\]?")


class _Generator(GenerateJsonSchema):
    """Says in JSON Schema what our own checks take."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """An array that may also be written as its only value."""
        inner = self.generate_inner(schema["schema"])
        name = getattr(schema["function"]["function"], "__name__", "")
        if name not in {"_one_or_more", "_spans_too"} or "items" not in inner:
            return inner
        one = dict(inner["items"])
        if name == "_spans_too":
            one = {"anyOf": [one, {"type": "string", "pattern": "^[1-9]-[1-9]$"}]}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        """A check that does everything itself takes a text, but for the list of guesses."""
        if getattr(schema["function"]["function"], "__name__", "") == "guesses":
            return {"type": "array", "items": {"enum": sorted(guess.value for guess in Guess)}}
        return {"type": "string"}


def json_schema() -> dict[str, Any]:
    """The configuration as JSON Schema (draft 2020-12), which editors check and complete TOML by."""
    schema = Settings.model_json_schema(schema_generator=_Generator)
    schema.pop("required", None)  # without any table the defaults hold
    models = {model.__name__: model for _, model in tables()}
    for name, definition in schema["$defs"].items():
        for key, told in definition.get("properties", {}).items():
            told.pop("title", None)
            if (model := models.get(name)) and (said := description(model, key)):
                told["description"] = said
    return {
        "$schema": _DRAFT,
        "$id": "wire.schema.json",
        **_without_null(schema),
        "title": "The configuration of wire",
    }


def _without_null(value: Any) -> Any:
    """TOML knows no null: what may be left out is left out."""
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _without_null(each) for key, each in value.items() if not (key == "default" and each is None)
    }
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [each for each in choices if each != {"type": "null"}]
        del kept["anyOf"]
        kept = {**rest[0], **kept} if len(rest) == 1 else {**kept, "anyOf": rest}
    if isinstance(kept.get("default"), dict):
        del kept["default"]  # of a table: what holds is said of its settings
    return kept


@cache
def tables() -> Sequence[tuple[str, type[BaseModel]]]:
    """Every table of the file with the model that it is read by, nested ones after theirs."""
    return tuple(_tables())


def _tables() -> Iterator[tuple[str, type[BaseModel]]]:
    seen: set[type[BaseModel]] = set()
    waiting = [(name, field.annotation) for name, field in Settings.model_fields.items()]
    while waiting:
        name, annotation = waiting.pop(0)
        found = [model for model in models_in(annotation) if model not in seen]
        seen.update(found)
        for model in found:
            yield name, model
        waiting[:0] = [
            (f"{name}.{field.alias or key}", field.annotation)
            for model in found
            for key, field in model.model_fields.items()
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting, for people."""

    name: str
    kind: str  #: what it takes
    default: str  #: as TOML; empty when there is none
    required: bool
    said: str


def settings_of_table(model: type[BaseModel], schema: Mapping[str, Any]) -> list[Setting]:
    """The settings of a model of `tables`, in the order in which they are declared.

    schema  what `json_schema` made
    """
    definition = schema["$defs"][model.__name__]
    required = definition.get("required", ())
    return [
        Setting(
            name=key,
            kind=_kind(told, schema["$defs"]),
            default=_default(told.get("default")),
            required=key in required,
            said=description(model, key),
        )
        for key, told in definition["properties"].items()
    ]


def _kind(told: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a setting takes, in a few words."""
    if "$ref" in told:
        name = told["$ref"].rpartition("/")[2]
        inner = definitions[name]
        return _kind(inner, definitions) if "enum" in inner else "table"
    if "enum" in told:
        return " or ".join(f"`{each}`" for each in told["enum"])
    if "const" in told:
        return f"`{told['const']}`"
    if choices := told.get("anyOf") or told.get("oneOf"):
        kinds = list(dict.fromkeys(_kind(each, definitions) for each in choices))
        return " or ".join(kinds)
    if told.get("type") == "array":
        return f"array of {_kind(told.get('items', {}), definitions)}"
    if told.get("type") == "object":
        return "table"
    names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return names.get(told.get("type", ""), "value") + _bounds(told)


def _bounds(told: Mapping[str, Any]) -> str:
    low, high = told.get("minimum"), told.get("maximum")
    if low is None and high is None:
        return ""
    if high is None:
        return f", at least {low:,}"
    return f", at most {high:,}" if low is None else f", {low:,} to {high:,}"


def _default(value: Any) -> str:
    if value in (None, [], ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_default(each) for each in value) + "]"
    return (
        f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
    )


def description(model: type[BaseModel], key: str) -> str:
    """What a setting means: by the template, else by the comment where it is declared; empty for neither."""
    table = next((name for name, each in tables() if each is model), "")
    return _template().get((table, key)) or _declared(model).get(key) or _RECURRING.get(key, "")


@cache
def _template() -> Mapping[tuple[str, str], str]:
    """By table and setting, what the template says behind it."""
    said: dict[tuple[str, str], str] = {}
    table, last = "", None
    for line in files("wire.config").joinpath("template.toml").read_text(encoding="utf-8").splitlines():
        if header := _HEADER.match(line):
            table, last = header["table"], None
        elif (setting := _SETTING.match(line)) and setting["said"].strip():
            last = (table, setting["name"])
            said.setdefault(last, setting["said"].strip())
        elif last and (more := _GOES_ON.match(line)):
            said[last] += f" {more['said'].strip()}"
        else:
            last = None
    return said


@cache
def _declared(model: type[BaseModel]) -> Mapping[str, str]:
    """By setting, the ``#:`` comment on or above the lines that declare it, in its class or those above."""
    said: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            said |= {_alias(each, name): comment.replace("``", "`") for name, comment in _comments(each)}
    return said


def _comments(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The names that a class itself declares, each with its comment."""
    source = inspect.getsource(model)
    lines = source.splitlines()
    declared = ast.parse(source).body[0]
    assert isinstance(declared, ast.ClassDef)
    for node in declared.body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        above, beside = lines[node.lineno - 2], lines[node.lineno - 1 : node.end_lineno]
        if found := next((line for line in beside if "#: " in line), None):
            yield node.target.id, found.partition("#: ")[2]
        elif above.strip().startswith("#: "):
            yield node.target.id, above.strip().removeprefix("#: ")


def _alias(model: type[BaseModel], name: str) -> str:
    field = model.model_fields.get(name)
    return (field.alias or name) if field else name
