"""NewsML 1 items that patch an earlier revision instead of bringing the whole: never a story by halves."""

from __future__ import annotations

from tests.parse.reading import read, story
from wire.story import PubStatus

PATCH = (
    "<Update><Replace DuidRef='hl'><HeadLine Duid='hl'>Bridge closed</HeadLine></Replace>"
    "<Delete DuidRef='p7'/></Update>"
)
COMPONENT = "<NewsComponent><NewsLines><HeadLine>Bridge open</HeadLine></NewsLines></NewsComponent>"


def item(content: str, *, status: str = "Usable", number: int = 7) -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>example.org</ProviderId><DateId>20260529</DateId>"
        f"<NewsItemId>{number}</NewsItemId><RevisionId PreviousRevision='1' Update='U'>2</RevisionId>"
        f"<PublicIdentifier>urn:newsml:example.org:20260529:{number}:2U</PublicIdentifier></NewsIdentifier>"
        f"</Identification><NewsManagement><Status FormalName='{status}'/></NewsManagement>"
        f"{content}</NewsItem>"
    )


def message(*items: str) -> str:
    return f"<NewsML>{''.join(items)}</NewsML>"


def test_a_patch_alone_is_set_aside_with_what_it_patches() -> None:
    found, [reason] = read(message(item(PATCH)))
    assert found == []
    assert "a patch of revision 1 of urn:newsml:example.org:20260529:7 (elements hl, p7)" in str(reason)


def test_the_other_items_of_its_message_are_read() -> None:
    [found], [reason] = read(message(item(PATCH), item(COMPONENT, number=8)))
    assert found.headline == "Bridge open"
    assert "a patch of revision 1" in str(reason)


def test_a_patch_that_kills_kills() -> None:
    made = story(message(item(PATCH, status="Canceled")))
    assert (made.pub_status, made.version) == (PubStatus.CANCELED, 2)
    assert "Bridge" not in (made.headline or "") + made.body_html


def test_whole_copy_beside_a_patch_is_read_and_the_patch_told_of() -> None:
    made = story(message(item(COMPONENT + PATCH)))
    assert made.headline == "Bridge open"
    assert any("Update" in warning for warning in made.origin.warnings)
