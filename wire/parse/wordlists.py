"""Words that give away furniture, captions and ends of stories, in the languages of most copy.

Phrases are in lower case. They are looked for by their first word, so that a line costs one look at
its words however long the lists grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _listed(text: str) -> list[str]:
    """The phrases of a comma-separated list, each on one line with single blanks."""
    return [" ".join(phrase.split()) for phrase in text.split(",")]


class Phrases:
    """A set of phrases that is quick to look for in a line."""

    def __init__(self, text: str) -> None:
        self._by_first: dict[str, tuple[str, ...]] = {}
        for phrase in _listed(text):
            first = phrase.split(" ", 1)[0]
            self._by_first[first] = (*self._by_first.get(first, ()), phrase)
        self._firsts = frozenset(self._by_first)

    def in_line(self, words: Iterable[str]) -> bool:
        """Whether a phrase stands in the line with these words, all in lower case."""
        words = tuple(words)
        found = self._firsts.intersection(words)
        if not found:
            return False
        line = f" {' '.join(words)} "
        return any(f" {phrase} " in line for first in found for phrase in self._by_first[first])


#: Anywhere in a line.
FURNITURE = Phrases(
    """
    cookie, cookies, newsletter, newsletters, subscribe, subscription, subscriptions, subscriber,
    sign up, sign in, log in, login, privacy policy, terms of, terms and, all rights reserved, click
    here, follow us, read more, read also, read next, read the full, share this, share on, more
    from, more on, more stories, related article, related articles, related stories, related story,
    related topics, related content, most read, most popular, most viewed, advertisement,
    advertisements, advertise, sponsored, affiliate, javascript, your browser, download the app,
    download our app, unsubscribe, skip to, min read, mins read, minute read, minutes read, leave a
    comment, leave a reply, add a comment, view comments, report abuse, teilen, anmelden,
    abonnieren, abonnement, mehr zum thema, lesen sie auch, datenschutz, impressum,
    nutzungsbedingungen, alle rechte vorbehalten, zum artikel, jetzt lesen, jetzt testen, jetzt
    kostenlos, compartir, suscríbete, suscribirse, suscríbase, iniciar sesión, lea también, lee
    también, publicidad, todos los derechos, partager, s abonner, abonnez vous, lire aussi,
    publicité, mentions légales, condividi, iscriviti, leggi anche, pubblicità, compartilhar,
    compartilhe, assine, leia também, del artikel, læs også, läs mer, les også, lees ook, delen,
    czytaj, udostępnij, подписаться, поделиться, читайте также, 広告, 続きを読む, 分享, 登录, 注册, 관련기사
    """
)
#: As a whole line; counts in front or behind do not matter.
FURNITURE_ALONE = frozenset(
    _listed(
        """
    home, homepage, menu, search, news, breaking news, live, latest, accessibility, accessibility
    links, share, tweet, print, email, e mail, facebook, twitter, whatsapp, linkedin, reddit, copy
    link, comment, comments, loading, close, next, previous, top stories, trending, video, photo,
    photos, gallery, more, continue reading, contact, contact us, about us, help, startseite, suche,
    menü, anzeige, werbung, drucken, kommentar, kommentare, mehr, inicio, buscar, imprimir,
    comentarios, accueil, rechercher, imprimer, commentaires, cerca, stampa, commenti
    """
    )
)
#: At the head of what follows a story.
END_OF_STORY = re.compile(
    r"(?:(?:\d+ )?comments?\b|related\b|more (?:from|on|stories|news)|about the author|"
    r"recommended|most (?:read|popular|viewed)|you (?:may|might) (?:also )?like|topics?\s*:|"
    r"tags?\s*:?$|filed under|"
    r"sign up|subscribe|join the (?:conversation|discussion)|copyright\b|©|"
    r"mehr zum thema|kommentare?\b|schlagw[oö]rter|das k[oö]nnte sie|"
    r"comentarios\b|relacionad[oa]s?|temas\b|m[aá]s noticias|commentaires\b|"
    r"sur le m[eê]me sujet|"
    r"commenti\b|-30-|—30—|ends$|###|\* \* \*$)",
    re.IGNORECASE,
)
_CAPTION_WORDS = frozenset(
    _listed(
        """
    photo, photos, picture, pictures, image, images, frame, handout, still, grab, credit, foto,
    fotos, bild, photograph, fotografía, crédito, créditos, fuente, imagen, file, archiv, archive,
    getty, shutterstock, istock, alliance, epa, zuma, alamy, imago, ap, afp, reuters, dpa, efe,
    ansa, tt, ntb, pa, upi, xinhua
    """
    )
)
_CAPTION_MARK = re.compile(
    r"\bin this (?:\w+[ ,]+){0,4}(?:photo|picture|image|frame|file|handout|still|video grab)|"
    r"\b(?:photos?|pictures?|image|credit|fotos?|bild|fotografía|photograph|cr[eé]ditos?|fuente|imagen)"
    r"\s*(?:by\b|:|/|\|)|"
    r"\bimage (?:source|copyright|caption)|\bfile (?:photo|picture|image)|^(?:FILE|ARCHIVE?)\b\s*[-–—:]|"
    r"\b(?:getty images|ap photo|afp photo|shutterstock|istock|picture[- ]alliance|epa-efe|"
    r"zuma press|alamy)\b|"
    r"\bimago images\b|\((?:ap|afp|reuters|dpa|epa|efe|ansa|tt|ntb|pa|upi|xinhua)"
    r"(?:/[^()]{1,60}| photo[^()]{0,60}|[^()]{0,10}\bvia\b[^()]{0,40})\)",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    r"(?:(?:photo|image|picture|foto|bild)\b.{0,50}|"
    r"(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?)(?:\s*/.{0,50})?|"
    r".{1,50}/(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?))$",
    re.IGNORECASE,
)
_CREDIT_CHARACTERS = 80
_CAPTION_CHARACTERS = 640


def is_caption(text: str, words: Iterable[str]) -> bool:
    """Whether a line with these lower-case words says itself that it belongs to a picture."""
    if len(text) > _CAPTION_CHARACTERS:
        return False
    if "©" in text:
        return True
    if _CAPTION_WORDS.isdisjoint(words):
        return False
    short = len(text) <= _CREDIT_CHARACTERS
    return _CAPTION_MARK.search(text) is not None or (short and _CREDIT_LINE.match(text) is not None)
