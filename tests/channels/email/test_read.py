"""Bytes become an `Inbound`: headers, addresses, bodies, files, and everything that arrives broken."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.channels import Inbound
from credo.channels.email import addresses, charsets, headers
from credo.channels.email.read import Unreadable, read, read_text

SAMPLES = Path(__file__).parents[3] / "credo/channels/email/samples"


def sample(name: str) -> Inbound:
    return read((SAMPLES / name).read_bytes())


def mail(body: bytes, *fields: bytes) -> Inbound:
    return read(b"From: a@b.example\n" + b"".join(field + b"\n" for field in fields) + b"\n" + body)


def test_a_reply_is_read_whole() -> None:
    message = sample("plain-reply.eml")
    assert message.subject == "Re: Ihre Lampe „Möwe“"
    assert message.from_ is not None
    assert (message.from_.name, message.from_.address) == ("Ana Pérez", "ana@garden.example")
    assert [one.name for one in message.cc] == ["Garcia, Luis"]
    assert message.delivered_to == ("help@lumen.example",)
    assert message.message_id == "aa1@garden.example"
    assert message.in_reply_to == ("credo.17.4@lumen.example",)
    assert message.references == ("first@garden.example", "credo.17.4@lumen.example")
    assert message.date == datetime(2026, 3, 2, 8, 14, 1, tzinfo=UTC)
    assert message.visible_text == "The switch is still loose. Can you send a new one?\n\nAna"
    assert message.text.endswith("Garden & Co.\n")
    assert "dkim=pass" in message.authentication_results[0]
    assert (message.kind, message.automatic, message.problems) == ("message", "no", ())


def test_html_is_safe_and_its_images_wait() -> None:
    message = sample("html-inline-image.eml")
    clean = message.html_clean or ""
    assert "script" not in clean
    assert "onclick" not in clean
    assert 'data-cid="crack@harbour"' in clean
    assert 'data-src="https://tracker.example/pixel.gif"' in clean
    assert " src=" not in clean
    assert clean.count('<details class="quote">') == clean.count("</details>") == 1
    assert clean.index("<details") > clean.index("Look at this crack")
    assert [(one.name, one.type, one.inline) for one in message.attachments] == [("crack.png", "image/png", True)]


def test_an_invitation_is_shown_as_such() -> None:
    invite = sample("invitation.eml").invite
    assert invite is not None
    assert (invite.method, invite.summary, invite.location) == (
        "REQUEST",
        "Fitting of the chandelier",
        "Rue des Lilas 4",
    )
    assert invite.starts == datetime(2026, 3, 10, 13, tzinfo=UTC)
    assert invite.organizer is not None
    assert invite.organizer.address == "lea@atelier.example"


def test_enclosed_mail_is_one_file_and_continued_names_are_joined() -> None:
    message = sample("enclosed.eml")
    assert message.text == "See the enclosed mail."
    assert [one.name for one in message.attachments] == ["Our best price.eml", "Présentation de la lampe.pdf"]
    assert b"Ten euros" in message.attachments[0].content
    assert message.attachments[1].content == b"%PDF-"


def test_a_broken_mail_is_still_read() -> None:
    message = sample("broken.eml")
    assert message.subject == "Grüße"
    assert [one.name for one in message.senders] == ["Kim, Old Town", "Second"]
    assert message.to == ()
    assert message.text == "this line is no header\n\ncafé naïve"
    assert [one.name for one in message.attachments] == ["pass wd"]
    assert set(message.problems) == {"header-line", "boundary", "unclosed", "charset", "several-from"}


@pytest.mark.parametrize("raw", [b"", b"  \r\n\n", b"\0\0\0", bytes(range(9)) * 50])
def test_what_is_no_mail_is_said_so(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw)


def test_words_without_headers_are_kept() -> None:
    message = read("Grüße, the lamp is broken".encode())
    assert message.text == "Grüße, the lamp is broken"
    assert "no-headers" in message.problems


def test_without_from_the_sender_counts() -> None:
    message = read(b"Sender: <c@d.example>\nSubject: x\n\nhello")
    assert message.from_ is not None
    assert message.from_.address == "c@d.example"
    assert read(b"Subject: x\n\nhello").from_ is None


def test_other_line_endings_read_the_same() -> None:
    raw = (SAMPLES / "plain-reply.eml").read_bytes()
    for ending in (b"\r\n", b"\r"):
        other = read(raw.replace(b"\n", ending))
        assert (other.subject, other.text, other.to) == (read(raw).subject, read(raw).text, read(raw).to)


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("a@b.example", "", "a@b.example"),
        ("<a@b.example>", "", "a@b.example"),
        ("Ana <a@b.example>", "Ana", "a@b.example"),
        ('"Pérez, Ana" <a@b.example>', "Pérez, Ana", "a@b.example"),
        ("Pérez, Ana <a@b.example>", "Pérez, Ana", "a@b.example"),
        ("a@b.example (Ana Pérez)", "Ana Pérez", "a@b.example"),
        ('"Ana \\"the lamp\\" P" <a@b.example>', 'Ana "the lamp" P', "a@b.example"),
        ("Ana | Garden <a@b.example>", "Ana | Garden", "a@b.example"),
        ("ana@home <a@b.example>", "ana@home", "a@b.example"),
        ("=?utf-8?q?Ana_P=C3=A9rez?= <a@b.example>", "Ana Pérez", "a@b.example"),
        ("=?utf-8?q?Ana_=3Ca=40b=2Eexample=3E?=", "Ana", "a@b.example"),
        ("<mailto:a@b.example>", "", "a@b.example"),
        ("Ana <@relay.example:a@b.example>", "Ana", "a@b.example"),
        ("Ana <a@b.example", "Ana", "a@b.example"),
        ("'a@b.example' <a@b.example>", "'a@b.example'", "a@b.example"),
        ('"a b"@c.example', "", '"a b"@c.example'),
        ("Team: a@b.example;", "", "a@b.example"),
        ("MAILER-DAEMON (Mail System)", "Mail System", "MAILER-DAEMON"),
        ('"Nobody" <>, Ana <a@b.example>', "Ana", "a@b.example"),
        ("Ana [mailto:a@b.example]", "Ana", "a@b.example"),
        ("Ana &lt;a@b.example&gt;", "Ana", "a@b.example"),
        ("Ana <a@[192.0.2.1]>", "Ana", "a@[192.0.2.1]"),
        ("Ana <a@b.example>>", "Ana", "a@b.example"),
        ("a@b.example>", "", "a@b.example"),
        ("@relay.example:a@b.example", "", "a@b.example"),
        ("=?utf-8?Q?Ana_P=C3=A9rez <a@b.example>", "Ana Pérez", "a@b.example"),
    ],
)
def test_addresses_as_people_write_them(written: str, name: str, address: str) -> None:
    found = addresses.parse(written.encode())
    assert [(one.name, one.address) for one in found] == [(name, address)]


def test_lists_and_groups_of_addresses() -> None:
    told = b'a@b.example, "X, Y" <c@d.example>; Friends: e@f.example, G <g@h.example>;, undisclosed-recipients:;'
    assert [one.address for one in addresses.parse(told)] == [
        "a@b.example",
        "c@d.example",
        "e@f.example",
        "g@h.example",
    ]


@pytest.mark.parametrize(
    "told", [b"a@b.example c@d.example", b"<a@b.example> <c@d.example>", b'A <a@b.example> "B, C" <c@d.example>']
)
def test_a_missing_comma_loses_nobody(told: bytes) -> None:
    assert [one.address for one in addresses.parse(told)] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe", "Grüße"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?", "Grüße"),
        (b"=?utf-8?B?R3LDvMOfZQ==", "Grüße"),
        (b"Re: =?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe", "Re: Grüße"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        (b"=?iso-8859-1?q?Gr=FC=DFe?= aus =?iso-8859-1?q?K=F6ln?=", "Grüße aus Köln"),
        (b"=?us-ascii?Q?a / b / c?=", "a / b / c"),
        (b"=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("Grüße".encode(), "Grüße"),
        (b"Gr\xfc\xdfe", "Grüße"),
        (b"=?no-such?Q?abc?=", "abc"),
        (b"=?utf-8?B?####?=", ""),
        (b"folded\r\n  subject", "folded subject"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
    ],
)
def test_header_words(raw: bytes, text: str) -> None:
    assert headers.text(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"x/y; name=plain.txt", "plain.txt"),
        (b'x/y; name="with space; and semicolon.txt"', "with space; and semicolon.txt"),
        (b"x/y; name*=utf-8''Gr%C3%BC%C3%9Fe.txt", "Grüße.txt"),
        (b"x/y; name*0=a; name*1=b.txt", "ab.txt"),
        (b'x/y; name="=?utf-8?B?R3LDvMOfZS50eHQ=?="', "Grüße.txt"),
        (b'x/y; name="unclosed.txt', "unclosed.txt"),
        (b"x/y ; name = spaced.txt (a comment)", "spaced.txt"),
    ],
)
def test_parameters(raw: bytes, name: str) -> None:
    assert headers.parameters(headers.raw_text(raw))[1]["name"] == name


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 3 Mar 2026 11:00:00 +0100", datetime(2026, 3, 3, 10, tzinfo=UTC)),
        ("3 Mar 26 11:00 GMT", datetime(2026, 3, 3, 11, tzinfo=UTC)),
        ("Tue, 3 Mar 2026 11:00:00 +0100 (CET)", datetime(2026, 3, 3, 10, tzinfo=UTC)),
        ("2026-03-03T11:00:00Z", datetime(2026, 3, 3, 11, tzinfo=UTC)),
        ("Tue, 3 Mar 2026 11:00:00 CET", datetime(2026, 3, 3, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("Tue, 99 Mar 2026 11:00:00 +0100", None),
    ],
)
def test_dates(written: str, moment: datetime | None) -> None:
    assert headers.date(written.encode()) == moment


def test_charsets_lie_and_are_forgiven() -> None:
    assert charsets.decode("Grüße".encode(), "us-ascii")[0] == "Grüße"
    assert charsets.decode(b"\x93ok\x94 \x80", "iso-8859-1")[0] == "“ok” €"
    assert charsets.decode("Привет, лампа сломалась".encode("koi8-r"), None)[0] == "Привет, лампа сломалась"
    assert charsets.decode("Привет, лампа сломалась".encode("cp1251"), None)[0] == "Привет, лампа сломалась"
    assert charsets.decode(b"caf\xe9 and more", "utf-8") == ("café and more", False)
    assert "\0" not in charsets.decode(b"a\0b", "utf-8")[0]


@pytest.mark.parametrize(
    ("written", "charset", "text"),
    [
        ("utf-8", "iso-8859-1", "Grüße aus Köln – schön"),
        ("utf-8", "windows-1251", "Лампа сломалась"),
        ("cp1251", "iso-8859-1", "Здравствуйте, лампа сломалась"),
        ("cp1252", "iso-8859-1", "L’été à Liège, déjà passé, a été très agréable"),
        ("cp1250", "iso-8859-2", "Příliš žluťoučký „kůň“"),
        ("iso8859-2", "iso-8859-2", "Příliš žluťoučký kůň"),
        ("cp1253", "iso-8859-7", "Ά λάμπα 5 €"),
        ("utf-16-be", "utf-16", "Grüße, the lamp"),
        ("utf-16-le", "utf-16", "Grüße, the lamp"),
        ("utf-8", "iso-2022-jp", "ランプが壊れました"),
        ("ascii", "utf-7", "1+1=2 and C++ +"),
        ("big5hkscs", "big5", "啲燈壞咗"),
        ("shift_jis", None, "ランプが壊れました。どうすればいいですか"),
        ("euc_jp", None, "ランプが壊れました。どうすればいいですか"),
        ("euc_kr", None, "램프가 고장났어요. 어떻게 해야 하나요?"),
        ("gb18030", None, "你好，灯坏了。请问怎么办？"),
        ("big5", None, "你好，燈壞了。請問怎麼辦？"),
    ],
)
def test_charsets_named_wrongly_or_not_at_all(written: str, charset: str | None, text: str) -> None:
    assert charsets.decode(text.encode(written), charset)[0] == text


def test_japanese_mail_may_use_characters_of_windows() -> None:
    # ROW 13 and the IBM extensions are no part of ISO-2022-JP, and stand in it all the same.
    assert charsets.decode(b"\x1b$B-!-j%i%s%W\x1b(B ok \x1b$B|b\x1b(B", "iso-2022-jp")[0] == "①㈱ランプ ok 髙"


def test_alternatives_are_one_text_and_lists_keep_their_parts() -> None:
    parts = b"--x\nContent-Type: text/plain\n\nplain\n--x\nContent-Type: text/html\n\n<p>rich</p>\n--x--\n"
    both = mail(parts, b'Content-Type: multipart/alternative; boundary="x"')
    assert (both.text, both.html) == ("plain", "<p>rich</p>")
    mixed = mail(parts, b'Content-Type: multipart/mixed; boundary="x"')
    assert "plain" in mixed.text
    assert "rich" in mixed.text


def test_flowed_words_that_were_cut_are_joined() -> None:
    told = "ラン \nプ\nThe la \nmp  \nhums.\n> quo \n> ted\n-- \nAna\n".encode()
    flowed = mail(told, b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes")
    assert flowed.text == "ランプ\nThe lamp hums.\n> quo \n> ted\n-- \nAna\n"


def test_base64_with_noise_and_footers() -> None:
    told = base64.encodebytes(b"The lamp hums.") + b"\n--\nA list footer!\n"
    assert mail(told, b"Content-Transfer-Encoding: base64").text.startswith("The lamp hums.")


def test_nesting_and_numbers_are_limited() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(200))
    assert "too-deep" in read(b"From: a@b.example\n" + deep + b"\nhello").problems
    many = b"--b\n\nx\n" * 5000
    assert "too-many-parts" in mail(many, b"Content-Type: multipart/mixed; boundary=b").problems


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 100_000 + b"\n\nx",
        b"From: " + b"\\" * 100_000 + b"\n\nx",
        b"To: " + b"a@b, " * 50_000 + b"\n\nx",
        b"Content-Type: text/plain;" + b" " * 100_000 + b"x\n\nx",
        b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
        b"Content-Type: text/html\n\n" + b"<meta " * 50_000,
        b"Content-Type: text/html\n\n" + b"<span>x</b>" * 20_000,
        b"Subject: x\n\n" + b"On 3 May 2020 at 10:00 a <a@b.c> wrote:\n> q\nanswer\n" * 5_000,
        b"From: MAILER-DAEMON@x\nSubject: failure notice\n\n" + b"a" * 200_000,
    ],
)
def test_hostile_mail_costs_little(raw: bytes) -> None:
    started = time.process_time()
    read(raw)
    assert time.process_time() - started < 4


@given(
    st.binary(max_size=600), st.sampled_from(sorted(SAMPLES.glob("*.eml"))), st.integers(0, 3000), st.integers(0, 80)
)
def test_any_damage_is_survived(noise: bytes, path: Path, at: int, cut: int) -> None:
    raw = path.read_bytes()
    for damaged in (noise, raw[:at] + noise + raw[at + cut :]):
        try:
            message = read(damaged)
        except Unreadable:
            continue
        words = (message.subject, message.text, message.visible_text, message.html_clean or "")
        assert all("\0" not in one and one.encode("utf-8") is not None for one in words)


def test_a_plain_text_body_is_read_by_the_same_code() -> None:
    message = read_text("Hello\r\n\r\n> quoted\r\n")
    assert (message.text, message.visible_text) == ("Hello\n\n> quoted\n", "Hello")
