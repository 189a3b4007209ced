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


def test_a_qcode_stands_for_the_scheme_uri_and_the_code() -> None:
    assert qcodes.to_uri("medtop:16000000") == "http://cv.iptc.org/newscodes/mediatopic/16000000"


def test_blanks_and_letters_outside_ascii_are_escaped_in_a_concept_uri() -> None:
    assert qcodes.to_uri("dbpedia:Kraków") == "http://dbpedia.org/resource/Krak%C3%B3w"


def test_an_alias_that_the_document_declares_wins_over_the_catalogue() -> None:
    assert qcodes.to_uri("medtop:1", {"medtop": "https://example.org/t/"}) == "https://example.org/t/1"


def test_an_alias_that_nobody_declares_has_no_uri() -> None:
    assert qcodes.to_uri("nosuch:1") is None
    assert not qcodes.is_known_alias("nosuch")


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
