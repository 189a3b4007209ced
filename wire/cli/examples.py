"""What stands at the end of a command's help. A line of ``\\b`` keeps the line breaks of what follows."""

from __future__ import annotations

#: At the end of ``wire --help``.
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


def examples(*lines: str) -> str:
    """The end of a command's help: examples of it that can be copied."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
