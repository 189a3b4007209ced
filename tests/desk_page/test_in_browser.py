"""The desk as people have it: in a browser, on a daemon, with stories coming in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.desk_page.conftest import PASSWORDS, hashed
from tests.harness.axe import findings
from tests.harness.browser import Browser
from tests.harness.daemon import Daemon
from tests.harness.desk_stories import arrivals
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow(4)


#: A source from which nothing ever comes, so that an alarm stands on every page.
SILENT = {"id": "night", "quiet_after_s": 1}


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
        script = "return [...document.querySelectorAll(arguments[0])].map(each => each.innerText.trim())"
        found: list[str] = self.browser.run(script, css)
        return found

    def fill(self, name: str, text: str) -> None:
        field = self.browser.driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)

    def press(self, label: str) -> None:
        """The visible button or link of that name, and wait for the page that it leads to."""
        path = f"//*[self::button or self::summary or self::a][normalize-space()='{label}']"
        buttons = self.browser.driver.find_elements(By.XPATH, path)
        [button] = [button for button in buttons if button.is_displayed()]
        leads = button.tag_name != "summary"
        self.browser.run("window.left = arguments[0]", leads)
        button.click()
        if leads:
            arrived = "return !window.left && document.readyState === 'complete'"
            eventually(lambda: self.browser.run(arrived), what=f"the page after {label}")

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
    users = [{"name": name, "role": role, "password": hashed(name)} for name, role in roles.items()]
    daemon = Daemon(
        tmp_path_factory.mktemp("desk"),
        warm_start=True,
        users=users,
        sources=[{"id": "agency", "provider": "Example Agency"}, {"id": "presse"}, {"id": "wires"}, SILENT],
        feeds=[
            {"id": "all", "title": "Everything"},
            {"id": "world", "title": "World", "where": {"urgency": ["1-4"]}},
        ],
        endpoints=[
            {"id": "archive", "type": "folder", "path": "archive"},
            {
                "id": "cms",
                "type": "http",
                "url": "http://127.0.0.1:9/",
                "where": {"urgency": ["1-3"]},
                "breaker_after": 0,
            },
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
    assert browser.complaints() == []


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


def test_an_alarm_stands_on_an_open_board(desk: Desk) -> None:
    desk.open("/desk")
    eventually(lambda: desk.find(".alarms li"), limit_s=30, what="the watch has looked")
    [told] = desk.find(".alarms li")
    assert told.startswith("nothing came from night for ") and "Ask the agency" in told


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


def story_id(desk: Desk, headline: str) -> str:
    """The id of a story on the board."""
    [row] = [row for row in desk.daemon.stories() if row["headline"] == headline]
    found: str = row["id"]
    return found


def pages(desk: Desk) -> dict[str, str]:
    """Every page of the desk, by what its screenshot is called."""
    hospital = f"/desk/stories/{story_id(desk, 'New hospital wing opens with 180 beds')}"
    arabic = f"/desk/stories/{story_id(desk, 'المدينة تعيد بناء جدار الميناء بعد عاصفة الشتاء')}"
    desk.open(hospital)
    compare = desk.browser.run("return document.querySelector('a[href*=difference]').getAttribute('href')")
    return {
        "board": "/desk",
        "search": "/desk?text=harbour&source=agency",
        "story": hospital,
        "story-arabic": arabic,
        "difference": compare,
        "newsml": f"{hospital}/documents/newsml-g2",
        "ninjs": f"{hospital}/documents/ninjs",
        "edit": f"{hospital}/edit",
        "inbox": "/desk/inbox",
        "outlets": "/desk/outlets",
        "not-found": "/desk/nothing",
    }


def test_every_page_can_be_used_by_everybody_in_every_dress(desk: Desk) -> None:
    wrong: list[str] = []
    for name, path in pages(desk).items():
        for dress, how in {
            "": {},
            "-dark": {"dark": True},
            "-narrow": {"width": 390, "height": 844, "mobile": True},
        }.items():
            desk.browser.dress(**how)  # type: ignore[arg-type]
            desk.open(path)
            desk.browser.shoot(f"desk-{name}{dress}")
            wrong += [
                f"{name}{dress}: {line}" for line in (*desk.browser.overflow(), *findings(desk.browser))
            ]
    desk.browser.complaints()  # the page that is not there is told in the console
    assert wrong == []


def test_a_story_is_killed_released_held_withheld_and_sent_again_by_hand(desk: Desk) -> None:
    headline = "Report goes back and forth"
    desk.daemon.drop("forth.json", headline_story(headline, urgency=2), source="agency")
    eventually(lambda: headline in [row["headline"] for row in desk.daemon.stories()])
    desk.open(f"/desk/stories/{story_id(desk, headline)}")

    def stands() -> str:
        return desk.find(".head .chip")[0]

    def act(opens: str, does: str, **fields: str) -> str:
        desk.press(opens)
        form = desk.browser.driver.find_element(By.CSS_SELECTOR, "details[open] form")
        for name, text in fields.items():
            form.find_element(By.NAME, name).send_keys(text)
        desk.press(does)
        return desk.find("[role=status]")[0]

    assert act("Kill…", "Kill the story", note="Wrong place") == "The story was killed."
    assert stands() == "killed"
    assert act("Release…", "Release the story") == "The story was released."
    assert act("Embargo…", "Hold the story") == "The embargo was set."
    assert stands() == "embargoed until released"
    desk.browser.shoot("desk-story-embargoed")
    assert act("Lift embargo…", "Lift the embargo") == "The story was released."
    assert act("Withhold…", "Withhold the story", note="To be checked") == "The story was withheld."
    assert stands() == "withheld"
    assert act("Release…", "Release the story") == "The story was released."
    assert stands() == "live"
    history = desk.find(".history li")
    assert len(history) == 6 and all(" ann:" in line for line in history)
    assert "Wrong place" in history[-1]
    desk.browser.shoot("desk-story-acted-on")


def test_a_correction_is_made_on_the_page(desk: Desk) -> None:
    desk.daemon.drop("typo.json", headline_story("Mayor opnes bridge"), source="agency")
    eventually(lambda: "Mayor opnes bridge" in [row["headline"] for row in desk.daemon.stories()])
    desk.open(f"/desk/stories/{story_id(desk, 'Mayor opnes bridge')}")
    desk.press("Correct…")
    desk.fill("headline", "Mayor opens bridge")
    desk.press("Issue the correction")
    assert desk.find("h1") == ["Mayor opens bridge"]
    assert desk.find(".kicker .chip") == ["live", "corrected"]


def test_files_and_text_are_dropped_on_the_page_and_what_failed_is_mended(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "dropped.txt"
    file.write_text("Dropped on the page\n\nSome text of it.\n", encoding="utf-8")
    desk.open("/desk/inbox")
    desk.browser.driver.find_element(By.NAME, "files").send_keys(str(file))
    desk.press("Put them into the inbox")
    assert desk.find("[role=status]")[0].startswith("A story was put into the inbox")
    desk.fill("text", "Pasted on the page\n\nSome text of it.\n")
    desk.press("Put it into the inbox")
    desk.daemon.drop("torn.json", b'{"pub_status": "usable", "headline": "Torn', source="agency")
    wanted = {"Dropped on the page", "Pasted on the page"}
    eventually(lambda: wanted <= {row["headline"] for row in desk.daemon.stories()})
    eventually(desk.daemon.quarantined)
    desk.open("/desk/inbox")
    desk.browser.shoot("desk-inbox-held")
    assert findings(desk.browser) == []
    desk.press("torn.json")
    desk.browser.shoot("desk-quarantine")
    assert findings(desk.browser) == []
    desk.press("Read it again as it is")
    assert desk.find("[role=alert]")[0].startswith("Still: ")
    desk.fill("text", '{"pub_status": "usable", "headline": "Mended", "body_html": "<p>Yes.</p>"}')
    desk.press("Read the mended text")
    assert desk.find("[role=status]")[0].startswith("It was read and left the quarantine")
    assert "Mended" in [row["headline"] for row in desk.daemon.stories()]


ATTACKS = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    '"><svg onload="document.title=\'run\'">',
    "'-document.title='run'-'",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:document.title='run'",
    "</textarea></pre></title><script>document.title='run'</script>",
    "<a hx-get=/desk/logout hx-trigger=load data-hx-on:click=\"document.title='run'\">",
    "\u202eevil\u0000\x1b[2J",
)


def test_nothing_of_a_story_ever_runs(desk: Desk) -> None:
    names = ("headline", "slugline", "byline", "dateline", "description", "provider", "usage_terms", "guid")
    ids = []
    for number, attack in enumerate(ATTACKS):
        story = {
            "pub_status": "usable",
            "language": "en",
            **{name: f"{name} {number} {attack}" for name in names},
            "body_html": f"<p>{attack}</p><form action=/desk/logout><button>x</button></form>",
            "keywords": [attack],
            "ed_notes": [attack],
            "subjects": [{"name": attack, "qcode": "medtop:04000000"}],
            "people": [{"name": attack}],
            "pictures": [{"href": "javascript:1", "caption": attack}],
            "links": [{"href": "javascript:document.title='run'", "title": attack}],
        }
        desk.daemon.drop(f"attack{number}.json", json.dumps(story).encode(), source="agency")
        desk.daemon.drop(f"{number} '\"><b>.txt", b"\xff\xfe<script>", source="agency")
    eventually(lambda: not desk.daemon.inbox_files())
    ids = [row["id"] for row in desk.daemon.stories() if (row["headline"] or "").startswith("headline ")]
    assert len(ids) == len(ATTACKS)
    paths = ["/desk", "/desk/inbox", f"/desk?text={ATTACKS[0]}&source={ATTACKS[1]}&topic={ATTACKS[2]}"]
    for id in ids:
        paths += [
            f"/desk/stories/{id}",
            f"/desk/stories/{id}/edit",
            f"/desk/stories/{id}/documents/newsml-g2",
        ]
    paths += [f"/desk/quarantine/{row['intake_id']}" for row in desk.daemon.quarantined()][:4]
    for path in paths:
        desk.open(path)
        assert "run" not in desk.browser.driver.title.split(" · ")[0].split(), path
        inside = desk.browser.run(
            "return document.querySelectorAll('main script, main svg, main img, main iframe, main [onload],"
            " main [onerror], .copy [hx-get], .copy form, .copy [style], a[href^=javascript]').length"
        )
        assert inside == 0, path
    assert desk.browser.complaints() == []


def test_an_endpoint_is_paused_resumed_tested_and_replayed_by_an_admin(desk: Desk) -> None:
    desk.log_in("eve")
    desk.open("/desk/outlets")
    desk.browser.run("document.querySelector('[aria-labelledby=e-cms]').remove()")
    desk.press("Pause…")
    desk.fill("note", "Their night")
    desk.press("Pause archive")
    assert desk.find("[role=status]") == ["archive: Nothing is sent to it until it is resumed."]
    assert any("by eve" in line and "Their night" in line for line in desk.find(".outlets p"))
    desk.browser.shoot("desk-outlets-paused")
    desk.browser.run("document.querySelector('[aria-labelledby=e-cms]').remove()")
    desk.press("Resume")
    assert desk.find("[role=status]") == ["archive: It is sent to again."]
    desk.browser.run("document.querySelector('[aria-labelledby=e-cms]').remove()")
    desk.press("Test")
    assert desk.find("[role=status]") == ["archive: It answers."]
    desk.browser.run("document.querySelector('[aria-labelledby=e-cms]').remove()")
    desk.press("Replay since…")
    desk.browser.run("document.querySelector('details[open] [name=since]').value = '2026-01-01T00:00'")
    desk.press("Send again what it was sent since then")
    assert desk.find("[role=status]") == ["archive: What it was sent since then is due again."]


def test_who_only_reads_is_offered_nothing_to_do(desk: Desk) -> None:
    desk.log_in("rik")
    desk.open(f"/desk/stories/{story_id(desk, 'New hospital wing opens with 180 beds')}")
    assert desk.find(".actions") == []
    desk.open("/desk/inbox")
    assert desk.find("form.drop") == []
    desk.press("Log out")
    desk.open("/desk")
    assert desk.path == "/desk/login"


def test_the_first_view_is_light(desk: Desk) -> None:
    desk.browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    desk.open("/desk")
    sizes = desk.browser.run(
        "return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".filter(each => !each.name.includes('/desk/live')).map(each => each.decodedBodySize)"
    )
    desk.browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
    print(f"first view: {sum(sizes)} bytes before compression, in {len(sizes)} files")
    assert sum(sizes) <= 150_000
