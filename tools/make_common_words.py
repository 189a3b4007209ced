"""Makes the tables of common words under ``wire/normalise/data`` from a corpus of news pages.

    python tools/make_common_words.py CORPUS

CORPUS is a folder with ``html/truth.jsonl``: a page a line, with ``lang`` and ``body``. The tables hold only
words that many pages use, so that no text can be read out of them. A language needs forty pages. Run it with
more pages, and read the diff.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from wire.normalise.tables import DATA
from wire.normalise.wording import split

_LEAST_PAGES = 40  #: of a language
_LEAST_SHARE, _LEAST_USES = 0.03, 3  #: of the pages, and pages at least, that use a common word
_WIDTH = 110


def main(corpus: Path) -> None:
    """Write the table of every language that has pages enough."""
    bodies: dict[str, set[str]] = {}
    for line in (corpus / "html" / "truth.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        bodies.setdefault(page["lang"], set()).add(page["body"])
    for language, texts in bodies.items():
        if len(texts) >= _LEAST_PAGES:
            (DATA / f"common-words.{language}.txt").write_text(table(texts), "utf-8")


def table(texts: set[str]) -> str:
    """The common words of these texts in alphabetical order, with what they are."""
    uses = Counter(word for text in texts for word in set(split(text.lower())))
    least = max(_LEAST_USES, _LEAST_SHARE * len(texts))
    common = sorted(
        word for word, pages in uses.items() if pages >= least and word.isalpha() and len(word) > 1
    )
    head = (
        f"# Words that at least {least / len(texts):.0%} of {len(texts)} news pages use: no keywords.\n"
        "# Counted by tools/make_common_words.py.\n\n"
    )
    lines = ["words:"]
    for word in common:
        if len(lines[-1]) + len(word) + 2 > _WIDTH:
            lines.append("words:")
        lines[-1] += f" {word}" if lines[-1] == "words:" else f", {word}"
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
