"""One writer, group commit, one owner of the data."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from itertools import count
from pathlib import Path
from queue import SimpleQueue

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, select, text

import wire.store.migrations
from wire.errors import AlreadyRunning, StoreError, StoreUnusable
from wire.store.database import Database
from wire.store.engines import store_url
from wire.store.schema import HEAD, meta, metadata


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A store of either kind."""
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def file_database(tmp_path: Path) -> Iterator[Database]:
    """A store in a file."""
    made = Database(f"sqlite:///{tmp_path / 'wire.db'}")
    yield made
    made.close()


def put(key: str, *, fail: bool = False) -> object:
    def change(tx: Connection) -> str:
        tx.execute(insert(meta), [{"key": key, "value": "x"}])
        if fail:
            raise LookupError(key)
        return key

    return change


def keys(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(meta.c.key)).scalars()) - {"generation"}


def test_a_change_is_kept_and_its_result_returned(database: Database) -> None:
    assert database.write(put("a")) == "a"  # type: ignore[arg-type]
    assert keys(database) == {"a"}


def test_a_failing_change_keeps_nothing_and_harms_no_other_of_its_group(database: Database) -> None:
    gate = threading.Event()
    blocker = database.submit(lambda tx: gate.wait(10))
    futures = [database.submit(put(key, fail=key == "b")) for key in "abc"]  # type: ignore[arg-type,var-annotated]
    gate.set()
    assert blocker.result() is True
    assert futures[0].result() == "a"
    assert isinstance(futures[1].exception(), LookupError)
    assert futures[2].result() == "c"
    assert keys(database) == {"a", "c"}


def test_of_changes_begun_together_one_that_fails_says_so_and_harms_no_other(database: Database) -> None:
    ended = database.begin_each([put(key, fail=key == "b") for key in "abc"])  # type: ignore[misc]
    first, second, third = ended()
    assert (first, third) == ("a", "c")
    assert isinstance(second, LookupError)
    assert keys(database) == {"a", "c"}


def test_a_database_fault_is_a_store_error(database: Database) -> None:
    with pytest.raises(StoreError, match="cannot write to the store"):
        database.write(lambda tx: tx.execute(text("INSERT INTO nowhere VALUES (1)")))
    assert database.write(put("a")) == "a"  # type: ignore[arg-type]


def test_what_was_submitted_before_closing_is_kept(url: str) -> None:
    database = Database(url)
    futures = [database.submit(put(str(number))) for number in range(200)]  # type: ignore[arg-type,var-annotated]
    database.close()
    assert all(future.done() for future in futures)
    again = Database(url)
    assert len(keys(again)) == 200
    again.close()


def test_what_comes_after_closing_is_refused_and_waits_for_nothing(url: str) -> None:
    """Whoever submits while another closes is either carried out or told."""
    made = Database(url)
    outcomes: SimpleQueue[str] = SimpleQueue()

    def write() -> None:
        try:
            for number in count():
                made.submit(put(f"{threading.get_ident()}-{number}")).result(timeout=20)  # type: ignore[arg-type]
        except StoreError as exc:
            outcomes.put(str(exc))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    made.write(put("one"))  # type: ignore[arg-type]
    made.close()
    assert [outcomes.get(timeout=30) for _ in threads] == ["the store is closed"] * 4
    for thread in threads:
        thread.join()


def test_a_second_owner_of_a_folder_is_refused_and_told_who_owns_it(url: str, tmp_path: Path) -> None:
    database = Database(url, folder=tmp_path)
    with pytest.raises(AlreadyRunning, match=r"process \d+"):
        Database(url, folder=tmp_path)
    database.close()


def test_a_file_is_owned_with_its_folder(file_database: Database) -> None:
    with pytest.raises(AlreadyRunning, match=r"process \d+"):
        Database(str(file_database.url))


def test_readers_need_no_ownership_and_cannot_write(database: Database, url: str) -> None:
    reader = Database(url, read_only=True)
    with pytest.raises(StoreError), reader.reading() as connection:
        connection.execute(insert(meta), [{"key": "x", "value": "x"}])
    with pytest.raises(StoreError, match="reading only"):
        reader.write(put("a"))  # type: ignore[arg-type]
    reader.close()


def test_reading_where_there_is_no_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="wire run"):
        Database(f"sqlite:///{tmp_path / 'none.db'}", read_only=True)


def test_a_file_in_which_no_store_was_made_yet_is_none(tmp_path: Path) -> None:
    (tmp_path / "wire.db").touch()
    with pytest.raises(StoreUnusable, match="wire run"):
        Database(f"sqlite:///{tmp_path / 'wire.db'}", read_only=True)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "wire.db").write_bytes(b"not a database " * 500)
    with pytest.raises(StoreUnusable, match="not a database") as caught:
        Database(f"sqlite:///{tmp_path / 'wire.db'}", read_only=read_only)
    assert str(tmp_path / "wire.db") in str(caught.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "wire.lock").mkdir()
    with pytest.raises(StoreUnusable, match=f"{tmp_path} cannot be written: Is a directory"):
        Database(f"sqlite:///{tmp_path / 'wire.db'}")


def test_a_store_of_a_newer_wire_is_refused(url: str) -> None:
    engine = create_engine(store_url(url))
    for number, refused in (("9999", True), (HEAD, False)):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
        with pytest.raises(StoreUnusable, match="newer wire") if refused else nullcontext():
            Database(url).close()
    engine.dispose()


def test_nothing_is_kept_in_a_file_that_has_lost_its_name(file_database: Database, tmp_path: Path) -> None:
    """It would be gone with the process, and the inbox would have been emptied into it."""
    file_database.write(put("a"))  # type: ignore[arg-type]
    file = (tmp_path / "wire.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(StoreError, match=r"wire\.db was moved or removed while it is in use; put it back"):
        file_database.write(put("b"))  # type: ignore[arg-type]
    (tmp_path / "wire.db").touch()
    with pytest.raises(StoreError, match="moved or removed"):
        file_database.write(put("b"))  # type: ignore[arg-type]
    file.rename(tmp_path / "wire.db")
    file_database.write(put("b"))  # type: ignore[arg-type]


def test_every_commit_is_flushed_to_disk(file_database: Database) -> None:
    pragmas = file_database.write(
        lambda tx: {
            name: tx.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    )
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_store_of_the_first_schema_is_brought_to_exactly_the_tables_of_now(tmp_path: Path) -> None:
    """``first_schema.sql`` is what the first one's ``sqlite_master`` held; it never changes once released."""
    file = tmp_path / "wire.db"
    with closing(sqlite3.connect(file)) as first:
        first.executescript(Path(__file__).with_name("first_schema.sql").read_text(encoding="utf-8"))
    with closing(Database(f"sqlite:///{file}")) as database:
        assert_made_as_the_schema_says(database)


def test_a_new_store_is_made_as_the_schema_says(database: Database) -> None:
    assert_made_as_the_schema_says(database)


def assert_made_as_the_schema_says(database: Database) -> None:
    with database.reading() as connection:
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        assert at == HEAD
        context = MigrationContext.configure(connection, opts={"include_name": _is_table_of_ours})
        assert compare_metadata(context, metadata) == []


def _is_table_of_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is no part of the full-text index, whose tables are the database's own."""
    return kind != "table" or not (name or "").startswith("found")


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(wire.store.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_whoever_is_told_of_a_commit_is_told_before_whoever_waits_goes_on(database: Database) -> None:
    told: list[int] = []
    for number in range(200):
        database.submit(lambda _: None, then=lambda _, number=number: told.append(number)).result()
        assert told[-1] == number


def test_connections_that_read_in_a_rush_are_let_go_with_their_caches(file_database: Database) -> None:
    file_database.write(put("a"))  # type: ignore[arg-type]
    with file_database.reading() as reader:
        reader.info["used"] = "in the rush"  # known of the connection as long as that lasts
    with file_database.reading() as reader:
        assert "used" in reader.info
        file_database.give_back()
        assert reader.execute(select(meta.c.key)).first(), "whoever reads reads on"
    with file_database.reading() as reader:
        assert "used" not in reader.info
    file_database.write(put("b"))  # type: ignore[arg-type]
    assert keys(file_database) == {"a", "b"}
