"""The desk as people have it: in a browser, on a daemon, with stories coming in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.desk_page.conftest import PASSWORDS
from tests.harness.browser import Browser
from tests.harness.daemon import Daemon
from tests.harness.desk_stories import arrivals
from tests.harness.waiting import eventually
from wire.people import hash_password

pytestmark = pytest.mark.slow


class Desk:
    """Somebody at the desk, in a browser."""

    def __init__(self, browser: Browser, daemon: Daemon) -> None:
        self.browser = browser
        self.daemon = daemon
        self.url = f"http://127.0.0.1:{daemon.port}"

    def open(self, path: str) -> None:
        self.browser.open(self.url + path)

    def log_in(self, name: str) -> None:
        self.browser.driver.delete_all_cookies()
        self.open("/desk/login")
        self.fill("name", name)
        self.fill("password", PASSWORDS[name])
        self.press("Log in")

    def find(self, css: str) -> list[str]:
        """Texts of what a selector finds, as they are seen."""
        found = self.browser.driver.find_elements(By.CSS_SELECTOR, css)
        return [element.text for element in found]

    def fill(self, name: str, text: str) -> None:
        field = self.browser.driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)

    def press(self, label: str) -> None:
        """The visible button of that name."""
        path = f"//*[self::button or self::summary or self::a][normalize-space()='{label}']"
        buttons = self.browser.driver.find_elements(By.XPATH, path)
        [button] = [button for button in buttons if button.is_displayed()]
        button.click()

    def key(self, *keys: str) -> None:
        for key in keys:
            self.browser.driver.switch_to.active_element.send_keys(key)

    @property
    def path(self) -> str:
        where: str = self.browser.driver.current_url
        return where.removeprefix(self.url)

    @property
    def headlines(self) -> list[str]:
        return self.find("a.headline")


def headline_story(headline: str, **more: object) -> bytes:
    fields = {"headline": headline, "language": "en", "body_html": f"<p>{headline}</p>", **more}
    return json.dumps(fields).encode()


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon whose inbox has had an afternoon's stories."""
    roles = {"ann": "editor", "rik": "reader", "eve": "admin"}
    users = [
        {"name": name, "role": role, "password": hash_password(PASSWORDS[name], log2_n=14)}
        for name, role in roles.items()
    ]
    daemon = Daemon(
        tmp_path_factory.mktemp("desk"),
        users=users,
        sources=[{"id": "agency", "provider": "Example Agency"}, {"id": "presse"}, {"id": "wires"}],
        feeds=[
            {"id": "all", "title": "Everything"},
            {"id": "world", "title": "World", "where": {"urgency": ["1-4"]}},
        ],
        endpoints=[
            {"id": "archive", "type": "folder", "path": "archive"},
            {"id": "cms", "type": "http", "url": "http://127.0.0.1:9/", "where": {"urgency": ["1-3"]}},
        ],
        retry={"delays_s": [0.2]},
    )
    daemon.start()
    try:
        for arrival in arrivals():
            daemon.drop(arrival.name, arrival.data, source=arrival.source)
            eventually(lambda: not daemon.inbox_files(), what="the inbox is empty")
        yield daemon
    finally:
        daemon.end()


@pytest.fixture
def desk(browser: Browser, daemon: Daemon) -> Iterator[Desk]:
    """An editor at the desk. Whatever a test does, the policy forbids nothing and no script fails."""
    browser.dress(1280, 900)
    desk = Desk(browser, daemon)
    desk.log_in("ann")
    yield desk
    complaints = [line for line in browser.complaints() if "favicon" not in line]
    assert complaints == []


def test_the_board_is_there_in_every_dress(desk: Desk) -> None:
    desk.open("/desk")
    assert len(desk.headlines) == 14
    assert "City to rebuild harbour wall after winter storm" in desk.headlines
    for name, dress in {
        "board": {},
        "board-dark": {"dark": True},
        "board-narrow": {"width": 390, "height": 844, "mobile": True},
        "board-wide": {"width": 1920, "height": 1080},
    }.items():
        desk.browser.dress(**dress)  # type: ignore[arg-type]
        desk.open("/desk")
        desk.browser.shoot(f"desk-{name}")
        assert desk.browser.overflow() == [], name
        assert desk.browser.faint() == [], name


def test_a_story_is_on_the_board_within_a_second_of_its_drop(desk: Desk) -> None:
    desk.open("/desk")
    eventually(lambda: desk.find("#live") == ["Live"], what="the board is live")
    begun = time.monotonic()
    desk.daemon.drop("live.json", headline_story("Bridge closed after crash"), source="agency")
    eventually(lambda: "Bridge closed after crash" in desk.headlines, limit_s=5, every_s=0.01)
    took_s = time.monotonic() - begun
    print(f"drop to board: {took_s:.3f} s")
    assert took_s < 5


def test_a_filtered_board_is_live_too_and_shows_nothing_else(desk: Desk) -> None:
    desk.open("/desk?text=tunnel")
    assert desk.headlines == []
    eventually(lambda: desk.find("#live") == ["Live"])
    desk.daemon.drop("t1.json", headline_story("Tunnel opens"), source="agency")
    desk.daemon.drop("t2.json", headline_story("Ferry sails"), source="agency")
    eventually(lambda: desk.headlines == ["Tunnel opens"])


def test_filters_lead_to_addresses_that_can_be_passed_on(desk: Desk) -> None:
    desk.open("/desk")
    desk.browser.run("document.querySelector('[name=language]').value = 'fr'")
    desk.fill("text", "musée")
    desk.key(Keys.ENTER)
    eventually(lambda: "text=" in desk.path)
    assert desk.path == "/desk?text=mus%C3%A9e&language=fr"
    assert desk.headlines == ["Le musée rouvre ses portes après dix ans de travaux"]
    desk.open("/desk?topic=medtop:15000000")
    assert desk.headlines == ["Second-division side knocks out holders on penalties"]


def test_keys_lead_through_the_board(desk: Desk) -> None:
    desk.open("/desk")
    desk.key("j", "j", "k", "j")
    focused = desk.browser.run("return document.activeElement.textContent")
    assert focused == desk.headlines[1]
    desk.key("/")
    assert desk.browser.run("return document.activeElement.name") == "text"
    desk.open("/desk")
    desk.key("?")
    assert desk.browser.run("return document.getElementById('keys').open")


def test_the_board_works_without_script(desk: Desk) -> None:
    desk.browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        desk.open("/desk")
        desk.fill("text", "quake")
        desk.press("Show")
        assert desk.headlines == ["Strong quake shakes coast, no reports of injuries so far"]
    finally:
        desk.browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
