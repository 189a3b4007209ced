"""Text that ends no line and steers no terminal, whatever it holds."""

from __future__ import annotations


def printable(text: str, keep: str = "") -> str:
    """The text with what does not print escaped, but for the characters to keep."""
    if text.isprintable():
        return text
    return "".join(char if char in keep or char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
