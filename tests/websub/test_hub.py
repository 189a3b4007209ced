"""Our WebSub hub, by the cases that websub.rocks puts to hubs (100 to 106) and the rules around them."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

import pytest

from tests.harness.site import Site
from tests.servers.http_receiver import status
from tests.servers.subscriber import Subscriber
from wire.common.renditions import rendition
from wire.ports.feeds import Intent
from wire.web.hub import HubDoor, Unfit

pytestmark = pytest.mark.slow(8)

DAYS = 86_400


def test_case_100_a_subscriber_is_asked_and_then_sent_what_changes(
    site: Site, subscriber: Subscriber
) -> None:
    site.subscribe(subscriber)
    [question] = subscriber.questions
    assert (question.mode, question.topic) == ("subscribe", site.topic())
    assert question.fields["hub.challenge"] and question.fields["hub.lease_seconds"] == str(10 * DAYS)
    site.publish("First news")
    site.deliver()
    [seen] = subscriber.notifications
    assert seen.body == site.served() == site.get("/feeds/all.atom")[2] and b"First news" in seen.body
    assert seen.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert seen.headers["link"] == f'<{site.topic()}>; rel="self", <{site.base}/hub>; rel="hub"'
    assert "x-hub-signature" not in seen.headers


def test_case_101_a_secret_signs_what_is_sent(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, secret="a secret of ours")
    site.publish("Signed news")
    site.deliver()
    [seen] = subscriber.notifications
    digest = hmac.new(b"a secret of ours", seen.body, sha256).hexdigest()
    assert seen.headers["x-hub-signature"] == f"sha256={digest}"


def test_case_102_unknown_parameters_are_passed_over(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, shoe="size 9", verify="async")
    site.publish("News")
    site.deliver()
    assert len(subscriber.notifications) == 1


def test_case_103_subscribing_again_renews_and_doubles_nothing(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, secret="old")
    site.subscribe(subscriber, secret="new", lease_seconds=300)
    assert subscriber.questions[-1].fields["hub.lease_seconds"] == "300"
    site.publish("News")
    site.deliver()
    [seen] = subscriber.notifications
    assert seen.headers["x-hub-signature"] == f"sha256={hmac.new(b'new', seen.body, sha256).hexdigest()}"
    site.wait(301)
    site.publish("After the renewed lease")
    site.deliver()
    assert len(subscriber.notifications) == 1


def test_case_104_after_unsubscribing_there_is_silence(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    site.publish("Sent to nobody in time")  # waits in the queue when the subscription ends
    site.subscribe(subscriber, mode="unsubscribe")
    question = subscriber.questions[-1]
    assert question.mode == "unsubscribe" and "hub.lease_seconds" not in question.fields
    site.publish("Later news")
    site.deliver()
    assert subscriber.notifications == []


@pytest.mark.parametrize(
    ("case", "file", "media_type"),
    [("105", "all.rss", "text/plain; charset=utf-8"), ("106", "all.json", "application/json")],
)
def test_case_105_and_106_any_content_comes_byte_for_byte_with_its_type(
    site: Site, subscriber: Subscriber, case: str, file: str, media_type: str
) -> None:
    site.subscribe(subscriber, file)
    content = f'{{"case": {case}, "text": "zwölf\u2028Boxkämpfer"}}\r\n'.encode()
    site.announce(file, rendition(content, media_type, datetime(2026, 3, 4, tzinfo=UTC)))
    site.deliver()
    [seen] = subscriber.notifications
    assert (seen.body, seen.headers["content-type"]) == (content, media_type)


def test_a_json_feed_is_a_topic_of_its_own(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, "all.json")
    site.publish("News")
    site.deliver()
    [seen] = subscriber.notifications
    assert seen.headers["content-type"] == "application/feed+json" and seen.body == site.served("all.json")


# --- Who does not mean it, and who may not -----------------------------------------------------------


def test_who_does_not_repeat_the_challenge_is_not_subscribed(site: Site, subscriber: Subscriber) -> None:
    subscriber.means_it = False
    site.subscribe(subscriber)
    site.publish("News")
    site.deliver()
    assert subscriber.notifications == []


def test_nobody_can_unsubscribe_another(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    subscriber.means_it = False
    site.subscribe(subscriber, mode="unsubscribe")
    site.publish("News")
    site.deliver()
    assert len(subscriber.notifications) == 1


def test_a_callback_that_answers_404_has_declined(site: Site, subscriber: Subscriber) -> None:
    subscriber.script(status(404))
    site.subscribe(subscriber)
    site.wait(100)
    site.verify()
    assert len(subscriber.questions) == 1
    site.publish("News")
    site.deliver()
    assert subscriber.notifications == []


def test_a_callback_that_is_down_is_asked_again(site: Site, subscriber: Subscriber) -> None:
    subscriber.script(status(503))
    site.subscribe(subscriber)
    site.verify()
    assert len(subscriber.questions) == 1
    site.restart()
    site.wait(31)
    site.verify()
    site.publish("News")
    site.deliver()
    assert (len(subscriber.questions), len(subscriber.notifications)) == (2, 1)


def test_a_redirect_is_not_followed(site: Site, subscriber: Subscriber) -> None:
    subscriber.script(status(302, headers=(f"Location: {subscriber.callback('/inside')}",)))
    site.subscribe(subscriber)
    assert [question.path for question in subscriber.questions] == ["/callback"]


def test_what_the_callback_asks_for_itself_stays(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, callback=subscriber.callback("/in?user=7&hub.x=y%20z"))
    [question] = subscriber.questions
    assert (question.fields["user"], question.fields["hub.x"]) == ("7", "y z")
    site.publish("News")
    site.deliver()
    assert [seen.path for seen in subscriber.notifications] == ["/in?user=7&hub.x=y%20z"]


def test_strangers_cannot_have_us_call_into_our_own_network(
    site_of: Callable[..., Site], subscriber: Subscriber
) -> None:
    site = site_of(networks=[])
    site.subscribe(subscriber)
    assert subscriber.received == []


def door() -> HubDoor:
    return HubDoor(Nobody(), topics=["all.atom"], topics_url="https://wire.example/feeds/")


class Nobody:
    """A desk that takes nothing."""

    def ask(self, intent: Intent) -> bool:
        return False


GOOD = {
    "mode": "subscribe",
    "topic": "https://wire.example/feeds/all.atom",
    "callback": "https://reader.example/x",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mode": "publish"}, 400),
        ({"mode": ""}, 400),
        ({"topic": "https://wire.example/feeds/none.atom"}, 404),
        ({"topic": "https://wire.example/feeds/all"}, 404),
        ({"topic": "all.atom"}, 404),
        ({"topic": "https://elsewhere.example/feeds/all.atom"}, 404),
        ({"callback": ""}, 400),
        ({"callback": "ftp://reader.example/x"}, 400),
        ({"callback": "https://user:word@reader.example/x"}, 400),
        ({"callback": "https://reader.example:99999/x"}, 400),
        ({"callback": "https://reader.example/a b"}, 400),
        ({"callback": "https://reader.example/\r\nHost: x"}, 400),
        ({"callback": "https://reader.example/" + "x" * 2000}, 400),
        ({"secret": "x" * 200}, 400),
        ({"secret": "é" * 100}, 400),
        ({"lease_seconds": "soon"}, 400),
    ],
)
def test_what_is_asked_must_be_fit(change: dict[str, str], expected: int) -> None:
    form = urlencode({f"hub.{name}": value for name, value in (GOOD | change).items()})
    with pytest.raises(Unfit) as raised:
        door().intent(form.encode())
    assert raised.value.status == expected and str(raised.value)


@pytest.mark.parametrize("form", [b"", b"hub.mode=\xff", b"a=b&" * 100, b"\0"])
def test_a_form_must_be_one(form: bytes) -> None:
    with pytest.raises(Unfit):
        door().intent(form)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("", 10 * DAYS), ("0", 10 * DAYS), ("1", 60), ("3600", 3600), ("1" + "0" * 400, 30 * DAYS)],
)
def test_a_lease_has_its_limits(asked: str, given: int) -> None:
    form = urlencode({f"hub.{name}": value for name, value in GOOD.items()} | {"hub.lease_seconds": asked})
    assert door().intent(form.encode()).lease_s == given


def test_a_private_feed_is_no_topic_and_no_form_is_too_long(site: Site) -> None:
    fields = {"mode": "subscribe", "topic": site.topic("secret.atom"), "callback": "http://127.0.0.1:9/"}
    assert site.ask(**fields)[0] == 404
    assert site.ask(b"x" * 20_000)[0] == 413


def test_the_hub_answers_to_post_alone(site: Site) -> None:
    found, headers, _ = site.get("/hub")
    assert (found, headers["allow"]) == (405, "POST")


def test_more_than_so_many_are_asked_to_come_again(
    site_of: Callable[..., Site], subscriber: Subscriber
) -> None:
    site = site_of(max_subscriptions=2)
    for path in ("/1", "/2"):
        site.subscribe(subscriber, callback=subscriber.callback(path))
    fields = {"mode": "subscribe", "topic": site.topic(), "callback": subscriber.callback("/3")}
    assert site.ask(**fields)[0] == 503
    assert site.ask(**(fields | {"mode": "unsubscribe", "callback": subscriber.callback("/1")}))[0] == 202
    again = fields | {"callback": subscriber.callback("/2")}
    assert site.ask(**again)[0] == 202  # who is in may always renew


def test_one_host_cannot_take_all_the_room(site_of: Callable[..., Site], subscriber: Subscriber) -> None:
    site = site_of(max_per_host=2)
    for path in ("/1", "/2"):
        site.subscribe(subscriber, callback=subscriber.callback(path))
    fields = {"mode": "subscribe", "topic": site.topic()}
    assert site.ask(**fields, callback=subscriber.callback("/3"))[0] == 503
    assert site.ask(**fields, callback="http://127.0.0.1.:9/3")[0] == 503  # the same host, spelled otherwise
    assert site.ask(**fields, callback="http://127.0.0.2/3")[0] == 202


def test_a_host_is_not_called_on_behalf_of_many_strangers(site: Site) -> None:
    fields = {"mode": "subscribe", "topic": site.topic()}
    answers = [site.ask(**fields, callback=f"http://victim.example/{n}")[0] for n in range(101)]
    assert answers == [202] * 100 + [503]
    assert site.ask(**fields, callback="http://other.example/")[0] == 202


# --- How it is sent ------------------------------------------------------------------------------------


def test_what_failed_is_tried_again_with_the_newest_state(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    subscriber.script(status(503))
    site.publish("First")
    site.deliver()
    site.publish("Second")
    site.wait(10)
    site.deliver()
    failed, sent = subscriber.notifications
    assert b"Second" not in failed.body and sent.body == site.served()


def test_never_an_older_state_after_a_newer_one(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    for number in range(5):
        site.publish(f"News {number}")
        if number % 2:
            subscriber.script(status(500))
        site.deliver()
        site.wait(10)
    site.deliver()
    sizes = [seen.body.count(b"<entry") for seen in subscriber.notifications]
    assert sizes == sorted(sizes) and sizes[-1] == 5


def test_changes_before_a_turn_share_one_message(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    for number in range(4):
        site.publish(f"News {number}")
    site.deliver()
    [seen] = subscriber.notifications
    assert seen.body.count(b"<entry") == 4


def test_a_subscriber_that_is_gone_is_forgotten(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    subscriber.script(status(410))
    site.publish("News")
    site.deliver()
    site.app.hub.tidy()
    site.publish("More news")
    site.deliver()
    assert len(subscriber.notifications) == 1 and site.rows() == []
    site.subscribe(subscriber)
    site.publish("Yet more")
    site.deliver()
    assert len(subscriber.notifications) == 2


def test_subscriptions_outlast_a_restart_and_what_changed_meanwhile_is_sent(
    site: Site, subscriber: Subscriber
) -> None:
    site.subscribe(subscriber)
    site.publish("Before")
    site.restart()
    site.deliver()
    [seen] = subscriber.notifications
    assert b"Before" in seen.body
    site.restart()
    site.deliver()
    assert len(subscriber.notifications) == 1  # nothing new: nobody is told twice


def test_who_subscribed_to_a_feed_that_is_no_more_is_told(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber, "sport.rss")
    config = site.root / "config" / "wire.toml"
    config.write_text(config.read_text().replace('"sport"', '"athletics"', 1))
    site.restart()
    site.app.hub.tidy()
    site.verify()
    denied = subscriber.questions[-1]
    assert (denied.mode, denied.topic) == ("denied", site.topic("sport.rss"))
    assert denied.fields["hub.reason"] and "hub.challenge" not in denied.fields


def test_rows_stay_as_many_as_there_are_subscriptions(site: Site, subscriber: Subscriber) -> None:
    site.subscribe(subscriber)
    for number in range(4):
        site.publish(f"News {number}")
        site.deliver()
    assert [state for _, state in site.rows()] == ["done"]


# --- Publisher ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_a_feed_names_its_hub_and_itself_once(site: Site, format: str) -> None:
    file = f"all.{format}"
    for method in ("GET", "HEAD"):
        link = site.get(f"/feeds/{file}", method)[1]["link"]
        assert link == f'<{site.topic(file)}>; rel="self", <{site.base}/hub>; rel="hub"'
    body = site.get(f"/feeds/{file}")[2].decode()
    assert body.count(f"{site.base}/hub") == 1
    if format != "json":
        assert body.count('rel="self"') == 1


def test_an_archive_is_no_topic(site: Site) -> None:
    site.publish("News")
    assert b"/hub" not in site.get("/feeds/all/archive/2026-03-04.atom")[2]


def test_hubs_elsewhere_are_told_once_the_file_is_there(site_of: Callable[..., Site]) -> None:
    with Subscriber() as elsewhere:
        site = site_of(hubs=[elsewhere.callback("/hub")], networks=[])
        site.deliver()
        before = len(elsewhere.notifications)
        site.publish("News for the world", more="keywords: other\n")
        site.deliver()
        pings = [seen.body.decode() for seen in elsewhere.notifications[before:]]
        topics = [quote(site.topic(f"all.{format}"), safe="") for format in ("rss", "atom", "json")]
        assert sorted(pings) == sorted(f"hub.mode=publish&hub.topic={one}&hub.url={one}" for one in topics)
        assert {seen.headers["content-type"] for seen in elsewhere.notifications} == {
            "application/x-www-form-urlencoded"
        }
        assert (
            b'rel="hub"' in site.served("all.atom") and elsewhere.callback("/hub").encode() in site.served()
        )


def test_pings_are_coalesced_and_tried_again(site_of: Callable[..., Site]) -> None:
    with Subscriber() as elsewhere:
        site = site_of(hubs=[elsewhere.callback("/hub")])
        site.deliver()
        before = len(elsewhere.notifications)
        elsewhere.always(status(500))
        for number in range(5):
            site.publish(f"News {number}", more="keywords: other\n")
        site.deliver()
        assert len(elsewhere.notifications) == before + 3  # one a format, however many stories
        elsewhere.always(status(202))
        site.wait(10)
        site.deliver()
        site.wait(100)
        site.deliver()
        assert len(elsewhere.notifications) == before + 6


def test_nobody_is_told_of_private_feeds_or_embargoed_stories(
    site_of: Callable[..., Site], subscriber: Subscriber
) -> None:
    with Subscriber() as elsewhere:
        site = site_of(hubs=[elsewhere.callback("/hub")])
        site.subscribe(subscriber)
        site.deliver()
        before = len(elsewhere.notifications)
        site.publish("Not yet", more="embargo: 2026-03-05T00:00:00Z\n")
        site.deliver()
        assert subscriber.notifications == [] and len(elsewhere.notifications) == before
        site.wait(DAYS)
        site.app.pipeline.change_due()
        site.app.exporter.drain()
        site.deliver()
        [seen] = subscriber.notifications
        assert b"Not yet" in seen.body
        assert not any(b"secret" in ping.body for ping in elsewhere.notifications)
        assert "hub" not in site.get("/feeds/secret.atom")[1].get("link", "")


def test_the_same_version_again_tells_nobody(site: Site, subscriber: Subscriber) -> None:
    site.publish("News", name="one")
    site.subscribe(subscriber)
    site.publish("News", name="one")
    site.deliver()
    assert subscriber.notifications == []


def test_a_kill_is_told(site: Site, subscriber: Subscriber) -> None:
    site.publish("Wrong news", name="one")
    site.subscribe(subscriber)
    site.publish("Wrong news", name="one", more="status: canceled\n")
    site.deliver()
    [seen] = subscriber.notifications
    assert b"deleted-entry" in seen.body and b"Wrong news" not in seen.body
