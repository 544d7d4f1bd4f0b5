"""Quotes, signatures and notices in many languages are collapsed; the customer's own words never are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.language.zones import Mark, visible, visible_of, zones

SAID = "Thank you, the lamp works again.\n\nCould you send me the invoice?"

ANNOUNCED = [
    "On Mon, Jan 1, 2024 at 3:00 PM Lumen Lamps <help@lumen.example> wrote:",
    "On 1 Jan 2024, at 15:00, Lumen Lamps <help@lumen.example> wrote:",
    "On Mon, Jan 1, 2024 at 3:00 PM Lumen Lamps Customer Care <\nhelp@lumen.example> wrote:",
    "On 2024-01-01 15:00, Lumen Lamps wrote:",
    "On 01/01/24 15:00, Lumen Lamps wrote:",
    "Lumen Lamps <help@lumen.example> wrote:",
    "Am 01.01.2024 um 15:00 schrieb Lumen Lamps:",
    "Am Mo., 1. Jan. 2024 um 15:00 Uhr schrieb Lumen Lamps <help@lumen.example>:",
    "Lumen Lamps <help@lumen.example> schrieb am Mo., 1. Jan. 2024, 15:00:",
    "Am 1. Januar 2024 15:00:12 MEZ schrieb Lumen Lamps <help@lumen.example>:",
    "Le lun. 1 janv. 2024 à 15:00, Lumen Lamps <help@lumen.example> a écrit :",
    "Le 01/01/2024 à 15:00, Lumen Lamps a écrit :",
    "El lun, 1 ene 2024 a las 15:00, Lumen Lamps (<help@lumen.example>) escribió:",
    "El 1/1/24 a las 15:00, Lumen Lamps escribió:",
    "Il giorno lun 1 gen 2024 alle ore 15:00 Lumen Lamps <help@lumen.example> ha scritto:",
    "Il 01/01/2024 15:00, Lumen Lamps ha scritto:",
    "Em seg., 1 de jan. de 2024 às 15:00, Lumen Lamps <help@lumen.example> escreveu:",
    "Op ma 1 jan 2024 om 15:00 schreef Lumen Lamps <help@lumen.example>:",
    "Op 1 jan. 2024 om 15:00 heeft Lumen Lamps <help@lumen.example> het volgende geschreven:",
    "Den mån 1 jan. 2024 kl 15:00 skrev Lumen Lamps <help@lumen.example>:",
    "Den man. 1. jan. 2024 kl. 15.00 skrev Lumen Lamps <help@lumen.example>:",
    "man. 1. jan. 2024 kl. 15:00 skrev Lumen Lamps <help@lumen.example>:",
    "1. jan. 2024 kl. 15:00 skrev Lumen Lamps <help@lumen.example>:",
    "ma 1. tammik. 2024 klo 15.00 Lumen Lamps (help@lumen.example) kirjoitti:",
    "pon., 1 sty 2024 o 15:00 Lumen Lamps <help@lumen.example> napisał(a):",
    "W dniu 01.01.2024 o 15:00, Lumen Lamps pisze:",
    "po 1. 1. 2024 v 15:00 odesílatel Lumen Lamps <help@lumen.example> napsal:",
    "Dne 01. 01. 24 v 15:00 Lumen Lamps napsal(a):",
    "пн, 1 янв. 2024 г. в 15:00, Lumen Lamps <help@lumen.example>:",
    "01.01.2024 15:00, Lumen Lamps пишет:",
    "пн, 1 січ. 2024 р. о 15:00 Lumen Lamps <help@lumen.example> пише:",
    "Lumen Lamps <help@lumen.example> ezt írta (időpont: 2024. jan. 1., H, 15:00):",
    "Pe lun., 1 ian. 2024 la 15:00, Lumen Lamps <help@lumen.example> a scris:",
    "1 Oca 2024 Pzt 15:00 tarihinde Lumen Lamps <help@lumen.example> şunu yazdı:",
    "Στις Δευ 1 Ιαν 2024 στις 3:00 μ.μ., ο χρήστης Lumen Lamps <help@lumen.example> έγραψε:",
    "2024年1月1日(月) 15:00 Lumen Lamps <help@lumen.example>:",
    "2024/01/01 15:00、Lumen Lamps <help@lumen.example>のメール:",
    "Lumen Lamps <help@lumen.example> 于2024年1月1日周一 15:00写道：",
    '在 2024-01-01 15:00:00，"Lumen Lamps" <help@lumen.example> 写道：',
    "Lumen Lamps <help@lumen.example> 於 2024年1月1日 週一 下午3:00寫道：",
    "2024년 1월 1일 (월) 오후 3:00, Lumen Lamps <help@lumen.example>님이 작성:",
    "בתאריך יום ב׳, 1 בינו׳ 2024 ב-15:00 \u202aLumen Lamps\u202c\u200f <\u202ahelp@lumen.example\u202c\u200f>:\u202c",
    "Vào Th 2, 1 thg 1, 2024 vào lúc 15:00 Lumen Lamps <help@lumen.example> đã viết:",
    "Pada tanggal Sen, 1 Jan 2024 pukul 15.00 Lumen Lamps <help@lumen.example> menulis:",
    "Zitat von Lumen Lamps <help@lumen.example>:",
    "Quoting Lumen Lamps <help@lumen.example>:",
    "---- On Mon, 01 Jan 2024 15:00:00 +0100 Lumen Lamps <help@lumen.example> wrote ----",
    "---- Am Mo., 01 Jan. 2024 15:00:00 +0100 Lumen Lamps<help@lumen.example> schrieb ---",
    "1. Jan. 2024, 15:00 von help@lumen.example:",
]

HEADER_BLOCKS = [
    "From: Lumen Lamps <help@lumen.example>\nSent: Monday, January 1, 2024 3:00 PM\nTo: Ana\nSubject: Your lamp",
    "*From:* Lumen Lamps <help@lumen.example>\n*Sent:* Monday\n*To:* Ana <a@b.example>\n*Subject:* Your lamp",
    "Von: Lumen Lamps <help@lumen.example>\nGesendet: Montag, 1. Januar 2024 15:00\nAn: Ana\nBetreff: Ihre Lampe",
    "De : Lumen Lamps <help@lumen.example>\nEnvoyé : lundi 1 janvier 2024 15:00\nÀ : Ana\nObjet : Votre lampe",
    "De: Lumen Lamps <help@lumen.example>\nEnviado el: lunes, 1 de enero de 2024\nPara: Ana\nAsunto: Su lámpara",
    "Da: Lumen Lamps <help@lumen.example>\nInviato: lunedì 1 gennaio 2024 15:00\nA: Ana\nOggetto: La lampada",
    "De: Lumen Lamps <help@lumen.example>\nEnviada em: 1 de janeiro de 2024\nPara: Ana\nAssunto: A lâmpada",
    "Van: Lumen Lamps <help@lumen.example>\nVerzonden: maandag 1 januari 2024 15:00\nAan: Ana\nOnderwerp: Uw lamp",
    "Från: Lumen Lamps <help@lumen.example>\nSkickat: den 1 januari 2024 15:00\nTill: Ana\nÄmne: Din lampa",
    "Fra: Lumen Lamps <help@lumen.example>\nSendt: 1. januar 2024 15:00\nTil: Ana\nEmne: Din lampe",
    "Od: Lumen Lamps <help@lumen.example>\nWysłano: poniedziałek, 1 stycznia 2024\nDo: Ana\nTemat: Lampa",
    "Od: Lumen Lamps <help@lumen.example>\nOdesláno: pondělí 1. ledna 2024\nKomu: Ana\nPředmět: Lampa",
    "От: Lumen Lamps <help@lumen.example>\nОтправлено: 1 января 2024 г. 15:00\nКому: Ana\nТема: Лампа",
    "Lähettäjä: Lumen Lamps <help@lumen.example>\nLähetetty: 1. tammikuuta 2024\nVastaanottaja: Ana\nAihe: Lamppu",
    "差出人: Lumen Lamps <help@lumen.example>\n送信日時: 2024年1月1日 15:00\n宛先: Ana\n件名: ランプ",
    "发件人: Lumen Lamps <help@lumen.example>\n发送时间: 2024年1月1日 15:00\n收件人: Ana\n主题: 灯",
    "发件人： Lumen Lamps <help@lumen.example>\n日期： 2024年1月1日 15:00\n收件人： Ana\n主题： 灯",
    "보낸 사람: Lumen Lamps <help@lumen.example>\n보낸 날짜: 2024년 1월 1일\n받는 사람: Ana\n제목: 램프",
    "Gönderen: Lumen Lamps <help@lumen.example>\nGönderildi: 1 Ocak 2024\nKime: Ana\nKonu: Lamba",
    "________________________________\nFrom: Lumen Lamps <help@lumen.example>\nSent: Monday\nTo: Ana\nSubject: Lamp",
]

SEPARATORS = [
    "-----Original Message-----",
    "----- Original Message -----",
    "-------- Ursprüngliche Nachricht --------",
    "-------- Message d'origine --------",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-----Opprinnelig melding-----",
    "-----Oryginalna wiadomość-----",
    "-------- Původní zpráva --------",
    "-------- Исходное сообщение --------",
    "------------------ 原始邮件 ------------------",
    "-----元のメッセージ-----",
    "---------- Forwarded message ---------",
    "-------- Weitergeleitete Nachricht --------",
    "---------- Message transféré ---------",
    "##- Please type your reply above this line -##",
    "##- Bitte geben Sie Ihre Antwort über dieser Zeile ein -##",
    "=== Répondez au-dessus de cette ligne ===",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
]

DEVICES = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "Sent from Yahoo Mail for iPhone",
    "Sent from Mail for Windows 10",
    "Sent from my phone, please excuse typos.",
    "Von meinem iPhone gesendet",
    "Gesendet von meinem iPad",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon appareil Samsung",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verzonden vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "Lähetetty iPhonesta",
    "iPhoneから送信",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄",
    "iPhone'umdan gönderildi",
]

OWN_WORDS = [
    "On the surface this looks fine, but on 3 May 2024 it broke:\nthe switch came off.",
    "On 3 May 2024 at 10:00 I wrote:\nplease send the invoice. Nobody answered.",
    "Am 3. Mai 2024 um 10:00 Uhr schrieb ich Ihnen:\nbitte um Rückruf. Niemand hat sich gemeldet.",
    "My order:\nFrom: Berlin\nTo: Vienna\nDate: 3 May 2024\nIs that possible?",
    "Sent from my desk, because the phone is broken. What now?",
    "I sent it from my office yesterday.\nDid it arrive?",
    "Please keep this confidential: the lamp is a present for my wife.",
    "We did the following:\n\n1. unplugged it\n2. plugged it in\n\n---\n\nand it still flickers.",
    'He said:\n"it is broken"\nand left.',
    "Questions:\n______________\nWhat does it cost?\n\n" + "It should be bright.\n" * 12,
    "Sent you the photos from Android yesterday, did you get them? They show the crack near the switch.",
    "From what I see, the subject is clear.\nTo me, it is broken.",
    "> The lamp is dim",
    "Name: Ana\nFrom: Berlin\nDate: 3 May\nSubject: broken lamp\n\nThe lamp is broken.",
    "My data:\n\nVon: mir\nAn: euch\nBetreff: Lampe\n\nDie Lampe ist kaputt.",
    "I bought it on 3 May 2026. Your shop wrote:\n\nit is fine. It is not fine.",
    "On 3 May 2026 your colleague wrote:\nit will be sent.\nIt was not.",
    "The first lamp hums.\n--\nThe second one does not light at all, can you send a new one?",
    "The first lamp hums.\n______\nPlease look at the second one as well.",
    "I would write over this line, but the keyboard is above me.",
    "My Avast antivirus says that your shop has a virus. Is this true?",
    "Achtung: diese E-Mail kommt von einer Kundin, die sehr verärgert ist.\n\nBitte lesen.",
]


@pytest.mark.parametrize("announcement", ANNOUNCED)
@pytest.mark.parametrize("quoted", ["> Dear Ana,\n> your lamp is ready.", "Dear Ana,\n\nyour lamp is ready."])
def test_announced_quotes_are_collapsed(announcement: str, quoted: str) -> None:
    assert visible(f"{SAID}\n\n{announcement}\n\n{quoted}\n") == SAID


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_header_blocks_begin_a_quote(block: str) -> None:
    assert visible(f"{SAID}\n\n\n{block}\n\nDear Ana,\n\nyour lamp is ready.\n") == SAID


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separators_begin_a_quote(separator: str) -> None:
    assert visible(f"{SAID}\n\n{separator}\n\nDear Ana,\n\nyour lamp is ready.\n") == SAID


@pytest.mark.parametrize("line", DEVICES)
def test_device_lines_are_signatures(line: str) -> None:
    assert visible(f"{SAID}\n\n{line}\n") == SAID


@pytest.mark.parametrize("text", OWN_WORDS)
def test_own_words_stay(text: str) -> None:
    assert visible(text) == text.strip()


def test_answers_between_quotes_keep_their_questions() -> None:
    asked = "On 1 Jan 2024 at 15:00 Bo <b@c.example> wrote:\n> Which lamp?"
    text = f"Hello,\n\n{asked}\n\nThe red one.\n\n> Since when?\n\nMay.\n"
    assert visible(text) == "Hello,\n\n> Which lamp?\n\nThe red one.\n\n> Since when?\n\nMay."


def test_a_signature_below_the_mark_is_collapsed_and_a_rule_is_not() -> None:
    assert visible("Hello\n\n-- \nAna Pérez\nLumen Lamps\n") == "Hello"
    assert visible("Hello\n--\nAna") == "Hello"
    long = "Hello\n\n--\n" + "and more to say about it\n" * 30
    assert visible(long) == long.strip()


def test_a_postscript_below_a_signature_stays() -> None:
    assert visible("It hums.\n\nSent from my iPhone\n\nPS: please call me.\n") == "It hums.\n\nPS: please call me."
    assert visible("It hums.\n\n-- \nAna\nLumen\n\nP.S. It is the red one.") == "It hums.\n\nP.S. It is the red one."


def test_a_motto_below_the_mark_is_no_sentence_to_anybody() -> None:
    assert visible("It hums.\n\n--\nAna\nLight is what makes the evening long.") == "It hums."


def test_seals_around_signed_words_are_collapsed() -> None:
    seal = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n=abcd\n-----END PGP SIGNATURE-----\n"
    assert visible(f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{SAID}\n{seal}") == SAID


def test_announcements_that_the_source_names_go_with_their_quote() -> None:
    text = f"{SAID}\n\n1. jaan 2024 Lumen on kirja pannud\n> Dear Ana\n\nAnd the bulb?\n"
    mark = Mark("attribution", text.index("1. jaan"), text.index("\n> "))
    assert visible_of(text, zones(text, (mark,))) == f"{SAID}\n\n> Dear Ana\n\nAnd the bulb?"
    assert visible_of(text[: text.index("\nAnd")], zones(text[: text.index("\nAnd")], (mark,))) == SAID


@pytest.mark.parametrize(
    "footer",
    [
        "---\nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.com",
        "-- \nDiese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.",
        "Este correo electrónico ha sido comprobado en busca de virus con Avast antivirus.",
    ],
)
def test_what_a_scanner_adds_is_collapsed(footer: str) -> None:
    assert visible(f"{SAID}\n\n{footer}\n") == SAID


@pytest.mark.parametrize(
    "tip",
    [
        "You don't often get email from a@b.example. Learn why this is important<https://aka.ms/x>",
        "Sie erhalten nicht oft E-Mails von a@b.example. Erfahren Sie, warum dies wichtig ist",
        "[You don't often get email from a@b.example. Learn why this is important at https://aka.ms/x ]",
    ],
)
def test_tips_of_outlook_above_the_words_are_collapsed(tip: str) -> None:
    assert visible(f"{tip}\n\n{SAID}") == SAID


def test_a_forwarded_mail_without_a_word_stays_visible() -> None:
    text = "---------- Forwarded message ---------\nFrom: Bo <b@c.example>\nDate: today\nSubject: x\n\nDear Ana"
    assert visible(text) == text


def test_legal_notices_and_gateway_banners_are_collapsed() -> None:
    notice = (
        "This e-mail and any attachments are confidential and intended solely for the addressee. If you are not the"
        " intended recipient, please notify the sender and delete this message."
    )
    german = (
        "Diese E-Mail enthält vertrauliche Informationen und ist nur für den Adressaten bestimmt. Wenn Sie nicht der"
        " richtige Adressat sind, informieren Sie bitte den Absender und vernichten Sie diese Mail."
    )
    banner = "CAUTION: This email originated from outside of the organization. Do not click links."
    assert visible(f"{SAID}\n\n{notice}\n") == SAID
    assert visible(f"{SAID}\n\n{german}\n") == SAID
    assert visible(f"{banner}\n\n{SAID}\n") == SAID


def test_marks_of_the_source_are_believed_only_below_the_writers_words() -> None:
    text = "Hello\n\nAna Pérez\nDirector\n"
    assert visible_of(text, zones(text, (Mark("signature", 7, len(text)),))) == "Hello"
    assert visible_of(text, zones(text, (Mark("signature", 0, len(text)),))) == text.strip()


LINES = st.sampled_from(
    [
        "",
        "> quoted",
        ">> deeper",
        "hello",
        "-- ",
        "--",
        "__",
        SAID,
        *ANNOUNCED[:6],
        *SEPARATORS[:3],
        *DEVICES[:3],
        "From: a@b.c",
        "Sent: x",
        "Subject: y",
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=25).map("\n".join))
def test_zones_cover_the_text_without_gaps_and_never_hide_everything(text: str) -> None:
    found = zones(text)
    assert "".join(text[zone.start : zone.end] for zone in found) == text
    assert all(a.end == b.start for a, b in pairwise(found))
    assert not text.strip("\n\r\t \u200b\ufeff") or not text.strip() or visible(text) or not text.isprintable()
