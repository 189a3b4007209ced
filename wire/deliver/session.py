"""A connection to a server that is kept between deliveries, under total deadlines that hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Generic, Protocol, TypeVar

from wire.deliver.addresses import Network
from wire.deliver.deadline import Watchdog, common_watchdog
from wire.deliver.dialling import Dialler, unreachable
from wire.errors import DeliveryError, Unreachable


class Connection(Protocol):
    """What a protocol's library calls a connection, logged in and ready."""

    def alive(self) -> bool:
        """Whether nothing speaks against using it again, as far as can be told without asking."""
        ...

    def hang_up(self) -> None:
        """Close it without ceremony: it may be broken."""
        ...


C_co = TypeVar("C_co", bound=Connection, covariant=True)


class Session(Generic[C_co]):
    """Opens a connection when one is needed, keeps it while it works, and drops it after any trouble.

    Used by one thread at a time; `close` may be called from another one.

    connect   makes a connection, over sockets that the dialler gives it; may raise anything
    meaning   what an error of the protocol's library says of the document; None when it says nothing
    networks  private networks in which the server may be reached
    watchdog  ends overdue exchanges; one may serve all sessions
    """

    def __init__(
        self,
        connect: Callable[[Dialler], C_co],
        meaning: Callable[[Exception], DeliveryError | None],
        *,
        networks: Sequence[Network] = (),
        watchdog: Watchdog | None = None,
    ) -> None:
        self._connect = connect
        self._meaning = meaning
        self._dialler = Dialler(networks)
        self._watchdog = watchdog or common_watchdog()
        self._connection: C_co | None = None
        self._closed = threading.Event()

    @contextmanager
    def within(self, deadline_s: float) -> Iterator[C_co]:
        """A connection for the body of a ``with``, which is broken off after so many seconds.

        Raises DeliveryError, whatever the body raises. What goes wrong before there is a connection (name,
        address, certificate, login) speaks of the endpoint and passes once somebody mends it.
        """
        self._dialler.begin()
        if self._closed.is_set():
            raise Unreachable("the daemon is stopping")
        with self._watchdog.watching(deadline_s, self._dialler.break_off) as deadline:
            try:
                connection = self._connected()
                with self._understood():
                    yield connection
            except Exception as exc:  # the libraries let errors of sockets, of TLS and of their own through
                self._drop()
                if deadline.over:
                    raise Unreachable(f"not done within {deadline_s:.3g} s") from exc
                if isinstance(exc, DeliveryError):
                    raise
                raise unreachable(exc) from exc

    def close(self) -> None:
        """Break off whatever is under way."""
        self._closed.set()
        self._dialler.break_off()
        self._dialler.hang_up()

    def _connected(self) -> C_co:
        if self._connection is None or not self._connection.alive():
            self._drop()
            self._connection = self._connect(self._dialler)
        return self._connection

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except Exception as exc:
            error = self._meaning(exc)
            if error is None:
                raise
            raise error from exc

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.hang_up()
        self._dialler.hang_up()
