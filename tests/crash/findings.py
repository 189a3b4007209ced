"""What must hold after any number of kills, each rule as a function that names its violations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.ledger import Dropped, Ledger
from tests.harness.receiver import Arrival

_ATOM = "{http://www.w3.org/2005/Atom}"


def half_or_doubled_feed(data: bytes) -> Iterator[str]:
    """A feed is always whole, and names no entry twice."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as exc:
        yield f"a feed is not well-formed: {exc}"
        return
    ids = Counter(entry.findtext(f"{_ATOM}id") for entry in root.iter(f"{_ATOM}entry"))
    yield from (f"{id} stands {count} times in a feed" for id, count in ids.items() if count > 1)


def feed_is_not_the_latest(daemon: Daemon, ledger: Ledger, seed: int, limit: int) -> Iterator[str]:
    """The feed shows the latest version of each story that was not killed, once, and nothing else."""
    expected = {
        copydesk.newsml(line.number, line.version, kind=line.kind, seed=seed).headline  # type: ignore[arg-type]
        for line in ledger.latest().values()
        if line.kind != "kill"
    }
    for format in ("rss", "atom"):
        titles = daemon.titles("all", format)
        yield from (f"{title!r} twice in {format}" for title, n in Counter(titles).items() if n > 1)
        yield from (f"{title!r} should not be in {format}" for title in set(titles) - expected)
        missing = expected - set(titles)
        if len(titles) < min(limit, len(expected)):
            yield from (f"{title!r} is missing in {format}" for title in sorted(missing))
        served = daemon.get(f"/feeds/all.{format}").body
        if served != (daemon.outbox / "feeds" / f"all.{format}").read_bytes():
            yield f"the {format} file is not what is served"


def outbox_lacks_a_version(daemon: Daemon, ledger: Ledger, ids: dict[str, str]) -> Iterator[str]:
    """The latest version of each live story lies in the outbox; killed stories have no page."""
    names = Counter(path.name for path in daemon.outbox.glob("newsml/*/*/*/*.xml"))
    for guid, line in ledger.latest().items():
        story = ids.get(guid)
        if story is None:
            yield f"{guid} was dropped and is not in the store"
        elif line.kind == "kill":
            if daemon.get(f"/stories/{story}").status not in (404, 410):  # 404: killed before anybody saw it
                yield f"{story} was killed and still has a page"
        elif (times := names[f"{story}-v{line.version}.xml"]) != 1:
            yield f"{story} version {line.version} lies {times} times in the outbox"


def left_behind(daemon: Daemon) -> Iterator[str]:
    """The inbox is empty, and no temporary file is left anywhere."""
    yield from (f"still in the inbox: {path.name}" for path in daemon.inbox_files())
    for paths in (daemon.inbox_files(), daemon.outbox.rglob("*"), (daemon.root / "var").rglob("*")):
        for path in paths:
            if path.is_file() and (path.name.startswith(".") or path.suffix in {".tmp", ".part"}):
                yield f"stray temporary: {path.relative_to(daemon.root)}"


def keys_or_bodies_differ(arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Each version has one key and one body at each endpoint, and no key serves two."""
    keys: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
    bodies: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
    owners: defaultdict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for arrival in arrivals:
        version = (arrival.endpoint, arrival.story, arrival.version)
        keys[version].add(arrival.key)
        bodies[version].add(arrival.sha256)
        owners[arrival.key].add(version)
    yield from (f"{version} came with keys {found}" for version, found in keys.items() if len(found) > 1)
    yield from (
        f"{version} came with {len(found)} bodies" for version, found in bodies.items() if len(found) > 1
    )
    yield from (f"key {key} served {found}" for key, found in owners.items() if len(found) > 1)


def overtaken(arrivals: Sequence[Arrival]) -> Iterator[str]:
    """No endpoint ever sees an older version of a story after a newer one."""
    newest: dict[tuple[str, str], int] = {}
    for arrival in arrivals:
        story = (arrival.endpoint, arrival.story)
        if arrival.version < newest.get(story, 0):
            yield f"{story}: version {arrival.version} came after version {newest[story]}"
        newest[story] = max(arrival.version, newest.get(story, 0))


def not_delivered(
    arrivals: Sequence[Arrival], endpoints: Sequence[str], latest: dict[str, Dropped], ids: dict[str, str]
) -> Iterator[str]:
    """The latest version of each story was taken by each endpoint, kills included."""
    taken = {(arrival.endpoint, arrival.story, arrival.version) for arrival in arrivals if arrival.taken}
    for guid, line in latest.items():
        for endpoint in endpoints:
            if guid in ids and (endpoint, ids[guid], line.version) not in taken:
                yield f"{endpoint} never took {ids[guid]} version {line.version} ({line.kind})"


def unsigned(arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Every request was signed."""
    yield from (f"{arrival.key} was not signed rightly" for arrival in arrivals if arrival.signed is False)


def feed_file(daemon: Daemon) -> Path:
    """The Atom feed in the outbox."""
    return daemon.outbox / "feeds" / "all.atom"
