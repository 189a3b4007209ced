"""Makes the tables under ``wire/iptc/data`` from IPTC's own vocabulary files.

    python tools/make_iptc_tables.py VOCABULARIES

VOCABULARIES is a folder with IPTC's Media Topics (``mediatopic-*.json``), the mapping from subject codes
(``subjectcode-to-medtop.json``) and the catalogue (``catalog.IPTC-G2-Standards_*.xml``); the newest of each
is taken. Run it when IPTC publishes a new edition, and read the diff.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

CREDIT = "IPTC NewsCodes, (c) IPTC (https://iptc.org), CC BY 4.0; taken over in part and rearranged"
CATALOGUE_HREF = "http://www.iptc.org/std/catalog/{name}"
TABLES = Path(__file__).resolve().parent.parent / "wire" / "iptc" / "data"

#: The languages whose labels we ship, BCP 47, to IPTC's name of them.
LANGUAGES = {
    "en": "en-GB",
    "ar": "ar",
    "da": "dk",
    "de": "de",
    "es": "es",
    "fr": "fr",
    "nb": "no-NB",
    "nn": "no-NN",
    "pt": "pt-PT",
    "pt-BR": "pt-BR",
    "sv": "se",
    "zh": "zh-Hans",
}

Topics = dict[str, dict[str, Any]]  #: by 8-digit code


def main(folder: Path) -> None:
    """Write every table anew."""
    sheet = newest(folder, "mediatopic-*.json")
    edition = sheet.stem.removeprefix("mediatopic-")
    topics = {bare(topic["qcode"]): topic for topic in json.loads(sheet.read_text("utf-8"))["concepts"]}
    write("media-topics", {"edition": edition, "languages": list(LANGUAGES), **tree(topics)})
    for language, name in LANGUAGES.items():
        labels = {code: topic["name"][name] for code, topic in topics.items() if name in topic["name"]}
        write(f"media-topic-labels.{language}", {"edition": edition, "labels": labels})
    mapping = json.loads((folder / "subjectcode-to-medtop.json").read_text("utf-8"))
    write("subject-codes", {"edition": edition, **subject_codes(mapping, topics)})
    write("catalogue", catalogue(newest(folder, "catalog.IPTC-G2-Standards_*.xml")))


def tree(topics: Topics) -> dict[str, Any]:
    """Each topic's parent, and which topics are retired."""
    return {
        "broader": {code: bare(topic["broader"]) for code, topic in topics.items() if topic["broader"]},
        "retired": [code for code, topic in topics.items() if topic["retired"]],
    }


def subject_codes(mapping: dict[str, Any], topics: Topics) -> dict[str, Any]:
    """Subject code to live topics: exact ones, else close, else broad, else above a retired one."""
    found: dict[str, list[str]] = {}
    inferred: list[str] = []
    for code in sorted(mapping["exact"].keys() | mapping["other2019"].keys()):
        exact = [bare(qcode) for qcode in mapping["exact"].get(code, ())]
        if targets := exact or second_best(mapping["other2019"].get(code, ()), topics):
            found[code] = targets
            if not exact:
                inferred.append(code)
    return {"topics": found, "inferred": inferred}


def second_best(matches: list[list[Any]], topics: Topics) -> list[str]:
    """The topics of the best kind of match that leads to a live topic."""
    for kind in ("exactMatch", "closeMatch", "broadMatch"):
        codes = [bare(qcode) for match, qcode, _ in matches if match == kind]
        if live := [code for code in codes if code in topics and not topics[code]["retired"]]:
            return live
    above = (nearest_live(bare(qcode), topics) for _, qcode, _ in matches)
    return [code for code in dict.fromkeys(above) if code]


def nearest_live(code: str, topics: Topics) -> str | None:
    """The first topic above, itself included, that is not retired."""
    at: str | None = code
    while at is not None and topics.get(at, {}).get("retired"):
        parent = topics[at]["broader"]
        at = bare(parent) if parent else None
    return at if at in topics else None


def catalogue(path: Path) -> dict[str, Any]:
    """Alias to scheme URI, in the catalogue's order."""
    schemes = etree.parse(path).iter("{*}scheme")
    return {
        "edition": path.stem.rpartition("_")[2],
        "href": CATALOGUE_HREF.format(name=path.name),
        "schemes": {scheme.get("alias"): scheme.get("uri") for scheme in schemes},
    }


def bare(qcode: str) -> str:
    """The code of a qcode."""
    return qcode.partition(":")[2]


def newest(folder: Path, pattern: str) -> Path:
    """The last file of a pattern by name."""
    return max(folder.glob(pattern))


def write(name: str, content: dict[str, Any]) -> None:
    """One table, one value a line so that editions can be compared."""
    text = json.dumps({"credit": CREDIT, **content}, ensure_ascii=False, indent=0, separators=(",", ":"))
    (TABLES / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
