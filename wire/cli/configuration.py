"""The commands about the configuration itself: ``wire config schema``."""

from __future__ import annotations

import click

from wire.cli.examples import examples


@click.group()
def config() -> None:
    """Describe the configuration."""


@config.command(epilog=examples("wire config schema > config/wire.schema.json"))
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors.

    They check and complete it by that. For Taplo or VS Code's Even Better TOML, write it beside the file and
    name it in the file's first line: #:schema ./wire.schema.json. Exit status: 0.
    """
    import json

    from wire.config.describing import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


COMMANDS = (config,)
