"""The HTTP API as a table, and its OpenAPI document (3.1), which is made of nothing but the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wire.common.people import Role, User

_IN_PATH = re.compile(r"{([a-z]+)}")

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
        }
    },
}
TEXT: Mapping[str, Any] = {"type": "string"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to the API that has passed."""

    user: User
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    fields: Mapping[str, Any] = field(default_factory=dict)  #: of its JSON body
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the API answers: a JSON value, or bytes of another type."""

    value: Any = None
    status: int = 200
    body: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the table."""

    id: str
    method: str
    path: str
    summary: str
    handler: Callable[[Call], Reply]
    role: Role = Role.READER
    #: by name, what may stand in the query: a schema
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: by name, the fields of a JSON body; None where it takes none
    fields: Mapping[str, Mapping[str, Any]] | None = None
    required: Sequence[str] = ()
    takes_bytes: bool = False  #: the body is a file as it is
    answers: str = "What was asked for"
    status: int = 200
    gives_bytes: bool = False


def openapi(operations: Sequence[Operation], *, title: str, version: str, url: str) -> dict[str, Any]:
    """The document that describes the API."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`wire user token` makes one; its hash stands in [[users]]",
                }
            },
            "schemas": {"Error": _ERROR},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in _IN_PATH.findall(operation.path)
    ]
    for place, named in (("query", operation.query), ("header", operation.headers)):
        parameters += [
            {"name": name, "in": place, "required": False, "schema": dict(schema)}
            for name, schema in named.items()
        ]
    made: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": f"For the role {operation.role.value} and above.",
        "responses": {
            str(operation.status): {"description": operation.answers, "content": _content(operation)},
            "default": {
                "description": "What went wrong",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if parameters:
        made["parameters"] = parameters
    if operation.takes_bytes:
        made["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    elif operation.fields is not None:
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: dict(kind) for name, kind in operation.fields.items()},
        }
        if operation.required:
            schema["required"] = list(operation.required)
        made["requestBody"] = {
            "required": bool(operation.required),
            "content": {"application/json": {"schema": schema}},
        }
    return made


def _content(operation: Operation) -> dict[str, Any]:
    return {"*/*": {"schema": {}}} if operation.gives_bytes else {"application/json": {"schema": {}}}
