"""What of an HTML page or body its readers do not see, by the attributes of its elements."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What is struck out: no more than a note of what stood there before.
STRUCK_OUT = ("del", "s", "strike")
_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)"
    r"(?:\s*!important)?\s*(?:;|$)",
    re.IGNORECASE,
)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes (HTML's, in small letters) is shown to nobody."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and _STYLE.search(style) is not None
