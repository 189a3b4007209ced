"""What `wire run` says to people beside the log, and how it looks at a changed configuration."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from wire import observe
from wire.app import App
from wire.cli.options import settings_of
from wire.cli.output import say
from wire.config import Settings
from wire.errors import ConfigError
from wire.orders import checkup

log = logging.getLogger(__name__)


def is_sound(config: Path | None) -> bool:
    """Whether the configuration as it is now may be taken up; says every fault."""
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


def welcome(settings: Settings, body: App) -> None:
    """Say that the daemon is ready: to a person where to go from here, to a machine in one line."""
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
