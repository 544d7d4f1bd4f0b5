"""One scorer a kind of expected file; each yields marks, a mark is one comparison."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from credo.channels import Inbound
from credo.channels.email import addresses
from credo.channels.email.charsets import decode
from credo.channels.email.read import Unreadable, read, read_text
from credo.language.zones import zones

MAILS = {".eml", ".box", ".msg", ".txt"}
SERVERS = re.compile(
    rb"mailer-daemon|postmaster|delivery-status|feedback-report|multipart/report|undeliver", re.IGNORECASE
)
HEADED = re.compile(rb"(?:From |[A-Za-z-]+:)")


@dataclass(frozen=True, slots=True)
class Mark:
    """One comparison: which set, what was compared, in which file, and both sides when they differ."""

    set: str
    what: str
    file: str
    good: bool
    expected: str = ""
    found: str = ""


def everything(data: Path) -> Iterator[Mark]:
    """All marks that the folder allows."""
    mail = data / "email"
    for folder in sorted(one for one in mail.iterdir() if one.is_dir()) if mail.is_dir() else []:
        yield from survival(folder)
        yield from trimmed(folder)
        yield from json_beside(folder)
        yield from decoded_beside(folder)
        yield from kinds(folder)
    for path in sorted((data / "expected").glob("*.expected.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".expected.json")
        folder = _folder_of(mail, name, told)
        if folder is not None:
            yield from cases(folder, told["cases"])


def _folder_of(mail: Path, name: str, told: Any) -> Path | None:
    """The set a file of expectations is about."""
    if not (isinstance(told, dict) and isinstance(told.get("cases"), list) and told["cases"]) or not mail.is_dir():
        return None
    first = told["cases"][0]
    return next(
        (one for one in sorted(mail.iterdir()) if isinstance(first, dict) and (one / str(first.get("file"))).is_file()),
        None,
    )


def survival(folder: Path) -> Iterator[Mark]:
    """Every file of the set is read as if it were a mail; nothing may break."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        try:
            message = read(path.read_bytes())
            "".join((message.subject, message.text, message.visible_text, message.html_clean or "")).encode("utf-8")
            yield Mark(folder.name, "survives", str(path), True)
        except Unreadable:
            yield Mark(folder.name, "survives", str(path), True)
        except Exception as error:  # noqa: BLE001 - this is what is being measured
            yield Mark(folder.name, "survives", str(path), False, "no error", repr(error))


def trimmed(folder: Path) -> Iterator[Mark]:
    """Text bodies with what should stay of them: `…/emails/x.txt` and `…/trimmed/x.txt`."""
    for path in sorted(folder.rglob("trimmed/*.txt")):
        source = path.parent.parent / "emails" / path.name
        if source.is_file():
            expected, found = _file_text(path).strip(), read_text(_file_text(source)).visible_text.strip()
            yield Mark(folder.name, "quotes", str(source), expected == found, expected, found)
            yield from _no_word_dropped(folder.name, source, expected, found)


def cases(folder: Path, listed: list[dict[str, Any]]) -> Iterator[Mark]:
    """A list of cases; what each expects decides how it is compared."""
    for case in listed:
        path = folder / case["file"]
        if not path.is_file():
            continue
        expect = case["expect"]
        if {"from_email", "subject", "body", "from"} & expect.keys():
            yield from _mail_case(folder.name, path, expect)
        else:
            yield from _text_case(folder.name, path, expect)


def _mail_case(name: str, path: Path, expect: dict[str, Any]) -> Iterator[Mark]:
    message = read(path.read_bytes())
    sender = message.from_
    # Where the first of several senders has no address, the expectation names the next one, as we do.
    pairs = {
        "subject": message.subject,
        "from_email": sender.address if sender else "",
        "from_display_name": sender.name if sender else "",
        "body": message.text,
    }
    for key, found in pairs.items():
        if key in expect:
            what = {"subject": "subject", "body": "text"}.get(key, "addresses")
            yield _same(name, what, path, expect[key], found)
    for key, people in (("to", message.to), ("cc", message.cc)):
        if key in expect:
            wanted = addresses.parse(expect[key].encode())
            yield _same(name, "addresses", path, str(_people(wanted)), str(_people(people)))
    if "attachment_filenames" in expect:
        wanted_names = sorted(one for one in expect["attachment_filenames"] if one != "message.html")
        yield _same(name, "attachments", path, str(wanted_names), str(sorted(one.name for one in message.attachments)))


def _text_case(name: str, path: Path, expect: dict[str, Any]) -> Iterator[Mark]:
    text = _file_text(path)
    message = read_text(text)
    found = message.visible_text.strip()
    good, wanted = True, ""
    if "first_fragment_stripped" in expect:
        wanted = expect["first_fragment_stripped"]
        # The first fragment is all that is visible, except where answers stand between several quotes.
        several = expect.get("fragments", 0) > 3
        good = found.startswith(wanted) if several else found == wanted
        yield from _no_word_dropped(name, path, wanted, found)
    if "visible_text" in expect:
        wanted = expect["visible_text"].strip()
        good = good and found == wanted
    fragments = _fragments(text)
    if expect.get("fragments") in (1, 2):
        good = good and len(fragments) == expect["fragments"]
    at = 0
    for one in expect.get("fragment_regex", []):
        # Their count of blank fragments differs from ours, the order does not.
        hits = [place for place in range(at, len(fragments)) if re.search(one["regex"], fragments[place], re.MULTILINE)]
        good = good and bool(hits) == one["expect"]
        at = hits[0] if hits else at
    yield Mark(name, "quotes", str(path), good, wanted, found)


def _fragments(text: str) -> list[str]:
    """The text cut where the kind of zone changes, blank pieces left out."""
    found: list[tuple[str, str]] = []
    for zone in zones(text):
        piece = text[zone.start : zone.end]
        if found and found[-1][0] == zone.kind:
            found[-1] = (zone.kind, found[-1][1] + piece)
        elif piece.strip():
            found.append((zone.kind, piece))
    return [piece.strip() for _kind, piece in found]


def _no_word_dropped(name: str, path: Path, expected: str, found: str) -> Iterator[Mark]:
    missing = [word for word in expected.split() if word not in found]
    yield Mark(name, "no word dropped", str(path), not missing, " ".join(missing[:12]), "")


def json_beside(folder: Path) -> Iterator[Mark]:
    """Mails with a parse in JSON beside them: `x.eml` and `x.json` with a list of parts."""
    for path in sorted(folder.rglob("*.eml")):
        beside = path.with_suffix(".json")
        if not beside.is_file():
            continue
        told = json.loads(beside.read_text(encoding="utf-8"))
        if isinstance(told, dict) and told.get("parts"):
            yield from _json_case(folder.name, path, told)


def _json_case(name: str, path: Path, told: dict[str, Any]) -> Iterator[Mark]:
    message = read(path.read_bytes())
    fields: dict[str, Any] = {}
    for one in told["parts"][0]["headers"]:
        if isinstance(one["name"], str):
            fields.setdefault(one["name"], []).append(one["value"])
    if "subject" in fields and isinstance(fields["subject"][0], dict):
        yield _same(name, "subject", path, str(fields["subject"][0].get("Text", "")), message.subject)
    for key, people in (
        ("from", message.senders),
        ("to", message.to),
        ("cc", message.cc),
        ("reply_to", message.reply_to),
    ):
        if key in fields and not (key == "from" and "no-from" in message.problems):
            wanted = [pair for value in fields[key] for pair in _listed(value)]
            yield _same(name, "addresses", path, str(wanted), str(_people(people)))
    if (
        "date" in fields
        and isinstance(fields["date"][0], dict)
        and (moment := _moment(fields["date"][0].get("DateTime")))
    ):
        yield Mark(name, "date", str(path), message.date == moment, str(moment), str(message.date))
    yield from _json_text(name, path, told, message)


def _json_text(name: str, path: Path, told: dict[str, Any], message: Inbound) -> Iterator[Mark]:
    """The words: plain parts against our text, HTML parts against the raw HTML."""
    bodies = [told["parts"][at]["body"] for at in told.get("text_body", [])]
    if not bodies or any(not ({"Text", "Html"} & body.keys()) for body in bodies):
        return
    if all("Html" in body for body in bodies):
        yield _same(name, "text", path, _flat("\n".join(body["Html"] for body in bodies)), _flat(message.html or ""))
    elif all("Text" in body for body in bodies):
        yield _same(name, "text", path, _flat("\n".join(body["Text"] for body in bodies)), _flat(message.text))


def _listed(value: Any) -> list[tuple[str, str]]:
    if not isinstance(value, dict):
        return []
    told = value.get("Address", value)
    if "Group" in told:
        return [_pair(one) for group in told["Group"] for one in group.get("addresses", [])]
    return [_pair(one) for one in told.get("List", [])]


def _pair(one: dict[str, Any]) -> tuple[str, str]:
    return (one.get("name") or "", one.get("address") or "")


def _moment(told: dict[str, Any] | None) -> datetime | None:
    if not told:
        return None
    offset = timedelta(hours=told["tz_hour"], minutes=told["tz_minute"]) * (-1 if told["tz_before_gmt"] else 1)
    try:
        zone = timezone(offset)
        return datetime(
            told["year"], told["month"], told["day"], told["hour"], told["minute"], told["second"], tzinfo=zone
        )
    except ValueError:
        return None


def decoded_beside(folder: Path) -> Iterator[Mark]:
    """Mails with their decoded structure in XML and their bodies in files beside them."""
    for path in sorted(folder.rglob("*.msg")):
        beside = path.with_name(path.stem + "_decoded.xml")
        if not beside.is_file():
            continue
        try:
            root = ET.fromstring(beside.read_text(encoding="utf-8", errors="replace"))
        except ET.ParseError:
            continue
        message = read(path.read_bytes())
        found = _flat(message.text + "\n" + (message.html or "") + "".join(_attached(message)))
        for data in _first_texts(root, path.parent):
            readings = [_flat(decode(data, charset)[0]) for charset in ("utf-8", *_charsets(path))]
            good = any(one in found for one in readings)
            yield Mark(folder.name, "text", str(path), good, readings[0], found)


def _charsets(path: Path) -> list[str]:
    return [one.decode() for one in re.findall(rb"charset=[\"']?([\w-]+)", path.read_bytes(), re.IGNORECASE)]


def _first_texts(root: ET.Element, folder: Path) -> Iterator[bytes]:
    """The text bodies of the mail itself, not of mails enclosed in it."""
    for child in root:
        if child.tag == "message":
            continue
        if child.tag == "text-body" and (name := child.get("name")) and (folder / name).is_file():
            yield (folder / name).read_bytes()
        else:
            yield from _first_texts(child, folder)


def _attached(message: Inbound) -> Iterator[str]:
    for one in message.attachments:
        if one.type.startswith("text/") and one.size < 200_000:
            yield "\n" + decode(one.content, "utf-8")[0]


def kinds(folder: Path) -> Iterator[Mark]:
    """Bounces by the names in a maildir of them; elsewhere, mail in which no server speaks is ordinary."""
    for path in sorted(one for one in folder.rglob("*") if one.suffix in MAILS and one.is_file()):
        raw = path.read_bytes()
        wanted = _kind_by_name(path) or (None if SERVERS.search(raw) else {"message", "auto_reply"})
        if wanted is None or not HEADED.match(raw):
            continue
        kind = read(raw).kind
        what = "bounces and complaints" if "message" not in wanted else "ordinary mail"
        yield Mark(folder.name, what, str(path), kind in wanted, str(wanted), kind)


def _kind_by_name(path: Path) -> set[str] | None:
    name = path.name
    if "maildir" not in path.parts:
        return None
    if name.startswith("arf-"):
        return {"complaint"}
    if name.startswith("rfc3834"):
        return {"auto_reply"}
    if "not-bounce" in name:
        return {"message"}
    return {"bounce"} if re.match(r"(?:lhost|rhost|rfc3464)-", name) else None


def _people(listed: Any) -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in listed]


def _same(name: str, what: str, path: Path, expected: str, found: str) -> Mark:
    """Both sides compared; mails broken on purpose have rows of their own, since parsers differ on them by taste."""
    what = what + " (malformed)" if "malformed" in path.as_posix().lower().rsplit("/", 3)[-2:][0] else what
    expected, found = expected.strip(), found.strip()
    good = expected == found
    if not good and "\ufffd" in expected:
        # Where the expectation itself could not be decoded, any reading of those characters will do.
        good = re.fullmatch(re.escape(expected).replace("\ufffd", ".{1,4}"), found, re.DOTALL) is not None
    return Mark(name, what, str(path), good, expected, found)


def _flat(text: str) -> str:
    """Without what carries no meaning: line endings and white space at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _file_text(path: Path) -> str:
    return decode(path.read_bytes(), "utf-8")[0].replace("\r\n", "\n")
