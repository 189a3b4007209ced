"""The languages that readers of feeds know by their codes."""

from __future__ import annotations

#: ISO 639-1, then those of ISO 639-2 in which there are newspapers.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
ace arc ast ban ceb chr crh csb dsb fil frr fur gsw haw hsb ilo jbo kaa kab kok krc lez mai min mni mwl nap
nds new nso pam pap rom sah sat scn sco sma smj sms syr tet tyv udm war xal
"""
_KNOWN = frozenset(_CODES.split())
#: Codes of ISO 639-3 alone, and the languages that they are kinds of.
_KIND_OF = {"arb": "ar", "arz": "ar", "azb": "az", "ckb": "ku", "cmn": "zh", "prs": "fa", "yue": "zh"}


def known_language(tag: str | None) -> str | None:
    """A tag (BCP 47) whose language is known by ISO 639-1 or -2; None for want of one."""
    first, *more = (tag or "").split("-")
    code = _KIND_OF.get(first, first)
    return "-".join((code, *more)) if code in _KNOWN else None
