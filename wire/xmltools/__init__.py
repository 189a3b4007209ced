"""The one hardened XML parser, the one text cleaner, the one HTML sanitiser.

Everything that came from outside passes through here before it is believed: bytes through
`parse_untrusted`, single texts through `clean_text` or `clean_line`, bodies through `clean_html`.
Nothing here opens a file or a connection, whatever the input names.
"""

from wire.xmltools.bodies import MAX_HTML_CHARS, clean_html, is_plain
from wire.xmltools.parsing import parse_html, parse_untrusted
from wire.xmltools.texts import clean_line, clean_text, clean_text_counted, is_legal, one_spaced

__all__ = (
    "MAX_HTML_CHARS",
    "clean_html",
    "clean_line",
    "clean_text",
    "clean_text_counted",
    "is_legal",
    "is_plain",
    "one_spaced",
    "parse_html",
    "parse_untrusted",
)
