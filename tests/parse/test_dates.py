"""Dates as they are printed with stories, in the languages of most copy."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from wire.parse.base import read_date
from wire.parse.dates import first_date, moments_in
from wire.parse.mending import mended


@pytest.mark.parametrize(
    "printed",
    [
        "14 May 2026",
        "May 14, 2026",
        "14th of May 2026",
        "Thursday, May. 14, 2026",
        "2026-05-14",
        "2026/5/14",
        "14. Mai 2026",
        "14.05.2026",
        "14. 05. 2026",
        "Veröffentlicht14. Mai 2026",
        "14.05.202614. Mai 2026",
        "14 de mayo de 2026",
        "14 mai 2026",
        "le 14 mai 2026",
        "14 maggio 2026",
        "14 de maio de 2026",
        "14 mei 2026",
        "14 maj 2026",
        "14. mai 2026",
        "14 maja 2026",
        "14. května 2026",
        "14 мая 2026",
        "14 травня 2026",
        "14 Mayıs 2026",
        "14 Mei 2026",
        "14 tháng 5, 2026",
        "14. toukokuuta 2026",
        "2026. május 14",
        "14 Μαΐου 2026",
        "14 مايو 2026",
        "2026年5月14日",
        "2026년 5월 14일",
        "14 พฤษภาคม 2569",
        "05/14/2026 9:30 AM EDT",
        "14.05.26 um 09:30 Uhr",
        "Do 14.05.26 | 09:30 Uhr",
        "14/05/26 kl. 09:30",
        "14.05.26 09:30",
    ],
)
def test_a_date_is_read_in_any_of_its_spellings(printed: str) -> None:
    assert first_date(printed) == date(2026, 5, 14)


@pytest.mark.parametrize(
    "printed", ["May 2026", "14 May", "31 February 2026", "version 2.14.5", "three days ago"]
)
def test_what_is_no_whole_date_is_none(printed: str) -> None:
    assert first_date(printed) is None


@pytest.mark.parametrize(
    ("printed", "hour", "minute"),
    [
        ("14 May 2026 at 09:30", 9, 30),
        ("May 14, 2026 9:30pm EDT", 21, 30),
        ("14.05.2026, 9.30 Uhr", 9, 30),
        ("9:30 AM PDT • May 14, 2026", 9, 30),
        ("le 14 mai 2026 à 9h30", 9, 30),
        ("May 14, 2026 12:05 a.m.", 0, 5),
    ],
)
def test_the_clock_beside_a_date_belongs_to_it(printed: str, hour: int, minute: int) -> None:
    assert moments_in(printed)[0].when == datetime(2026, 5, 14, hour, minute)


@pytest.mark.parametrize(
    "text", ["CAFÉ” said", "Ã", "a=20&b=3D", "1 + 1 = 2", "https://example.org/?a=E2=80"]
)
def test_text_that_is_whole_is_not_mended(text: str) -> None:
    assert mended(text) == (text, [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-05-04T18:30:00 +02:00", "2026-05-04T18:30:00+02:00"),
        ("2026-05-04 18:30 CEST", "2026-05-04T18:30:00+02:00"),
        ("2026-05-04T18:30:00EDT", "2026-05-04T18:30:00-04:00"),
        ("2026-05-04T18:30:00+02:00[Europe/Oslo]", "2026-05-04T18:30:00+02:00"),
        ("2026-05-04T24:00:00Z", "2026-05-05T00:00:00+00:00"),
        ("2026/05/04 18:30", "2026-05-04T18:30:00"),
        ("04.05.2026 18:30", "2026-05-04T18:30:00"),
        ("20260504183000", "2026-05-04T18:30:00"),
        ("20260504183000Z", "2026-05-04T18:30:00+00:00"),
        ("20260504T1830Z", "2026-05-04T18:30:00+00:00"),
        ("2026-05-04 6:30 PM", "2026-05-04T18:30:00"),
        ("May 4, 2026 6:30 p.m. ET", "2026-05-04T18:30:00-04:00"),
        ("May 4, 2026 12:30 AM", "2026-05-04T00:30:00"),
        ("Mon, 04 May 2026 18:30:00 MESZ", "2026-05-04T18:30:00+02:00"),
        ("Mon, 04 May 2026 18:30:00 +0200 (CEST)", "2026-05-04T18:30:00+02:00"),
        ("04/05/2026 18:30", None),  # the fifth of April to some
        ("1777888800", None),
        ("9999-12-31T24:00:00Z", None),
    ],
)
def test_times_in_documents_are_read_as_they_are_meant(written: str, meant: str | None) -> None:
    assert read_date(written) == (datetime.fromisoformat(meant) if meant else None)
