"""Lines that announce a quoted message: "On … wrote:", header blocks, "Original Message", in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_LINES = 6

_WROTE = (
    r"wrote|writes|has written|schrieb|schrieben|geschrieben|schreibt|écrit|ecrit|escribi[óo]|escrito|scritto|scrive"
    r"|escreveu|schreef|geschreven|skrev|skreiv|napisał\(?a?\)?|napisal\(?a?\)?|pisze|napsal\(?a?\)?|napísal\(?a?\)?"
    r"|написал\(?а?\)?|пишет|писал\(?а?\)?|написав|написала|пише|написа|kirjoitti|kirjutas|írta|a scris|yazdı"
    r"|yazmış|έγραψε"
    r"|je napisao|je napisala|je napisal|napisao|napisala|escrigué|va escriure|escribiu|rakstīja|rašė|parašė|skrifaði"
    r"|đã viết|menulis|เขียน|كتب|כתב|כתבה|لکھا|نوشت|लिखा|写道|寫道|书写|書きました|さんは書きました"
    r"|のメール|작성|썼습니다"
)
_WROTE_LINE = re.compile(rf"(?:^|[\s>\"'”“)\]]|(?<=[0-9，,])|(?<=[\u3040-\u9fff]))(?:{_WROTE})(?=\W|$)", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:On|Am|Um|Den|D\.|Le|El|Il|In data|Em|No dia|A|Op|W dniu|Dnia|Dne|Dňa|På|Pe|Pada|Vào|Ngày|Στις|На|В|У|Le jour"
    r"|tiistai|Päivämäärä|ma|ti|ke|to|pe|la|su|在|於|于|Tarihinde|La data|În|Data|Dana|El día|Vom|Il giorno|Il jour)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\s?\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_DAY = re.compile(r"\b\d{1,2}(?:\b|st\b|nd\b|rd\b|th\b)")
_MAIL = re.compile(r"[\w.+%=-]+@[\w-]+(?:\.[\w-]+)*")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ENDS = re.compile(r"[:：]\s*$")
_SELF = re.compile(
    rf"\b(?:I|we|ich|wir|je|j'ai|nous|yo|io|ik|wij|jag|jeg|vi|eu|ja|я|мы)\s+(?:had |have |hab[e]? |ai )?(?:{_WROTE})\b"
    rf"|\b(?:schrieb|schreef|skrev)\s+(?:ich|wir|ik|wij|jag|jeg|vi)\b",
    re.IGNORECASE,
)
_MAIL_COLON = re.compile(r"<\s*(?:mailto:)?[^<>\s]+@[^<>\s]+>+\s*[:：]\s*$")
_ISO_LEAD = re.compile(r"\d{4}-\d{2}-\d{2}\s+\d{1,2}:\d{2}\s+(?:(?:GMT|UTC)\s*)?[+-]\d{1,2}:?\d{2}\s+\S.{0,200}$")
_DATE_START = re.compile(r"[^\d.!?<>:]{0,28}\d|[^\d!?<>:]{2,12}[,.]\s*\d")
_SENTENCE = re.compile(r"[^\W\d_]{5,}[.!?] [A-ZÄÖÜÉÈ]|\d{4}\. [A-ZÄÖÜÉÈ]")  # it ended before "wrote"
_RULED = re.compile(r"\s*-{3,}\s*(?P<words>\S.*\S)\s*-{3,}\s*$")
# What web mailers write instead of "… wrote:"; the address keeps citations of poets out.
_CITED = re.compile(
    r"(?:Quoting|Zitat von|Zitiere|Citando(?: a)?|Citation de|Mensaje citado por|Citazione di|Citerar|Citat fra|Citeren"
    r"|Cytowanie|Citace|Cytat od|Quotando|Quote da|Цитирую)\s+[^\n]{0,120}@[^\n]{0,80}[:：]$",
    re.IGNORECASE,
)
_DATE_AND_MAIL = re.compile(
    r"(?:\d{1,2}[./ ]|[^\W\d]{2,10}[.,]{0,2}\s+\d)[^<>@:\n]{2,40}\d{1,2}[:.]\d{2}[^<>@:\n]{0,20}"
    r"\s(?:von|by|from|de|da|od|от|van|fra|från)\s+\S{1,80}@\S{1,80}:$",
    re.IGNORECASE,
)


def attribution_before(lines: Sequence[str], end: int, *, sure: bool = True) -> int | None:
    """The first line of an attribution whose last line is `end`, or None.

    Lines are bare of their quote marks; where it is not `sure` from what stands around that something is announced, a
    time or an address must say so. The shortest reading that begins with a date or a word that leads one wins,
    so that the customer's own last line is never taken along.
    """
    last = _BIDI.sub("", lines[end]).strip()
    if not last or len(last) > 300:
        return None
    if _ISO_LEAD.match(last) or (last[-1] in ":：" and (_CITED.match(last) or _DATE_AND_MAIL.match(last))):
        return end
    if last.endswith("---") and (ruled := _RULED.match(last)):
        last = f"{ruled['words']}:"
        return end if _reads_as_attribution(last, sure) == "sure" else None
    if not (last[-1] in ":：" or _WROTE_LINE.search(last)):
        return None
    loose: int | None = None
    joined = ""
    for start in range(end, max(-1, end - MAX_LINES), -1):
        line = _BIDI.sub("", lines[start]).strip()
        if not line:
            if start == end or not joined.startswith("<"):
                break
            continue
        joined = f"{line} {joined}" if joined else line
        if len(joined) > 500:
            break
        verdict = _reads_as_attribution(joined, sure)
        if verdict == "sure":
            return start
        if verdict == "loose" and loose is None:
            loose = start
    return loose


def _reads_as_attribution(joined: str, sure: bool) -> str | None:
    """`sure` when the line starts like one (a date, a leading word), `loose` when only its end tells."""
    dated = bool(_TIME.search(joined) or _YEAR.search(joined) or _SHORT_DATE.search(joined))
    mail = bool(_MAIL.search(joined))
    wrote = _WROTE_LINE.search(joined)
    ends = bool(_ENDS.search(joined))
    if not (sure or mail or _TIME.search(joined)):
        return None
    if wrote and not _SELF.search(joined) and not _SENTENCE.search(joined[: wrote.start()]):
        closes = ends or not joined[wrote.end() :].strip(" :：.")
        if not closes or not (ends or mail):
            return None
        if (dated or (mail and _DAY.search(joined))) and (_LEAD.match(joined) or _DATE_START.match(joined)):
            return "sure"
        if mail and len(joined) < 300 and (dated or re.search(r"<[^<>]*@[^<>]*>", joined)):
            return "loose"
        return None
    if ends and _MAIL_COLON.search(joined) and dated and (_DATE_START.match(joined) or _LEAD.match(joined)):
        return "sure"
    return None


# Labels of a quoted header block, by what they name.
_LABELS = {
    "from": "from|von|de|da|van|från|fra|od|от|від|lähettäjä|feladó"
    "|de la|expéditeur|remitente|mittente|remetente|afzender"
    "|avsändare|afsender|avsender|nadawca|odesílatel|gönderen|kimden|από|saatja|差出人"
    "|送信者|发件人|發件人|寄件者|寄件人|보낸 사람"
    "|보낸사람|发信人|من|מאת|pengirim|dari|từ|od koho|šalje|pošiljatelj",
    "date": "sent|date|gesendet|datum|date d'envoi|envoyé|envoyé le"
    "|enviado|enviado el|fecha|inviato|data|enviada em|enviado em"
    "|verzonden|datum|skickat|sendt|dato|wysłano|odesláno|отправлено|дата|надіслано|lähetetty|päivämäärä|päiväys"
    "|küldve|elküldve"
    "|trimis|gönderildi|gönderilme tarihi|tarih|στάλθηκε|ημερομηνία|送信日時|日付|日時|发送时间"
    "|發送時間|寄件日期|日期|时间|보낸 날짜"
    "|날짜|sendt den|skickat den|date de|תאריך|נשלח|التاريخ|saadetud|poslano|poslané|odoslané|ngày",
    "to": "to|an|à|a|para|aan|till|til|do|komu|кому|vastaanottaja"
    "|címzett|către|kime|alıcı|προς|宛先|收件人|收件者|받는 사람|받는사람"
    "|destinataire|destinatario|para:|إلى|אל|kepada|đến|za|saaja",
    "cc": "cc|cci|kopie|kopia|kopi|copie à|copia|копия|копія|抄送|副本|참조|másolat|cópia|ccn|dw",
    "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto"
    "|onderwerp|ämne|emne|temat|předmět|predmet|тема|aihe|tárgy"
    "|subiect|konu|θέμα|件名|主题|主題|主旨|제목|الموضوع|נושא|teema|zadeva|perihal|tiêu đề|re",
    "reply": "reply-to|antwort an|répondre à|risposta|rispondi a|responder a|antwoord aan|svar til|ответить|返信先",
}
_KIND_OF = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
_LABEL = re.compile(r"[\s>*_|]*(?P<label>[^\s\d:：*<>@][^:：*\d<>@]{0,22}?)[\s*_]*[:：](?P<rest>.*)$")


def header_block(lines: Sequence[str], start: int) -> int | None:
    """The line after a quoted header block (From, Sent, To, Subject) that begins at `start`, or None."""
    first = _label(lines[start])
    if first is None:
        return None
    seen: dict[str, str] = {first[0]: first[1]}
    last, blanks, strays = start, 0, 0
    for at in range(start + 1, min(len(lines), start + 16)):
        line = lines[at].strip()
        if not line:
            blanks += 1
            if blanks > 1:
                break
            continue
        found = _label(line)
        if found:
            seen.setdefault(*found)
            seen[found[0]] = seen[found[0]] or found[1]
            last, strays = at, 0
            blanks = 0
        elif blanks or strays >= 3:
            break
        else:
            strays += 1  # a wrapped list of recipients
            if "@" in line:
                seen["from"] = seen.get("from", "") + (line if set(seen) == {"from"} else "")
    if "from" not in seen or len(seen) < 3:
        return None
    mail_from = "@" in seen["from"] or "mailto:" in seen["from"]
    if mail_from and ("date" in seen or ("subject" in seen and "to" in seen)):
        return last + 1
    # Without an address it may be the customer's own list; only a program writes the time of day or addresses.
    written = bool(_TIME.search(seen.get("date", ""))) or "@" in seen.get("to", "")
    return last + 1 if written and "subject" in seen else None


def _label(line: str) -> tuple[str, str] | None:
    match = _LABEL.match(line)
    if not match:
        return None
    kind = _KIND_OF.get(match["label"].strip().lower())
    return (kind, match["rest"].strip(" *")) if kind else None


_ORIGINAL = (
    r"original message|original appointment|original email|ursprüngliche (?:nachricht|mail|e-mail)|originalnachricht"
    r"|original-nachricht|message d'origine|message original|message initial|courriel original|mensaje original"
    r"|messaggio originale"
    r"|mensagem original|oorspronkelijk bericht|oorspronkelijke bericht|ursprungligt meddelande|originalmeddelande"
    r"|oprindelig meddelelse|oprindelig besked|original meddelelse|opprinnelig melding|original melding"
    r"|oryginalna wiadomość"
    r"|wiadomość oryginalna|původní zpráva|původní e-mail|pôvodná správa|исходное сообщение"
    r"|оригинальное сообщение|початкове повідомлення"
    r"|alkuperäinen viesti|eredeti üzenet|mesaj original|mesajul original|orijinal (?:mesaj|ileti)|özgün ileti"
    r"|αρχικό μήνυμα"
    r"|元のメッセージ|original ?message|原始邮件|原始郵件|原邮件|원본 메시지|원본메시지|tin nhắn gốc"
    r"|izvorna poruka|originalna poruka"
)
_FORWARDED = (
    r"forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|weitergeleitet von|message transféré|message transmis|début du message (?:transféré|réexpédié)|mensaje reenviado"
    r"|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem encaminhada"
    r"|início da mensagem"
    r"|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev|mail)"
    r"|videresendt (?:besked|meddelelse|melding)"
    r"|start på videresendt besked|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|preposlaná správa"
    r"|пересланное сообщение|пересылаемое сообщение|начало переадресованного сообщения|välitetty viesti"
    r"|edelleenlähetetty viesti"
    r"|továbbított (?:üzenet|levél)|mesaj redirecționat|iletilen (?:mesaj|ileti)|προωθημένο μήνυμα|転送されたメッセージ"
    r"|转发的邮件|轉寄的郵件"
    r"|转发邮件|전달된 메시지|전달된 메일"
)
_SEPARATOR = re.compile(
    rf"[\s>]*(?:[-_=*—–]{{2,}}\s*(?:{_ORIGINAL}|{_FORWARDED})[^\n]{{0,60}}?\s*[-_=*—–]{{2,}}"
    rf"|[-_=*—–]{{3,}}\s*(?:{_ORIGINAL}|{_FORWARDED})\s*:?"
    rf"|(?:begin|anfang|début|inicio|inizio|início|start|начало)[^\n]{{0,60}}:\s*)\s*$",
    re.IGNORECASE,
)
_RULES = frozenset("-#=*_~")
_REPLY_ABOVE = re.compile(
    r"\W{2,}[^\n]{0,40}(?:reply|respond|response|antwort\w*|schreiben|répon\w+|respond\w+|respuesta|risp\w+|antwoord)"
    r"[^\n]{0,40}(?:above|über|oberhalb|au-dessus|ci-dessus|encima|arriba|sopra|acima|boven)[^\n]{0,60}\W{2,}$",
    re.IGNORECASE,
)
_FORWARD_WORDS = re.compile(_FORWARDED, re.IGNORECASE)


def is_separator(line: str) -> bool:
    """Whether `line` says "the original (or forwarded) message follows", or "reply above this line"."""
    ends = line.strip()
    if ends[:1] in _RULES and ends[-1:] in _RULES and _REPLY_ABOVE.match(ends):
        return True
    if not _SEPARATOR.match(line):
        return False
    return line.lstrip(" >")[:1] in "-_=*—–" or bool(_FORWARD_WORDS.search(line))
