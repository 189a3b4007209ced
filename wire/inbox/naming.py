"""Names in the inbox: which are left alone, and how any name is shown to people."""

from __future__ import annotations

#: Endings of files that their writer has not finished.
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")

#: What desktop systems leave in every folder they open.
LITTER = frozenset({"desktop.ini", "thumbs.db"})

#: How our own side names begin: a file on its way out of the inbox, see `Inbox.discard`.
CLAIM_PREFIX = ".wire-taken-"


def left_alone(name: str) -> bool:
    """Whether a name marks a file that is not meant for us, or not yet.

    A leftover of our own claim (a crash between claiming and removing) is not left alone: it is a
    file that must not be lost, and comes in again as a duplicate.
    """
    if name.startswith("."):
        return not name.startswith(CLAIM_PREFIX)
    folded = name.casefold()
    return folded.endswith(UNFINISHED) or folded in LITTER


def may_be_new(name: str) -> bool:
    """Whether a name that has just appeared may be a story's: neither left alone nor made by ourselves."""
    return not left_alone(name) and not name.startswith(CLAIM_PREFIX)


def shown(name: str) -> str:
    r"""A file name as text that is safe in XML, logs and terminals.

    Bytes that are not UTF-8 and characters that do not print appear as ``\xNN`` or ``\uNNNN``.
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
