"""Floods: documents of line formats, mails and items that say one thing over and over, of any size."""

from __future__ import annotations

from collections.abc import Mapping

_IPTC = "\x01bdt0001 3 pl 9 dpa 1\r\n\r\n\x02"
_ANPA = "\x16\x16\x01W0001\x1fasian\r\nr i \x13\x11 BC-XX--Bridge   05-01 0100\r\n\x02"
_ITEM = '{"uri": "urn:x", "headline": "Bridge", "body_html": "<p>'
_FEED = '<rss version="2.0"><channel><title>T</title><item><title>A</title><author>'
_AMID, _ON = "Editors: video follows.", "The copy goes on here, it was said."
_XMP = '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
#: What begins a document, what is repeated, what ends it.
LINE_FLOODS: Mapping[str, tuple[str, str, str]] = {
    "iptc7901 equals signs": (_IPTC, "=", ""),
    "iptc7901 lines of equals signs": (_IPTC, "=\n", ""),
    "iptc7901 fillers": (f"{_IPTC}Head =\n\n", "\x7f", ""),
    "iptc7901 unterminated messages": ("", f"{_IPTC}Head =\nCopy.\n", ""),
    "iptc7901 beginnings": ("x", "\x01", ""),
    "iptc7901 beginnings of text": (_IPTC, "\x02", ""),
    "iptc7901 ends": (f"{_IPTC}Head =\n", "\x03", ""),
    "iptc7901 open brackets": (_IPTC, "(", ""),
    "iptc7901 open notes": (_IPTC, "(a\n", ""),
    "iptc7901 blank lines": (f"{_IPTC}Head =\n", "\n", ""),
    "iptc7901 short lines": (f"{_IPTC}Head =\n", "a\n", ""),
    "iptc7901 bullets": (f"{_IPTC}Head =\n\n", "- a\n", ""),
    "iptc7901 bars": (f"{_IPTC}Head =\n\n", "|", ""),
    "iptc7901 rows": (f"{_IPTC}Head =\n\n", "|a|\n", ""),
    "iptc7901 half links": (f"{_IPTC}Head =\nx\n# Notebook\n## Links\n", "[a](https://", ""),
    "iptc7901 sections": (f"{_IPTC}Head =\nx\n# Notebook\n", "## a\nb\n", ""),
    "iptc7901 keywords": ("\x01bdt0001 3 pl 9 dpa 1\r\n", "a/", "\r\n\x02Head =\nCopy\n\x03"),
    "iptc7901 end dates": (f"{_IPTC}Head =\nCopy\n\x03", "011205 Mai ", ""),
    "iptc7901 digits of a note": (f"{_IPTC}(", "1", ")\nHead =\nCopy\n\x03011205 GMT Jun 26"),
    "iptc7901 days of an embargo": (f"{_IPTC}(Sperrfrist ", "1. ", ")\nHead =\nCopy\n\x03011205 Mai 26"),
    "iptc7901 datelines": (f"{_IPTC}Head =\n\n", "AB (dpa", ""),
    "anpa1312 blanks in the header": ("\x16\x16\x01W0001\r\nr i BC-a", " ", "x\r\n\x02x"),
    "anpa1312 separators": (_ANPA, "\x1f", ""),
    "anpa1312 cells": (_ANPA, "a\x1f", ""),
    "anpa1312 rows": (_ANPA, "a\x1fb\n", ""),
    "anpa1312 tab marks": (_ANPA, "\x08", ""),
    "anpa1312 tab lines": (_ANPA, "\x08a;b\n", ""),
    "anpa1312 line marks": (_ANPA, "^", ""),
    "anpa1312 typeset lines": (_ANPA, "^a<\n", ""),
    "anpa1312 line ends": (f"{_ANPA}\ta", "<", ""),
    "anpa1312 quotation marks": (f"{_ANPA}\ta", "`'", ""),
    "anpa1312 dashes": (f"{_ANPA}\t", "_ ", ""),
    "anpa1312 messages": ("", f"{_ANPA}^a<\n\tb\n", ""),
    "anpa1312 selectors": ("\x16\x16\x01W0001", "\x1f", "\r\nr i BC-a 05-01 0100\r\n\x02x"),
    "anpa1312 versions": ("\x16\x16\x01W0001\r\nr i BC-a", " 1stLd", " 05-01 0100\r\n\x02x"),
    "anpa1312 end dates": (f"{_ANPA}\tx\n\x03", "AP-WF-05-01-26 ", ""),
    "mail blanks in a header": ("From: a@b.example\nSubject: x\nX-A: ", " ", "\n\nCopy.\n"),
    "mail blanks in the sender": ("Subject: x\nFrom: ", " ", "x\n\nCopy.\n"),
    "text speakers": ("", "A says it\nBridge opens\n", "B: no\n"),
    "text hyphens": ("", "-", " x\n"),
    "mail hyphens": ("Subject: x\nFrom: a@b.example\n\n", "-", " x\n"),
    "markdown blank lines": ("---", "\n", "!"),
    "markdown blanks in front matter": ("+++\ntitle = a", " ", "b\n+++\nCopy.\n"),
    "markdown open arrays": ("+++\ntitle = ", "[", "\n+++\nCopy.\n"),
    "markdown rows": ("---\ntitle: A\n---\n|a|\n|-|\n", "|\n", ""),
    "mail parameters": ("Subject: x\nFrom: a@b.example\nContent-Type: text/plain", "; a", "\n\nCopy.\n"),
    "mail short lines": ("Subject: x\nFrom: a@b.example\n\nCopy.\n", "+47 22 00\n\n", ""),
    "item escaped quotation marks": ("[" * 200 + '"a', r"\"", ""),
    "feed addresses": (_FEED, "a@", "</author></item></channel></rss>"),
    "feed blanks in a date": (_FEED.replace("author", "pubDate"), " ", "x</pubDate></item></channel></rss>"),
    "text blanks in keywords": ("Headline: A\nKeywords: a", " ", "b\n\nCopy.\n"),
    "photo blanks in a packet": (_XMP, " ", f"<x/>{_XMP}"),
    "item blanks in a paragraph": (_ITEM, " ", '</p>"}'),
    "item brackets above the copy": (f"{_ITEM}(Adds ", "(a) ", '</p>"}'),
    "item signs above the copy": (f"{_ITEM}", "#", '</p>"}'),
    "item paragraphs of signs": (_ITEM, f"{'#' * 200}</p><p>", '</p>"}'),
    "item short lines": ('{"uri": "urn:x"\n', "a\n", ""),
    "item halves in a table": (f"{_ITEM}<table><tr><td>", "½", '</td></tr></table>"}'),
    "item struck out words": (_ITEM, "<s>a</s>b", '</p>"}'),
    "item pictures": (_ITEM, "<img src='a'>b", '</p>"}'),
    "item prefixes": ("<nitf", " xmlns:a='b'", "><body/></nitf>"),
    "item initials under the copy": (f"{_ITEM}Copy.", "</p><p>ab/cd", '</p>"}'),
    "item notes amid the copy": (f"{_ITEM}Copy.", f"</p><p>{_AMID}</p><p>{_ON}", '</p>"}'),
    "iptc7901 notes amid the copy": (f"{_IPTC}Head =\n\n{_ON}\n\n", f"{_AMID}\n\n{_ON}\n\n", ""),
    "mail notes amid the copy": ("Subject: x\nFrom: a@b.example\n\nCopy.\n\n", f"{_AMID}\n\n{_ON}\n\n", ""),
    "text notes amid the copy": ("Bridge\n\n", f"{_AMID}\n\n{_ON}\n\n", ""),
    "item embargoes": ('{"uri": "urn:x", "headline": "B", "ednote": "Embargoed until ', "6 May ", '"}'),
    "item words of notes": (f"{_ITEM}Copy.", "</p><p>For print (", '</p>"}'),
    "zczc zeros": ("ZCZC AAP\n$a b\n", "\0", "x\nNNNN\n"),
    "zczc blank lines": ("zczc", "\n", "$a b\nx\nNNNN\n"),
    "zczc beginnings": ("", "ZCZC\n", ""),
    "zczc messages": ("", "ZCZC AAP\n$a b\nx\nNNNN\n", ""),
    "zczc blanks in a field": ("ZCZC AAP\n:a", " ", "b\nx\n"),
    "zczc names in a field": ("ZCZC AAP\n:a", " :a", "\nx\n"),
    "zczc fields": ("ZCZC AAP\n", ":a\n", "x\n"),
    "zczc subject codes": ("ZCZC AAP\n", "*01000000\n", "x\n"),
    "zczc routing": ("ZCZC AAP\nYY", " A", "b\nx\n"),
    "zczc blanks": ("ZCZC AAP\nx", " ", "<!\n"),
    "zczc dots": ("ZCZC AAP\nx", ".", "b\n"),
    "zczc columns": ("ZCZC AAP\n#a\n", "a   b\n", ""),
    "zczc letters": ("ZCZC\n", "AB#\n", "TX#\nx\n"),
}


def flood(kind: str, size: int) -> bytes:
    """A document of about ``size`` bytes."""
    begin, part, end = LINE_FLOODS[kind]
    return (begin + part * (size // len(part)) + end).encode()
