"""The commands about the configuration itself: ``wire config schema``."""

from __future__ import annotations

import json

import typer

config = typer.Typer(help="Describe the configuration.", no_args_is_help=True)
commands = typer.Typer()
commands.add_typer(config, name="config")


@config.command()
def schema() -> None:
    """Print the JSON Schema of the configuration, by which editors check and complete it.

    With Taplo or VS Code's Even Better TOML, write it beside the file and name it in the file's first line:
    #:schema ./wire.schema.json. Exit status: 0.
    """
    from wire.config.describing import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
