"""The guides are followed word for word: their files written, their commands run, in a folder of their own.

A command that fails is tried again for a while, since stories take their moment; ` &` at its end leaves it
running. What a page shows as a command's answer is an example, not compared. The port is a free one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.daemon import free_port
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow(8)

ROOT = Path(__file__).parents[2]
#: The pages that tell one story from an empty folder on; what others show needs a server or an account.
PAGES = (
    *("tour.md", "story-json.md"),
    *sorted(f"guides/{path.name}" for path in (ROOT / "docs" / "guides").glob("*.md")),
)
_BLOCK = re.compile(r"^```(?P<info>\S+(?: file=(?P<file>\S+))?)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)


def steps(page: str) -> Iterator[tuple[str, str]]:
    """``("file NAME", text)`` and ``("run", command)`` in their order."""
    for block in _BLOCK.finditer((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if block["file"]:
            yield f"file {block['file']}", block["text"]
        elif block["info"] == "console":
            yield from (("run", line[2:]) for line in block["text"].splitlines() if line.startswith("$ "))


class Reader:
    """A terminal in an empty folder, with `wire` and `python` at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.other = free_port(), free_port()
        self.running: list[subprocess.Popen[bytes]] = []
        tools = folder / ".tools"
        tools.mkdir(parents=True)
        for name, words in (("wire", "-m wire"), ("python", "")):
            (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            (tools / name).chmod(0o755)
        shutil.copytree(ROOT / "examples", folder / "examples")
        self.environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "CMS_SECRET": "",
        }

    def ported(self, text: str) -> str:
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
        return text.replace("127.0.0.1:9000", f"127.0.0.1:{self.other}")

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if name == "config/wire.toml":
            text = self.ported(text) + f'\n[web]\nlisten = "127.0.0.1:{self.port}"\n'
        file.write_text(text, encoding="utf-8")

    def run(self, line: str) -> None:
        line = self.ported(line)
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            said = subprocess.run(["bash", "-c", f"echo {value}"], capture_output=True, text=True, check=True)
            self.environment[name] = said.stdout.strip()
        elif line.endswith(" &"):
            self.leave_running(line.removesuffix(" &").replace("receiver.py", f"receiver.py {self.other}"))
        else:
            eventually(lambda: self.succeeds(line), limit_s=60, every_s=0.5, what=f"$ {line}\n{self.said}")
        if line == "wire init":
            config = self.folder / "config" / "wire.toml"
            config.write_text(self.ported(config.read_text(encoding="utf-8")), encoding="utf-8")

    said = ""

    def succeeds(self, line: str) -> bool:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode == 0

    def leave_running(self, line: str) -> None:
        log = (self.folder / ".log").open("ab")
        self.running.append(
            subprocess.Popen(
                line.split(),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        )
        if line.startswith("wire run"):
            eventually(
                lambda: b"wire is ready" in (self.folder / ".log").read_bytes(),
                limit_s=60,
                what="wire is ready",
            )

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path / "desk")
    yield made
    made.end()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed(reader: Reader, page: str) -> None:
    if shutil.which("curl") is None:
        why = "the pages ask with curl, which is not here"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    for step, text in steps(page):
        if step == "run":
            reader.run(text)
        else:
            reader.write(step.removeprefix("file "), text)
