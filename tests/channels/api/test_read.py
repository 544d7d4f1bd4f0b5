"""A message of another program becomes an Inbound, or is refused with a sentence. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.base.errors import Invalid
from credo.channels.api.read import File, Message, NoWords, Sender, read
from credo.channels.email import html

MARIA = Sender("Maria@example.org", "Maria")
PLAIN = Message(mailbox_id=1, customer=MARIA, subject="Lamp", text="It flickers.\n\n> quoted\n")


def test_what_was_written_stands_in_the_inbound() -> None:
    inbound = read(PLAIN, None)
    assert inbound.from_ is not None
    assert (inbound.from_.name, inbound.from_.address, inbound.from_.key) == (
        "Maria",
        "Maria@example.org",
        "maria@example.org",
    )
    assert (inbound.kind, inbound.automatic, inbound.subject) == ("message", "no", "Lamp")
    assert inbound.text == PLAIN.text and inbound.message_id is None and inbound.delivered_to == ()


def test_an_external_id_and_a_conversation_leave_their_marks() -> None:
    inbound = read(replace(PLAIN, external_id="order-1"), None, reply_address="care+key.sig@x.example")
    assert inbound.message_id == "order-1@api.invalid"
    assert inbound.delivered_to == ("care+key.sig@x.example",)


def test_markup_is_told_where_there_is_no_text() -> None:
    message = replace(PLAIN, text=" ", html="<p>It <b>flickers</b>.</p><script>x</script>")
    inbound = read(message, html.read(message.html or ""))
    assert inbound.text == "It flickers."
    assert inbound.html_clean is not None and "script" not in inbound.html_clean


def test_a_file_alone_is_a_message() -> None:
    inbound = read(replace(PLAIN, text="", files=[File("", "TGFtcA==", "text/plain")]), None)
    assert [(one.name, one.content, one.size) for one in inbound.attachments] == [("file", b"Lamp", 4)]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (replace(PLAIN, text=" \n"), "A message needs text, html or at least one file."),
        (replace(PLAIN, customer=Sender("maria")), "“maria” does not look like a mail address."),
        (replace(PLAIN, customer=Sender("a b@c.example")), "“a b@c.example” does not look like a mail address."),
        (replace(PLAIN, files=[File("x.txt", "***")]), "The content of “x.txt” is not base64."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(message: Message, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(message, None)
    assert refused.value.sentence == sentence


@given(st.text(), st.text(), st.text(max_size=300))
def test_any_text_is_kept_or_refused(name: str, address: str, text: str) -> None:
    try:
        inbound = read(replace(PLAIN, customer=Sender(address, name), text=text), None)
    except NoWords:
        assert not text.strip()
    except Invalid:
        assert (
            "@" not in address
            or any(c.isspace() or c in "<>,;\x00" for c in address)
            or address[-1] == "@"
            or (address.rpartition("@")[0] == "")
        )
    else:
        assert inbound.text == text
