"""Reading the machine: flush time, CPU and memory of a process and its children."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def fdatasync_ms(folder: Path, rounds: int = 200) -> list[float]:
    """Milliseconds that each append of 5 kB with fdatasync took, on the file system of ``folder``."""
    path = folder / "flush-probe"
    block = b"x" * 5000
    took: list[float] = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(rounds):
            begun = time.perf_counter()
            os.write(descriptor, block)
            os.fdatasync(descriptor)
            took.append((time.perf_counter() - begun) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return took


def new_file_us(folder: Path, rounds: int = 500) -> float:
    """CPU microseconds that a new file of 5 kB, written under another name and renamed, takes here."""
    block = b"x" * 5000
    begun = time.process_time()
    for number in range(rounds):
        part = folder / f".{number}.part"
        part.write_bytes(block)
        part.rename(folder / f"{number}")
    return (time.process_time() - begun) / rounds * 1e6


def cpu_s(pid: int) -> float:
    """CPU seconds, user and system, of a process, the children it has ended and those that live."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(number) for number in fields[11:15]) * _TICK_S
    return own + sum(cpu_s(child) for child in _children(pid))


def memory_mib(pid: int, kind: str = "VmRSS") -> float:
    """MiB of a process and its living children: ``VmRSS`` now, or ``VmHWM`` at its highest."""
    own = 0.0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            own = int(line.split()[1]) / 1024
    return own + sum(memory_mib(child, kind) for child in _children(pid))


def load_average() -> float:
    """Over the last minute."""
    return os.getloadavg()[0]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:  # the thread has ended, or the kernel does not say
            continue
    return found
