"""The copy that tests and benches send: repeatable, real in size, valid."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.harness import copydesk
from tests.harness.receiver import PROJECT

SCHEMA = PROJECT.parent / "shared" / "schemas" / "newsml-g2" / "NewsML-G2_2.35-spec-All-Power.xsd"


def test_the_same_number_version_and_seed_give_the_same_bytes() -> None:
    assert copydesk.newsml(7, 2, kind="update", seed=3) == copydesk.newsml(7, 2, kind="update", seed=3)
    assert copydesk.plain(7).data == copydesk.plain(7).data
    assert copydesk.newsml(7, seed=3).data != copydesk.newsml(7, seed=4).data


def test_versions_of_a_story_share_guid_and_differ_in_bytes() -> None:
    first, second = copydesk.newsml(1), copydesk.newsml(1, 2, kind="update")
    assert first.guid == second.guid
    assert first.sha256 != second.sha256
    assert first.name != second.name


def test_items_are_of_an_agency_storys_size() -> None:
    sizes = [len(copydesk.newsml(number).data) for number in range(50)]
    assert all(5_000 <= size <= 8_500 for size in sizes), (min(sizes), max(sizes))


@pytest.mark.skipif(not SCHEMA.exists(), reason="the official schema lies in ../shared, which is absent")
def test_items_are_valid_by_the_official_schema() -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for item in (
        copydesk.newsml(1),
        copydesk.newsml(2, 2, kind="update"),
        copydesk.newsml(3, 3, kind="kill", paragraphs=0),
    ):
        schema.assertValid(etree.fromstring(item.data))
