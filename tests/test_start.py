"""What a daemon loads before it is ready: nothing that only some daemons need, or not yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow(2)

#: What is loaded by whoever asks for it first.
LATER = {
    "alembic": "a store is upgraded",
    "apscheduler": "feeds are served",
    "charset_normalizer": "a charset has to be guessed",
    "fasttext": "a language has to be guessed",
    "jinja2": "somebody opens a page",
    "requests": "something is sent",
    "opentelemetry": "traces are wanted",
    "psycopg": "the store is on a server",
    "wire.deliver.http_push": "something is sent",
    "wire.desk_page": "somebody opens the desk",
    "wire.parse.webpage": "a web page comes",
    "wire.store.browse": "a list is asked for",
    "wire.web.desk": "somebody opens the desk",
}

_LOADED = """
import sys
from pathlib import Path
from wire.config import load
from wire.daemon import Daemon
from wire.app import App
Daemon(App(load(Path(sys.argv[1]))))
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Everything that a daemon without endpoints has loaded by the time it could start."""
    config = tmp_path_factory.mktemp("desk") / "wire.toml"
    config.write_text('[web]\nlisten = "127.0.0.1:0"\n')
    command = [sys.executable, "-c", _LOADED, str(config)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("name", LATER)
def test_is_loaded_no_sooner_than(name: str, loaded: set[str]) -> None:
    assert "wire.app" in loaded
    assert name not in loaded, f"to be loaded when {LATER[name]}"
