"""Who gets into the desk, and what a form has to bring."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk_page.conftest import CONFIG, Guest, Newsdesk, configured, hashed
from wire.app import App
from wire.common.people import Role, User, hash_password, is_password, token_hash
from wire.config import load
from wire.web.desk.login import _inside
from wire.web.desk.people import FIRST, Links, People
from wire.web.desk.throttle import Throttle

# --- passwords, tokens, links


def test_a_password_is_known_by_its_hash_alone() -> None:
    kept = hash_password("ten letters", log2_n=14)
    assert is_password("ten letters", kept)
    assert not is_password("ten lettres", kept)
    assert not is_password("ten letters", "no hash")
    assert "ten letters" not in kept
    assert hash_password("ten letters", log2_n=14) != kept, "salted"


def test_a_role_may_what_those_below_it_may() -> None:
    assert [role for role in Role if Role.EDITOR.may(role)] == [Role.READER, Role.EDITOR]


def test_a_user_without_a_password_has_none_that_could_be_guessed() -> None:
    people = People([User(name="system", role=Role.ADMIN, token_sha256=token_hash("t"))])
    assert people.by_password("system", "") is None
    assert people.by_token("t") is people.find("system")
    assert people.by_token("") is None and People().by_token("") is None


def test_a_link_leads_somewhere_once() -> None:
    links = Links()
    token = links.make("ann")
    assert [links.take(token), links.take(token), links.take("other")] == ["ann", None, None]


# --- trying again and again


def test_failures_cost_ever_more_time_until_one_succeeds() -> None:
    now = 0.0
    throttle = Throttle(lambda: now, free=3, first_s=2, most_s=10)
    waits = []
    for _ in range(7):
        throttle.failed("somebody")
        waits.append(throttle.wait_s("somebody"))
    assert waits == [0, 0, 2, 4, 8, 10, 10]
    assert throttle.wait_s("somebody else") == 0
    now = 9.0
    assert throttle.wait_s("somebody") == 1
    throttle.succeeded("somebody")
    assert throttle.wait_s("somebody") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5000)), max_size=40))
def test_a_wait_never_outlasts_its_bound_and_is_forgotten_after_an_hour(
    tries: list[tuple[str, float]],
) -> None:
    now = 0.0
    throttle = Throttle(lambda: now, free=2, most_s=100)
    for key, later in tries:
        now += later
        throttle.failed(key)
        assert 0 <= throttle.wait_s(key) <= 100
    now += 3601
    assert [throttle.wait_s(key) for key in "abc"] == [0, 0, 0]


def test_guessing_a_password_comes_to_an_end(newsdesk: Newsdesk) -> None:
    guest = newsdesk.guest()
    replies = [guest.log_in("ann", f"guess {number}") for number in range(8)]
    assert [reply.status for reply in replies] == [403] * 5 + [429] * 3
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 2
    # the right password does not help him either, and nobody else is kept out
    assert guest.log_in("ann").status == 429
    assert newsdesk.guest().log_in("rik").status == 303
    assert guest.cookie == ""


def test_guessing_by_many_names_comes_to_an_end_as_well(newsdesk: Newsdesk) -> None:
    guest = newsdesk.guest()
    too_long = "p" * 2000  # to be compared at all, which spares the test twenty times a third of a second
    replies = [guest.log_in(f"name {number}", too_long) for number in range(22)]
    assert [reply.status for reply in replies] == [403] * 20 + [429] * 2
    assert int(replies[-1].headers["Retry-After"]) <= 2


@pytest.mark.slow
def test_more_than_a_few_who_come_at_once_are_told_to_come_again(newsdesk: Newsdesk) -> None:
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda number: newsdesk.guest().log_in(f"n{number}", "guess"), range(12)))
    assert {reply.status for reply in replies} == {403, 429}
    assert sum(reply.status == 403 for reply in replies) >= 6
    assert newsdesk.guest().log_in("ann").status == 303


def test_nobody_fills_the_memory_from_outside(newsdesk: Newsdesk) -> None:
    guest = newsdesk.guest()
    assert guest.post("/desk/login", name="n" * 100_000, password="p").status == 413
    assert guest.post("/desk/login", name="ann", password="p" * 100_000).status == 413
    before = newsdesk.guest().log_in("n" * 3000, "p")
    assert before.status == 403
    assert newsdesk.guest().log_in("ann").status == 303


def test_a_name_that_nobody_can_have_counts_as_one_however_it_goes_on() -> None:
    throttle = Throttle(lambda: 0.0, free=1)
    for ending in "abc":
        throttle.failed("n" * 500 + ending)
    assert throttle.wait_s("n" * 500) > 0


# --- sessions


def test_nothing_is_shown_before_somebody_has_logged_in(newsdesk: Newsdesk) -> None:
    for path in ("/desk", "/desk/live"):
        reply = newsdesk.guest().get(path)
        assert reply.status == 303
        assert reply.headers["Location"].startswith("/desk/login")
        assert reply.body == b""


def test_a_session_lasts_a_week_and_no_longer_than_its_user(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    assert ann.get("/desk").status == 200
    newsdesk.now = newsdesk.now.replace(day=9, hour=11)
    assert ann.get("/desk").status == 200
    newsdesk.now = newsdesk.now.replace(hour=13)
    assert ann.get("/desk").status == 303


def test_logging_out_ends_the_session_for_good(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    assert ann.send("/desk/logout").status == 303
    assert ann.get("/desk").status == 303, "though the browser kept its cookie"


def test_the_cookie_is_for_the_desk_alone_and_for_no_script(newsdesk: Newsdesk) -> None:
    cookie = newsdesk.guest().log_in("ann").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/desk" in cookie
    assert cookie.split("=")[1].split(";")[0] not in str(newsdesk.app.database.url)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_the_login_leads_to_the_desk_and_nowhere_else(next: str) -> None:
    for wanted in (next, f"//{next}", f"/desk{next}", f"https://{next}/desk", f"/desk/../{next}"):
        led = _inside(wanted)
        assert led == "/desk" or led.startswith(("/desk/", "/desk?"))
        assert led.isprintable()


def test_where_somebody_wanted_to_go_is_where_the_login_leads(newsdesk: Newsdesk) -> None:
    guest = newsdesk.guest()
    asked = guest.get("/desk?source=agency").headers["Location"]
    assert 'value="/desk?source=agency"' in guest.get(asked).text
    reply = guest.post("/desk/login", name="ann", password="ann-at-the-desk", next="/desk?source=agency")
    assert reply.headers["Location"] == "/desk?source=agency"


def test_a_session_ends_when_the_password_is_changed(tmp_path: Path) -> None:
    before = configured(tmp_path)
    ann, rik = before.guest("ann"), before.guest("rik")
    before.app.stop()
    file = tmp_path / "config" / "wire.toml"
    file.write_text(file.read_text().replace(hashed("ann"), hashed("eve")))
    after = App(load(file), clock=before.clock)
    after.start()
    try:
        for guest, status in ((ann, 303), (rik, 200)):
            assert Guest(after.web.url, guest.cookie).get("/desk").status == status
    finally:
        after.stop()


@pytest.mark.parametrize(("base", "secure"), [("https://desk.example", True), ("http://desk.example", False)])
def test_who_is_reached_by_https_sends_the_cookie_by_nothing_else(
    tmp_path: Path, base: str, secure: bool
) -> None:
    listen = 'listen = "127.0.0.1:0"\n'
    desk = configured(tmp_path, CONFIG.replace(listen, f'{listen}base_url = "{base}"\n'))
    try:
        cookie = str(desk.guest().log_in("ann").headers["Set-Cookie"])
    finally:
        desk.app.stop()
    assert ("Secure" in cookie, "HttpOnly" in cookie, "SameSite=lax" in cookie) == (secure, True, True)


# --- without users


def test_without_users_a_link_lets_one_browser_in_once(unlocked: Newsdesk) -> None:
    link = unlocked.app.desk_link()
    path, _, once = link.removeprefix(unlocked.url).partition("?once=")
    guest = Guest(unlocked.url)
    assert guest.get(f"{path}?once={once}").status == 200
    assert guest.get(f"{path}?once={once}").status == 200, (
        "looking does not use it up: a chat's preview does so"
    )
    assert guest.post("/desk/login", once=once).status == 303
    assert guest.post("/desk/login", once=once).status == 403
    assert guest.post("/desk/login", name=FIRST.name, password="").status == 403


# --- where requests come from


def test_a_form_from_another_site_is_not_heard(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    others = ("https://evil.example", "http://127.0.0.1:1", f"{ann.url}.evil.example")
    for origin in (*others, "null", None, "http://[::1", "http://", f"{ann.url}/", f"{ann.url}@evil.example"):
        assert ann.post("/desk/logout", origin=origin, csrf=ann.csrf).status == 403
    assert ann.get("/desk").status == 200


def test_a_form_that_another_site_has_sent_is_not_heard_whatever_origin_it_claims(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    headers = {"Origin": ann.url, "Content-Type": "application/x-www-form-urlencoded"}
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        sent = headers | {"Sec-Fetch-Site": site}
        assert ann.ask("POST", "/desk/logout", f"csrf={ann.csrf}", sent).status == status


def test_a_form_without_the_sessions_own_token_is_not_heard(newsdesk: Newsdesk) -> None:
    ann, rik = newsdesk.guest("ann"), newsdesk.guest("rik")
    for wrong in ("", "0" * 64, rik.csrf, "ü"):
        assert ann.post("/desk/logout", csrf=wrong).status == 403
    assert ann.post("/desk/logout").status == 403


def test_a_name_that_was_made_to_lead_here_is_not_answered(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    for host in ("evil.example", "127.0.0.1", "127.0.0.1.evil.example:80", ""):
        assert ann.get("/desk", Host=host).status == 421
        assert ann.get("/desk/login", Host=host).status == 421


def test_changes_are_made_by_post_alone(newsdesk: Newsdesk) -> None:
    assert newsdesk.guest("ann").get("/desk/logout").status == 405


def test_everything_comes_under_a_policy_that_lets_nothing_of_others_run(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    for path in ("/desk", "/desk/login", "/desk/nothing"):
        headers = ann.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_a_body_without_end_is_cut_off(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    size = newsdesk.app.settings.inbox.max_bytes + 3_000_000
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ann.url}
    headers["Content-Length"] = str(size)
    with suppress(OSError):  # it may be refused while it is being sent
        assert ann.ask("POST", "/desk/login", b"a" * size, headers).status in {400, 413}
    assert ann.get("/desk").status == 200
