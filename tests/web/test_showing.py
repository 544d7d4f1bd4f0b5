"""What stands between a mail and a screen: text as paragraphs, letters in parts, markup that may stand among ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.base import clock
from credo.replying.writing import cleaned
from credo.web import composing, marks, outside, snoozing, threads, wording


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("One\nTwo", "<p>One<br>Two</p>"),
        ("  \n\nOne\n \n\n\nTwo\n\n", "<p>One</p><p>Two</p>"),
        ("<b>1 & 2</b>", "<p>&lt;b&gt;1 &amp; 2&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_text_becomes_paragraphs(text: str, shown: str) -> None:
    assert str(marks.letter(text)) == shown


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://lumen.example/a?b=1&c=2.", "https://lumen.example/a?b=1&amp;c=2"),
        ("(http://lumen.example)", "http://lumen.example"),
        ('"https://lumen.example/x"', "https://lumen.example/x"),
        ("<https://lumen.example/y>", "https://lumen.example/y"),
        ("https://lumen.example\nNext", "https://lumen.example"),
    ],
)
def test_addresses_become_links_that_tell_nothing(text: str, address: str) -> None:
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>'
    assert link in str(marks.letter(text))


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://lumen.example"])
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert "<a" not in str(marks.letter(text))


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    shown = str(marks.letter(text))
    for tag in ("<p>", "</p>", "<br>"):
        shown = shown.replace(tag, "")
    if "http" not in text:
        assert "<" not in shown


def test_parts_keep_every_word_and_fold_quotes() -> None:
    text = "Thank you!\n\nOn Monday Ines wrote:\n> Hello\n> Hanna\n--\nHanna Vogel"
    start, sign = text.index("On Monday"), text.index("--")
    found = threads.parts(text, [["quote", start, sign], ["signature", sign, len(text)]])
    assert [(part.kind, part.lines) for part in found] == [("text", 1), ("quote", 3), ("signature", 2)]
    assert "".join(part.text for part in found) == text


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>Hello<br>you</p><ul><li>one</li></ul>", True),
        ('<p><a href="https://x.example" rel="noopener" target="_blank">x</a></p>', True),
        ('<p>Hi</p><details class="quote"><summary>…</summary><p>old</p></details>', True),
        ('<p style="color:red">Hi</p>', False),
        ("<table><tr><td>1</td></tr></table>", False),
        ('<img data-src="https://x.example/i.png">', False),
        ('<p hx-get="/sign-out">x</p>', False),
        ('<p onclick="x()">x</p>', False),
        ('<a href="https://x.example" hx-post="/x">x</a>', False),
        ("<script>x()</script>", False),
        ("<p", False),
    ],
)
def test_only_plain_markup_stands_among_ours(html: str, plain: bool) -> None:
    assert threads.is_plain(html) is plain


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("a@x.example", [("", "a@x.example")]),
        ("Nora Lind <n@x.example>, b@y.example", [("Nora Lind", "n@x.example"), ("", "b@y.example")]),
        ("a@x.example; b@y.example", [("", "a@x.example"), ("", "b@y.example")]),
        ('"Lind, Nora" <n@x.example>', [("Lind, Nora", "n@x.example")]),
        ("", []),
        (" , ", []),
    ],
)
def test_addresses_as_people_type_them(typed: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in composing.typed(typed)] == found


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>Hi <strong>you</strong></p>", "<p>Hi <strong>you</strong></p>"),
        ('<p onclick="x()" style="color:red">Hi</p>', "<p>Hi</p>"),
        ("<script>x()</script><p>Hi</p>", "<p>Hi</p>"),
        ('<p><img src="/attachments/7" alt="crack"></p>', '<p><img src="cid:seven@credo" alt="crack"></p>'),
        ('<p><img src="/attachments/8"><img src="https://evil.example/x.png"></p>', "<p></p>"),
        ('<a href="javascript:x()">x</a>', "<a>x</a>"),
    ],
)
def test_what_leaves_the_editor_is_cleaned(written: str, kept: str) -> None:
    assert cleaned(written, {7: "seven@credo"}) == kept


def test_the_name_of_a_file_survives_in_any_script() -> None:
    said = outside.disposition('Rech"nung\r\n\\ 4 €.pdf')
    assert said.startswith('attachment; filename="Rech_nung__')
    assert "filename*=UTF-8''Rech%22nung%0D%0A%5C%204%20%E2%82%AC.pdf" in said
    assert "\n" not in said


def test_snoozes_lie_ahead_and_differ() -> None:
    wording.zone.set("Europe/Berlin")
    for day in range(1, 8):
        for hour in (0, 7, 12, 15, 22):
            with clock.frozen(datetime(2026, 11, day, hour, 30, tzinfo=UTC)):
                moments = [choice.at for choice in snoozing.choices()]
                assert all(moment > clock.now() for moment in moments)
                assert moments == sorted(set(moments))
