"""The outbox as nginx serves it, with the very configuration that the documentation shows."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from tests.harness.nginx import CONFIGURATION, PROXY_PARAMS, Nginx
from tests.harness.site import Site
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, Site]]:
    """Debian's nginx before a site with one story. Where it is missing tests are skipped; on CI they fail."""
    if shutil.which("nginx") is None or not Path(PROXY_PARAMS).exists():
        why = "no web server: install Debian's nginx-light"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    site = Site(tmp_path_factory.mktemp("site"))
    site.publish("News from the outbox")
    running = Nginx(tmp_path_factory.mktemp("nginx"), site.root / "outbox", site.base.removeprefix("http://"))
    yield running, site
    running.stop()
    site.close()


@pytest.fixture
def nginx(fronted: tuple[Nginx, Site]) -> Nginx:
    """The web server."""
    return fronted[0]


@pytest.fixture
def site(fronted: tuple[Nginx, Site]) -> Site:
    """What it stands before."""
    return fronted[1]


def test_it_fits_into_the_configuration_that_debian_brings(fronted: object, tmp_path: Path) -> None:
    debian = Path("/etc/nginx/nginx.conf").read_text(encoding="utf-8")
    ours = CONFIGURATION.read_text(encoding="utf-8").replace("/var/log/nginx/", f"{tmp_path}/")
    (tmp_path / "wire").write_text(ours, encoding="utf-8")
    whole = tmp_path / "nginx.conf"
    for theirs, instead in (
        ("include /etc/nginx/sites-enabled/*;", f"include {tmp_path}/wire;"),
        ("/var/log/nginx/", f"{tmp_path}/"),
        ("/run/nginx.pid", f"{tmp_path}/pid"),
    ):
        debian = debian.replace(theirs, instead)
    assert f"include {tmp_path}/wire;" in debian
    whole.write_text(debian, encoding="utf-8")
    done = subprocess.run(["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_what_was_sent_is_logged(nginx: Nginx) -> None:
    _, headers, _ = nginx.get("/feeds/all.rss?asked=1")
    assert nginx.get("/feeds/all.rss?asked=2", if_none_match=headers["etag"])[0] == 304
    nginx.get("/feeds/all.rss?asked=3")
    logged = eventually(lambda: (text := nginx.log.read_text()).count("asked=3") and text, what="the log")
    assert "asked=1" in logged and "asked=2" not in logged


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json"),
    ],
)
def test_a_feed_comes_from_the_outbox_as_wire_serves_it(
    nginx: Nginx, site: Site, format: str, media_type: str
) -> None:
    status, headers, body = nginx.get(f"/feeds/all.{format}")
    ours = site.get(f"/feeds/all.{format}")
    assert (status, body) == (200, ours[2])
    assert headers["content-type"] == ours[1]["content-type"] == media_type
    assert headers["last-modified"] == ours[1]["last-modified"]
    assert headers["access-control-allow-origin"] == "*" and headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"].startswith("public, max-age=60")
    assert headers["link"] == ours[1]["link"]


def test_compressed_files_are_sent_as_they_lie_with_a_tag_of_their_own(nginx: Nginx) -> None:
    _, plain, body = nginx.get("/feeds/all.atom")
    _, headers, packed = nginx.get("/feeds/all.atom", accept_encoding="gzip")
    assert (headers["content-encoding"], gzip.decompress(packed)) == ("gzip", body)
    assert headers["vary"] == "Accept-Encoding" and headers["etag"] != plain["etag"]


def test_who_has_the_feed_is_told_so(nginx: Nginx) -> None:
    _, headers, _ = nginx.get("/feeds/all.rss")
    for condition in ({"if_none_match": headers["etag"]}, {"if_modified_since": headers["last-modified"]}):
        status, again, body = nginx.get("/feeds/all.rss", **condition)
        assert (status, body) == (304, b"")
        assert again["cache-control"] and again["link"] and again["etag"] == headers["etag"]
    assert nginx.get("/feeds/all.rss", "HEAD")[1]["content-length"] == headers["content-length"]
    assert nginx.get("/feeds/all.rss", "POST")[0] == 405


@pytest.mark.parametrize("path", ["/feeds/all.rss", "/feeds/all/archive/2026-03-04.atom"])
def test_scripts_of_other_sites_learn_that_they_may_poll(nginx: Nginx, path: str) -> None:
    status, headers, _ = nginx.get(path, "OPTIONS", access_control_request_method="GET")
    assert (status, headers["access-control-allow-origin"]) == (204, "*")
    assert "If-None-Match" in headers["access-control-allow-headers"]


def test_a_change_is_a_new_tag_and_a_later_date(nginx: Nginx, site: Site) -> None:
    _, before, _ = nginx.get("/feeds/all.atom")
    site.publish("More news from the outbox")
    status, after, body = eventually(
        lambda: (
            reply if (reply := nginx.get("/feeds/all.atom", if_none_match=before["etag"]))[0] == 200 else None
        ),
        what="the new feed",
    )
    assert len(feedparser.parse(body).entries) == 2
    assert (status, after["etag"] == before["etag"]) == (200, False)


def test_the_past_of_a_feed_comes_from_the_outbox_too(nginx: Nginx, site: Site) -> None:
    path = "/feeds/all/archive/2026-03-04.atom"
    assert (site.root / "outbox" / path[1:]).is_file()
    status, headers, body = nginx.get(path)
    _, ours, served = site.get(path)
    assert (status, body) == (200, served)
    for name in ("content-type", "last-modified", "cache-control", "access-control-allow-origin"):
        assert headers[name] == ours[name]
    assert nginx.get(path, if_none_match=headers["etag"])[0] == 304
    packed = nginx.get(path, accept_encoding="gzip")
    assert (packed[1]["content-encoding"], gzip.decompress(packed[2])) == ("gzip", body)
    assert nginx.get("/feeds/all/archive/2026-03-05.atom")[0] == 404


def test_what_is_not_in_the_outbox_is_asked_of_wire(nginx: Nginx) -> None:
    assert b"<title>All" in nginx.get("/feeds/all")[2]
    assert nginx.get("/feeds/secret.atom")[0] == 401
    assert nginx.get("/private/0123456789abcdef/secret.rss")[0] == 404
    assert nginx.get("/hub", "POST")[0] == 415
    assert nginx.get("/health")[0] in (200, 503)
    assert nginx.get("/feeds.opml")[1]["content-type"] == "text/x-opml; charset=utf-8"
    for path in (
        "/feeds/.all.atom.tmp",
        "/feeds/../../config/wire.toml",
        "/feeds/%2e%2e/%2e%2e/config/wire.toml",
    ):
        assert nginx.get(path)[0] in (400, 404)
    assert "0123456789abcdef" not in nginx.log.read_text()
