"""The web server: uvicorn in one thread, on a socket that was bound before anything else started."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp

from wire.errors import CommandError
from wire.web.protocol import LimitedProtocol

_BACKLOG = 1024  #: connections that wait while the loop is busy
_MAX_CONNECTIONS = 1000  #: above it 503, so that a flood cannot eat the memory
_KEEP_ALIVE_S = 15
_LAST_REQUESTS_S = 0.3  #: from the last connection let in to the end of serving, at a hand-over


class _Server(uvicorn.Server):
    """uvicorn that looks whether to stop once a second, not ten times: an idle daemon costs nothing."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Keep the date header right and break off clients that are too slow, until told to stop."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            self._drop_overdue(self._loop.time())
            self._told.clear()
            if self.should_exit:  # told so while we looked
                continue
            timer = self._loop.call_later(1.0, self._told.set)  # a tenth of what wait_for costs
            await self._told.wait()
            timer.cancel()

    def _drop_overdue(self, now_s: float) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, LimitedProtocol) and connection.overdue(now_s):
                connection.transport.abort()

    def accept_no_more(self) -> None:
        """Leave new connections to whoever listens next. Called from another thread.

        It only stops looking: a server that is closed breaks off whom it let in just now, unheard.
        """
        if self._loop is not None:
            for listener in (listener for server in self.servers for listener in server.sockets):
                self._loop.call_soon_threadsafe(self._loop.remove_reader, listener.fileno())

    def stop(self) -> None:
        """End the loop at once. Called from another thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)


class WebServer:
    """Serves one application. Built, started and stopped by the main thread."""

    def __init__(self, host: str, port: int, *, handed_over: str = "") -> None:
        """Take the port; 0 takes any free one. Raises CommandError when it cannot be had.

        handed_over  what `hand_over` of the process before us gave; its socket is used if the address is the
                     same, so that nobody who asks meanwhile is turned away
        """
        self._wanted = f"{host}:{port}"
        try:
            self._socket = _adopted(handed_over, self._wanted) or _listening(host, port)
        except OSError as exc:
            reason = exc.strerror or exc
            raise CommandError(
                f"cannot listen on {host}:{port}: {reason}; stop what uses it, or change [web] listen"
            ) from exc
        self._host = f"[{host}]" if ":" in host else host
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8080``."""
        return f"http://{self._host}:{self._socket.getsockname()[1]}"

    @property
    def alive(self) -> bool:
        """Whether it is serving."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, app: ASGIApp) -> None:
        """Serve from now on. Requests made since the port was taken are answered too."""
        config = uvicorn.Config(
            app,
            lifespan="off",
            http=LimitedProtocol,
            loop="asyncio",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MAX_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            # it closes what it is given
            target=self._server.run,
            kwargs={"sockets": [self._socket.dup()]},
            name="web",
            daemon=True,
        )
        self._thread.start()

    def hand_over(self) -> str:
        """What whoever takes our place in this process is to be given, after ``stop(listening=True)``."""
        self._socket.set_inheritable(True)
        return f"{self._socket.fileno()} {self._wanted}"

    def stop(self, timeout_s: float = 5.0, *, listening: bool = False) -> None:
        """Finish the requests under way, for at most ``timeout_s``, then break off the rest.

        listening  leave the port taken: who asks from now on waits for whoever is handed it
        """
        if not listening:
            with contextlib.suppress(OSError):
                self._socket.close()
        elif self._server is not None:
            self._server.accept_no_more()
            time.sleep(_LAST_REQUESTS_S)  # who was let in just now has yet to say what they want
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join(timeout_s)
            self._server.force_exit = True
            self._thread.join(1.0)


def _adopted(handed_over: str, wanted: str) -> socket.socket | None:
    """The socket that was handed over, if it listens where we want to; else it is closed."""
    descriptor, _, address = handed_over.partition(" ")
    if not descriptor.isdecimal():
        return None
    adopted = socket.socket(fileno=int(descriptor))
    if address == wanted:
        adopted.set_inheritable(False)
        return adopted
    adopted.close()
    return None


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket. TCP is named outright: on a socket without it, asyncio leaves Nagle's algorithm
    on, and every answer of more than one packet waits 40 ms for an acknowledgement."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
