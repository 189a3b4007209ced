"""The command line: one function a command.

Each loads what it needs only when it is called, so that help is instant.

Data goes to standard output, messages to standard error. Exit statuses are a contract: see each command.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from wire import __version__
from wire.cli import by_hand, configuration, deliveries, files, looking, quarantine, safekeeping, users
from wire.cli.examples import COMMON, epilog_of
from wire.cli.options import CONFIG, ConfigFile, config_of, settings_of
from wire.cli.output import fail, say

if TYPE_CHECKING:
    from wire.app import App
    from wire.config import Settings

log = logging.getLogger(__name__)


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
    epilog=COMMON,
    context_settings={"help_option_names": ["-h", "--help"]},
)


_PARTS = (files, looking, deliveries, quarantine, by_hand, safekeeping, configuration)
for _part in _PARTS:
    app.add_typer(_part.commands)
app.add_typer(users.commands, name="user")


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

    SIGTERM or Ctrl+C stops it. SIGHUP, or a change of the file, takes up the configuration anew, or says
    every fault of it and goes on with the old one. Exit status: 0 after a clean stop, 3 if another daemon
    owns the data; with --once 1 if something was quarantined.
    """
    from wire.common.memory import spare

    spare()
    # It would read the metadata of everything that is installed, for plug-ins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from wire import observe
    from wire.app import App
    from wire.daemon import Daemon, run_once
    from wire.operate.service_manager import ServiceManager

    settings = settings_of(config, with_secrets=True)
    observe.configure(level=settings.log.level, stream=sys.stderr, format=settings.log.format)
    body = App(settings, handed_over=os.environ.pop(_HANDED_OVER, ""))
    if once:
        if quarantined := run_once(body):
            fail(f"quarantined: {quarantined}; see `wire quarantine`", 1)
        return
    daemon = Daemon(body, config=config_of(config), manager=ServiceManager())
    if daemon.run(lambda: _welcome(settings, body), lambda: _is_sound(config)):
        # the same process with everything new in it: what supervises us sees no change
        environment = {**os.environ, _HANDED_OVER: body.web.hand_over()}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


#: In the environment of a daemon that takes the place of itself: the port that it goes on listening at.
_HANDED_OVER = "WIRE_HANDED_OVER"


def _is_sound(config: Path | None) -> bool:
    """Whether the configuration as it is now may be taken up; says every fault."""
    from wire.errors import ConfigError
    from wire.orders import checkup

    try:
        settings = settings_of(config, with_secrets=True)
    except ConfigError as exc:
        faults = [str(fault) for fault in exc.faults]
    else:
        found = checkup.check(settings, connect=False)
        faults = [f"{finding.what}: {finding.message}" for finding in found if finding.level == "fault"]
    for fault in faults:
        log.error("the configuration stays as it was: %s", fault)
    return not faults


def _welcome(settings: Settings, body: App) -> None:
    """Say that the daemon is ready: to a person where to go from here, to a machine in one line."""
    from wire import observe

    if observe.for_people(settings.log.format, sys.stderr):
        say(_greeting(settings, body))
    else:
        log.info("wire is ready", extra={"listen": settings.web.listen, "inbox": str(settings.inbox.path)})


def _greeting(settings: Settings, body: App) -> str:
    base = settings.web.base_url
    feeds = "\n".join(f"  {base}/feeds/{feed.id}.rss  {base}/feeds/{feed.id}.atom" for feed in settings.feeds)
    desk = ""
    if settings.web.desk:
        way_in = f"{base}/desk" if settings.users else f"{body.desk_link()}  (lets you in once)"
        desk = f"\nthe desk is at\n  {way_in}"
    return (
        f"wire is ready\ndrop stories into  {settings.inbox.path}\n"
        f"documents and feeds appear in  {settings.outbox.path}\nfeeds are served at\n{feeds}{desk}"
    )


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
    from wire.orders import checkup

    faulty = False
    for finding in checkup.check(settings, connect=connect):
        typer.echo(f"{finding.level:<7}  {finding.what}: {finding.message}")
        faulty = faulty or finding.level == "fault"
    if faulty:
        raise typer.Exit(1)


for _commands in (app, *(part.commands for part in _PARTS)):
    for _known in _commands.registered_commands:
        _known.epilog = epilog_of(_known.name or getattr(_known.callback, "__name__", ""))


def main() -> None:
    """The console script."""
    app(prog_name="wire")
