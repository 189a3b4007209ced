"""Writes docs/configuration.md and docs/wire.schema.json from the settings themselves: `make reference`."""

from __future__ import annotations

import json
from pathlib import Path

from wire.config.describing import json_schema, settings_of_table, tables

DOCS = Path(__file__).parents[1] / "docs"

_HEAD = """\
# Configuration

Every setting of `config/wire.toml`. Paths are relative to the folder that holds `config/`. Secrets stand
in it only as `${env:NAME}` or `${file:PATH}`. `wire check` says every fault with its line, `wire init`
writes a commented file to begin with.

A daemon that runs takes up a changed file by itself, and at SIGHUP: all of it, or, if anything in it is
wrong, nothing.

[wire.schema.json](wire.schema.json) is the same as JSON Schema (`wire config schema` prints that of the
version you run). With it editors complete and check the file: with Taplo or VS Code's *Even Better
TOML*, put it beside `wire.toml` and begin that with `#:schema ./wire.schema.json`.

*This page is made from the settings' own declarations by `make reference`; a test holds it equal to them.*
"""


def reference() -> str:
    """The page."""
    parts, made = [_HEAD], json_schema()
    for path, model in tables():
        rows = settings_of_table(model, made)
        parts.append(f"## {_title(path, model.__name__)}\n\n{_said(model.__doc__ or '')}\n")
        parts.append("| setting | takes | without it | what it is |\n|---|---|---|---|")
        for row in rows:
            default = "*must be given*" if row.required else f"`{row.default}`" if row.default else "–"
            said = row.said or ("see [endpoints](endpoints.md)" if path == "endpoints" else "")
            parts.append(f"| `{row.name}` | {_cell(row.kind)} | {default} | {_cell(said)} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def schema() -> str:
    """The JSON Schema."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _title(path: str, model: str) -> str:
    name = f"`{path}`" if "." in path else f"`[[{path}]]`" if path in _MANY else f"`[{path}]`"
    return f"{name}: {model.removesuffix('Endpoint').lower()}" if path == "endpoints" else name


_MANY = ("sources", "feeds", "readers", "endpoints", "users")


def _said(text: str) -> str:
    """The model's own words without the table's name, which stands above."""
    first, _, rest = text.partition("\n")
    said = first.partition(": ")[2] if first.startswith("``") else first
    lines = [said[:1].upper() + said[1:], *(line.strip() for line in rest.splitlines())]
    return "\n".join(lines).strip().replace("``", "`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write both."""
    (DOCS / "configuration.md").write_text(reference(), encoding="utf-8")
    (DOCS / "wire.schema.json").write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
