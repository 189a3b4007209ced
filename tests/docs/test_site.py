"""The documentation's pages: all of them are there, and every link in them leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from tools import make_reference, make_site

ROOT = Path(__file__).parents[2]
#: Links of the README and of docs/ that are only looked at by their form.
_ELSEWHERE = ("http://", "https://", "mailto:")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    make_site.build(folder)
    return folder


def test_every_page_has_its_place_in_the_contents(site: Path) -> None:
    contents = html.fromstring((site / "index.html").read_bytes()).xpath("//nav//a/@href")
    assert sorted(contents) == sorted(f"{name}.html" for name in make_site.names())
    assert not {name for _, section in make_site.NAV for name in section} - set(make_site.names())


def test_every_link_and_picture_leads_somewhere(site: Path) -> None:
    broken = []
    pages = {path: html.fromstring(path.read_bytes()) for path in site.rglob("*.html")}
    for path, page in pages.items():
        for target in page.xpath("//a/@href | //img/@src | //link/@href"):
            if target.startswith(_ELSEWHERE):
                continue
            name, _, anchor = unquote(target).partition("#")
            there = (path.parent / name).resolve() if name else path
            if "pictures" in there.parts and not (ROOT / "docs" / "pictures").is_dir():
                continue  # they are made by the browser tests, and come with them
            if not there.is_file():
                broken.append(f"{path.name}: {target}")
            elif anchor and there in pages and not pages[there].xpath("//*[@id=$id]", id=anchor):
                broken.append(f"{path.name}: {target} (no such heading)")
    assert not broken


def test_pages_are_whole_documents_without_scripts(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = html.fromstring(path.read_bytes())
        assert page.xpath("count(//h1)") == 1, path
        assert page.xpath("//html/@lang") == ["en"]
        assert not page.xpath("//script")
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_every_file_that_the_pages_name_is_there() -> None:
    named = {
        (path.name, name)
        for path in (ROOT / "docs").rglob("*.md")
        for name in re.findall(r"`((?:deploy|examples)/[\w./-]+)`", path.read_text(encoding="utf-8"))
    }
    assert named
    assert not [(page, name) for page, name in named if not (ROOT / name).exists()]


def test_the_reference_is_what_the_settings_say() -> None:
    written = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert written == make_reference.reference(), "run `make reference`"


def test_the_schema_is_what_the_settings_say() -> None:
    written = (ROOT / "docs" / "wire.schema.json").read_text(encoding="utf-8")
    assert written == make_reference.schema(), "run `make reference`"


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|.*\|  \|$", text, re.M) == []
