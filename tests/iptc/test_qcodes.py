"""Qcodes and the catalogue that resolves their aliases."""

import pytest

from wire.iptc import qcodes


def test_a_qcode_has_an_alias_and_a_code_that_may_hold_colons() -> None:
    assert qcodes.split("isin:US:0378") == ("isin", "US:0378")


@pytest.mark.parametrize("text", ["medtop", "med top:1", "medtop:", ":1", "medtop:1 2", ""])
def test_what_is_no_qcode_is_refused(text: str) -> None:
    assert not qcodes.is_qcode(text)
    with pytest.raises(ValueError, match="no qcode"):
        qcodes.split(text)


@pytest.mark.parametrize("edition", [7, 38, 41])
def test_every_edition_of_the_iptc_catalogue_is_known_by_its_address(edition: int) -> None:
    assert qcodes.is_iptc_catalogue(
        f"http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_{edition}.xml"
    )


def test_the_catalogue_we_declare_is_one_we_resolve() -> None:
    assert qcodes.is_iptc_catalogue(qcodes.catalogue_href())
    assert not qcodes.is_iptc_catalogue("http://example.org/catalogue.xml")


@pytest.mark.parametrize("name", ["catalogue", "media-topics", "media-topic-labels.en", "subject-codes"])
def test_every_table_credits_iptc_and_names_its_edition(name: str) -> None:
    table = qcodes.table(name)
    assert "IPTC" in table["credit"]
    assert "CC BY 4.0" in table["credit"]
    assert table["edition"]
