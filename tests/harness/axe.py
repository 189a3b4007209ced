"""Whether a page can be used by everybody, as axe-core judges it (WCAG 2.0 to 2.2, levels A and AA)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.browser import Browser

#: Put there by ``make setup-dev`` out of the npm package.
AXE = Path(sys.prefix) / "axe-core-4.14.1.min.js"

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']}).then(found => done(found.violations));
"""


def findings(browser: Browser) -> list[str]:
    """What axe-core finds on the open page, of any weight. Skips the test where it is not installed."""
    if not AXE.exists():
        pytest.skip(f"{AXE} is missing: make setup-dev puts it there, where there is npm")
    browser.run(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = browser.driver.execute_async_script(_RUN, _TAGS)
    return [
        f"{each['impact']} {each['id']}: {each['help']} ({node['html'][:120]})"
        for each in found
        for node in each["nodes"]
    ]
