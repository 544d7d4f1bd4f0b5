"""How a mail ends: signature marks, "Sent from my phone" in many languages, legal notices."""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*(?:--|__+)[ \t]*$")
_STRICT_MARK = re.compile(r"-- $")

_DEVICE = (
    r"i-?phon\w*|i-?pad\w*|i-?pod|i-?os|ipados|android\w*|blackberry|windows|galaxy|samsung|huawei|xiaomi|nokia|htc|lg"
    r"|sony|xperia|moto\w*"
    r"|oneplus|pixel|wiko|alcatel|oppo|honor|fairphone|lumia|surface|palm|treo|mobil\w*|móvil|movil|celular"
    r"|cellulare|smartphone"
    r"|smart-?phone|handy|phone|cell|tablet\w*|telefon\w*|teléfono|téléphone|telefone|puhelin\w*|мобильного"
    r"|телефона|смартфона"
    r"|mac|macbook|pc|laptop|computer|ordinateur|device|dispositivo|gerät|apparaat|appareil|outlook|mail(?:box)?"
    r"|e-?mail|thunderbird"
    r"|k-9|airmail|yahoo\w*|gmail|gmx|web\.de|aol|proton\w*|spark|mailspring|hey|fastmail|bluemail|nine|aquamail"
    r"|handheld|watch|ti-\d+"
    r"|verizon|t-mobile|at&t|vodafone|orange|o2|телефону|почты|почта|smarttelefon\w*|手机|手機"
)
_SENT_FROM = (
    r"sent (?:from|via|with|by|using)|from my|send from|enviado (?:desde|do|a partir|através|via|con)"
    r"|envoyé (?:de|depuis|à partir|avec|par|via)"
    r"|envoyée? (?:de|depuis)|gesendet (?:von|mit|über|via|aus)|von mein\w+|diese nachricht wurde|inviato (?:da"
    r"|con|dal)|mandato da"
    r"|verzonden (?:vanaf|met|van|via)|verstuurd (?:vanaf|met|van|via)|skickat (?:från|med)|skickades från"
    r"|sendt (?:fra|med|via)"
    r"|wysłane? (?:z|ze|przy|za)|odesláno (?:z|ze)|odoslané (?:z|zo)|отправлено (?:с|из|со)|послано с|надіслано з"
    r"|lähetetty|elküldve|küldve|trimis (?:de pe|din)|gönderildi|στάλθηκε από|poslano (?:s|iz|z)|saadetud minu"
    r"|nosūtīts no"
    r"|someone from|get outlook|outlook für|téléchargez|obtenir outlook|obtener outlook|scarica outlook"
    r"|dikirim dari|được gửi từ"
)
_MOBILE = re.compile(rf"[\s<(\[*_>|-]*(?:{_SENT_FROM})\b(?P<rest>[^\n]*)$", re.IGNORECASE)
_DEVICES = re.compile(rf"(?<![\w])(?:{_DEVICE})(?![\w])", re.IGNORECASE)
_MOBILE_LAST = re.compile(
    r"\s*\S.{1,40}\s(?:gönderildi|küldve|elküldve|gesendet|verzonden|verstuurd|sendt)\.?\s*$", re.IGNORECASE
)
_MOBILE_ASIAN = re.compile(
    r"\s*(?:(?:從|从|由|發自|发自|發送自|发送自|寄自|通過|通过)\s*(?:我的)?.{1,24}(?:傳送|发送|發送|发出|發出|寄出)?"
    r"|.{1,24}(?:から送信|より送信)(?:しました|されました)?|(?:나의|내)\s.{1,24}에서 보냄|.{1,24}에서 (?:보냄"
    r"|보냈습니다|전송))\s*$"
)
_ASIAN_WORDS = re.compile(
    r"iphone|ipad|android\w*|galaxy|huawei|samsung|outlook|mail|手机|手機|邮箱|郵|スマ|携帯|アイフォン"
    r"|qq|网易|アプリ|스마트폰|갤럭시|메일",
    re.I,
)
_EXCUSE = re.compile(
    r"excuse|pardon|forgive|typo|brevity|brief|sorry|tippfehler|entschuldig|kürze|fautes|erreurs|errores|errori|fel",
    re.I,
)
_LINK = re.compile(r"\s*(?:<?https?://[^\s>)]+>?|\[(?P<label>[^\]]*)\]\([^)]*\))|https?://\S+")
_LONE_LINK_APPS = re.compile(
    r"(?:get|holen sie sich|télécharger|obtenez|obtener|descarga|scarica|hent|hämta|ladda ner)\b.{0,12}outlook\b", re.I
)


def is_mark(line: str) -> bool:
    """Whether `line` is a signature mark: `--`, `-- ` or a line of underscores."""
    return bool(_MARK.match(line))


def is_strict_mark(line: str) -> bool:
    """Whether `line` is the standard mark, dash dash space."""
    return bool(_STRICT_MARK.match(line))


def is_mobile_line(line: str) -> bool:
    """Whether the whole line says which device or program sent the mail."""
    if len(line) > 260 or not line.strip():
        return False
    plain = _LINK.sub(lambda link: " " + (link["label"] or ""), line).strip()
    if len(plain) > 120:
        return False
    if _MOBILE_ASIAN.match(plain) and _ASIAN_WORDS.search(plain):
        return True
    if _LONE_LINK_APPS.match(plain):
        return True
    if _MOBILE_LAST.match(plain) and _DEVICES.search(plain) and len(plain.split()) <= 7:
        return True
    match = _MOBILE.match(plain)
    if not match:
        return False
    clause, _, rest = re.sub(r"(?<=\w)\.(?=\w)", "·", match["rest"]).partition(",")
    if not rest:
        clause, _, rest = clause.partition(".")
    if rest.strip(" .!)>") and not _EXCUSE.search(rest):
        return False
    return bool(_DEVICES.search(match.group()[: len(match.group()) - len(rest)]) and len(clause.split()) <= 12)


# A legal notice needs two of these in one paragraph, so that a customer who says "confidential" stays visible.
_LEGAL = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"confidential|privileged|vertraulich|confidentiel|confidencial|riservat|confidenzial|vertrouwelijk"
        r"|konfidentiell|fortrolig|poufn|důvěrn|luottamuks"
        r"|конфиденциальн",
        r"intended (?:recipient|only|solely|for)|addressee|named above|bestimmt|adressat|empfänger|destinataire"
        r"|destinat[aá]ri|geadresseerde|bestemd voor"
        r"|avsedd|mottagare|modtager|odbiorc|adresát|адресат|предназначен",
        r"not the intended|received (?:it|this|the).{0,40}(?:in|by) (?:error|mistake)|irrtümlich"
        r"|nicht der (?:richtige|beabsichtigte)|par erreur|por error|por engano"
        r"|per errore|ten onrechte|abusievelijk|av misstag|ved en fejl|omyłk|omyl|по ошибке",
        r"(?:notify|inform|contact).{0,30}(?:sender|us immediately)|informieren sie|absender|avertir|prévenir"
        r"|notif[ií]que|avvisar|mittente|verzender|afzender"
        r"|meddela|отправител",
        r"unauthori[sz]ed|prohibited|unerlaubt|nicht gestattet|unbefugt|interdit|prohibid|proibid|vietat"
        r"|verboden|förbjuden|zabronion|запрещ",
        r"(?:disclos|copy|copying|distribut|disseminat)\w*.{0,60}(?:prohibit|strict)|weitergabe|divulgation"
        r"|divulgaci|divulgazione|openbaar",
        r"(?:delete|destroy).{0,40}(?:copies|message|e-?mail|material)|vernichten|löschen sie|détruire|supprim"
        r"|elim[ií]ne|cancell|verwijder",
        r"scanned (?:for|by)|virus(?:es)?\b|malware|auf viren|antivirus",
    )
]
_BANNER = re.compile(
    r"\W*(?:caution|warning|achtung|external(?: e-?mail| message| sender)?|attention|vorsicht|precaución"
    r"|attenzione|let op)\b.{0,20}"
    r"(?:this (?:e-?mail|message) (?:originated|was sent|came|comes) from (?:out|an ext)|externe"
    r"|diese e-?mail (?:stammt|kommt)[^.\n]{0,40}(?:extern|außerhalb)|do not click|ce (?:courriel|message) provient)",
    re.IGNORECASE | re.DOTALL,
)
# Outlook's tip above the first mails of a sender.
_SELDOM = re.compile(
    r"\W*(?:(?:some people who received this message |you )?don['’]t often get e-?mail from"
    r"|sie erhalten nicht (?:oft|häufig)|einige personen, die diese nachricht"
    r"|vous (?:n['’]obtenez|ne recevez) pas souvent|no suele recibir correos?"
    r"|non si ricevono spesso|(?:u|je) ontvangt niet vaak|normalmente não recebe)",
    re.IGNORECASE,
)
# What a scanner writes below: which mail, that it is clean, and who says so.
_SCANNED = re.compile(
    r"\W*(?:virus-?free|virenfrei|(?:this|diese|ce|cet|cette|este|esta|questa|deze|dit|это|данное|ta)\s+"
    r"(?:e-?mail|message|mail|nachricht|courriel|courrier|correo|mensaje|bericht|сообщение|письмо|wiadomość)\b)"
    r"(?=.*(?:viru|vírus|viren|вирус|wirus|malware))"
    r"(?=.*\b(?:avast|avg|antivirus|norton|kaspersky|sophos|mcafee|bitdefender|eset|f-secure|mailscanner)\b)",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = re.compile(
    r"\W*(?:disclaimer|confidentiality notice|legal notice|haftungsausschluss|rechtlicher hinweis"
    r"|avis de confidentialité|aviso legal|avviso di riservatezza)\W*$",
    re.I,
)
_PRINT = re.compile(
    r"\W*(?:please (?:consider|think of|think about) the environment|bitte (?:denken"
    r"|prüfen) sie.{0,40}(?:drucken|umwelt)|pensez à l'environnement|antes de imprimir)",
    re.I,
)


def is_legal(paragraph: str) -> bool:
    """Whether a paragraph is a confidentiality notice, a scanner's footer or a plea for trees."""
    if len(paragraph) < 40:
        return bool(_HEADING.match(paragraph))
    if len(paragraph) < 260 and (_PRINT.match(paragraph) or _SCANNED.match(paragraph)):
        return True
    if len(paragraph) > 4000:
        return False
    hits = sum(1 for pattern in _LEGAL if pattern.search(paragraph))
    return hits >= 3 or (hits == 2 and len(paragraph) > 160)


def is_banner(paragraph: str) -> bool:
    """Whether a paragraph is a mail gateway's warning put above the message."""
    return len(paragraph) < 900 and bool(_BANNER.match(paragraph) or _SELDOM.match(paragraph))


_POSTSCRIPT = re.compile(r"\s*(?:P\.?\s?P?\.?\s?[SD]\b\.?|NB\b|N\.B\.|Nachtrag\b|З\.?Ы\.)[\s:,.–-]", re.IGNORECASE)
_PERSONS = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|we|you|your|my|please|ich|wir|mir|mich|uns|Sie|Ihnen|Ihre?|mein\w*|bitte|je|j['’]"
    r"|nous|vous|votre|mon|ma|yo|me|mi|usted|puede|por favor|io|mio|mia|voi|potete|eu|meu|minha|você|ik|wij|uw|mijn"
    r"|jag|jeg|min|mitt|du|ja|proszę|mój|я|мы|вы|мне|мой|вас|пожалуйста)\b",
    re.IGNORECASE,
)


def is_postscript(line: str) -> bool:
    """Whether a line takes up the word again below a signature."""
    return bool(_POSTSCRIPT.match(line))


def is_addressed(line: str) -> bool:
    """Whether a line is a sentence to somebody, and not a name, a title or the motto of a signature."""
    said = line.strip()
    if len(said.split()) < 5 or not said.endswith((".", "?", "!", "…")) or "://" in said:
        return False
    return said.endswith("?") or bool(_PERSONS.search(said))
