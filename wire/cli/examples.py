"""What stands at the end of each command's help: examples that can be copied, and what is common to all."""

from __future__ import annotations

#: At the end of ``wire --help``. A line of ``\\b`` keeps the line breaks of what follows.
COMMON = """\b
Exit status:
  0  done; nothing is wrong
  1  not done, or something is wrong: each command says what it means by it
  2  a mistake in the command's own words; of `wire status`: something is wrong
  3  another daemon owns the data

\b
Files:
  config/wire.toml   the configuration, unless --config names another
  inbox/             raw stories are dropped here
  outbox/            feeds and documents appear here
  var/wire.db        the store; wire.sock beside it is how commands reach the daemon

\b
Environment:
  NAME               whatever the configuration names as ${env:NAME}
  NOTIFY_SOCKET, WATCHDOG_USEC   set by systemd

Paths in the configuration are relative to the folder that holds config/. Commands that change something
ask the running daemon to; without one they do it themselves. The guides are in docs/; each command's help
ends with examples."""

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "init": ("wire init", "wire init /srv/desk"),
    "run": (
        "wire run",
        "wire run --config /etc/wire/config/wire.toml",
        "wire run --once    # take in what is there, publish, deliver, stop",
    ),
    "check": ("wire check", "wire check --connect    # also reach every endpoint"),
    "convert": (
        "wire convert story.txt",
        "wire convert *.xml --to json > stories.jsonl",
        "curl -s https://news.example/page | wire convert - --from html --to text",
    ),
    "route": ("wire route story.txt", "wire route telex.txt --source agency"),
    "validate": ("wire validate outbox/newsml/*/*/*/*.xml",),
    "status": ("wire status", "wire status --json"),
    "stories": (
        "wire stories",
        "wire stories bridge --source agency",
        "wire stories --standing embargoed --json",
    ),
    "show": ("wire show 01m82mesj0szkk4ydxhb", "wire show urn:newsml:example.org:20260302:bridge"),
    "deliveries": (
        "wire deliveries --endpoint cms --state dead",
        "wire deliveries --story 01m82mesj0szkk4ydxhb --attempts",
    ),
    "audit": ("wire audit",),
    "retry": ("wire retry 17 18", "wire retry --endpoint cms", "wire retry --all"),
    "replay": ("wire replay --endpoint cms --since 2026-03-02T18:00+01:00",),
    "pause": ('wire pause cms --note "moving house"',),
    "resume": ("wire resume cms",),
    "quarantine": ("wire quarantine", "wire quarantine show 12", "wire quarantine release 12"),
    "kill": ('wire kill 01m82mesj0szkk4ydxhb --note "another bridge"',),
    "release": ('wire release 01m82mesj0szkk4ydxhb --note "confirmed by phone"',),
    "embargo": (
        "wire embargo 01m82mesj0szkk4ydxhb 2026-03-02T18:00+01:00",
        "wire embargo 01m82mesj0szkk4ydxhb --open",
    ),
    "correct": ("wire correct better.txt --story 01m82mesj0szkk4ydxhb",),
    "backup": ("wire backup /var/backups/wire",),
    "restore": ("wire restore /var/backups/wire/wire-20260302T030000Z",),
}


def epilog_of(command: str) -> str | None:
    """The examples of a command; None when there are none."""
    lines = _EXAMPLES.get(command)
    return None if lines is None else "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
