"""A model of a disk after a power cut: what was never flushed is gone, whatever the system calls answered.

`calls` reads a trace of strace; `Disk` lives through it. Of each moment there are two worst cases: names
(renames, removals, new files) all reached the disk while unflushed content did not, or neither did.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: What `strace` has to be told: every call that changes a file, its data whole, descriptors as paths.
STRACE = (
    *("-y", "-x", "-s", "1000000", "-e"),
    (
        "trace=open,openat,creat,write,pwrite64,ftruncate,rename,renameat,renameat2,unlink,unlinkat,"
        "mkdir,mkdirat,fsync,fdatasync,syncfs,close"
    ),
)
#: SQLite maps it into memory and makes it anew: a power cut may leave anything of it.
_SHARED_MEMORY = "-shm"

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)$")
_CALL = re.compile(r"^(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)(?P<said>.*)$", re.S)
_ARGUMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(?:AT_FDCWD|\d+)<([^>]*)>|([^,"<>]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A system call that succeeded: its name, its arguments (bytes, paths or words) and its result."""

    name: str
    arguments: tuple[bytes | str, ...]
    result: int


def calls(trace: Path) -> Iterator[Call]:
    """The calls of a trace in the order in which they ended; without those that only seemed to succeed."""
    begun: dict[str, str] = {}
    for line in trace.read_text(encoding="latin-1").splitlines():
        if (parts := _LINE.match(line)) is None:
            continue
        text = parts["rest"]
        if text.endswith("<unfinished ...>"):
            begun[parts["pid"]] = text.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := _RESUMED.match(text):
            text = begun.pop(parts["pid"], f"{resumed['call']}(") + resumed["rest"].lstrip()
        made = _CALL.match(text)
        if made is None or int(made["result"]) < 0 or "INJECTED" in made["said"]:
            continue
        yield Call(name=made["call"], arguments=_arguments(made["arguments"]), result=int(made["result"]))


def _arguments(text: str) -> tuple[bytes | str, ...]:
    found: list[bytes | str] = []
    for string, path, word in _ARGUMENT.findall(text):
        if path:
            found.append(path)
        elif word.strip():
            found.append(word.strip())
        elif not word:
            found.append(ast.literal_eval(f'b"{string}"'))
    return tuple(found)


@dataclass(slots=True)
class _Node:
    """A file, whatever its name: what it holds, and what of that a power cut leaves."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""


class Disk:
    """A folder below which calls are lived through."""

    def __init__(self, root: Path, start: Path) -> None:
        """``root``: where the trace was made. ``start``: what lay there before it, all of it durable."""
        self._root = str(root)
        self._names: dict[str, _Node] = {}
        self._folders = {str(path.relative_to(start)) for path in start.rglob("*") if path.is_dir()}
        self._positions: dict[str, int] = {}  # of descriptors that are written on, by path
        for path in start.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                self._names[str(path.relative_to(start))] = _Node(bytearray(data), data)
        self._durable_names = dict(self._names)

    def live(self, call: Call) -> bool:
        """Let a call take effect; whether it is one of ours after which a cut is worth a look."""
        handler = getattr(self, f"_{call.name}", None)
        return bool(handler and handler(*call.arguments))

    def lay_out(self, target: Path, *, names_kept: bool) -> None:
        """What a power cut at this moment leaves, as a folder."""
        for folder in self._folders:
            (target / folder).mkdir(parents=True, exist_ok=True)
        for name, node in (self._names if names_kept else self._durable_names).items():
            if not name.endswith(_SHARED_MEMORY):
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(node.durable)

    def _ours(self, path: bytes | str, folder: bytes | str = "") -> str | None:
        text = path.decode() if isinstance(path, bytes) else path
        if not text.startswith("/"):
            base = folder if isinstance(folder, str) and folder.startswith("/") else self._root
            text = f"{base}/{text}"
        return text.removeprefix(f"{self._root}/") if text.startswith(f"{self._root}/") else None

    def _opened(self, name: str | None, flags: str) -> bool:
        if name is None or "O_DIRECTORY" in flags:
            return False
        if "O_CREAT" in flags:
            self._names.setdefault(name, _Node())
        if "O_TRUNC" in flags and name in self._names:
            self._names[name].now.clear()
        self._positions[name] = (
            len(self._names[name].now) if "O_APPEND" in flags and name in self._names else 0
        )
        return False

    def _open(self, path: bytes | str, flags: bytes | str = "", *_: bytes | str) -> bool:
        return self._opened(self._ours(path), str(flags))

    def _openat(
        self, folder: bytes | str, path: bytes | str, flags: bytes | str = "", *_: bytes | str
    ) -> bool:
        return self._opened(self._ours(path, folder), str(flags))

    def _write(self, path: bytes | str, data: bytes | str, *_: bytes | str) -> bool:
        name = self._ours(path)
        if name is None or name not in self._names or not isinstance(data, bytes):
            return False
        at = self._positions.get(name, 0)
        self._put(name, data, at)
        self._positions[name] = at + len(data)
        return False

    def _pwrite64(self, path: bytes | str, data: bytes | str, _size: bytes | str, at: bytes | str) -> bool:
        name = self._ours(path)
        if name is not None and name in self._names and isinstance(data, bytes):
            self._put(name, data, int(at))
        return False

    def _put(self, name: str, data: bytes, at: int) -> None:
        now = self._names[name].now
        if len(now) < at:
            now.extend(bytes(at - len(now)))
        now[at : at + len(data)] = data

    def _ftruncate(self, path: bytes | str, size: bytes | str) -> bool:
        name = self._ours(path)
        if name is not None and name in self._names:
            now, wanted = self._names[name].now, int(size)
            del now[wanted:]
            now.extend(bytes(wanted - len(now)))
        return False

    def _rename(self, old: bytes | str, new: bytes | str) -> bool:
        return self._moved(self._ours(old), self._ours(new))

    def _renameat(self, folder: bytes | str, old: bytes | str, into: bytes | str, new: bytes | str) -> bool:
        return self._moved(self._ours(old, folder), self._ours(new, into))

    def _renameat2(self, *arguments: bytes | str) -> bool:
        return self._renameat(*arguments[:4])

    def _moved(self, old: str | None, new: str | None) -> bool:
        if old is None or new is None or old not in self._names:
            return False
        self._names[new] = self._names.pop(old)
        return True

    def _unlink(self, path: bytes | str) -> bool:
        name = self._ours(path)
        return name is not None and self._names.pop(name, None) is not None

    def _unlinkat(self, folder: bytes | str, path: bytes | str, *_: bytes | str) -> bool:
        name = self._ours(path, folder)
        return name is not None and self._names.pop(name, None) is not None

    def _mkdir(self, path: bytes | str, *_: bytes | str) -> bool:
        if name := self._ours(path):
            self._folders.add(name)
        return False

    def _fsync(self, path: bytes | str) -> bool:
        name = self._ours(path)
        if name is None:
            return False
        if name in self._names:
            self._names[name].durable = bytes(self._names[name].now)
            self._durable_names[name] = self._names[name]
        elif name in self._folders:
            below = {one for one in {*self._names, *self._durable_names} if str(Path(one).parent) == name}
            self._settle(below)
        return True

    _fdatasync = _fsync

    def _syncfs(self, *_: bytes | str) -> bool:
        for node in self._names.values():
            node.durable = bytes(node.now)
        self._settle({*self._names, *self._durable_names})
        return True

    def _settle(self, names: set[str]) -> None:
        for name in names:
            if name in self._names:
                self._durable_names[name] = self._names[name]
            else:
                self._durable_names.pop(name, None)
