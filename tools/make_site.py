"""Makes the documentation's pages of docs/: `make docs` writes them to site/.

markdown-it-py and jinja2, which wire needs anyway, do all of it; mkdocs-material would be 68 MB more.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TEMPLATES = Path(__file__).parent / "site"

#: The pages by section, in the order of the contents; those that stand nowhere here follow in the last one.
NAV: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Begin", ("index", "tour")),
    (
        "Do something",
        (
            *("guides/agency-by-ftp", "guides/cms-endpoint", "guides/embargo", "guides/kill"),
            *("guides/production", "plug-ins"),
        ),
    ),
    (
        "Look it up",
        (
            *("configuration", "command-line", "web", "endpoints", "deliveries", "formats", "story-json"),
            *("desk", "operations", "postgresql", "upgrading", "guarantees", "architecture"),
        ),
    ),
)
_FILE = re.compile(r"\bfile=(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the site."""

    name: str  #: path below docs/, without its ending
    title: str
    tokens: Sequence[Token]

    @property
    def address(self) -> str:
        """Path below the site."""
        return f"{self.name}.html"

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Anchor and text of the second level."""
        return [
            (str(token.attrs["id"]), self.tokens[index + 1].content.replace("`", ""))
            for index, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.tag == "h2"
        ]


def names() -> list[str]:
    """Every page's name in the order of the contents; pages that nobody placed come last."""
    placed = [name for _, section in NAV for name in section]
    found = sorted(str(path.relative_to(DOCS).with_suffix("")) for path in DOCS.rglob("*.md"))
    return [name for name in placed if name in found] + [name for name in found if name not in placed]


def read(name: str) -> Page:
    """A page, with an anchor on every heading."""
    tokens = MarkdownIt("commonmark").enable("table").parse((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    seen: set[str] = set()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            id = anchor = slug(tokens[index + 1].content)
            while id in seen:
                id += f"-{anchor}"
            seen.add(id)
            token.attrSet("id", id)
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _address(str(inner.attrs["href"])))
    title = next(
        (tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"), name
    )
    return Page(name=name, title=title.replace("`", ""), tokens=tokens)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _address(href: str) -> str:
    path, hash, anchor = href.partition("#")
    is_page = path.endswith(".md") and "://" not in path
    return f"{path.removesuffix('.md')}.html{hash}{anchor}" if is_page else href


def _fence(tokens: Sequence[Token], index: int, *_: object) -> str:
    """Code, with the name of the file that it is; of a console, what is typed and what is said apart."""
    token = tokens[index]
    named = _FILE.search(token.info)
    lines = [escape(line, quote=False) for line in token.content.splitlines()]
    if token.info.startswith("console"):
        lines = [line if line.startswith("$ ") else f'<span class="said">{line}</span>' for line in lines]
    code = "<pre tabindex=0><code>" + "\n".join(lines) + "</code></pre>\n"
    return f"<figure><figcaption>{escape(named[1])}</figcaption>{code}</figure>\n" if named else code


def build(target: Path) -> list[Page]:
    """Write the whole site into a folder of its own; returns its pages."""
    pages = [read(name) for name in names()]
    by_name = {page.name: page for page in pages}
    nav = [(section, [by_name[name] for name in wanted if name in by_name]) for section, wanted in NAV]
    placed = {page.name for _, section in nav for page in section}
    nav[-1][1].extend(page for page in pages if page.name not in placed)
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.renderer.rules["fence"] = _fence  # type: ignore[attr-defined]
    markdown.renderer.rules["table_open"] = lambda *_: '<div class="wide"><table>\n'  # type: ignore[attr-defined]
    markdown.renderer.rules["table_close"] = lambda *_: "</table></div>\n"  # type: ignore[attr-defined]
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("page.html")
    shutil.rmtree(target, ignore_errors=True)
    for page in pages:
        file = target / page.address
        file.parent.mkdir(parents=True, exist_ok=True)
        text = template.render(
            title=page.title,
            is_start=page.name == "index",
            address=page.address,
            root="../" * (len(PurePosixPath(page.name).parts) - 1),
            nav=nav,
            headings=page.headings,
            body=_Markup(markdown.renderer.render(page.tokens, markdown.options, {})),
        )
        file.write_text(text, encoding="utf-8")
    shutil.copy(TEMPLATES / "style.css", target)
    for path in DOCS.rglob("*"):
        if path.suffix in {".png", ".svg", ".json", ".conf"}:
            copy = target / path.relative_to(DOCS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return pages


class _Markup(str):
    """HTML that is finished."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def main() -> None:
    """Write the site where the first word says, or to site/."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    pages = build(target)
    print(f"{len(pages)} pages in {target}/; open {target}/index.html")


if __name__ == "__main__":
    main()
