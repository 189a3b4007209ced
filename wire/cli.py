"""The command line: one function a command.

Each loads what it needs only when it is called, so that help is instant.

Data goes to standard output, messages to standard error. Exit statuses are a contract: see each command.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from wire import __version__
from wire.cli_by_hand import commands
from wire.cli_options import CONFIG, AsJson, ConfigFile, Files, Limit, books_of, settings_of
from wire.cli_output import fail, say
from wire.story import DeliveryState, Standing

if TYPE_CHECKING:
    from wire.config import Settings


class _Commands(TyperGroup):
    """The commands; what they raise becomes a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command named (``ctx``: the parser's context, whose class typer keeps to itself)."""
        from wire.errors import AlreadyRunning, CommandError, ConfigError, WireError

        try:
            return super().invoke(ctx)
        except ConfigError as exc:
            count = "a fault" if len(exc.faults) == 1 else f"{len(exc.faults)} faults"
            fail(f"wire: the configuration has {count}; nothing was done\n{exc}", 1)
        except CommandError as exc:
            fail(f"wire: {exc}", exc.exit_status)
        except AlreadyRunning as exc:
            fail(f"wire: {exc}", 3)
        except WireError as exc:
            fail(f"wire: {exc}", 1)


app = typer.Typer(
    cls=_Commands,
    help="A newsroom's wire desk in one daemon: raw stories in, NewsML-G2, feeds and deliveries out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wire {__version__}")
        raise typer.Exit


@app.callback()
def _wire(
    version: Annotated[  # its callback has done the work
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    pass


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)] = Path()) -> None:
    """Write a commented configuration, inbox and outbox.

    Exit status: 0; 1 if it would overwrite a configuration.
    """
    from importlib.resources import files

    config = folder / CONFIG
    try:
        for name in ("config", "inbox", "outbox"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        with config.open("x", encoding="utf-8") as file:
            file.write(files("wire.config").joinpath("template.toml").read_text(encoding="utf-8"))
    except FileExistsError as exc:
        fail(f"{exc.filename} exists already and was left as it is", 1)
    except OSError as exc:
        fail(f"{exc.filename} cannot be written: {exc.strerror}", 1)
    where = "" if folder == Path() else f"cd {folder}; "
    say(f"wrote {config}; look through it, then: {where}wire run")


@app.command()
def run(
    config: ConfigFile = None,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what lies in the inbox, publish, deliver, stop.")
    ] = False,
) -> None:
    """Run the daemon in the foreground.

    SIGTERM or Ctrl+C stops it; SIGHUP takes up the configuration anew, or says every fault of it and goes on
    with the old one. Exit status: 0 after a clean stop, 3 if another daemon owns the data; with
    --once 1 if something was quarantined.
    """
    from wire import observe
    from wire.app import App
    from wire.daemon import Daemon, run_once

    settings = settings_of(config, with_secrets=True)
    observe.configure(level=settings.log.level, stream=sys.stderr)
    body = App(settings)
    if once:
        if quarantined := run_once(body):
            fail(f"quarantined: {quarantined}; see `wire quarantine`", 1)
        return
    if Daemon(body).run(lambda: say(_welcome(settings)), lambda: _is_sound(config)):
        # the same process with everything new in it: what supervises us sees no change
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def _is_sound(config: Path | None) -> bool:
    """Whether the configuration as it is now may be taken up; says every fault."""
    from wire.errors import ConfigError

    try:
        settings_of(config, with_secrets=True)
    except ConfigError as exc:
        say(f"the configuration stays as it was:\n{exc}")
        return False
    say("taking up the configuration anew")
    return True


def _welcome(settings: Settings) -> str:
    base = settings.web.base_url
    feeds = "\n".join(f"  {base}/feeds/{feed.id}.rss  {base}/feeds/{feed.id}.atom" for feed in settings.feeds)
    return (
        f"wire is ready\ndrop stories into  {settings.inbox.path}\n"
        f"documents and feeds appear in  {settings.outbox.path}\nfeeds are served at\n{feeds}"
    )


@app.command()
def convert(
    files: Files,
    to: Annotated[str, typer.Option(metavar="FORMAT", help="What to write.")] = "newsml-g2",
    format: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="What the files are; found out if not said."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Write the stories of files in another format.

    They go to standard output; nothing is kept. With json and ninjs, one story a line, each with its file's
    name in _file. What a format cannot carry of a story is said on standard error. Exit status: 0; 1 if any
    file or story failed, after doing the others.
    """
    from wire.cli_output import with_progress
    from wire.convert import Converter, printed
    from wire.errors import WireError
    from wire.input_files import read_file

    settings = settings_of(config)
    converter = Converter.build(to=to, format=format, house=settings.house(), source=settings.source(""))
    failed = False
    for name in with_progress(files, "converting"):
        try:
            file = read_file(name, settings.inbox.max_bytes)
            documents = converter.convert(file.data, file.name, file.dated)
        except WireError as exc:
            say(f"{name}: {exc}")
            failed = True
            continue
        for document in documents:
            if isinstance(document, WireError):
                say(f"{name}: {document}")
                failed = True
                continue
            sys.stdout.buffer.write(printed(document, name))
            if document.losses:
                say(f"{name}: {to} cannot carry: {', '.join(document.losses)}")
    sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(1)


@app.command()
def route(
    files: Files,
    source: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Where they come from; found by their folder if not said."),
    ] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Say where the stories of files would go, and why.

    For each feed and endpoint, the conditions of its rule that the story meets, or the first that it does
    not. Nothing is kept. Exit status: 0; 1 if any file cannot be read, after doing the others.
    """
    from wire.cli_tables import show_itinerary
    from wire.errors import IntakeError
    from wire.input_files import read_file
    from wire.itinerary import itineraries, source_of
    from wire.reading import build_reader

    settings = settings_of(config)
    reader = build_reader()
    failed = False
    for name in files:
        try:
            file = read_file(name, settings.inbox.max_bytes)
            found = list(itineraries(name, file, source_of(name, source, settings), reader, settings))
        except IntakeError as exc:
            found = [exc]
        for each in found:
            if isinstance(each, IntakeError):
                say(f"{name}: {each}")
                failed = True
            else:
                show_itinerary(each, as_json=json)
    if failed:
        raise typer.Exit(1)


@app.command()
def check(
    config: ConfigFile = None,
    connect: Annotated[bool, typer.Option("--connect", help="Also reach every endpoint.")] = False,
) -> None:
    """Say what is wrong with the configuration.

    Every fault with file and line; then, whether each folder, plug-in, address and endpoint is usable.
    Exit status: 0; 1 if anything is wrong.
    """
    from wire.errors import ConfigError

    try:
        settings = settings_of(config, with_secrets=True)
    except ConfigError as exc:
        for fault in exc.faults:
            typer.echo(f"fault    {fault}")
        raise typer.Exit(1) from exc
    from wire import checkup

    faulty = False
    for finding in checkup.check(settings, connect=connect):
        typer.echo(f"{finding.level:<7}  {finding.what}: {finding.message}")
        faulty = faulty or finding.level == "fault"
    if faulty:
        raise typer.Exit(1)


@app.command()
def validate(
    files: Files,
    schema: Annotated[
        Path | None, typer.Option(metavar="XSD", help="Check against this XML Schema too, such as IPTC's.")
    ] = None,
) -> None:
    """Check NewsML-G2 documents.

    Against the rules that no schema can say, and our own against the grammar of what wire writes. Exit
    status: 0; 1 if any document is at fault.
    """
    from wire.cli_output import with_progress
    from wire.errors import IntakeError
    from wire.input_files import LARGEST, read_file
    from wire.publish.validate import validate as findings_in

    faulty = False
    for name in with_progress(files, "validating"):
        try:
            found = findings_in(read_file(name, LARGEST).data, schema)
            lines = [f"{finding.where}: {finding.message} [{finding.rule}]" for finding in found]
        except IntakeError as exc:
            lines = [str(exc)]
        faulty = faulty or bool(lines)
        for line in lines or ["valid"]:
            typer.echo(f"{name}: {line}")
    if faulty:
        raise typer.Exit(1)


@app.command()
def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """Show everything at a glance.

    Daemon, inbox, queue, feeds, endpoints and quarantine. Exit status: 0; 2 if something is wrong, such
    as the daemon not running.
    """
    from wire import checkup
    from wire.cli_output import json_line
    from wire.cli_tables import show_status

    found = checkup.status(settings_of(config))
    json_line(found) if json else show_status(found)
    if not found.healthy:
        raise typer.Exit(2)


@app.command()
def stories(
    text: Annotated[str | None, typer.Argument(help="Words of the headline, a guid or an id.")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID")] = None,
    standing: Annotated[Standing | None, typer.Option()] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List stories, the newest first."""
    from wire.cli_tables import show_stories
    from wire.store.browse import Browse

    with books_of(config) as database:
        found = Browse(database).stories(source=source, standing=standing, text=text, limit=limit)
    show_stories(found, as_json=json)


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="ID", help="A story's id or guid.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Show a story, its versions and where each went.

    Exit status: 0; 1 if there is no such story.
    """
    from wire.cli_tables import show_story
    from wire.store.browse import Browse

    with books_of(config) as database:
        found = Browse(database).story(story)
    if found is None:
        fail(f"there is no story {story}; `wire stories` lists them", 1)
    show_story(found, as_json=json)


@app.command()
def deliveries(
    endpoint: Annotated[str | None, typer.Option(metavar="ID")] = None,
    state: Annotated[DeliveryState | None, typer.Option()] = None,
    limit: Limit = 100,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List deliveries and their attempts, the newest first."""
    from wire.cli_tables import show_deliveries
    from wire.store.browse import Browse

    with books_of(config) as database:
        found = Browse(database).deliveries(endpoint_id=endpoint, state=state, limit=limit, with_tries=json)
    show_deliveries(found, as_json=json)


@app.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Deliveries to send again.")] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="ID", help="Everything that this endpoint did not take.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that was given up.")] = False,
    config: ConfigFile = None,
) -> None:
    """Send again what was given up.

    With the same keys as before; an endpoint that was disabled is enabled. Exit status: 0; 1 if nothing
    of the kind was given up.
    """
    from wire.app import operate

    if not ids and endpoint is None and not everything:
        fail("say which: delivery ids, --endpoint ID or --all", 1)
    count = operate(settings_of(config), "retry", ids=ids, endpoint=endpoint)["retried"]
    if not count:
        fail("there was nothing to send again", 1)
    say(f"due again: {count}")


@app.command()
def quarantine(
    action: Annotated[str, typer.Argument(metavar="list|show|release")] = "list",
    ids: Annotated[list[int] | None, typer.Argument(metavar="FILE", help="Numbers of files.")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List, show or release what could not be read.

    Releasing reads it again: all of it, or the files named. Exit status: 0; 1 if a file to be released
    still cannot be read.
    """
    from wire.cli_tables import show_quarantine, show_quarantined
    from wire.store.browse import Browse

    if action == "release":
        _release(settings_of(config), ids)
    elif action == "show" and ids:
        with books_of(config) as database:
            for number in ids:
                show_quarantined(database, number, as_json=json)
    elif action == "list":
        with books_of(config) as database:
            show_quarantine(Browse(database).quarantine(), as_json=json)
    else:
        fail("say: list, show FILE, or release [FILE]", 1)


def _release(settings: Settings, ids: list[int] | None) -> None:
    from wire.app import operate

    done = operate(settings, "release_quarantined", ids=ids)
    say(f"released from quarantine: {done['released']}")
    for number, reason in done["stay"].items():
        say(f"file {number} stays: {reason}")
    if done["stay"]:
        raise typer.Exit(1)


@app.command()
def audit(config: ConfigFile = None, json: AsJson = False) -> None:
    """Prove that nothing was lost or doubled.

    Looks at every file, version, feed, document and delivery. Exit status: 0; 1 if anything does not
    agree.
    """
    from wire.app import audit as violations_in
    from wire.cli_output import json_line

    found = violations_in(settings_of(config))
    if json:
        json_line({"sound": not found, "violations": found})
    else:
        for violation in found:
            typer.echo(violation)
        say("something does not agree" if found else "everything agrees")
    if found:
        raise typer.Exit(1)


def main() -> None:
    """The console script."""
    app(prog_name="wire")
