"""Built-ins and third parties' entry points in one registry, listed in plain code.

Each part is named by ``module:attribute`` and imported when first asked for, so that a command loads
only what it uses. Entry-point groups: ``wire.parsers``, ``wire.renderers``, ``wire.transports``,
``wire.steps``; an entry point may not take a built-in's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from wire.errors import CommandError, PluginError

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "wire.parsers": {
        "newsml-g2": "wire.parse.newsml_g2:NewsMLG2Parser",
        "newsml-1": "wire.parse.newsml_1:NewsML1Parser",
        "nitf": "wire.parse.nitf:NITFParser",
        "rss": "wire.parse.feed_file:RssParser",
        "atom": "wire.parse.feed_file:AtomParser",
        "anpa1312": "wire.parse.anpa1312:ANPA1312Parser",
        "iptc7901": "wire.parse.iptc7901:IPTC7901Parser",
        "zczc": "wire.parse.zczc:ZCZCParser",
        "ap-media": "wire.parse.ap_media:APMediaParser",
        "digitalwires": "wire.parse.digitalwires:DigitalwiresParser",
        "ninjs": "wire.parse.ninjs:NinjsParser",
        "json": "wire.parse.story_json:StoryJsonParser",
        "xml": "wire.parse.agency_xml:AgencyXMLParser",
        "html": "wire.parse.webpage:WebPageParser",
        "mail": "wire.parse.mail:MailParser",
        "markdown": "wire.parse.markdown:MarkdownParser",
        "docx": "wire.parse.docx:DocxParser",
        "rtf": "wire.parse.rtf:RtfParser",
        "photo": "wire.parse.photo:PhotoParser",
        "text": "wire.parse.text:TextParser",
    },
    "wire.renderers": {
        "newsml-g2": "wire.publish.newsml_g2:NewsMLG2Renderer",
        "newsml-g2-message": "wire.publish.newsmessage:NewsMessageRenderer",
        "nitf": "wire.publish.nitf:NITFRenderer",
        "ninjs": "wire.publish.ninjs:Ninjs3Renderer",
        "ninjs-2.2": "wire.publish.ninjs:Ninjs2Renderer",
        "ninjs-1.6": "wire.publish.ninjs:Ninjs1Renderer",
        "iptc7901": "wire.publish.iptc7901:IPTC7901Renderer",
        "anpa1312": "wire.publish.anpa1312:ANPA1312Renderer",
        "json": "wire.publish.json_lines:JsonRenderer",
        "html": "wire.publish.page:PageRenderer",
        "text": "wire.publish.plain:PlainTextRenderer",
        "rss": "wire.publish.feeds.entries:RssRenderer",
        "atom": "wire.publish.feeds.entries:AtomRenderer",
        "jsonfeed": "wire.publish.feeds.entries:JsonFeedRenderer",
    },
    "wire.transports": {
        "http": "wire.deliver.http_push:HttpTransport",
        "folder": "wire.deliver.folder:FolderTransport",
        "ftp": "wire.deliver.ftp:FtpTransport",
        "sftp": "wire.deliver.sftp:SftpTransport",
        "s3": "wire.deliver.s3:S3Transport",
        "fsspec": "wire.deliver.fsspec_files:FsspecTransport",
        "mail": "wire.deliver.smtp:MailTransport",
        "websub": "wire.deliver.websub:WebSubTransport",
    },
    "wire.steps": {},
}


@cache
def names(group: str) -> tuple[str, ...]:
    """Every part's name in a group: built-ins in their listed order, then entry points by name."""
    own = tuple(BUILT_IN[group])
    return own + tuple(sorted(ep.name for ep in entry_points(group=group) if ep.name not in own))


@cache
def load(group: str, name: str) -> Any:
    """The class or function behind a name.

    Raises CommandError when there is none, PluginError when an entry point cannot be loaded.
    """
    if target := BUILT_IN[group].get(name):
        module, _, attribute = target.partition(":")
        return getattr(import_module(module), attribute)
    for entry_point in entry_points(group=group, name=name):
        try:
            return entry_point.load()
        except Exception as exc:  # a third party's edge: whatever its import does is its own fault
            raise PluginError(f"plug-in {name!r} ({entry_point.value}) cannot be loaded: {exc!r}") from exc
    known = ", ".join(names(group))
    raise CommandError(f"there is no {group.removeprefix('wire.').rstrip('s')} {name!r}; known are: {known}")
