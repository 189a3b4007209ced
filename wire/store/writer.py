"""The thread that owns the one writing connection, and its group commit (see `wire.store.database`)."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from wire.errors import StoreError, Unkeepable
from wire.store.engines import begin_change, flush_on_commit, is_loss, is_passing, is_refusal, tell_commit

log = logging.getLogger(__name__)

T = TypeVar("T")
Change = Callable[[Connection], T]

#: As many changes share one transaction at most; bounds how long a group can take.
GROUP_LIMIT = 64
#: How often a change is run that other daemons' changes got in the way of.
_TRIES = 5


class _Promise(Future[T]):
    """A future that has somebody told of its result before whoever waits for it goes on."""

    def __init__(self, then: Callable[[T], None] | None) -> None:
        super().__init__()
        self._then = then

    def tell(self, result: T) -> None:
        """Tell whoever is to be told first."""
        if self._then is not None:
            try:
                self._then(result)
            except Exception:  # the edge of whoever is told: what was committed stays so
                log.exception("what follows a commit failed")


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A change that waits for its transaction."""

    change: Change[Any]
    future: _Promise[Any]
    alongside: bool
    #: what it is made of, when each may fail by itself: then its result is a list, with errors in it
    parts: Sequence[Change[Any]] = ()


class Writer:
    """Runs changes, one after the other. Safe from any thread.

    name  by which other daemons on the same server tell our commits from theirs
    file  the database, if it is one: what is written to a file that was removed is lost with our last handle
    """

    def __init__(self, engine: Engine, name: str, file: Path | None = None) -> None:
        self._engine = engine
        self._name = name
        self._file = file
        self._opened: tuple[int, int] | None = None  #: device and number of the file that we write to
        #: transactions so far, those in doubt included; grows before anybody is told of one
        self.commits = 0
        self._waiting: queue.SimpleQueue[_Submitted | None] = queue.SimpleQueue()
        self._closed = False
        self._entrance = threading.Lock()  # whoever is let in is carried out
        self._thread = threading.Thread(target=self._run, name="wire-store", daemon=True)
        self._thread.start()

    def submit(
        self, change: Change[T], then: Callable[[T], None] | None, *, alongside: bool = False
    ) -> Future[T]:
        """See `wire.store.database.Database.submit`."""
        future = _Promise(then)
        self._let_in(_Submitted(change, future, alongside))
        return future

    def submit_each(self, changes: Sequence[Change[T]], *, alongside: bool) -> Future[list[T | Exception]]:
        """See `wire.store.database.Database.begin_each`."""

        def all_of_them(tx: Connection) -> list[T | Exception]:
            return [change(tx) for change in changes]

        future = _Promise[list[T | Exception]](None)
        self._let_in(_Submitted(all_of_them, future, alongside, changes))
        return future

    def _let_in(self, submitted: _Submitted) -> None:
        with self._entrance:
            if self._closed:
                raise StoreError("the store is closed")
            self._waiting.put(submitted)

    def close(self) -> None:
        """Finish what is submitted, and disconnect."""
        with self._entrance:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            if connection is not None and (connection.invalidated or connection.closed):
                connection.close()
                connection = None
            if connection is None:
                connection = self._connect(group)
            if connection is None or not self._is_in_place(group):
                continue
            if not self._run_together(connection, group):
                for submitted in group:
                    self._run_alone(connection, submitted)
        if connection is not None:
            connection.close()

    def _connect(self, group: list[_Submitted]) -> Connection | None:
        try:
            with translated("reopen the store"):
                connection = self._engine.connect()
        except StoreError as exc:
            for submitted in group:
                submitted.future.set_exception(exc)
            return None
        self._opened = _file_at(self._file)
        return connection

    def _is_in_place(self, group: list[_Submitted]) -> bool:
        """Whether what we write to still has its name; if not, nothing is kept of the group."""
        if _file_at(self._file) == self._opened:
            return True
        exc = StoreError(f"the store {self._file} was moved or removed while it is in use; put it back")
        for submitted in group:
            submitted.future.set_exception(exc)
        return False

    def _next_group(self) -> list[_Submitted] | None:
        """Whatever waits, at least one; None at the end."""
        first = self._waiting.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP_LIMIT and not self._waiting.empty():
            more = self._waiting.get()
            if more is None:
                self._waiting.put(None)
                break
            group.append(more)
        return group

    def _run_together(self, connection: Connection, group: list[_Submitted]) -> bool:
        """All in one transaction; False, with nothing kept, when any fails."""
        alongside = all(submitted.alongside for submitted in group)
        try:
            flush_on_commit(connection, alongside=alongside)
            with connection.begin():
                begin_change(connection, alongside=alongside)
                results = [submitted.change(connection) for submitted in group]
                if not alongside:
                    tell_commit(connection, self._name)
        except Exception as exc:  # noqa: BLE001 - the group's edge: each is run again alone and answers for itself
            # nobody knows what was kept of what was under way when the connection broke: never run it twice
            alone = len(group) == 1 and not group[0].parts
            if is_loss(exc) or (alone and not is_passing(exc)):
                self.commits += 1
                for submitted in group:
                    submitted.future.set_exception(_store_error(exc))
                return True
            return False
        self.commits += 1
        kept = list(zip(group, results, strict=True))
        for submitted, result in kept:
            submitted.future.tell(result)
        # The last one first: whoever waits for them in their order is woken once, when all are there.
        for submitted, result in reversed(kept):
            submitted.future.set_result(result)
        return True

    def _run_alone(self, connection: Connection, submitted: _Submitted) -> None:
        if submitted.parts:
            submitted.future.set_result(
                [self._carry_out(connection, part, submitted.alongside)[0] for part in submitted.parts]
            )
            return
        result, kept = self._carry_out(connection, submitted.change, submitted.alongside)
        if kept:
            submitted.future.tell(result)
            submitted.future.set_result(result)
        else:
            submitted.future.set_exception(result)

    def _carry_out(self, connection: Connection, change: Change[Any], alongside: bool) -> tuple[Any, bool]:
        """A change in a transaction of its own: its result and True, or its error and False."""
        for left in reversed(range(_TRIES)):
            try:
                flush_on_commit(connection, alongside=alongside)
                with connection.begin():
                    begin_change(connection, alongside=alongside)
                    result = change(connection)
                    if not alongside:
                        tell_commit(connection, self._name)
            except Exception as exc:  # noqa: BLE001 - the change's edge: whoever submitted it gets the error
                if not (left and is_passing(exc)):
                    self.commits += 1
                    return _store_error(exc), False
            else:
                self.commits += 1
                return result, True
        raise AssertionError("the last try returns")


def _file_at(path: Path | None) -> tuple[int, int] | None:
    try:
        status = None if path is None else path.stat()
    except OSError:
        return None
    return None if status is None else (status.st_dev, status.st_ino)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """The database's faults as StoreError."""
    try:
        yield
    except SQLAlchemyError as exc:
        raise StoreError(explain(doing, exc)) from exc


def explain(doing: str, exc: SQLAlchemyError) -> str:
    """What could not be done, and why, in one line."""
    cause = " ".join(str(getattr(exc, "orig", None) or exc).split())
    return f"cannot {doing}: {cause}"


def _store_error(exc: Exception) -> Exception:
    if isinstance(exc, SQLAlchemyError):
        kind = Unkeepable if is_refusal(exc) else StoreError
        error = kind(explain("write to the store", exc))
        error.__cause__ = exc
        return error
    return exc
