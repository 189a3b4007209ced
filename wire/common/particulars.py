"""Texts with the particulars of a delivery filled in: headers and addresses, as the configuration has them.

A template knows ``{story}`` and a few other names and nothing else: no expression, no format, no nesting. It
is taken apart before secrets are put into it, so no secret and no particular is ever read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from wire.story import Delivery

#: What may stand between braces. All of it is our own: ids, numbers and names, in ASCII without blanks.
PARTICULARS: Mapping[str, Callable[[Delivery], str]] = {
    "story": lambda delivery: delivery.story_id,
    "version": lambda delivery: str(delivery.version),
    "key": lambda delivery: delivery.key,
    "action": lambda delivery: delivery.action.value,
    "endpoint": lambda delivery: delivery.endpoint,
    "format": lambda delivery: delivery.document.format,
    "suffix": lambda delivery: delivery.document.suffix,
}

_NAMED = re.compile(r"(?<!\$)\{([^{}:]*)\}")

#: Texts and names of particulars in turn, a text first.
Template = Sequence[str]


def template(text: str) -> tuple[str, ...]:
    """A text taken apart. Raises ValueError when it names what is no particular."""
    parts = _NAMED.split(text)
    for name in parts[1::2]:
        if name not in PARTICULARS:
            known = ", ".join(PARTICULARS)
            raise ValueError(f"{{{name}}} is nothing that can be filled in; known are {known}")
    return tuple(parts)


def is_fixed(parts: Template) -> bool:
    """Whether nothing has to be filled in."""
    return len(parts) == 1


def filled(parts: Template, delivery: Delivery, written: Callable[[str], str] = lambda value: value) -> str:
    """The text about a delivery.

    written  how a particular is written where the text stands
    """
    values = (
        written(PARTICULARS[part](delivery)) if number % 2 else part for number, part in enumerate(parts)
    )
    return "".join(values)
