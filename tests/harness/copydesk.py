"""Made-up copy: plain text, web pages and NewsML-G2 items, the same for the same number, version and seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from random import Random
from typing import Literal

Kind = Literal["new", "update", "kill"]

_EPOCH = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
_PLACES = (
    ("Lisbon", "PT", "Portugal"),
    ("Nairobi", "KE", "Kenya"),
    ("Oslo", "NO", "Norway"),
    ("Quito", "EC", "Ecuador"),
    ("Jakarta", "ID", "Indonesia"),
    ("Dublin", "IE", "Ireland"),
    ("Ottawa", "CA", "Canada"),
    ("Hanoi", "VN", "Vietnam"),
)
_TOPICS = (
    ("medtop:16000000", "conflict, war and peace"),
    ("medtop:04000000", "economy, business and finance"),
    ("medtop:11000000", "politics and government"),
    ("medtop:13000000", "science and technology"),
    ("medtop:17000000", "weather"),
    ("medtop:06000000", "environment"),
)
_ACTORS = (
    "The harbour authority",
    "The city council",
    "A spokeswoman for the ministry",
    "The national weather service",
    "The port workers’ union",
    "The central bank",
    "A parliamentary committee",
    "The regional hospital",
)
_DEEDS = (
    "said on Tuesday that it would publish its findings before the end of the month",
    "rejected a proposal to close the older of the two bridges for repairs",
    "reported the highest water level since measurements began – 4.2 metres",
    "agreed to raise wages by 3.5 percent over two years",
    "called the figures “encouraging, but no reason to celebrate”",
    "warned that supplies could run short if the road stayed closed",
    "confirmed that no one had been hurt in the incident",
    "postponed the vote, saying that further talks were needed",
    "expects the first trains to run again by the weekend",
)
_TAILS = (
    "Residents had been told to stay at home overnight.",
    "It was the third such decision this year.",
    "Talks are to resume on Thursday, officials said.",
    "Opposition members criticised the plan as too expensive.",
    "Earlier estimates had been about a tenth lower.",
    "The costs are put at €12 million & rising.",
    "A final report is due in the spring.",
)
_NOUNS = ("Harbour", "Budget", "Bridge", "Storm", "Rail", "Wage", "Water", "Election", "Hospital", "Energy")
_VERBS = ("talks", "plan", "warning", "vote", "deal", "report", "delay", "strike", "inquiry", "upgrade")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file ready to be dropped."""

    number: int
    guid: str
    version: int
    kind: Kind
    name: str  #: file name, different for every version
    headline: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    headline: str
    slug: str
    place: tuple[str, str, str]
    paragraphs: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    urgency: int
    created: datetime


def _words(number: int, version: int, seed: int, paragraphs: int) -> _Words:
    steady = Random(f"{seed}/{number}")
    fresh = Random(f"{seed}/{number}/{version}")
    noun, verb = steady.choice(_NOUNS), steady.choice(_VERBS)
    return _Words(
        headline=f"{noun} {verb} {number:05d}, take {version}",
        slug=f"{noun.upper()}-{verb.upper()}/{number:05d}",
        place=steady.choice(_PLACES),
        paragraphs=tuple(paragraph(fresh) for _ in range(paragraphs)),
        topics=tuple(steady.sample(_TOPICS, 2)),
        urgency=steady.randint(1, 8),
        created=_EPOCH + timedelta(seconds=number * 7),
    )


def paragraph(random: Random) -> str:
    """Some sentences that mean nothing."""
    sentences = [f"{random.choice(_ACTORS)} {random.choice(_DEEDS)}." for _ in range(3)]
    return " ".join([*sentences, random.choice(_TAILS)])


def guid_of(number: int, seed: int = 0) -> str:
    """The guid that every version of a NewsML-G2 story carries."""
    return f"tag:agency.example.org,2026:{seed}:{number:06d}"


def newsml(number: int, version: int = 1, *, kind: Kind = "new", seed: int = 0, paragraphs: int = 9) -> Item:
    """A newsItem of 5 to 8 kB as an agency would send it. A kill is a version with ``stat:canceled``."""
    words = _words(number, version, seed, paragraphs)
    guid = guid_of(number, seed)
    document = _NEWS_ITEM.format(
        guid=guid,
        version=version,
        created=_stamp(words.created),
        version_created=_stamp(words.created + timedelta(minutes=version)),
        status="canceled" if kind == "kill" else "usable",
        relation=_relation(guid, version, kind),
        headline=escape(words.headline),
        slug=words.slug,
        urgency=words.urgency,
        place=words.place[0],
        country=words.place[1],
        country_name=words.place[2],
        subjects="".join(_SUBJECT.format(qcode=code, name=name) for code, name in words.topics),
        description=escape(words.paragraphs[0]) if words.paragraphs else "",
        words=sum(len(text.split()) for text in words.paragraphs),
        body="".join(f"            <p>{escape(text)}</p>\n" for text in words.paragraphs),
    )
    return Item(
        number=number,
        guid=guid,
        version=version,
        kind=kind,
        name=f"item-{seed}-{number:06d}-v{version}.xml",
        headline=words.headline,
        data=document.encode(),
    )


def plain(number: int, version: int = 1, *, seed: int = 0, **headers: str) -> Item:
    """Plain text that begins with header lines; further ones by keyword (``Embargo="…"``)."""
    words = _words(number, version, seed, 6)
    guid = f"tag:text.example.org,2026:{seed}:{number:06d}"
    lines = {"Id": guid, "Version": str(version), "Headline": words.headline, "Slug": words.slug, **headers}
    head = "".join(f"{name}: {value}\n" for name, value in lines.items())
    body = "\n\n".join(words.paragraphs)
    return Item(
        number=number,
        guid=lines["Id"],
        version=version,
        kind="new" if version == 1 else "update",
        name=f"text-{seed}-{number:06d}-v{version}.txt",
        headline=lines["Headline"],
        data=f"{head}\n{words.place[0].upper()} – {body}\n".encode(),
    )


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _relation(guid: str, version: int, kind: Kind) -> str:
    if version == 1:
        return ""
    note = "The story is withdrawn." if kind == "kill" else f"Replaces version {version - 1}."
    signal = "" if kind == "kill" else '    <signal qcode="sig:update"/>\n'
    link = f'    <link rel="irel:previousVersion" residref="{guid}" version="{version - 1}"/>\n'
    return f"    <edNote>{note}</edNote>\n{signal}{link}"


_SUBJECT = """\
    <subject type="cpnat:abstract" qcode="{qcode}">
      <name xml:lang="en">{name}</name>
    </subject>
"""

_NEWS_ITEM = """\
<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}"
    standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="en">
  <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"/>
  <rightsInfo>
    <copyrightHolder uri="https://agency.example.org/">
      <name>Example Agency</name>
    </copyrightHolder>
    <copyrightNotice>© 2026 Example Agency. All rights reserved.</copyrightNotice>
    <usageTerms>For subscribers of Example Agency only. Not to be archived beyond one year.</usageTerms>
  </rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider uri="https://agency.example.org/">
      <name>Example Agency</name>
    </provider>
    <versionCreated>{version_created}</versionCreated>
    <firstCreated>{created}</firstCreated>
    <pubStatus qcode="stat:{status}"/>
    <generator versioninfo="3.1">Example Editor</generator>
    <title>{headline}</title>
{relation}  </itemMeta>
  <contentMeta>
    <urgency>{urgency}</urgency>
    <contentCreated>{created}</contentCreated>
    <located type="cpnat:geoArea">
      <name>{place}</name>
      <broader qcode="iso3166-1a2:{country}">
        <name>{country_name}</name>
      </broader>
    </located>
    <infoSource uri="https://agency.example.org/">
      <name>Example Agency</name>
    </infoSource>
    <creator>
      <name>Example Agency newsroom</name>
    </creator>
    <language tag="en"/>
    <genre qcode="genre:Current">
      <name xml:lang="en">Current</name>
    </genre>
    <keyword>{place}</keyword>
    <keyword>{country_name}</keyword>
    <keyword>public services</keyword>
{subjects}    <subject type="cpnat:geoArea" qcode="iso3166-1a2:{country}">
      <name>{country_name}</name>
    </subject>
    <slugline separator="-">{slug}</slugline>
    <headline>{headline}</headline>
    <dateline>{place}</dateline>
    <by>Example Agency staff</by>
    <creditline>Example Agency</creditline>
    <description role="drol:summary">{description}</description>
  </contentMeta>
  <assert qcode="iso3166-1a2:{country}">
    <type qcode="cpnat:geoArea"/>
    <name>{country_name}</name>
  </assert>
  <contentSet>
    <inlineXML contenttype="application/xhtml+xml" wordcount="{words}">
      <html xmlns="http://www.w3.org/1999/xhtml">
        <head>
          <title>{headline}</title>
        </head>
        <body>
{body}        </body>
      </html>
    </inlineXML>
  </contentSet>
</newsItem>
"""
