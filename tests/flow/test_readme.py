"""The README is tried as a newcomer would, from a fresh clone, its commands word for word.

Two things differ: the test tools' own environment stands in for ``.venv``, and the ports are free ones.
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

pytestmark = pytest.mark.slow(25)

ROOT = Path(__file__).parents[2]


def shown_id() -> str:
    """The story id that the README shows, wherever it does: one and the same."""
    found = set(
        re.findall(r"^([0-9a-z]{20}) .*Storm Closes", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    )
    assert len(found) == 1, f"the README shows {len(found)} ids for its story: {sorted(found)}"
    return found.pop()


def commands() -> list[str]:
    """Every command line in the README's console blocks, comments cut off."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [line[2:].partition("  #")[0].strip() for line in lines]


def shown_answer(line: str) -> list[str]:
    """What the README shows below a command, but for what differs between two days: ids and times."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    answer = text.partition(f"$ {line}\n")[2].partition("```")[0].partition("\n$ ")[0]
    differs = re.compile(r"\b20\d\d-\d\d-\d\d[ ,:]|[0-9a-z]{20}|^\d+ |WHY$")
    return [told for told in answer.splitlines() if told and not differs.search(told)]


class Newcomer:
    """A terminal in a fresh clone."""

    def __init__(self, folder: Path) -> None:
        if not (ROOT / ".git").exists():
            pytest.skip("not a git checkout, so there is nothing to clone")
        if shutil.which("git") is None:
            pytest.fail("git is needed to clone the project")
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
        self.folder = folder
        self.daemon: subprocess.Popen[bytes] | None = None
        config = folder / "config" / "wire.toml"
        self.port = free_port()
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}"), encoding="utf-8")

    def start(self) -> None:
        """``make run``, without its set-up."""
        words = [sys.executable, "-m", "wire", "run", "--config", "config/wire.toml"]
        with (self.folder / "daemon.log").open("ab") as log:
            self.daemon = subprocess.Popen(
                words,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=self._environment(),
            )
        eventually(lambda: b"wire is ready" in self._log(), what="the daemon says that it is ready")

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """One of the README's lines, through a shell."""
        ours = {"wire": f"{sys.executable} -m wire", "python": sys.executable}
        line = re.sub(r"^\.venv/bin/(wire|python)", lambda match: ours[match[1]], line)
        return subprocess.run(
            ["bash", "-c", line],
            check=False,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            env=self._environment(),
        )

    def story(self) -> str | None:
        """The id of the one story, once there is one."""
        found = re.search(r"^([a-z0-9]{20}) .*Storm Closes", self.run(".venv/bin/wire stories").stdout, re.M)
        return found[1] if found else None

    def end(self) -> None:
        """Stop the daemon, whatever it does."""
        if self.daemon is not None and self.daemon.poll() is None:
            os.killpg(self.daemon.pid, signal.SIGKILL)
            self.daemon.wait()

    def _log(self) -> bytes:
        return (self.folder / "daemon.log").read_bytes()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder)}


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    made = Newcomer(tmp_path / "wire")
    yield made
    made.end()


def test_the_readme_can_be_followed(newcomer: Newcomer) -> None:
    newcomer.start()
    told = [line for line in commands() if not line.startswith(("git clone", "make", "kill", "find"))]
    drop = next(line for line in told if line.startswith("cp "))
    assert newcomer.run(drop).returncode == 0
    story = eventually(newcomer.story, what="the story is listed")

    kill = next(line for line in commands() if line.startswith("kill"))
    assert newcomer.run(kill).returncode == 0
    assert newcomer.daemon is not None
    newcomer.daemon.wait(10)
    (newcomer.folder / "daemon.log").unlink()
    newcomer.start()

    shown = shown_id()
    for line in told:
        if line == drop or "receiver.py" in line:
            continue
        done = newcomer.run(line.replace(shown, story))
        # the port that the daemon holds is a warning to `check`, never a fault
        allowed = {0, 1} if " retry " in line else {0}  # 1: there was nothing to send again
        assert done.returncode in allowed, f"{line}\n{done.stdout}\n{done.stderr}"
        if " show " in line or " audit" in line:
            assert set(shown_answer(line)) <= set(f"{done.stdout}{done.stderr}".splitlines())
    assert newcomer.story() == story
    assert newcomer.run(".venv/bin/wire stories").stdout.count("Storm Closes") == 1
    assert "Traceback" not in (newcomer.folder / "daemon.log").read_text()


def test_every_file_that_the_readme_names_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:docs|examples|config)/[\w.-]+", text))
    assert named
    assert all((ROOT / name).exists() for name in named), named
