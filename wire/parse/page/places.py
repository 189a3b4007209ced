"""What kind of place an element of a page is, told by its name and by those of its class, id and role.

Words of class names are the same on thousands of sites: whoever names an element ``related``,
``newsletter`` or ``article-body`` says what is in it. Each word stands for one kind of place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from wire.parse.page.blocks import Scope

_PLACES = {
    "story": """
        article story post entry richtext rte prose cms fulltext articlebody storybody bodytext
        """,
    "body": """
        body content contents text copy main txt inhalt cuerpo corps testo
        """,
    "paragraph": """
        paragraph para absatz parrafo paragraphs p
        """,
    "lead": """
        lead lede standfirst intro summary subtitle subheadline subhead dek deck sub kicker abstract
        vorspann chapo sommario bajada entradilla excerpt description strap strapline sumario sapo
        """,
    "title": """
        title headline heading hed hl titre titulo titel header head
        """,
    "related": """
        related recirc recirculation recommended recommendation recommendations recommend similar outbrain
        taboola mgid plista more further readmore also trending popular mostread latest suggested
        suggestions discover morefrom relacionadas relacionados relateds weitere passend linklist links link
        topics collection river stories list liste listing archive
        """,
    "teaser": """
        teaser teasers promo promos promotion promobox card cards tile tiles thumb thumbnail item items
        summaryitem feed grid slider carousel swiper
        """,
    "box": """
        box infobox aside sidebar rail widget widgets module callout factbox fact facts kasten inset insert
        inline embed embedded embeds complementary rightrail
        """,
    "newsletter": """
        newsletter newsletters signup subscribe subscription subscriptions mail email form optin register
        registration inscription abo abonnement alert alerts
        """,
    "pay": """
        paywall piano pay wall barrier premium offer offers plus membership member login regwall gate
        metered locked
        """,
    "advert": """
        ad ads advert advertisement adslot adverts advertising werbung anzeige sponsor sponsored dfp gpt
        banner promoted commercial publicidad publicite partner native affiliate shopping product products
        deals
        """,
    "social": """
        share sharing shares social socials follow facebook twitter whatsapp tweet instagram tiktok tools
        toolbar actions action buttons button reactions like likes print bookmark save
        """,
    "talk": """
        comment comments kommentar kommentare disqus discussion discuss forum reply replies viafoura coral
        spotim conversation respond reader readers feedback
        """,
    "author": """
        author authors autor autoren autores byline bylines bio biography profile contributor contributors
        writer writers about vcard person people signature firma reporter staff
        """,
    "meta": """
        meta metadata info date time timestamp datetime published publish updated dateline tag tags keyword
        keywords category categories label labels section rubric topic breadcrumb breadcrumbs terms taxonomy
        eyebrow
        """,
    "navigation": """
        nav navigation navbar menu menus submenu masthead topbar skip sitemap pagination pager pages search
        subnav footer foot bottom copyright legal imprint disclaimer utility
        """,
    "consent": """
        cookie cookies consent gdpr cmp onetrust didomi modal popup overlay dialog lightbox tooltip toast
        notification notice hidden hide message error
        """,
    "picture": """
        caption captions figcaption figure image images img imgbox picturebox photo photos picture pictures
        media gallery slideshow slide credit credits bild foto bildunterschrift video player videos podcast
        audio illustration legend legende leyenda pie
        """,
    "quote": """
        quote quotes blockquote pullquote pull zitat cite cita citation
        """,
    "live": """
        live liveblog ticker timeline update updates livefeed
        """,
    "poll": """
        poll quiz survey umfrage vote voting game games crossword weather wetter stock chart
        """,
    "correction": """
        correction corrections editorsnote footnote footnotes note notes endnote source sources
        """,
    "service": """
        newswire rss events jobs shop store directory widgettitle
        """,
    "bold": """
        subheading crosshead crossheading zwischentitel zwischenueberschrift intertitle intertitre ladillo
        """,
}
_PLACE = {word: place for place, words in _PLACES.items() for word in words.split()}
#: Elements that say something by themselves.
_TELLING = frozenset(
    tag
    for tags in (
        "article main aside nav footer header figure figcaption form section address details center",
        "blockquote table td ul ol li dl h1 h2 h3 h4 h5 h6",
    )
    for tag in tags.split()
)
_NAMING = frozenset(
    ("class", "id", "itemprop", "role", "data-testid", "data-component", "data-type", "data-module")
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NONE: frozenset[str] = frozenset()
_LONGEST_NAME = 200  #: characters of an element's names that are read


class Place(NamedTuple):
    """What can be said of a scope, once for all blocks in it."""

    own: frozenset[str]  #: kinds of place that its own names speak of
    around: frozenset[str]  #: the same, and telling elements, of the scope and all around it
    near: frozenset[str]  #: kinds that the names of the two around it speak of
    signature: str  #: the element and the two around it, with their classes: equal for blocks made alike


class Places:
    """The places on one page, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[Scope, Place] = {}

    def of(self, scope: Scope) -> Place:
        """The place that a scope is."""
        unknown = []
        up: Scope | None = scope
        while up is not None and up not in self._known:
            unknown.append(up)
            up = up.parent
        for inner in reversed(unknown):
            self._known[inner] = self._look(inner)
        return self._known[scope]

    def _look(self, scope: Scope) -> Place:
        tag, own = scope.tag, kinds_of(scope)
        said = own.union((tag,)) if tag in _TELLING else own
        if scope.parent is None:
            return Place(own, said, _NONE, tag)
        parent = self._known[scope.parent]
        beyond = _NONE if scope.parent.parent is None else self._known[scope.parent.parent].own
        outer = parent.signature.rsplit(">", 2)[-2:]
        signature = f"{tag}.{(scope.element.get('class') or '')[:60]}"
        return Place(
            own,
            parent.around | said if said else parent.around,
            parent.own | beyond if beyond else parent.own,
            ">".join((*outer, signature)),
        )

    def features(self, scope: Scope) -> Sequence[str]:
        """All that the place of a scope says, as names of features."""
        place = self.of(scope)
        named = scope.tag in _TELLING or scope.tag in ("p", "div")
        return _names(scope.tag if named else "other", place.own, place.near, place.around)


@lru_cache(maxsize=4096)
def _names(tag: str, own: frozenset[str], near: frozenset[str], around: frozenset[str]) -> tuple[str, ...]:
    return (
        f"tag:{tag}",
        *(f"own:{kind}" for kind in own),
        *(f"near:{kind}" for kind in near),
        *(f"in:{kind}" for kind in around),
    )


def places_of(scope: Scope) -> frozenset[str]:
    """The kinds of place that the names of a scope and of the two around it speak of."""
    return frozenset().union(*(kinds_of(up) for up, _ in zip(scope.up(), range(3), strict=False)))


def kinds_of(scope: Scope) -> frozenset[str]:
    """The kinds of place that a scope's own names speak of."""
    attributes = scope.element.attrib
    if not attributes:
        return frozenset()
    names = [str(value) for name, value in attributes.items() if name in _NAMING]
    return _kinds(" ".join(names)[:_LONGEST_NAME]) if names else frozenset()


@lru_cache(maxsize=4096)
def _kinds(names: str) -> frozenset[str]:
    return frozenset(_PLACE[word] for name in _WORD.findall(names) if (word := name.lower()) in _PLACE)
