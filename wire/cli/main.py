"""The command line: one function a command.

Each loads what it needs only when it is called, so that help is instant.

Data goes to standard output, messages to standard error. Exit statuses are a contract: see each command.
"""

from __future__ import annotations

import os
import sys
from errno import ENOSPC
from pathlib import Path
from typing import Any

import click

from wire import __version__
from wire.cli import by_hand, configuration, deliveries, files, looking, quarantine, safekeeping, users
from wire.cli.examples import COMMON, examples
from wire.cli.options import CONFIG, a_path, config_file, config_of, settings_of
from wire.cli.output import fail, say


class _Commands(click.Group):
    """The commands; what they raise becomes a message and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Their names in the order in which they were added, not by the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command named."""
        from wire.errors import AlreadyRunning, ConfigError, WireError

        try:
            return super().invoke(ctx)
        except ConfigError as exc:
            count = "a fault" if len(exc.faults) == 1 else f"{len(exc.faults)} faults"
            fail(f"wire: the configuration has {count}; nothing was done\n{exc}", 1)
        except AlreadyRunning as exc:
            fail(f"wire: {exc}", 3)
        except WireError as exc:
            fail(f"wire: {exc}", 1)
        except OSError as exc:
            if exc.errno != ENOSPC or exc.filename is not None:
                raise
            fail(f"wire: the output cannot be written: {exc.strerror}", 1)


@click.group(
    cls=_Commands,
    epilog=COMMON,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
)
@click.version_option(__version__, message="wire %(version)s", help="Show the version.")
def app() -> None:
    """A newsroom's wire desk in one daemon: raw stories in, NewsML-G2, feeds and deliveries out."""


@app.command(epilog=examples("wire init", "wire init /srv/desk"))
@click.argument("folder", metavar="[DIR]", type=a_path, default=Path(), help="Where; here if not said.")
def init(folder: Path) -> None:
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


@app.command(
    epilog=examples(
        "wire run",
        "wire run --config /etc/wire/config/wire.toml",
        "wire run --once    # take in what is there, publish, deliver, stop",
    )
)
@config_file
@click.option("--once", is_flag=True, help="Take in what lies in the inbox, publish, deliver, stop.")
def run(config: Path | None, once: bool) -> None:
    """Run the daemon in the foreground.

    SIGTERM or Ctrl+C stops it. SIGHUP, or a change of the file, takes up the configuration anew, or says
    every fault of it and goes on with the old one. Exit status: 0 after a clean stop, 3 if another daemon
    owns the data; with --once 1 if something was quarantined, or cannot be read.
    """
    from wire.common.memory import spare

    spare()
    # It would read the metadata of everything that is installed, for plug-ins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from wire import observe
    from wire.app import App
    from wire.cli.foreground import is_sound, welcome
    from wire.daemon import Daemon, run_once
    from wire.operate.service_manager import ServiceManager

    settings = settings_of(config, with_secrets=True)
    observe.configure(level=settings.log.level, stream=sys.stderr, format=settings.log.format)
    body = App(settings, handed_over=os.environ.pop(_HANDED_OVER, ""))
    if once:
        if left := run_once(body):
            fail("\n".join(left), 1)
        return
    daemon = Daemon(body, config=config_of(config), manager=ServiceManager())
    if daemon.run(lambda: welcome(settings, body), lambda: is_sound(config)):
        # the same process with everything new in it: what supervises us sees no change
        environment = {**os.environ, _HANDED_OVER: body.web.hand_over()}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


#: In the environment of a daemon that takes the place of itself: the port that it goes on listening at.
_HANDED_OVER = "WIRE_HANDED_OVER"


@app.command(epilog=examples("wire check", "wire check --connect    # also reach every server"))
@config_file
@click.option("--connect", is_flag=True, help="Also reach the database server and every endpoint.")
def check(config: Path | None, connect: bool) -> None:
    """Say what is wrong with the configuration.

    Every fault with file and line; then, whether each folder, plug-in, address and endpoint is usable.
    Exit status: 0; 1 if anything is wrong.
    """
    from wire.errors import ConfigError

    try:
        settings = settings_of(config, with_secrets=True)
    except ConfigError as exc:
        for fault in exc.faults:
            click.echo(f"fault    {fault}")
        sys.exit(1)
    from wire.orders import checkup

    faulty = False
    for finding in checkup.check(settings, connect=connect):
        click.echo(f"{finding.level:<7}  {finding.what}: {finding.message}")
        faulty = faulty or finding.level == "fault"
    if faulty:
        sys.exit(1)


for _part in (files, looking, deliveries, quarantine, by_hand, safekeeping, configuration, users):
    for _command in _part.COMMANDS:
        app.add_command(_command)


def main() -> None:
    """The console script."""
    app(prog_name="wire")
