"""What the daemon says of itself."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wire.observe import Beats, Counters, Format, about, configure

log = logging.getLogger("wire.test")

HOSTILE = 'a\nlevel=error event="forged"\r\x1b[31m\u2028\u202e\udcff'


class Terminal(io.StringIO):
    """A stream that people look at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _root_logger() -> Iterator[None]:
    """The root logger is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def said(
    tell: Callable[[], object], *, stream: io.StringIO | None = None, format: Format = "auto"
) -> list[str]:
    """The lines that were logged."""
    stream = stream or io.StringIO()
    configure(level="info", stream=stream, format=format)
    tell()
    return stream.getvalue().splitlines()


def objects(tell: Callable[[], object]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(tell)]


def test_an_event_is_an_object_on_a_line_with_its_time_in_utc() -> None:
    began = datetime.now(UTC)
    (line,) = objects(lambda: log.info("story kept: %s", "new", extra={"story": "flood1", "attempt": 2}))
    time = datetime.fromisoformat(line.pop("time"))
    assert began <= time <= datetime.now(UTC)
    assert time.utcoffset() == timedelta(0)
    assert line == {
        "event": "story kept: new",
        "level": "info",
        "logger": "wire.test",
        "story": "flood1",
        "attempt": 2,
    }


def test_whatever_is_logged_within_is_about_the_same() -> None:
    def tell() -> None:
        with about(endpoint="cms", story="flood1"), about(story="flood2"):
            logging.getLogger("some.library").warning("x")
            log.warning("x", extra={"story": "its own"})
        log.warning("x")

    assert [(line.get("endpoint"), line.get("story")) for line in objects(tell)] == [
        ("cms", "flood2"),
        ("cms", "its own"),
        (None, None),
    ]


@pytest.mark.parametrize("format", ["json", "console"])
def test_hostile_text_neither_ends_the_line_nor_steers_the_terminal(format: Format) -> None:
    (line,) = said(lambda: log.info("%s", HOSTILE, extra={"name_of_file": HOSTILE}), format=format)
    assert line.isprintable()
    assert line.isascii()


def _refuse(message: str) -> None:
    raise ValueError(message)


def _fail(message: str) -> None:
    try:
        _refuse(message)
    except ValueError:
        log.exception("failed")


def test_a_traceback_stays_on_the_line() -> None:
    (line,) = objects(lambda: _fail("first\nsecond"))
    assert line["event"] == "failed"
    assert line["exception"].endswith("ValueError: first\nsecond")


def test_people_get_a_traceback_on_lines_of_its_own_that_steers_no_terminal_either() -> None:
    first, *trace = said(lambda: _fail("\x1b[2J"), format="console")
    assert first.endswith("failed")
    assert trace[0] == "Traceback (most recent call last):"
    assert trace[-1] == "ValueError: \\x1b[2J"


def test_secrets_are_covered() -> None:
    fields = {"webhook_secret": "whsec_1", "Authorization": "Bearer 1", "story": "s"}
    for format in ("json", "console"):
        (line,) = said(lambda: log.info("x", extra=fields), format=format)
        assert "whsec_1" not in line
        assert "Bearer" not in line
        assert "s" in line


def test_records_below_the_level_and_chatter_of_libraries_are_left_out() -> None:
    def tell() -> None:
        logging.getLogger("wire.inbox").info("seen")
        logging.getLogger("wire.inbox").debug("too fine")
        logging.getLogger("apscheduler.scheduler").info("chatter")

    assert [line["event"] for line in objects(tell)] == ["seen"]


def test_a_terminal_gets_time_of_day_and_colour() -> None:
    (line,) = said(lambda: log.warning("late", extra={"endpoint": "cms"}), stream=Terminal())
    assert "\x1b[33m" in line
    plain = re.sub(r"\x1b\[\d*m", "", line)
    assert re.fullmatch(r"\d\d:\d\d:\d\d \[warning  \] late endpoint=cms", plain)


def test_a_file_gets_no_colour_even_when_it_is_for_people() -> None:
    (line,) = said(lambda: log.warning("late"), format="console")
    assert line.isprintable()


def test_counters_add_up_by_name_and_labels() -> None:
    counters = Counters()
    counters.add("stories", source="ap")
    counters.add("stories", 2, source="ap")
    counters.add("stories", source="dpa")
    assert counters.value("stories", source="ap") == 3
    assert counters.value("stories", source="none") == 0
    assert list(counters.snapshot().values()) == [3, 1]


def test_a_loop_that_stays_silent_too_long_is_named() -> None:
    now = [100.0]
    beats = Beats(patience_s=60, monotonic=lambda: now[0])
    beats.beat("intake")
    beats.beat("engine")
    now[0] += 50
    beats.beat("engine")
    assert beats.silent() == ()
    now[0] += 20
    assert beats.silent() == (("intake", 70.0),)
