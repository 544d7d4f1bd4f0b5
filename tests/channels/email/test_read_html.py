"""HTML is cleaned, told as text, and its quotes are folded without a loss."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.channels.email.html import read
from credo.channels.email.read import read as read_mail

QUOTES = [
    '<p>Thanks!</p><div class="gmail_quote"><div>'
    "On Mon, 2 Mar 2026 at 10:00, Bo &lt;b@c.example&gt; wrote:<br></div>"
    "<blockquote>old words</blockquote></div>",
    "<div class=WordSection1><p>Thanks!</p><div style='border:none;border-top:solid #B5C4DF 1.0pt'>"
    "<p><b>From:</b> Bo &lt;b@c.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Ana<br>"
    "<b>Subject:</b> Lamp</p></div>"
    "<p>old words</p></div>",
    '<div>Thanks!</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Frá:</b> B</div><p>old words</p>',
    '<div>Thanks!</div><div class="moz-cite-prefix">Am 02.03.26 um 10:00 schrieb Bo:<br></div>'
    '<blockquote type="cite"><p>old words</p></blockquote>',
    "<table><tr><td>Thanks!</td></tr><tr><td>-----Original Message-----<br>old words</td></tr></table>",
    '<div>Thanks!</div><div class="gmail_quote"><div class="gmail_attr">1. jaan 2026 Bo kirja<br></div>'
    "<blockquote>old words</blockquote></div>",
    '<div>Thanks!</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>Bo kirja</div><p>old words</p></div>',
    '<div>Thanks!</div><div id="mail-editor-reference-message-container"><b>Saatja:</b> Bo<br>old words</div>',
    '<div>Thanks!</div><div class="gmail_signature">old words<br>Director</div>',
]


@pytest.mark.parametrize("raw", QUOTES)
def test_quotes_are_folded_and_kept(raw: str) -> None:
    told = read(raw)
    assert told.visible == "Thanks!"
    assert "old words" in told.text
    before, _, folded = told.clean.partition("<details")
    assert "Thanks!" in before
    assert "old words" in folded
    assert "old words" not in before


def test_answers_between_quotes_stay_visible() -> None:
    told = read("<p>See below</p><blockquote>Which?</blockquote><p>Red</p><blockquote>When?</blockquote><p>May</p>")
    assert "<details" not in told.clean
    assert told.visible.splitlines()[::2] == ["See below", "> Which?", "Red", "> When?", "May"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p style='white-space: pre-wrap'>one\n  two</p>three", "one\n  two\n\nthree"),
        (
            "<div style='white-space:pre'><div>one\ntwo</div>three\nfour</div>five\nsix",
            "one\ntwo\nthree\nfour\nfive six",
        ),
        ("plain words\nunder the name of HTML", "plain words\nunder the name of HTML"),
        ("<ul><li>one<ul><li>half</li></ul></li><li><p>two</p></li></ul>", "- one\n  - half\n- two"),
        ("<ol start=3><li>three</li><li>four</li></ol>", "3. three\n4. four"),
        (
            "write to <kim@old.example> or <https://old.example/x>",
            "write to <kim@old.example> or <https://old.example/x>",
        ),
        ("<div style='display:none'>secret</div>hi", "hi"),
        ("<div style='max-height:0;overflow:hidden'>secret</div>hi", "hi"),
        ("<div style='max-height:0'>shown</div>hi", "shown\nhi"),
        ("<span style='opacity:0'>secret</span><span style='opacity:0.9'>hi</span>", "hi"),
        ("<div style='visibility: hidden'>secret</div><div hidden>secret</div>hi", "hi"),
        ("<span style='font-size:0px'>secret</span>hi", "hi"),
        ("<div style='font-size:0px'><div style='font-size:14px'>hi</div></div>", "hi"),
        ("<div style='display:none'>all there is", "all there is"),
        ("hi &zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;there", "hi there"),
        ("<xml><o:PixelsPerInch>96</o:PixelsPerInch></xml>hi", "hi"),
        ("<p>above</p><blockquote>quoted</blockquote>", "above\n\n> quoted"),
    ],
)
def test_html_is_told_as_a_person_sees_it(raw: str, text: str) -> None:
    assert read(raw).text == text


def test_words_below_a_rule_stay_visible() -> None:
    assert read("<p>The first lamp hums.</p><hr><p>The second is dark.</p>").visible.endswith("The second is dark.")


def test_plain_words_beside_html_keep_their_lines() -> None:
    parts = b"--x\n\none\ntwo\n--x\nContent-Type: text/html\n\n<p>three</p>\n--x--\n"
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + parts
    assert read_mail(raw).text == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>ok",
        '<img src="x" onerror="alert(1)">ok',
        '<a href="javascript:alert(1)">ok</a>',
        '<a href="data:text/html,<script>alert(1)</script>">ok</a>',
        '<img src="data:image/svg+xml;base64,PHN2Zy8+">ok',
        '<div style="background:url(https://t.example/x)">ok</div>',
        '<iframe src="https://t.example"></iframe>ok',
        '<form action="https://t.example"><input name="password">ok</form>',
        "<style>@import 'https://t.example'</style>ok",
        '<p id="main" class="modal" name="x">ok</p>',
        '<meta http-equiv="refresh" content="0;url=https://t.example">ok',
        "<svg><script>alert(1)</script></svg>ok",
        '<base href="https://t.example/">ok',
    ],
)
def test_nothing_dangerous_or_calling_home_is_left(raw: str) -> None:
    clean = read(raw).clean
    assert "ok" in clean
    for word in ("script", "onerror", "javascript", "data:", "url(", "iframe", "<input", "t.example", "class=", "id="):
        assert word not in clean


def test_remote_images_wait_and_inline_ones_are_named() -> None:
    clean = read('<img src="https://t.example/a.png"><img src="cid:b@c"><img src="data:image/png;base64,AAAA">').clean
    assert clean == '<img data-src="https://t.example/a.png"><img data-cid="b@c"><img src="data:image/png;base64,AAAA">'


def test_markup_becomes_readable_text() -> None:
    told = read(
        "<h1>Order</h1><p>Two&nbsp;lamps:</p><ol><li>red</li><li>blue</li></ol><p>see <a href='https://x.example/y'>here</a>"
        "</p><pre>a\n  b</pre><div style='display:none'>hidden</div>line one<br>line two 😀"
    )
    assert told.text == (
        "Order\n\nTwo lamps:\n\n1. red\n2. blue\n\nsee here <https://x.example/y>\n\na\n  b\n\nline one\nline two 😀"
    )


BALANCED = [f"<{name}>" for name in ("div", "/div", "p", "/p", "blockquote", "/blockquote", "b", "/b", "br", "hr")]
LOOSE = [
    "<table><tr><td>",
    "</td></tr></table>",
    "<ul><li>",
    "<pre>a\nb</pre>",
    '<div class="gmail_signature">',
    "words ",
]
SPOKEN = [
    "On 2 Mar 2026 at 10:00, Bo &lt;b@c.example&gt; wrote:",
    "Sent from my iPhone",
    "-- ",
    "-----Original Message-----",
]
PIECES = st.sampled_from([*BALANCED, *LOOSE, *(f"{line}<br>" for line in SPOKEN)])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_folding_keeps_every_word_and_nests_rightly(raw: str) -> None:
    told = read(raw)
    without = re.sub(r"<summary>.*?</summary>", "", told.clean)
    assert re.sub(r"<[^>]+>|\s", "", without).count("words") == raw.count("words")
    opened: list[str] = []
    for close, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", told.clean):
        if name in ("br", "hr", "img", "wbr", "col"):
            continue
        if close:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []
