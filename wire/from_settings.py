"""What the settings say, in the terms of the stages: routes, outlets, renderers, feeds, readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from wire.common.alarms import Limits
from wire.config import EndpointSettings, RetrySettings, Settings
from wire.config.alarms import HookSettings, MailSettings
from wire.deliver.notices import HookRoute, MailRoute, post_hook, send_mail
from wire.deliver.retry import RetryPolicy, exponential
from wire.deliver.turn import Route
from wire.desk import transform
from wire.desk.dispatch import Outlet, delivery_key
from wire.desk.ownership import Rights
from wire.desk.transform import ChangedRenderer
from wire.operate.tracing import StoryTraces, exporter_to
from wire.operate.watchman import Channel
from wire.plugins import load
from wire.ports import Renderer
from wire.publish.feeds.heads import FeedSpec
from wire.publish.outbox.folder import FORMATS
from wire.store.database import Database
from wire.store.shelf import Shelf
from wire.store.subscribed import PINGED, SUBSCRIBER
from wire.store.subscriptions import Room, Subscriptions
from wire.store.values import FORMAT_OF_RECORD
from wire.story import Duplicates, Source
from wire.web.private import Reader, Readers

#: A silence that no source reaches.
_NEVER = timedelta(days=36_500)


def build_renderer(format: str) -> Renderer:
    """The renderer of a format. Raises CommandError when there is none."""
    renderer: Renderer = load("wire.renderers", format)()
    return renderer


def renderers(settings: Settings) -> dict[str, Renderer]:
    """A renderer for each edition of each format that is kept or sent, by the edition's name."""
    found = {FORMAT_OF_RECORD: build_renderer(FORMAT_OF_RECORD)}
    for endpoint in settings.endpoints:
        edition = endpoint.transform.edition(endpoint.document)
        if edition not in found:
            renderer, change = build_renderer(endpoint.document), transform.compile(endpoint.transform)
            found[edition] = ChangedRenderer(renderer, change, edition) if change else renderer
    return found


def outlet(endpoint: EndpointSettings) -> Outlet:
    """An endpoint as the desk knows it."""
    return Outlet(
        id=endpoint.id,
        document=endpoint.transform.edition(endpoint.document),
        lanes=endpoint.lanes,
        accepts_embargoed=endpoint.accepts_embargoed,
    )


def routes(settings: Settings) -> dict[str, Route]:
    """How every endpoint is reached. Raises WireError when a secret cannot be had."""
    configured = {endpoint.id: route(endpoint, settings) for endpoint in settings.endpoints}
    policy = _waits(settings.retry)
    for kind, strangers in ((SUBSCRIBER, True), (PINGED, False)):
        options = {"networks": settings.websub.networks, "strangers": strangers}
        configured[kind] = Route(transport="websub", options=options, policy=policy)
    return configured


def hubs(settings: Settings) -> tuple[str, ...]:
    """The WebSub hubs of every public feed: our own, and those elsewhere."""
    ours = (f"{settings.web.base_url}/hub",) if settings.websub.hub else ()
    return (*ours, *settings.websub.hubs)


def subscriptions_of(settings: Settings, database: Database) -> Subscriptions:
    """The WebSub subscriptions in the store, brought in line with the settings."""
    room = Room(subscriptions=settings.websub.max_subscriptions, of_host=settings.websub.max_per_host)
    subscriptions = Subscriptions(database, delivery_key, room)
    subscriptions.configure(
        topics_url=topics_url(settings),
        hub_url=f"{settings.web.base_url}/hub",
        pings=dict.fromkeys(topics(settings), settings.websub.hubs),
    )
    return subscriptions


def topics_url(settings: Settings) -> str:
    """What the addresses of feeds begin with."""
    return f"{settings.web.base_url}/feeds/"


def topics(settings: Settings) -> tuple[str, ...]:
    """The files of the feeds that anybody may subscribe to."""
    feeds = (feed.id for feed in settings.feeds if not feed.private)
    return tuple(f"{feed}.{format}" for feed in feeds for format in FORMATS)


def route(endpoint: EndpointSettings, settings: Settings) -> Route:
    """How one endpoint is reached. Raises WireError when a secret cannot be had."""
    return Route(
        transport=endpoint.type,
        options=endpoint.transport_options(),
        hidden=endpoint.hidden(),
        at_once=endpoint.at_once,
        deadline_s=endpoint.deadline_s,
        pace_s=0.0 if endpoint.rate_per_s is None else 1.0 / endpoint.rate_per_s,
        policy=retry_policy(endpoint, settings.retry),
    )


def retry_policy(endpoint: EndpointSettings, retry: RetrySettings) -> RetryPolicy:
    """When a delivery to an endpoint is tried again, and when the endpoint rests."""
    return replace(
        _waits(retry),
        patience=endpoint.breaker_after,
        rest_s=endpoint.breaker_rest_s,
        longest_rest_s=endpoint.breaker_longest_s,
    )


def _waits(retry: RetrySettings) -> RetryPolicy:
    waits = retry.delays_s
    if waits is None:
        waits = exponential(retry.first_s, retry.factor, retry.longest_s, retry.attempts)
    return RetryPolicy(delays_s=waits, jitter=retry.jitter, refusals=retry.refusals)


def inbox_sources(settings: Settings) -> dict[str, Source]:
    """Folder below the inbox → source; ``""`` is the inbox itself."""
    return {"": settings.source(""), **{each.place: settings.source(each.place) for each in settings.sources}}


def sources_by_id(settings: Settings) -> dict[str, Source]:
    """Every source that is known beforehand, the inbox itself included."""
    return {source.id: source for source in inbox_sources(settings).values()}


def rights_of(settings: Settings) -> Rights:
    """Whose stories sources may revise."""
    return Rights({source.id: source.revises for source in settings.sources if source.revises is not None})


def shelf_of(settings: Settings, database: Database) -> Shelf:
    """The stories in the store, as feeds and pages read them."""
    return Shelf(
        database,
        duplicates={feed.id: feed.duplicates for feed in settings.feeds},
        ranks={source.id: source.rank for source in settings.sources},
    )


def feed_specs(settings: Settings) -> tuple[FeedSpec, ...]:
    """Every feed as it is made."""
    told = hubs(settings)
    return tuple(
        FeedSpec(
            id=feed.id,
            title=feed.title,
            description=feed.description,
            language=feed.language or settings.desk.language,
            limit=feed.limit,
            selective=feed.duplicates is not Duplicates.ALL,
            change=transform.compile(feed.transform),
            edition=feed.transform.edition("feed"),
            authors=feed.authors,
            rights=feed.rights,
            image=feed.image,
            ttl_minutes=feed.ttl_minutes,
            private=feed.private,
            kill_notice=feed.kill_notice,
            hubs=() if feed.private else told,
        )
        for feed in settings.feeds
    )


def public(specs: Iterable[FeedSpec]) -> tuple[FeedSpec, ...]:
    """The feeds that are not private."""
    return tuple(spec for spec in specs if not spec.private)


def readers(settings: Settings) -> Readers:
    """Who may read private feeds."""
    return Readers(
        Reader(id=reader.id, token_sha256=reader.token_sha256, feeds=frozenset(reader.feeds))
        for reader in settings.readers
    )


def limits_of(settings: Settings) -> Limits:
    """From where on something is wrong."""
    alarms = settings.alarms
    return Limits(
        quiet={
            source.id: timedelta(seconds=source.quiet_after_s) if source.quiet_after_s else _NEVER
            for source in settings.sources
            if source.quiet_after_s is not None
        },
        learn=alarms.learn,
        unread=timedelta(seconds=alarms.unread_s),
        queued=alarms.queued,
        failing=timedelta(seconds=alarms.failing_s),
        free_bytes=alarms.free_mb * 1_000_000,
    )


def traces_of(settings: Settings) -> StoryTraces | None:
    """What tells the ways of stories; None when none are wanted. Raises CommandError without the extra."""
    if settings.traces.url is None:
        return None
    return StoryTraces(exporter_to(settings.traces.url), desk=settings.desk.id, share=settings.traces.share)


def channels_of(settings: Settings) -> dict[str, Channel]:
    """How people are told of alarms; secrets are looked up at every telling."""
    alarms, found = settings.alarms, dict[str, Channel]()
    if (mail := alarms.mail) is not None:
        found["mail"] = lambda news: send_mail(_mail_route(mail), news)
    if (hook := alarms.webhook) is not None:
        found["webhook"] = lambda news: post_hook(_hook_route(hook), news)
    return found


def _mail_route(mail: MailSettings) -> MailRoute:
    return MailRoute(
        host=mail.host,
        port=mail.port,
        encryption=mail.encryption,
        sender=mail.sender,
        to=mail.to,
        user=mail.user,
        password=None if mail.password is None else mail.password.reveal(),
    )


def _hook_route(hook: HookSettings) -> HookRoute:
    return HookRoute(
        url=hook.url.reveal(),
        secrets=() if hook.secret is None else (hook.secret.reveal(),),
        networks=hook.networks,
    )
