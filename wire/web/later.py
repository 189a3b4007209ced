"""An application that is built when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send


class Later:
    """Stands for an application until it is wanted: most daemons serve feeds for days before."""

    def __init__(self, build: Callable[[], ASGIApp]) -> None:
        """``build`` is called in a thread, perhaps by several at once, and gives the same to all."""
        self._build = build
        self._built: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; feeds are served while the first one waits."""
        if self._built is None:
            self._built = await run_in_threadpool(self._build)
        await self._built(scope, receive, send)
