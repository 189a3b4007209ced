"""What copied pages set between the paragraphs of a story, by its own words: pointers, pleas, placeholders.

"Read more: …", "Lea también", "To view this content", "You have 2 free articles left": no story says them,
whatever stands around them.
"""

from __future__ import annotations

import re

from wire.parse.copied.linemarks import LONG

#: Lines that are set between paragraphs and never belong to them; in lower case, as what follows is.
_SET_BETWEEN = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related(?: stor(?:y|ies))?:|more:|"
    r"advertisement\b|story continues below|"
    r"article continues|lesen sie (?:auch|mehr)|mehr zum thema|anzeige\b|werbung\b|lea también|"
    r"lee también|publicidad\b|"
    r"[àa] lire aussi|lire aussi|publicité\b|leggi anche|pubblicità\b|leia (?:também|mais)|"
    r"publicidade\b|lees ook|läs (?:också|även)|"
    r"les også|læs også|czytaj (?:też|także|również)|čtěte také|baca juga|xem thêm|читайте также|"
    r"續讀|あわせて読みたい|اقرأ أيضا|"
    r"you (?:may|might) (?:also )?(?:like|be interested)|recommended(?: reading)?:|don['’]t miss:|"
    r"das könnte (?:sie|dich)|siehe auch|(?:también )?(?:te|le) puede(?:n)? interesar|más información:|"
    r"[àa] voir aussi|voir aussi|sur le même sujet|la rédaction vous|(?:ti )?potrebbe interessar|"
    r"veja (?:também|mais)|saiba mais|bekijk ook|se (?:även|också|også)\b[^.]*$|"
    r"(?:zobacz|przeczytaj) (?:też|także|również)|přečtěte si|mohlo by vás|смотрите также|по теме:|"
    r"קראו (?:גם|עוד)|延伸閱讀|延伸阅读|相關新聞|相关阅读|【?関連(?:記事|】)|\[?관련 ?기사)"
)
#: What stands in place of something embedded: of a player, a post, an advertisement, another site's content.
_IN_PLACE = re.compile(
    r"(?:we(?:'re sorry, | apologi[sz]e, )but th(?:is|e) video|try refreshing your browser|"
    r"(?:tap|click) here to (?:see|view|watch|read)|"
    r"this (?:advertisement|video|content|embed) (?:has not|cannot|could not|is (?:hosted|imported))|"
    r"article content$|toggle caption|hide caption|(?:enlarge|expand)(?: this)? image|bild vergrößern|"
    r"(?:audio|video) (?:starten|abspielen|laden)|view this post on|"
    r"create an account or sign in|(?:log|sign) in (?:or|to)\b|(?:already a|become a) (?:subscriber|member)|"
    r"sign up (?:for|to)\b|subscribe (?:to|now|today)|"
    r"empfohlener (?:redaktioneller |externer )?inhalt|externer inhalt|"
    r"an dieser stelle (?:finden sie|befindet sich|wird)\b|ich bin (?:damit )?einverstanden, dass|"
    r"um diesen inhalt (?:anzuzeigen|zu sehen)|"
    r"to (?:view|see|display|load) this (?:content|embed)\b|we need your (?:consent|permission)|"
    r"pour (?:afficher|voir|consulter) ce contenu|este contenido (?:requiere|no puede)|"
    r"per visualizzare (?:questo|il) contenuto|následuje obsah vložený|přejít (?:před|za) obsah|"
    r"chcete-li článek poslouchat|"
    r"you(?:['’]ve| have) (?:\w+ (?:free )?(?:articles?|stories) (?:left|remaining)|reached your|read your)|"
    r"(?:this|the (?:rest|remainder) of this) (?:article|story|content) is "
    r"(?:reserved|exclusive|only|available (?:only )?(?:to|for))|"
    r"(?:to )?(?:continue|keep) reading,? (?:with|for|your|please|this)|"
    r"unlimited (?:digital )?access (?:to|for)|"
    r"jetzt (?:weiterlesen|weiter lesen|abonnieren|registrieren)|weiterlesen mit|"
    r"dieser (?:artikel|text|inhalt) ist (?:exklusiv|nur)|(?:sind )?sie (?:sind )?(?:bereits|schon) abonnent|"
    r"cet article est réservé|(?:il vous reste|la suite (?:de cet article )?est réservée)|déjà abonné|"
    r"(?:este )?(?:artículo|contenido) (?:es )?(?:exclusivo|solo) para|¿?ya eres suscriptor|"
    r"(?:questo )?(?:articolo|contenuto) (?:è )?riservato|conteúdo exclusivo para|"
    r"dit artikel is (?:exclusief|alleen)|"
    r"share this (?:post|article|story|page)\b|was this (?:article|page|email)\b.*\?|unsubscribe\b|"
    r"[（(【]?(?:责任编辑|責任編輯|责编|编辑|編輯)[：:]|"
    r".{3,60} is a reader-supported publication|thanks for reading\b.{0,60}(?:subscribe|share)|"
    r"(?:möchten|wollen) sie (?:mehr|weitere|keine)\b.*(?:newsletter|verpassen)|"
    r"a post shared by|sieh dir diesen beitrag|voir cette publication|ver esta publicación|"
    r"有料会員|この記事は有料|続きを読む|"
    r"view (?:this e-?mail )?in (?:your )?browser|back to (?:the )?(?:top|front page|home)\b|"
    r"(?:copyright\b|©|ⓒ|\(c\) ?\d{4}|all rights reserved|alle rechte vorbehalten).{0,100}$)"
)


def is_aside(text: str, size: int) -> bool:
    """Whether it says itself that it is set between paragraphs, or stands in place of something."""
    opening = text[: 2 * LONG].lower()
    return _IN_PLACE.match(opening) is not None or (
        size <= 2 * LONG and _SET_BETWEEN.match(opening) is not None
    )
