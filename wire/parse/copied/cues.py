"""Words that give a line of copied text away: as furniture of a page, as a caption, as a byline.

Each group is a list of phrases in the languages of most copy, in lower case. A line costs one look at its
words however long the lists grow; scripts without blanks between words are searched for their phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: Group: its phrases. `wire.parse.copied.linefeatures` turns a hit into features of the line.
GROUPS: Mapping[str, str] = {
    "share": """
        share, tweet, retweet, email, e mail, print, facebook, twitter, whatsapp, linkedin, reddit,
        pinterest, copy link, telegram, bluesky, instagram, flipboard, messenger, xing, threads, like,
        likes, follow, follow us, bookmark, save, teilen, drucken, merken, twittern, mailen, folgen,
        compartir, imprimir, síguenos, seguir, partager, imprimer, suivre, envoyer, condividi, stampa,
        segui, compartilhar, compartilhe, siga, delen, dela, skriv ut, del, udostępnij, sdílet, bagikan,
        paylaş, chia sẻ, поделиться, поделитесь, 分享, 共有, 시함, 공유, مشاركة, شارك, 印刷, シェア,
        ツイート, 微信, 微博,
        שתפו, שיתוף, साझा करें, शेयर, κοινοποίηση, jaa, แชร์, megosztás, поділитися
        """,
    "more": """
        read more, more, read also, read next, read the full, see also, see more, related, more from,
        more on, more stories, also read, up next, recommended, recommended for you, you may also like,
        you might also like, most read, most popular, most viewed, popular, trending, top stories, latest,
        latest news, editors picks, in case you missed it, don t miss, view all, show more, load more,
        watch, watch more, further reading, mehr, mehr zum thema, lesen sie auch, lesen sie mehr,
        lesen sie hier, weiterlesen, weitere artikel, auch interessant, das könnte sie auch interessieren,
        mehr dazu, meistgelesen, zum thema, siehe auch, zum artikel, jetzt lesen, mehr lesen,
        aus dem archiv, nachrichten, verwandte, empfehlungen, lesetipps, passend dazu, zum weiterlesen,
        lea también, lee también, leer más, más, más noticias, más leídas, le puede interesar,
        te puede interesar, relacionado, relacionadas, noticias relacionadas, también puedes leer,
        lire aussi, à lire aussi, lire la suite, plus, sur le même sujet, les plus lus, voir aussi, à lire,
        articles liés, leggi anche, leggi, altri articoli, ti potrebbe interessare, potrebbe interessarti,
        correlati, più letti, leia também, leia mais, saiba mais, veja também, mais lidas,
        notícias relacionadas, lees ook, lees meer, meer, gerelateerd, läs också, läs mer, les også,
        les mer, læs også, læs mere, mest läst, mest lest, flere saker, czytaj, czytaj też, czytaj także,
        zobacz też, zobacz także, polecamy, čtěte také, čtěte, související, nejčtenější, baca juga,
        selengkapnya, terkait, artikel terkait, terpopuler, xem thêm, читайте также, читать, по теме, ещё,
        lestu meira, 続きを読む, 関連記事, おすすめ, あわせて読みたい, ランキング, 相关, 推荐, 更多,
        延伸閱讀, 延伸阅读, 相關新聞, 관련기사, 더보기, 많이 본, 추천, اقرأ أيضا, المزيد, إقرأ,
        קראו עוד, קראו גם, עוד בנושא, और पढ़ें, यह भी पढ़ें, διαβάστε επίσης, διαβάστε περισσότερα,
        ilgili haberler, lue myös, lue lisää, อ่านต่อ, อ่านเพิ่มเติม, ข่าวที่เกี่ยวข้อง, olvassa még,
        citește și, читайте також
        """,
    "navigation": """
        skip to, menu, search, home, homepage, back to top, next, previous, close, open, loading, sections,
        toggle, navigation, sitemap, site map, accessibility, video, videos, photos, gallery, podcast,
        podcasts, live, news, sport, sports, weather, opinion, business, politics, world, culture, archive,
        play, pause, mute, slideshow, zum inhalt, startseite, suche, menü, schließen, nächster, zurück,
        weiter, video abspielen, bildergalerie, inicio, buscar, menú, cerrar, siguiente, anterior, portada,
        accueil, rechercher, fermer, suivant, précédent, cerca, chiudi, avanti, indietro, início, busca,
        fechar, próximo, zoeken, sluiten, volgende, sök, stäng, meny, søk, lukk, szukaj, zamknij, hledat,
        beranda, cari, tutup, trang chủ, главная, поиск, меню, закрыть, ホーム, 検索, メニュー, 首页, 首頁,
        搜索, 搜尋, 上一篇, 下一篇, 返回, 홈, 검색, 메뉴, 닫기, الرئيسية, بحث,
        דף הבית, ראשי, חיפוש, תפריט, होम, खोजें, αρχική, αναζήτηση, μενού, ana sayfa, anasayfa, gündem,
        etusivu, valikko, siirry sisältöön, หน้าแรก, ค้นหา, เมนู, kezdőlap, acasă, головна, пошук
        """,
    "membership": """
        subscribe, subscription, subscriptions, subscriber, subscribers, sign up, sign in, signing up,
        log in, login, log out, register, create an account, account, newsletter, newsletters, member,
        membership, unlimited access, free trial, my account, your inbox, email address, unsubscribe,
        donate, support us, become a, start your, per month, gift, notifications, alerts, anmelden,
        abmelden, registrieren, einloggen, abonnieren, abonnement, abonnenten, abo, jetzt testen,
        kostenlos testen, monatlich, jetzt kostenlos, mein konto, konto, unterstützen sie, spenden,
        kündbar, benachrichtigungen, digitalabo, suscríbete, suscribirse, suscríbase, suscripción,
        suscriptores, iniciar sesión, regístrate, boletín, boletines, hazte socio, cuenta, s abonner,
        abonnez vous, abonnés, abonné, se connecter, inscription, inscrivez vous, infolettre, déjà abonné,
        votre compte, iscriviti, abbonati, abbonamento, accedi, registrati, assine, assinante, assinantes,
        entrar, cadastre se, inscreva se, inloggen, abonneren, aanmelden, nieuwsbrief, logga in,
        prenumerera, prenumerant, nyhetsbrev, logg inn, abonner, log ind, zaloguj, zarejestruj,
        prenumerata, subskrypcja, přihlásit, přihlaste se,
        předplatné, předplatit, masuk, daftar, langganan, đăng nhập,
        подписаться, подписка, войти, регистрация, рассылка, áskrift, innskráning, 会員登録, ログイン,
        無料会員, 有料会員, メルマガ, 登录, 注册, 登入, 註冊, 會員, 订阅, 로그인, 회원가입, 구독, تسجيل,
        اشترك,
        כניסה, התחברות, הרשמה, הצטרפו, מינוי, लॉगिन, साइन इन, सब्सक्राइब, σύνδεση, εγγραφή, συνδρομή,
        abone ol, giriş yap, üye ol, kirjaudu, เข้าสู่ระบบ, สมัครสมาชิก, bejelentkezés, előfizetés,
        autentificare, увійти, підписатися, donation, donations, support our, spende, mitglied, donación,
        soutenez, faire un don
        """,
    "legal": """
        cookie, cookies, privacy policy, privacy, terms of, terms and conditions, terms,
        all rights reserved, rights reserved, copyright, ©, contact us, contact, about us, imprint,
        disclaimer, may not be reproduced, may not be published, corrections, code of conduct, do not sell,
        powered by, careers, jobs, faq, help, datenschutz, datenschutzerklärung, impressum,
        nutzungsbedingungen, agb, alle rechte vorbehalten, kontakt, mediadaten, widerruf, nutzungsbasierte,
        barrierefreiheit, aviso legal, política de privacidad, todos los derechos, contacto, quiénes somos,
        mentions légales, tous droits réservés, confidentialité, conditions générales, nous contacter,
        qui sommes nous, tutti i diritti, informativa, contatti, chi siamo, todos os direitos,
        política de privacidade, contato, fale conosco, alle rechten voorbehouden, voorwaarden, om oss,
        kontakta oss, personvern, ansvarlig redaktør, ansvarig utgivare, ophavsret, prawa zastrzeżone,
        polityka prywatności, regulamin, všechna práva, ochrana osobních, kebijakan privasi, pedoman,
        hak cipta, redaksi, правила, все права, контакты, редакция, プライバシー, 著作権, 無断転載,
        利用規約, 会社概要, お問い合わせ, 版权所有, 版權, 隐私, 联系我们, 저작권, 무단전재, 개인정보, حقوق,
        כל הזכויות שמורות, תנאי שימוש, צור קשר, πολιτική απορρήτου, όροι χρήσης, gizlilik politikası,
        her hakkı saklıdır, tietosuoja, yhteystiedot, สงวนลิขสิทธิ์
        """,
    "advert": """
        advertisement, advertisements, advertise, advertising, advertiser, sponsored, sponsored content,
        paid content, promoted, ad, ads, story continues below, article continues, skip ad,
        scroll to continue, anzeige, werbung, anzeigen, sponsored post, advertorial, publicidad, publicité,
        pubblicità, publicidade, annonce, annons, annonse, reklama, reklame, advertentie, iklan,
        advertensi, quảng cáo, реклама, 広告, 广告, 廣告, スポンサー, 광고, إعلان, continue reading,
        story continues, lies weiter, artikel geht, weiter nach der,
        פרסומת, विज्ञापन, διαφήμιση, mainos, โฆษณา, hirdetés, publicitate
        """,
    "affiliate": """
        affiliate, affiliate link, affiliate links, commission, we may earn, may earn, we may receive,
        provision, kaufen sie, buy now, buy, price, shop now, deal, deals, coupon, amazon, ebay, best buy,
        walmart, online shop, external content, externer inhalt, externe inhalte,
        empfohlener redaktioneller inhalt, third party, third parties, personal data,
        personenbezogene daten, drittplattformen, einverstanden, zustimmung, einwilligung, your consent,
        consent, your browser, javascript, enable, ad blocker, adblocker, browser, settings, preferences,
        inhalt laden, inhalte anzeigen, eingebettet, mit einem klick, datenschutzeinstellungen,
        cookie einstellungen, akzeptieren, zustimmen, contenu externe, acceptez, vos données, consentement,
        contenido externo, aceptar, consentimiento, contenuto esterno, accetta, conteúdo externo, samtykke,
        samtycke, toestemming, akkoord, zgoda, souhlas, согласие, affiliate provision, the best experience,
        not supported, can t play, unable to play, cannot be displayed, kann nicht angezeigt,
        play this video, html5, flash player, video player
        """,
    "comments": """
        comment, comments, commented, leave a comment, leave a reply, add a comment, view comments,
        post a comment, reply, replies, report abuse, flag as inappropriate, join the conversation,
        join the discussion, discussion, readers comments, log in to comment, be the first to, moderated,
        spam, upvote, anonymous, says, wrote, says on, kommentar, kommentare, kommentieren, antworten,
        antwort, diskutieren, leserkommentare, forum, diskussion, beiträge, beitrag melden, melden,
        comentarios, comentario, comentar, responder, commentaires, commentaire, commenter, répondre,
        réagir, réactions, commenti, commenta, rispondi, comentários, comentário, comente, reacties,
        reageer, reactie, kommentarer, kommentera, svara, svar, komentarze, komentarz, skomentuj,
        odpowiedz, diskuse, komentáře, odpovědět, komentar, balas, bình luận, комментарии, комментарий,
        комментировать, ответить, コメント, 评论, 評論, 留言, 回复, 댓글, تعليق, تعليقات,
        תגובות, תגובה, टिप्पणियाँ, टिप्पणी, σχόλια, yorumlar, yorum, kommentit, ความคิดเห็น,
        hozzászólások, comentarii
        """,
    "author": """
        about the author, author, authors, reporter, correspondent, editor, writer, columnist, contributor,
        staff writer, staff, staff reporter, journalist, contributing, bureau chief, written by, posted by,
        reported by, follow him, follow her, is a, can be reached, more by, newsroom, redaktion, redakteur,
        redakteurin, autor, autorin, korrespondent, korrespondentin, von unserem, zum autor, zur autorin,
        über den autor, über die autorin, redactor, redactora, corresponsal, periodista, redacción,
        journaliste, rédaction, rédacteur, auteur, giornalista, redazione, redação, repórter, jornalista,
        da redação, redactie, verslaggever, redaktør, redaktör, skribent, dziennikarz, redakcja, redaktor,
        redakce, penulis, wartawan, корреспондент, автор, журналист, blaðamaður, 記者, 編集部, 编辑, 作者,
        记者, 責任編輯, 责任编辑, 기자, 작성, الكاتب, مراسل
        """,
    "stamp": """
        published, published on, updated, last updated, posted, posted on, first published, last modified,
        modified, created, am, pm, est, edt, gmt, utc, cet, min read, mins read, minute read, minutes read,
        minutes ago, hours ago, days ago, ago, hour ago, day ago, yesterday, today, january, february,
        march, april, june, july, august, september, october, november, december, monday, tuesday,
        wednesday, thursday, friday, saturday, sunday, veröffentlicht, aktualisiert, stand, uhr,
        vor stunden, zuletzt, erstellt, aktualisierung, gestern, heute, lesezeit, minuten, min, januar,
        februar, märz, mai, juni, juli, oktober, dezember, montag, dienstag, mittwoch, donnerstag, freitag,
        samstag, sonntag, publicado, actualizado, actualizada, actualización, publicada, hace, horas,
        enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre,
        diciembre, publié, publié le, mis à jour, mis à jour le, modifié, il y a, janvier, février, mars,
        avril, juin, juillet, août, septembre, octobre, novembre, décembre, temps de lecture, pubblicato,
        aggiornato, aggiornamento, gennaio, febbraio, aprile, maggio, giugno, luglio, settembre, ottobre,
        dicembre, atualizado, atualizado em, publicado em, janeiro, fevereiro, março, maio, junho, julho,
        setembro, outubro, novembro, dezembro, gepubliceerd, bijgewerkt, leestijd, publicerad, uppdaterad,
        publisert, oppdatert, publiceret, opdateret, opublikowano, aktualizacja, dodano, publikováno,
        aktualizováno, vydáno, diterbitkan, wib, tanggal, опубликовано, обновлено, сегодня, вчера, 公開,
        更新, 配信, 発表, 发布, 發布, 时间, 入力, 입력, 수정, 승인, نشر, تحديث,
        פורסם, עודכן, प्रकाशित, अपडेट, δημοσίευση, ενημέρωση, güncelleme, julkaistu, päivitetty, เผยแพร่
        """,
    "you": """
        you, your, yours, you re, you ll, sie, ihre, ihr, ihren, ihnen, du, dein, deine, dich, usted, tu,
        tus, su, vous, votre, vos, voi, tuo, tua, você, seu, sua, u, uw, jij, jouw, din, ditt, dine, deg,
        ty, twój, vy, váš, anda, kamu, вы, ваш, вас, вам, bạn, あなた, 您, 你
        """,
    "i": """
        i, i m, i ve, my, me, we, our, us, ich, mein, meine, mir, mich, wir, unser, unsere, yo, mi,
        nosotros, je, mon, ma, mes, nous, notre, nos, io, mio, noi, eu, meu, minha, nós, ik, mijn, wij,
        ons, jag, min, mitt, vi, jeg, vår, ja, mój, já, můj, saya, aku, kami, я, мы, мой, tôi
        """,
    "click": """
        click, click here, tap, tap here, visit, download, download the, app, apps, app store, google play,
        listen, watch the video, find out, learn more, check out, get the, register now, discover, explore,
        browse, select, choose, please, enter, klicken, klicken sie, hier klicken, herunterladen, jetzt,
        hier, finden sie, erfahren sie, anhören, anschauen, ansehen, entdecken, pincha, haz clic, descarga,
        aquí, descubre, cliquez, cliquez ici, télécharger, téléchargez, ici, découvrez, écouter, clicca,
        scarica, qui, scopri, clique, clique aqui, baixe, baixar, aqui, klik, klik hier, download de,
        klicka, ladda ner, klikk, last ned, kliknij, pobierz, sprawdź, klikněte, unduh, нажмите, скачать,
        クリック, こちら, ダウンロード, 点击, 點擊, 下载, 扫码, 클릭, اضغط
        """,
    "photo": """
        photo, photos, picture, pictures, pictured, image, images, photograph, photographer, photography,
        courtesy, courtesy of, credit, credits, handout, file, file photo, illustration, screenshot,
        screengrab, still, via, source, getty, getty images, shutterstock, istock, alamy, epa, unsplash,
        stock, foto, fotos, bild, bilder, symbolbild, symbolfoto, archivbild, archivfoto, archiv, grafik,
        quelle, bildquelle, bildunterschrift, fotograf, imago, picture alliance, aufnahme, zeigt,
        copyright, fotografía, fotógrafo, imagen, imágenes, cedida, archivo, crédito, fuente, captura,
        crédit, crédits, photographe, capture, archives, légende, didascalia, immagine, credito, fonte,
        ansa, foto di, midjourney, dall e, stable diffusion, firefly, ki generiert, ai generated, kuva,
        kuvat, fotó, fotoğraf, arkivfoto, divulgação,
        reprodução, imagem, arquivo, legenda, beeld, afbeelding, bildtext,
        arkiv, arkivbild, arkivfoto, billede, fot, zdjęcie, zdjęcia, źródło, foto archiv, zdroj, snímek,
        ilustrační, dok, istimewa, фото, снимок, изображение, mynd, ljósmynd, ảnh, 写真, 撮影, 資料, 图片,
        圖, 图为, 资料图, 图源, 사진, 제공, 뉴스1, 연합뉴스, صورة,
        צילום, फोटो, φωτογραφία, φωτό, ภาพ, تصوير
        """,
    "agency": """
        ap, afp, reuters, dpa, apa, efe, ansa, tt, ntb, pa, upi, xinhua, tass, bloomberg, associated press,
        the associated press, pti, ians, ani, europa press, lusa, anp, belga, ritzau, pap, čtk, ctk, epd,
        kna, sid, afx, awp, sda, keystone, ria, interfax, antara, kyodo, yonhap, aap, cp,
        the canadian press, agencia, agencias, agenturen, agence, agenzia, agência, wire, wires, 新华社,
        共同, 時事, 中央社
        """,
    "pose": """
        left, right, li, re, lr, izq, dcha, center, centre, top, bottom, above, below, pictured, seen,
        shown, shows, poses,
        posing, looks on, looks, during, speaks, holds, arrives, attends, celebrates, walks, stands,
        gestures, walking, standing, background, front, links, rechts, mitte, hinten, vorne, oben, unten,
        im bild, hier, izquierda, derecha, centro, gauche, droite, au centre, sinistra, destra, esquerda,
        direita, vinstri, zleva, lewej, слева, vänster,
        höger, venstre, høyre, l, r, v l, r l, (l), (r), durante, lors, bei, während
        """,
    "speech": """
        said, says, told, added, according to, explained, noted, announced, warned, claimed, stated, asked,
        insisted, reported, sagte, sagt, erklärte, betonte, teilte, berichtet, laut, so, zufolge, hieß,
        warnte, kritisierte, forderte, dijo, según, afirmó, explicó, señaló, aseguró, ha, añadió, declaró,
        dit, selon, a déclaré, explique, affirme, assure, précise, estime, ha detto, secondo, spiega,
        disse, segundo, afirmou, explicou, diz, zei, zegt, volgens, säger, enligt, sa, sier, ifølge, siger,
        powiedział, mówi, według, řekl, uvedl, podle, kata, ujar, menurut, заявил, сказал, сообщил, словам,
        cho biết, さん, という, 表示, 称, 지난, 말했다, 밝혔다, قال, قالت
        """,
    "contact": """
        press contact, media contact, media contacts, contacts, press office, tel, phone, telephone, fax,
        mobile, press release, for more information, for further information, about the company,
        investor relations, notes to editors, note to editors, pressekontakt, ansprechpartner, rückfragen,
        telefon, pressestelle, contacto de prensa, contact presse, ufficio stampa, assessoria de imprensa,
        source, sources, correction, corrections, editor s note, this article, this story, dieser artikel,
        dieser text, originally published, reporting by, editing by, additional reporting, writing by,
        with files from, contributed to this, contributed reporting
        """,
}

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


_WORD = re.compile(r"\w+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A bit for each group, so that those with a phrase in a line are one number.
_BIT: Mapping[str, int] = {group: 1 << n for n, group in enumerate(GROUPS)}


def bits(*groups: str) -> int:
    """Some groups as one number, as `groups_of` gives them."""
    return sum(map(_BIT.__getitem__, groups))


def groups_in(found: int) -> list[str]:
    """The groups that a number stands for."""
    return [group for group, bit in _BIT.items() if found & bit]


class _Telling(NamedTuple):
    """What a word says by itself, and the longer phrases that are looked for where it stands."""

    alone: int = 0  #: groups
    longer: tuple[tuple[str, int], ...] = ()  #: phrases between blanks, and their groups


def _as_words(phrase: str) -> str:
    """A phrase as the words of a line are cut: at the marks within words of Indic scripts."""
    return " ".join(phrase.split() if phrase.isascii() else _WORD.findall(phrase))


def _telling_words() -> tuple[dict[str, _Telling], dict[str, int]]:
    """What words tell, a phrase by its longest word, since short ones stand in every line; phrases of
    scripts without blanks: their group.
    """
    telling: dict[str, _Telling] = {}
    wide: dict[str, int] = {}
    for group, listed in GROUPS.items():
        for phrase in sorted({_as_words(part) for part in listed.split(",")} - {""}):
            if _WIDE.search(phrase):
                wide.setdefault(phrase, _BIT[group])
            longest = max(phrase.split(), key=len)
            alone, longer = telling.get(longest, _Telling())
            if longest == phrase:
                alone |= _BIT[group]
            else:
                longer += ((f" {phrase} ", _BIT[group]),)
            telling[longest] = _Telling(alone, longer)
    return telling, wide


_TELLING, _WIDE_GROUP = _telling_words()
_TELLING_WORDS = frozenset(_TELLING)
_WIDE_PATTERN = re.compile("|".join(sorted(map(re.escape, _WIDE_GROUP), key=len, reverse=True)))


def groups_of(text: str, words: Sequence[str]) -> tuple[int, int]:
    """The groups with a phrase in the line, and those with one at its beginning: a bit for each.

    text   of the line; may be left empty where no script without blanks between words is in it
    words  of the line, in lower case
    """
    found = first = 0
    line = ""
    for word in _TELLING_WORDS.intersection(words):
        alone, longer = _TELLING[word]
        found |= alone
        if word == words[0]:
            first |= alone
        if longer:
            line = line or f" {' '.join(words)} "
            for phrase, group in longer:
                if phrase in line:
                    found |= group
                    if line.startswith(phrase):
                        first |= group
    if text:
        for match in _WIDE_PATTERN.findall(text):
            found |= _WIDE_GROUP[match]
    return found, first


#: Words that hold sentences together, of the languages of most copy.
FUNCTION_WORDS = _words(
    """
    the of and to in a is that for on with as was at by an be from are this it has have had he she
    they were but not or which their his her its who will would been after than there when der die das
    und den von zu mit des auf für im ein eine dem nicht ist auch es als er sich sind war wurde el la
    los las de en que y un una por con del se no para su al lo como más le les du et à dans est une
    pour qui sur par pas au plus ce il di che e per della non sono nel alla o os da do em um uma com
    não dos na het een van op met te voor dat zijn och att som på är av för med det till har inte og
    til i å ikke w z się nie że jest od przez v že je s po ale jako и в не на что с по как это для из
    yang dan untuk dengan dari ini itu dalam pada và của là có trong được cho không bir ve bu için ile
    í að á sem við
    """
)
#: Words that stand in no person's name.
NO_NAMES = _words(
    """
    the this that breaking exclusive analysis opinion report story stories house senate white united
    states city state county university school department ministry police court party government
    president minister league cup team club street road park award awards show week festival museum
    church bank group company inc ltd llc gmbh ag foundation institute center centre north south east
    west new york london berlin paris washington online magazine journal guide review reviews health
    science technology tech entertainment lifestyle travel food money finance economy education
    climate environment family fashion music film movies books games art arts kultur wirtschaft
    politik sport panorama gesellschaft wissen reise digital regional ausland inland economía sociedad
    deportes internacional nacional cultura tecnología élections société économie monde culture a an
    current issue edition copy link copied keep reading front page grand prix gp weitere themen topic
    topics section thema tags at of for to in on with from how why what when where who und oder mit für
    bei nach vor über unter ein eine about sobre contact contacts hong kong tel aviv san los buenos
    aires kuala lumpur dhabi janeiro addis ababa phnom penh admin administrator webmaster
    """
).union(
    " ".join(part.split())
    for group in (
        *("share", "more", "navigation", "membership", "legal", "advert", "comments", "click"),
        *("photo", "stamp"),
    )
    for part in GROUPS[group].split(",")
)
