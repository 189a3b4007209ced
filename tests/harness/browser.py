"""A real browser without a window: what a page looks like, whether it runs scripts, whether it fits.

`browser` is a fixture for every test. Screenshots stay in ``test-output/screens``, for people to look at.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCREENS = Path(__file__).parents[2] / "test-output" / "screens"

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"),
)

#: Elements that stick out of the window, and have no scrolling box of their own around them.
_OVERFLOW = """
const wide = document.documentElement.clientWidth, found = [];
for (const element of document.querySelectorAll('body *')) {
  let around = element.parentElement, boxed = false;
  for (; around && around !== document.body; around = around.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(around).overflowX)) boxed = true;
  const box = element.getBoundingClientRect();
  if (!boxed && box.width && (box.right > wide + 1 || box.left < -1))
    found.push(element.tagName + ' ' + (element.textContent || '').trim().slice(0, 40));
}
if (document.documentElement.scrollWidth > wide + 1) found.push('the page itself');
return found;
"""

#: Texts whose contrast to what is behind them is less than 4.5 to 1, or 3 to 1 where large (WCAG 2, 1.4.3).
_FAINT = """
function parts(colour) {
  const context = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
  context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}
function light(colour) {
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const [r, g, b] = [...parts(colour)].map(v => linear(v / 255));
  return .2126 * r + .7152 * g + .0722 * b;
}
function behind(element) {
  for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor;
    if (parts(colour)[3] > 250) return colour;
  }
  return 'white';
}
const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
  if (!text || !element.getClientRects().length || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
  const contrast = (a + .05) / (b + .05);
  if (contrast < (large ? 3 : 4.5)) found.push(text.slice(0, 40) + ': ' + contrast.toFixed(2));
}
return found;
"""


class Browser:
    """One window. A test says how large it is and whether it is dark before it opens a page."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver  #: selenium's own, for whatever is not here
        self._height = 900
        self._size: dict[str, Any] = {"width": 1280, "deviceScaleFactor": 1, "mobile": False}

    def dress(
        self, width: int = 1280, height: int = 900, *, dark: bool = False, mobile: bool = False
    ) -> None:
        """Window size in CSS pixels, and the reader's colours; with ``mobile`` as a phone shows pages."""
        self._size = {"width": width, "deviceScaleFactor": 2 if mobile else 1, "mobile": mobile}
        self._height = height
        self._tell("Emulation.setDeviceMetricsOverride", height=height, **self._size)
        scheme = "dark" if dark else "light"
        self._tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded; what the last one complained of is forgotten."""
        self.complaints()
        self.driver.get(url)

    def shoot(self, name: str) -> Path:
        """Keep the whole page, beyond the window too, as ``test-output/screens/NAME.png``."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        whole = max(self._height, self.run("return document.documentElement.scrollHeight"))
        self._tell("Emulation.setDeviceMetricsOverride", height=whole, **self._size)
        image = self._tell("Page.captureScreenshot")["data"]
        self._tell("Emulation.setDeviceMetricsOverride", height=self._height, **self._size)
        target = SCREENS / f"{name}.png"
        target.write_bytes(base64.b64decode(image))
        return target

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script of the test's own returns. It is no script of the page: no policy holds it back."""
        return self.driver.execute_script(script, *arguments)

    def overflow(self) -> list[str]:
        """Elements that stick out of the window sideways."""
        found: list[str] = self.run(_OVERFLOW)
        return found

    def faint(self) -> list[str]:
        """Texts that are hard to read for want of contrast (WCAG 2, 1.4.3)."""
        found: list[str] = self.run(_FAINT)
        return found

    def complaints(self) -> list[str]:
        """What the console has shown since this was last asked: errors, and what a policy has forbidden."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def _tell(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium with a new profile. Where it is missing tests are skipped; on CI they fail."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        why = "no browser: install Debian's chromium and chromium-driver"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(chromedriver))
    driver.set_page_load_timeout(30)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
