"""What the daemon says of itself."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from wire.observe import Beats, ConsoleFormatter, Counters, JsonFormatter, about, configure


def record(message: str, *args: object, level: int = logging.INFO, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("wire.test", level, __file__, 1, message, args, None)
    made.created = 1795348800.5
    vars(made).update(fields)
    return made


def test_an_event_is_an_object_on_a_line_with_its_time_in_utc() -> None:
    line = JsonFormatter().format(record("story kept: %s", "new", story="flood1", attempt=2))
    assert json.loads(line) == {
        "time": "2026-11-22T12:00:00.500Z",
        "level": "info",
        "logger": "wire.test",
        "event": "story kept: new",
        "story": "flood1",
        "attempt": 2,
    }


def test_whatever_is_logged_within_is_about_the_same(root_logger: logging.Logger) -> None:
    stream = io.StringIO()
    configure(level="info", stream=stream)
    with about(endpoint="cms", story="flood1"), about(story="flood2"):
        logging.getLogger("some.library").warning("x")
        logging.getLogger("wire").warning("x", extra={"story": "its own"})
    logging.getLogger("wire").warning("x")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line.get("endpoint"), line.get("story")) for line in lines] == [
        ("cms", "flood2"),
        ("cms", "its own"),
        (None, None),
    ]


@pytest.mark.parametrize("formatter", [JsonFormatter(), ConsoleFormatter()])
def test_hostile_text_neither_ends_the_line_nor_steers_the_terminal(formatter: logging.Formatter) -> None:
    hostile = 'a\nlevel=error event="forged"\r\x1b[31m\u2028\u202e\udcff'
    line = formatter.format(record("%s", hostile, name_of_file=hostile))
    assert line.isprintable()
    assert line.isascii()


def test_secrets_are_covered() -> None:
    line = JsonFormatter().format(record("x", webhook_secret="whsec_1", Authorization="Bearer 1", story="s"))
    assert "whsec_1" not in line
    assert "Bearer" not in line
    assert json.loads(line)["story"] == "s"


def test_a_traceback_stays_on_the_line() -> None:
    try:
        int("first\nsecond")
    except ValueError as exc:
        failed = record("failed")
        failed.exc_info = (type(exc), exc, exc.__traceback__)
    line = JsonFormatter().format(failed)
    assert "\n" not in line
    assert "ValueError" in line


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_records_below_the_level_and_chatter_of_libraries_are_left_out(root_logger: logging.Logger) -> None:
    stream = io.StringIO()
    configure(level="info", stream=stream)
    logging.getLogger("wire.inbox").info("seen")
    logging.getLogger("wire.inbox").debug("too fine")
    logging.getLogger("apscheduler.scheduler").info("chatter")
    assert stream.getvalue().count("\n") == 1
    assert '"event": "seen"' in stream.getvalue()


def test_a_terminal_gets_time_of_day_and_colour() -> None:
    line = ConsoleFormatter().format(record("late", level=logging.WARNING, endpoint="cms"))
    assert line == "12:00:00 \x1b[33mlate\x1b[0m endpoint=cms"


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
