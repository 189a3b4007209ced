"""The files for operators' tools: read as those tools read them, as far as that goes without them."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.daemon import Daemon
from wire.common.alarms import Disk, Observed, learn
from wire.flow.tally import Tally
from wire.observe import Counters
from wire.operate.gauges import Gauges
from wire.operate.outlook import Outlook

DEPLOY = Path(__file__).parents[2] / "deploy"


def loaded(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def unit() -> Mapping[str, Any]:
    class Many(dict[str, Any]):
        """Names may stand several times."""

        def __setitem__(self, key: str, value: Any) -> None:
            if isinstance(value, list) and key in self:
                value = self[key] + value
            super().__setitem__(key, value)

    parser = configparser.RawConfigParser(strict=False, dict_type=Many, empty_lines_in_values=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "wire.service")
    return {name: dict(parser[name]) for name in parser.sections()}


def test_the_unit_waits_for_ready_and_feeds_the_watchdog() -> None:
    service = unit()["Service"]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) > 2 * 15
    assert "HUP" in service["ExecReload"]
    assert int(service["TimeoutStopSec"]) > 10


def test_the_unit_is_sound_by_systemds_own_word(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    copy = tmp_path / "wire.service"
    text = (DEPLOY / "wire.service").read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/wire/venv/bin/wire", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if "wire.service" in line]
    assert not said, said


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile, continuation lines joined."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return [
        (line.split()[0], line.partition(" ")[2]) for line in text.splitlines() if line and line[0] != "#"
    ]


def test_the_image_is_small_runs_as_nobody_special_and_says_how_it_is() -> None:
    found = instructions()
    names = [name for name, _ in found]
    assert names.count("FROM") == 2, "what builds it stays behind"
    assert all(":" in words and ":latest" not in words for name, words in found if name == "FROM")
    last = len(names) - 1 - names[::-1].index("FROM")
    user = next(words for name, words in found[last:] if name == "USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user), (
        "by number, so that orchestrators can tell it is not root"
    )
    assert "HEALTHCHECK" in names[last:]
    assert "/health/live" in next(words for name, words in found if name == "HEALTHCHECK")
    assert all(words.startswith("[") for name, words in found if name in {"ENTRYPOINT", "CMD"})
    assert "ADD" not in names
    assert all(
        "--require-hashes" in words for _, words in found if "requirements.lock" in words and "pip" in words
    )


def test_everything_in_the_image_is_compiled() -> None:
    """Its user can keep no bytecode, so a start would compile whatever is not."""
    found = instructions()
    last = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    built, image = found[:last], found[last:]
    assert all("--no-compile" not in words for _, words in built), "pip compiles what it installs"
    steps = [words for name, words in image if name == "RUN" and "compileall" in words]
    assert any('get_path("stdlib")' in words for words in steps), (
        "the base image holds none for Python itself"
    )


def test_what_the_image_copies_is_there() -> None:
    root = DEPLOY.parent
    for name, words in instructions():
        if name == "COPY" and "--from" not in words:
            assert all((root / source).exists() for source in words.split()[:-1]), words


def test_the_dockerfile_parses_with_dockers_own_parser() -> None:
    """`docker build --check` needs an engine; where there is one, it has the last word."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("there is no container engine here")
    done = subprocess.run(
        [docker, "build", "--check", "-f", "deploy/Dockerfile", "."],
        cwd=DEPLOY.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_service_has_no_rights_it_does_not_need() -> None:
    service = loaded("compose.yaml")["services"]["wire"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    folders = {volume.split(":")[1] for volume in service["volumes"]}
    declared = json.loads(next(words for name, words in instructions() if name == "VOLUME"))
    assert set(declared) <= folders
    for volume in service["volumes"]:
        name = volume.split(":")[0]
        assert name.startswith("./") or name in loaded("compose.yaml")["volumes"]


def metric_names() -> set[str]:
    """Every name that ``/metrics`` may show, from a desk on which everything happens."""
    from datetime import UTC, datetime, timedelta

    from wire.common.alarms import Alarm, Kind, Limits
    from wire.store.figures import Waiting

    now = datetime(2026, 3, 2, tzinfo=UTC)
    counters = Counters()
    for name, labels in (
        ("stories", {"source": "a", "action": "new"}),
        ("files", {"source": "a", "outcome": "stories"}),
        ("attempts", {"endpoint": "cms", "outcome": "done"}),
        ("read", {}),
        ("guessed", {}),
    ):
        counters.add(name, **labels)
    tally = Tally(lambda: now, counters)
    tally.to_feed.observe(1)
    tally.to_endpoint.observe(1, "cms")

    class Everything(Outlook):
        """A desk on which everything happens."""

        def __init__(self) -> None:
            self.figures = self  # type: ignore[assignment]

        def waiting(self) -> Waiting:
            return Waiting(
                deliveries={("cms", "due"): 1},
                oldest_due={"cms": now},
                disabled=frozenset(),
                failing={},
                quarantined=1,
            )

        def sizes(self) -> Mapping[str, int]:
            return {"database": 1}

        def observe(self, waiting: Waiting, looks: object) -> Observed:
            return Observed(
                now=now,
                paces={"a": learn(None, now)},
                failing={"cms": now - timedelta(hours=1)},
                disks={"inbox": Disk(path="/", free=1, total=2)},
            )

    assert Limits()
    gauges = Gauges(
        tally=tally,
        outlook=Everything(),
        health=lambda: {"healthy": True, "live": True},
        alarms=lambda: [Alarm(kind=Kind.DISK, about="inbox", message="x", since=now)],
        renders=lambda: {"rss": 1},
    )
    families = text_string_to_metric_families(gauges().decode())
    return {sample.name for family in families for sample in family.samples}


def expressions(value: Any) -> Iterator[str]:
    """Whatever PromQL stands in a document."""
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key == "expr" and isinstance(text, str))
        yield from (text for key, text in value.items() if key == "query" and "label_values" in str(text))
        for inner in value.values():
            yield from expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from expressions(inner)


@pytest.mark.parametrize("name", ["grafana.json", "wire-rules.yml"])
def test_every_metric_that_is_asked_for_is_told(name: str) -> None:
    asked = {
        found
        for expression in expressions(loaded(name))
        for found in re.findall(r"\b(?:wire|process)_[a-z_]+\b", expression)
    }
    assert asked
    assert asked <= metric_names()


def test_every_metric_is_on_the_dashboard_or_no_metric_of_ours() -> None:
    text = (DEPLOY / "grafana.json").read_text(encoding="utf-8")
    untold = {name for name in metric_names() if name.removesuffix("_sum").removesuffix("_count") not in text}
    assert untold <= {"wire_live", "process_start_time_seconds"}


def test_every_metric_is_documented() -> None:
    text = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in metric_names() if name.startswith("wire_")}
    assert not [name for name in ours if f"`{name}`" not in text]


def test_the_dashboard_is_one() -> None:
    board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["targets"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, f"{panel['title']} lies on another"
        assert place["x"] + place["w"] <= 24
        taken |= cells


@pytest.mark.slow
def test_prometheus_reads_what_a_running_desk_tells(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    try:
        daemon.start()
        names = {
            sample.name
            for family in text_string_to_metric_families(daemon.get("/metrics").body.decode())
            for sample in family.samples
        }
    finally:
        daemon.end()
    assert {"wire_ready", "wire_inbox_files", "process_open_fds"} <= names <= metric_names()
