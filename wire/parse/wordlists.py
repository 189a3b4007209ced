"""Words that give away furniture, captions and ends of stories, in the languages of most copy."""

from __future__ import annotations

import re

#: Anywhere in a line that is not long.
FURNITURE = re.compile(
    r"\b(?:cookies?|newsletters?|subscri(?:be|ption)|sign (?:up|in)|log ?in|privacy policy|terms (?:of|and)|"
    r"all rights reserved|click here|follow us|read (?:more|also|next|the full)|share (?:this|on)|more (?:from|on|stories)|"
    r"related (?:articles?|stories|topics|content)|most (?:read|popular|viewed)|adverti[sz]ements?|sponsored|"
    r"affiliate|javascript|your browser|download (?:the|our) app|unsubscribe|skip to|min(?:ute)?s? read|"
    r"leave a (?:comment|reply)|add a comment|view comments|report abuse|"
    r"teilen|anmelden|abonnieren|abonnement|mehr zum thema|lesen sie auch|datenschutz|impressum|nutzungsbedingungen|"
    r"alle rechte vorbehalten|zum artikel|jetzt (?:lesen|testen|kostenlos)|"
    r"compartir|suscr[ií]b\w+|iniciar sesi[oó]n|lea? tambi[eé]n|publicidad|todos los derechos|"
    r"partager|s'abonner|abonnez|lire aussi|publicit[eé]|mentions l[eé]gales|"
    r"condividi|iscriviti|leggi anche|pubblicit[aà]|compartilh\w+|assine|leia tamb[eé]m|"
    r"del artikel|l[aæ]s ogs[aå]|l[aä]s mer|les ogs[aå]|lees ook|delen|czytaj|udost[eę]pnij)\b|"
    r"広告|続きを読む|分享|登录|注册|관련기사|подпис\w+|поделиться|читайте также",
    re.IGNORECASE,
)
#: As a whole line.
FURNITURE_ALONE = re.compile(
    r"(?:home(?:page)?|menu|search|news|breaking news|live|latest|accessibility(?: links?)?|share|tweet|print|e-?mail|"
    r"facebook|twitter|whatsapp|linkedin|reddit|copy link|comments?(?: \(\d+\))?|\d+ comments?|loading\W*|close|next|"
    r"previous|top stories|trending|video|photos?|gallery|more|continue reading|contact(?: us)?|about us|help|"
    r"startseite|suche|men[uü]|anzeige|werbung|drucken|kommentare?|mehr|video|inicio|buscar|imprimir|comentarios|"
    r"accueil|rechercher|imprimer|commentaires|cerca|stampa|commenti)[\s:»›]*",
    re.IGNORECASE,
)
#: At the head of what follows a story.
END_OF_STORY = re.compile(
    r"(?:(?:\d+ )?comments?\b|related\b|more (?:from|on|stories|news)|about the author|read (?:more|next)|recommended|"
    r"most (?:read|popular|viewed)|you (?:may|might) (?:also )?like|topics?\s*:|tags?\s*:?$|filed under|"
    r"sign up|subscribe|join the (?:conversation|discussion)|copyright\b|©|"
    r"mehr zum thema|kommentare?\b|schlagw[oö]rter|lesen sie auch|das k[oö]nnte sie|"
    r"comentarios\b|relacionad[oa]s?|temas\b|m[aá]s noticias|commentaires\b|sur le m[eê]me sujet|[aà] lire aussi|"
    r"commenti\b|-30-|—30—|ends$|###|\* \* \*$)",
    re.IGNORECASE,
)
CAPTION_MARK = re.compile(
    r"\bin this (?:\w+[ ,]+){0,4}(?:photo|picture|image|frame|file|handout|still|video grab)|"
    r"\b(?:photos?|pictures?|image|credit|foto|bild|fotos|fotograf\w*|photograph|cr[eé]dito?s?|fuente|imagen)\s*(?:by\b|:|/|©|\|)|"
    r"©|\bimage (?:source|copyright|caption)|\bfile (?:photo|picture|image)|^(?:FILE|ARCHIVE?)\b\s*[-–—:]|"
    r"\b(?:getty images|ap photo|afp photo|shutterstock|istock|picture[- ]alliance|epa-efe|zuma press|alamy|imago images)\b|"
    r"\((?:ap|afp|reuters|dpa|epa|efe|ansa|tt|ntb|pa|upi|xinhua)(?:/[^()]{1,60}| photo[^()]{0,60}|[^()]{0,10}\bvia\b[^()]{0,40})\)",
    re.IGNORECASE,
)
#: A short line that holds nothing but who took or gave a picture.
CREDIT_LINE = re.compile(
    r"(?:(?:photo|image|picture|foto|bild)\b.{0,50}|(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?)(?:\s*/.{0,50})?|"
    r".{1,50}/(?:ap|afp|reuters|dpa|epa|efe|getty(?: images)?))$",
    re.IGNORECASE,
)
