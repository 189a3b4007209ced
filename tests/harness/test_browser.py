"""The browser tells what the tests of pages ask it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.browser import Browser

pytestmark = pytest.mark.slow


def test_a_browser_tells_of_overflow_faint_text_and_complaints(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"
        "<p style='width: 900px'>wide</p><p style='color: #bbb'>faint</p>"
        "<script>document.title = 'ran'</script>"
    )
    browser.dress(400, 600)
    browser.open(page.as_uri())
    assert any(found.startswith("P wide") for found in browser.overflow())
    assert [found.partition(":")[0] for found in browser.faint()] == ["faint"]
    assert any("Content Security Policy" in complaint for complaint in browser.complaints())
    assert browser.driver.title != "ran"
    browser.dress(1000, 600)
    assert browser.overflow() == []


def test_a_browser_can_be_dark_and_keeps_what_it_saw(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><meta name=color-scheme content='light dark'><p>text")
    browser.dress(300, 300, dark=True)
    browser.open(page.as_uri())
    assert browser.run("return matchMedia('(prefers-color-scheme: dark)').matches")
    assert browser.shoot("harness-dark").read_bytes().startswith(b"\x89PNG")
