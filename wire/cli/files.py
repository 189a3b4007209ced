"""The commands that read files and keep nothing: convert, route, validate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wire.cli.examples import examples
from wire.cli.options import a_path, as_json, config_file, files, settings_of
from wire.cli.output import say


@click.command(
    epilog=examples(
        "wire convert story.txt",
        "wire convert *.xml --to json > stories.jsonl",
        "curl -s https://news.example/page | wire convert - --from html --to text",
    )
)
@files
@click.option("--to", metavar="FORMAT", default="newsml-g2", help="What to write.")
@click.option("--from", "format", metavar="FORMAT", help="What the files are; found out if not said.")
@config_file
def convert(files: tuple[str, ...], to: str, format: str | None, config: Path | None) -> None:
    """Write the stories of files in another format.

    They go to standard output; nothing is kept. With json and ninjs, one story a line, each with its file's
    name in _file. What a format cannot carry of a story is said on standard error. Exit status: 0; 1 if any
    file or story failed, after doing the others.

    What can be written: newsml-g2, newsml-g2-message, nitf, ninjs, ninjs-2.2, ninjs-1.6, iptc7901, anpa1312,
    json, html, text, rss, atom, jsonfeed, and the formats of plug-ins.
    """
    from wire.cli.output import with_progress
    from wire.common.input_files import read_file
    from wire.errors import WireError
    from wire.flow.convert import Converter, printed

    settings = settings_of(config)
    converter = Converter.build(to=to, format=format, house=settings.house(), source=settings.source(""))
    failed = False
    for name in with_progress(files, "converting"):
        try:
            file = read_file(name, settings.inbox.max_bytes)
            documents = converter.convert(file.data, file.name, file.dated)
        except WireError as exc:
            say(f"{name}: {exc}")
            failed = True
            continue
        for document in documents:
            if isinstance(document, WireError):
                say(f"{name}: {document}")
                failed = True
                continue
            sys.stdout.buffer.write(printed(document, name))
            if document.losses:
                say(f"{name}: {to} cannot carry: {', '.join(document.losses)}")
    sys.stdout.buffer.flush()
    if failed:
        sys.exit(1)


@click.command(epilog=examples("wire route story.txt", "wire route telex.txt --source agency"))
@files
@click.option("--source", metavar="ID", help="Where they come from; found by their folder if not said.")
@config_file
@as_json
def route(files: tuple[str, ...], source: str | None, config: Path | None, json: bool) -> None:
    """Say where the stories of files would go, and why.

    For each feed and endpoint, the conditions of its rule that the story meets, or the first that it does
    not. Nothing is kept. Exit status: 0; 1 if any file cannot be read, after doing the others.
    """
    from wire.cli.tables import show_itinerary
    from wire.common.input_files import read_file
    from wire.errors import IntakeError
    from wire.flow.itinerary import itineraries, source_of
    from wire.flow.reading import build_reader

    settings = settings_of(config)
    reader = build_reader()
    failed = False
    for name in files:
        try:
            file = read_file(name, settings.inbox.max_bytes)
            found = list(itineraries(name, file, source_of(name, source, settings), reader, settings))
        except IntakeError as exc:
            found = [exc]
        for each in found:
            if isinstance(each, IntakeError):
                say(f"{name}: {each}")
                failed = True
            else:
                show_itinerary(each, as_json=json)
    if failed:
        sys.exit(1)


@click.command(epilog=examples("wire validate outbox/newsml/*/*/*/*.xml"))
@files
@click.option(
    "--schema",
    metavar="XSD",
    type=a_path,
    help="Check against this XML Schema too, such as IPTC's.",
)
def validate(files: tuple[str, ...], schema: Path | None) -> None:
    """Check NewsML-G2 documents.

    Against the rules that no schema can say, and our own against the grammar of what wire writes. Exit
    status: 0; 1 if any document is at fault.
    """
    from wire.cli.output import with_progress
    from wire.common.input_files import LARGEST, read_file
    from wire.errors import IntakeError
    from wire.publish.validate import validate as findings_in

    faulty = False
    for name in with_progress(files, "validating"):
        try:
            found = findings_in(read_file(name, LARGEST).data, schema)
            lines = [f"{finding.where}: {finding.message} [{finding.rule}]" for finding in found]
        except IntakeError as exc:
            lines = [str(exc)]
        faulty = faulty or bool(lines)
        for line in lines or ["valid"]:
            click.echo(f"{name}: {line}")
    if faulty:
        sys.exit(1)


COMMANDS = (convert, route, validate)
