"""The HTTP API: what the desk's pages do, as JSON, for machines with a token.

A token comes in the ``Authorization`` header, which no browser sends by itself; cookies count for nothing
here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wire import storyjson
from wire.common.people import User
from wire.errors import CommandError, IntakeError, StoreError
from wire.web.desk.api_table import Call, Operation
from wire.web.desk.people import People

_FIELDS_BYTES = 2_000_000
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_KINDS = {"string": str, "integer": int, "array": list, "object": dict}


class Api:
    """The routes of a table of operations. Immutable."""

    def __init__(
        self, operations: tuple[Operation, ...], *, people: People, document: Mapping[str, Any], largest: int
    ) -> None:
        """``largest``: bytes of a file that may be pushed."""
        self._operations = operations
        self._people = people
        self._document = document
        self._largest = largest

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        by_path: dict[str, list[Operation]] = {}
        for operation in self._operations:
            by_path.setdefault(operation.path, []).append(operation)
        described = Route("/api/openapi.json", self._describe, methods=["GET"])
        return [
            described,
            *(Route(path, self._endpoint(made), methods=_METHODS) for path, made in by_path.items()),
            Route("/api/{rest:path}", self._nothing, methods=_METHODS),
        ]

    async def _describe(self, _request: Request) -> Response:
        return _json(self._document)

    async def _nothing(self, _request: Request) -> Response:
        return _wrong(404, "there is no such operation; /api/openapi.json lists them")

    def _endpoint(self, operations: list[Operation]) -> Any:
        by_method = {operation.method: operation for operation in operations}

        async def answer(request: Request) -> Response:
            operation = by_method.get("GET" if request.method == "HEAD" else request.method)
            if operation is None:
                return _wrong(405, "not by this method")
            try:
                return await self._carry_out(operation, request)
            except HTTPException as exc:
                return _wrong(exc.status_code, exc.detail, exc.headers)
            except IntakeError as exc:
                return _wrong(422, str(exc))
            except CommandError as exc:
                return _wrong(409, str(exc))
            except StoreError as exc:
                return _wrong(503, str(exc), {"retry-after": "5"})

        return answer

    async def _carry_out(self, operation: Operation, request: Request) -> Response:
        user = self._user(request)
        if not user.role.may(operation.role):
            raise HTTPException(
                403, f"this is for the role {operation.role.value}; yours is {user.role.value}"
            )
        body = await _body(request, self._largest if operation.takes_bytes else _FIELDS_BYTES)
        call = Call(
            user=user,
            path=request.path_params,
            query=_known(request.query_params, operation.query),
            headers=request.headers,
            fields=_fields(body, operation) if operation.fields is not None else {},
            body=body,
        )
        reply = await run_in_threadpool(operation.handler, call)
        if reply.body is not None:
            return _plain(reply.body, reply.media_type, reply.status)
        return _json(reply.value, reply.status)

    def _user(self, request: Request) -> User:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        user = self._people.by_token(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise HTTPException(401, "a token is needed", {"www-authenticate": 'Bearer realm="wire"'})
        return user


def _known(query: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
    for name in query:
        if name not in known:
            raise HTTPException(400, f"{name} is no parameter; known are: {', '.join(known) or 'none'}")
    return dict(query)


def _fields(body: bytes, operation: Operation) -> dict[str, Any]:
    """The fields of a JSON body, of the types that the table says."""
    known = operation.fields or {}
    fields = _json_of(body or b"{}")
    if not isinstance(fields, dict):
        raise HTTPException(400, "the body must be a JSON object")
    for name, value in fields.items():
        if name not in known:
            raise HTTPException(400, f"{name} is no field; known are: {', '.join(known)}")
        kind = _KINDS[known[name]["type"]]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise HTTPException(400, f"{name} must be of type {known[name]['type']}")
    for name in operation.required:
        if name not in fields:
            raise HTTPException(400, f"{name} is missing")
    return fields


def _json_of(body: bytes) -> Any:
    """JSON whose texts can be kept: a lone surrogate, which JSON can say, is no text to anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise HTTPException(400, "the body is no JSON") from exc
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as exc:
        raise HTTPException(400, "the body holds half a character: a surrogate without its other") from exc
    return value


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise HTTPException(413, f"that is more than {most:,} bytes")
    return bytes(body)


def _wrong(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    response = _json({"error": {"status": status, "message": message}}, status)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _json(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, default=_plain_value).encode("utf-8", "replace")
    return _plain(body + b"\n", "application/json", status)


def _plain(body: bytes, media_type: str, status: int) -> Response:
    response = Response(body, status_code=status, media_type=media_type)
    response.raw_headers.extend(_HEADERS)
    return response


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return storyjson.rfc3339(value)
    if isinstance(value, bytes):
        return len(value)
    return asdict(value)
