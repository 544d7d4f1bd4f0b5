"""Reports of servers: mail that did not arrive (RFC 3464 and everything older), and complaints (RFC 5965)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from credo.channels import Address, BounceDetails
from credo.channels.email import headers
from credo.channels.email.bodies import Contents
from credo.channels.email.mime import Part, split_head

_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mail\.?delivery\.?(?:sub)?system"
    r"|delivery[-_.]?failure|mdaemon|bounces?|double-bounce)$",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)? (?:delivery|administrator|system)|mailer[- ]daemon|delivery (?:sub)?system|postmaster", re.IGNORECASE
)
_ANSWERING = ("in-reply-to", "references", "x-autoreply", "x-autorespond", "x-vacation")
_SURE_DAEMON = re.compile(r"mailer[-_.]?daemon|mail\.?delivery\.?(?:sub)?system", re.IGNORECASE)

_SUBJECT = re.compile(
    r"(?:\W*(?:undeliver(?:ed|able)\b|(?:mail |message )?deliver(?:y|ies)\b.{0,20}(?:fail|status|error|problem"
    r"|delay|notif|incomplete)|returned mail|mail returned"
    r"|returned to sender|failure notice|failed delivery|failed mail|mail (?:system )?error|mail failure"
    r"|message delivery|non[- ]?(?:deliver|remis)"
    r"|(?:mail|message|e-?mail)\b.{0,30}(?:could not|cannot|can't|not) (?:be )?(?:sent|delivered)|could not send"
    r"|warning.{0,6}could not send"
    r"|delayed mail|there was an error sending your mail|e-?mail bounce|bounce notification"
    r"|notification.{0,20}deliver|loop alert|message (?:bounced|rejected|status)"
    r"|rejected mail|nondeliverable|unzustellbar|benachricht\w* zum|zustell\w*|nicht zustellbar|rückläufer"
    r"|mail konnte nicht|échec|non[- ]distribu|avis de non"
    r"|devolución|no se (?:puede|ha podido) entregar|entrega fallida|error de entrega|mancato recapito"
    r"|messaggio non recapitato|consegna non|não (?:entregue|foi)"
    r"|falha na entrega|devolvid|onbestelbaar|niet bezorgd|kan inte levereras|olevererbart|kunne ikke leveres"
    r"|uleverbar|ei voitu toimittaa|niedostarczon"
    r"|nie dostarczon|zwrot|nedoručiteln|nedoručen|не доставлено|недоставленн"
    r"|ваше сообщение не|配信(?:不能|でき|エラー)"
    r"|送信(?:不能|エラー)|不達|未達"
    r"|退信|系统退信|投递失败|无法投递|無法傳遞|無法投遞|傳遞失敗|배달(?:되지|할 수)|전송 실패|반송))"
    r"|.*(?:メッセージを配信できません|エラーメール|are not member|mail failure\.?$|returned mail$"
    r"|delivery status notification)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:mail|message|e-?mail|messages|it|them|following|delivery|delevery)\b[^.\n]{0,160}\b(?:could not be"
    r"|cannot be|can ?not be|couldn'?t be|was not|were not|wasn'?t|not been|has failed"
    r"|failed|undeliver|was aborted|did not reach|unable to (?:be )?deliver|rejected|returned)"
    r"|could\s*n[o']t be delivered|couldn'?t be delivered|(?:un)?able to deliver|wasn't able to deliver"
    r"|not able to deliver|undeliverable|delivery (?:has |to )?[^.\n]{0,80}fail"
    r"|delivery problems?|permanent(?:ly)? (?:fatal |delivery )?(?:error|fail)|fatal errors|returned to sender"
    r"|bounced? (?:e-?mail|message|notification)"
    r"|transcript of (?:the )?session|this is the (?:mailer-daemon|mail system|postfix program"
    r"|qmail-send program|dragonfly)|not a member of this mailing list"
    r"|duplicated message-id|user unknown|mailbox (?:is )?full|no such user|trouble delivering"
    r"|error occurred while trying to deliver|delivery status notification"
    r"|group you tried to contact|reason for (?:return|bounce)|>>> (?:rcpt|data|mail)|<<< [45]\d\d"
    r"|\b[45]\d\d [45]\.\d\.\d|\b550 |rcpt to:<"
    r"|nicht zugestellt|unzustellbar|konnte[n]? nicht|n'a pas pu être|no se ha podido|no pudo|non è stato"
    r"|impossibile recapitare|não pôde|niet worden (?:bezorgd|afgeleverd)"
    r"|не (?:доставлено|может быть доставлено|удалось|было доставлено)|送信できません"
    r"|配信できません|届けられません|无法(?:投递|送达|发送)"
    r"|無法(?:傳送|遞送)|전달되지|전달할 수",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"delay|warning|deferred|still being retried|will be retried|will retry|could not send (?:mail"
    r"|message) for past|not (?:yet )?been delivered|keep trying|temporar",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(r"giving up|given up|permanent|gave up|failure|returned|undeliver", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?:^|[\s:<(])([45]\d\d)[ -](?!\d{3}[ -]\d{4})", re.MULTILINE)
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")
_INNER_ID = re.compile(r"^[ \t>]*(?:original-)?message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a server says: about which mail, and for bounces how it failed; `failed` is false for good news."""

    kind: str
    details: BounceDetails | None
    original_message_id: str | None


def recognise(root: Part, contents: Contents, sender: Address | None, subject: str, text: str) -> Report | None:
    """The report this mail carries (`bounce`, `complaint`, `success` or `receipt`), or None."""
    if is_complaint(root, contents, subject):
        return Report("complaint", _complaint(contents), original_id(contents, text))
    notice = _provider_notice(text)
    if notice is not None:
        return notice
    statuses = [data for kind, data in contents.reports if kind.endswith("delivery-status")]
    if statuses:
        groups = [group for data in statuses for group in _groups(data)]
        actions = {group.get("action", "").split()[0].lower() for group in groups if group.get("action", "").strip()}
        if actions and actions <= {"delivered", "relayed", "expanded"}:
            return Report("success", None, original_id(contents, text))
        return Report("bounce", _from_status(groups, actions, subject, text), original_id(contents, text))
    if any(kind == "message/disposition-notification" for kind, _data in contents.reports):
        return Report("receipt", None, original_id(contents, text))
    if _looks_like_bounce(root, sender, subject, text, contents):
        return Report("bounce", _from_text(root, subject, text), original_id(contents, text))
    return None


def is_complaint(root: Part, contents: Contents, subject: str) -> bool:
    """Whether a provider reports that somebody called a mail of ours spam, or asks to unsubscribe for them."""
    if any(kind == "message/feedback-report" for kind, _data in contents.reports):
        return True
    if (
        root.parameters.get("report-type", "").lower() == "feedback-report"
        or root.first("x-apple-unsubscribe") is not None
    ):
        return True
    return subject.lower().startswith("complaint about message from") or any(
        data[:4000].lower().startswith(b"x-hmxmroriginalrecipient:") for data in contents.originals
    )


def original_id(contents: Contents, text: str) -> str | None:
    """The Message-ID of the mail a report is about, from the enclosed copy or from the words."""
    for data in contents.originals:
        fields, body, _odd = split_head(data[:300_000])
        for key, value in fields:
            if key.lower() == "message-id" and (found := headers.ids(value)):
                return found[0]
        if match := _INNER_ID.search(body[:50_000].decode("latin-1")):
            return match.group(1)
    for _kind, data in contents.reports:
        for group in _groups(data):
            if found := headers.ids(group.get("original-message-id", "").encode()):
                return found[0]
    match = _INNER_ID.search(text)
    return match.group(1) if match else None


def _looks_like_bounce(root: Part, sender: Address | None, subject: str, text: str, contents: Contents) -> bool:
    """A bounce without a machine-readable part: a server speaks (sender, null path), and it speaks of failure."""
    if root.first("x-failed-recipients") is not None:
        return True
    if root.type == "multipart/report" and root.parameters.get("report-type", "").lower() == "delivery-status":
        return True
    local = sender.address.partition("@")[0] if sender else ""
    path = headers.text(root.first("return-path")).strip()
    server = bool(_DAEMON.match(local) or (sender and _DAEMON_NAME.search(sender.name)))
    null = path == "<>" or bool(_SURE_DAEMON.search(path))
    machine = server or null or sender is None or root.first("x-mlserver") is not None
    if not machine:
        return False
    by_subject, by_text = bool(_SUBJECT.match(subject)), bool(_TEXT.search(text[:6000]))
    if not server and not by_subject and any(root.first(name) is not None for name in _ANSWERING):
        return False  # a vacation message has a null path too, and may well say that somebody was not reached
    if _SURE_DAEMON.search(local):
        return by_subject or by_text or bool(contents.originals)
    return (by_subject and (by_text or server or null or len(text) < 400)) or (by_text and (null or server))


def _groups(data: bytes) -> list[dict[str, str]]:
    """The paragraphs of a delivery status as lower-cased fields; the first is about the message itself."""
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    groups: list[dict[str, str]] = []
    for block in re.split(rb"\n[ \t]*\n", text.strip(b"\n")):
        fields, _body, _odd = split_head(block)
        group: dict[str, str] = {}
        for name, value in fields:
            group.setdefault(name.lower(), headers.text(value))
        if group:
            groups.append(group)
    return groups


def _from_status(groups: list[dict[str, str]], actions: set[str], subject: str, text: str) -> BounceDetails:
    recipients: list[str] = []
    status = reason = ""
    for group in groups:
        about = group.get("final-recipient") or group.get("original-recipient")
        if about is None and "action" not in group:
            continue
        if about and group.get("action", "failed").lower().strip() not in ("delivered", "relayed", "expanded"):
            recipients.append(_bare(about))
        code = _STATUS.search(group.get("status", "")) or _STATUS.search(group.get("diagnostic-code", ""))
        status = status or (code.group(1) if code else "")
        reason = reason or _reason(group.get("diagnostic-code", ""))
    told = _from_words(subject, text)
    return BounceDetails(
        status=status or told.status,
        permanent="failed" in actions or (not actions and told.permanent),
        recipients=tuple(dict.fromkeys(one for one in recipients if one)) or told.recipients,
        reason=reason or told.reason,
    )


def _bare(recipient: str) -> str:
    """`rfc822; a@example.com` without its type."""
    told = recipient.partition(";")[2] or recipient
    match = _MAIL.search(told)
    return match.group() if match else told.strip().strip("<>")


def _reason(diagnostic: str) -> str:
    return re.sub(r"^\s*(?:smtp|x-[\w-]+|local)\s*;\s*", "", diagnostic, flags=re.IGNORECASE).strip()[:500]


def _from_text(root: Part, subject: str, text: str) -> BounceDetails:
    failed = headers.text(root.first("x-failed-recipients"))
    told = _from_words(subject, text)
    named = tuple(match.group() for match in _MAIL.finditer(failed))
    return BounceDetails(
        status=told.status, permanent=told.permanent, recipients=named or told.recipients, reason=told.reason
    )


def _from_words(subject: str, text: str) -> BounceDetails:
    """What the prose of a bounce says: the first address, the first code and the line it stands in."""
    head = re.split(
        r"^(?:-{3,}.*(?:original|copy|header|returned|unsent).*|(?:return-path|received):.*)$",
        text[:20_000],
        maxsplit=1,
        flags=re.I | re.M,
    )[0]
    status = _STATUS.search(head)
    reply = _REPLY.search(head)
    code = status.group(1) if status else (f"{reply.group(1)[0]}.0.0" if reply else "")
    found = status or reply
    line = head[head.rfind("\n", 0, found.start(1)) + 1 : _line_end(head, found.end(1))].strip() if found else ""
    delayed = bool(
        _DELAY.search(subject)
        or (_DELAY.search(head[:1500]) and not _GIVEN_UP.search(head[:1500]) and not code.startswith("5"))
    )
    recipient = _MAIL.search(re.sub(r"(?im)^(?:.*(?:daemon|postmaster|received at|from:).*|from \S+@\S+)$", "", head))
    return BounceDetails(
        status=code,
        permanent=not delayed,
        recipients=(recipient.group(),) if recipient else (),
        reason=line[:500],
    )


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _complaint(contents: Contents) -> BounceDetails:
    recipients: list[str] = []
    reason = ""
    for kind, data in contents.reports:
        if kind == "message/feedback-report":
            for group in _groups(data):
                reason = reason or group.get("feedback-type", "")
                recipients.extend(
                    _bare(group[name]) for name in ("original-rcpt-to", "removal-recipient") if name in group
                )
    return BounceDetails(
        status="", permanent=True, recipients=tuple(dict.fromkeys(recipients)), reason=reason or "complaint"
    )


def _provider_notice(text: str) -> Report | None:
    """A provider's JSON notice sent by mail (notificationType Bounce, Complaint or Delivery)."""
    start = text.find("{")
    if start < 0 or start > 20 or "notificationType" not in text:
        return None
    try:
        told, _end = json.JSONDecoder(strict=False).raw_decode(text[start:])
        inner = told.get("Message", told)
        inner = json.loads(re.sub(r"\n\s*", "", inner), strict=False) if isinstance(inner, str) else inner
        kind = str(inner.get("notificationType", "")).lower()
        people = inner.get("bounce", inner.get("complaint", {})) or {}
        listed = people.get("bouncedRecipients") or people.get("complainedRecipients") or []
        recipients = tuple(str(one.get("emailAddress", "")) for one in listed)
        reason = str((listed[0] if listed else {}).get("diagnosticCode", ""))[:500]
        status = str((listed[0] if listed else {}).get("status", ""))
        common = (inner.get("mail") or {}).get("commonHeaders") or {}
        original = next(iter(headers.ids(str(common.get("messageId", "")).encode())), None)
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        kind = next(
            (one for one in ("bounce", "complaint", "delivery") if f'"{one}"' in text.lower().replace("\\", "")), ""
        )
        recipients, reason, status, original, people = (), "", "", None, {}
    if kind == "delivery":
        return Report("success", None, original)
    if kind not in ("bounce", "complaint"):
        return None
    permanent = kind == "complaint" or str(people.get("bounceType", "Permanent")) == "Permanent"
    return Report(
        kind, BounceDetails(status=status, permanent=permanent, recipients=recipients, reason=reason), original
    )
