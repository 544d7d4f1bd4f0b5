"""A customer's message by API becomes a conversation, which is read, answered, assigned, tagged and closed."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import pytest

from api.conftest import Clients
from credo.base.db import Db
from support.desks import Desk


def message(desk: Desk, **more: Any) -> dict[str, Any]:
    """What a shop might hand over."""
    customer = {"address": "maria@example.org", "name": "Maria"}
    return {"mailbox_id": desk.mailbox_id, "customer": customer, "subject": "Lamp", "text": "It flickers.", **more}


async def opened(ines: httpx2.AsyncClient, desk: Desk, **more: Any) -> int:
    """A fresh conversation."""
    answer = await ines.post("/conversations", json=message(desk, **more))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["conversation_id"])


async def test_a_message_becomes_a_conversation(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    found = (await clients.ines.get(f"/conversations/{id}")).json()
    assert (found["subject"], found["state"], found["last_word_seq"]) == ("Lamp", "open", 1)
    listed = (await clients.ines.get("/conversations", params={"view": "unassigned"})).json()
    assert [(row["id"], row["customer"], row["unread"]) for row in listed["rows"]] == [(id, "Maria", True)]
    items = (await clients.ines.get(f"/conversations/{id}/items")).json()
    assert [(one["text"], one["senders"]) for one in items["rows"]] == [
        ("It flickers.", [{"address": "maria@example.org", "name": "Maria"}])
    ]
    assert (await clients.ines.get("/counts")).json()["views"]["unassigned"] == 1
    hits = (await clients.ines.get("/search", params={"words": "flicker"})).json()["rows"]
    assert hits[0]["conversation_id"] == id and hits[0]["snippet"]["found"] == "flickers"


async def test_files_come_along_and_are_downloads(clients: Clients, desk: Desk) -> None:
    content = base64.b64encode(b"<script>alert(1)</script>").decode()
    id = await opened(clients.ines, desk, files=[{"name": "Bild ü.html", "content": content, "type": "text/html"}])
    items = (await clients.ines.get(f"/conversations/{id}/items")).json()
    file = next(iter(items["files"].values()))[0]
    assert file["name"] == "Bild ü.html"
    got = await clients.ines.get(f"/attachments/{file['id']}/content")
    assert got.content == b"<script>alert(1)</script>"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_an_external_id_is_taken_in_once(clients: Clients, desk: Desk) -> None:
    first = await clients.ines.post("/conversations", json=message(desk, external_id="order-17"))
    again = await clients.ines.post("/conversations", json=message(desk, external_id="order-17"))
    assert first.json() == again.json()
    other = await clients.ines.post("/conversations", json=message(desk, external_id="order-18"))
    assert other.json() != first.json()


async def test_what_was_thrown_away_is_not_taken_in_again(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk, external_id="order-19")
    assert (await clients.ines.post(f"/conversations/{id}/trash")).status_code == 204
    again = await clients.ines.post("/conversations", json=message(desk, external_id="order-19"))
    assert (again.status_code, again.json()["type"]) == (409, "urn:credo:was-deleted")


async def test_a_message_joins_the_conversation_it_names(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    await clients.ines.post(f"/conversations/{id}/closure")
    joined = await clients.ines.post("/conversations", json=message(desk, conversation_id=id, text="It still does."))
    assert joined.json()["conversation_id"] == id
    assert (await clients.ines.get(f"/conversations/{id}")).json()["state"] == "open"


async def test_html_is_cleaned_and_told(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk, text="", html="<p>Hello <b>you</b></p><script>evil()</script>")
    item = (await clients.ines.get(f"/conversations/{id}/items")).json()["rows"][0]
    assert item["text"] == "Hello you" and "script" not in item["html"]


async def test_a_reply_is_held_and_can_be_undone(clients: Clients, desk: Desk, db: Db) -> None:
    id = await opened(clients.ines, desk)
    to = [{"address": "maria@example.org"}]
    stale = await clients.ines.post(
        f"/conversations/{id}/replies", json={"to": to, "text": "Soon.", "last_seen_seq": 0}
    )
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:credo:something-new")
    assert stale.json()["last_word_seq"] == 1
    sent = await clients.ines.post(
        f"/conversations/{id}/replies", json={"to": to, "html": "<p>Soon.</p>", "last_seen_seq": 1, "then": "solved"}
    )
    assert sent.status_code == 201
    outbox = (await clients.ines.get(f"/outbox/{sent.json()['outbox_id']}")).json()
    assert (outbox["mail"]["state"], outbox["recipients"][0]["address"]) == ("held", "maria@example.org")
    undone = await clients.ines.post(f"/outbox/{sent.json()['outbox_id']}/retraction")
    assert undone.json() == {"conversation_id": id}
    draft = (await clients.ines.get(f"/conversations/{id}/drafts/reply")).json()
    assert draft["text"] == "Soon." and draft["to"] == [{"address": "maria@example.org", "name": ""}]
    late = await clients.ines.post(f"/outbox/{sent.json()['outbox_id']}/retraction")
    assert (late.status_code, late.json()["detail"]) == (409, "It is already on its way.")


async def test_a_conversation_of_ours_sends_its_first_message(clients: Clients, desk: Desk) -> None:
    begun = await clients.ines.post(
        "/outgoing",
        json={
            "mailbox_id": desk.mailbox_id,
            "subject": "Your lamp is ready",
            "to": [{"address": "tim@example.org", "name": "Tim"}],
            "text": "Come and fetch it.",
        },
    )
    assert begun.status_code == 201, begun.text
    found = (await clients.ines.get(f"/conversations/{begun.json()['conversation_id']}")).json()
    assert (found["subject"], found["assignee_id"]) == ("Your lamp is ready", desk.ines.agent_id)


async def test_files_of_a_draft_leave_with_the_reply(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    draft = await clients.ines.put(f"/conversations/{id}/drafts/reply", json={"text": "See below"})
    attached = await clients.ines.post(
        f"/drafts/{draft.json()['id']}/attachments",
        params={"name": "plan.pdf"},
        content=b"%PDF-1.7",
        headers={"Content-Type": "application/pdf"},
    )
    assert attached.status_code == 201, attached.text
    assert (attached.json()["type"], attached.json()["size"]) == ("application/pdf", 8)
    body = {"to": [{"address": "maria@example.org"}], "text": "See below", "last_seen_seq": 1}
    sent = await clients.ines.post(f"/conversations/{id}/replies", json={**body, "draft_id": draft.json()["id"]})
    items = (await clients.ines.get(f"/conversations/{id}/items", params={"after": 1})).json()
    assert [one["name"] for one in items["files"][str(sent.json()["item_id"])]] == ["plan.pdf"]
    assert (await clients.ines.get(f"/conversations/{id}/drafts/reply")).status_code == 404


async def test_a_draft_is_never_overwritten_by_an_older_window(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    first = await clients.ines.put(f"/conversations/{id}/drafts/note", json={"text": "a"})
    second = await clients.ines.put(f"/conversations/{id}/drafts/note", json={"text": "b", "version": 1})
    stale = await clients.ines.put(f"/conversations/{id}/drafts/note", json={"text": "c", "version": 1})
    assert (first.json()["version"], second.json()["version"], stale.status_code) == (1, 2, 409)
    assert (await clients.ines.delete(f"/conversations/{id}/drafts/note")).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "body", "state"),
    [
        ("POST", "closure", None, "solved"),
        ("POST", "waiting", None, "waiting"),
        ("POST", "spam", None, "spam"),
        ("POST", "trash", None, "trash"),
        ("PUT", "snooze", {"until": "2099-01-01T09:00:00Z"}, "snoozed"),
    ],
)
async def test_states_and_their_way_back(
    clients: Clients, desk: Desk, method: str, path: str, body: dict[str, str] | None, state: str
) -> None:
    id = await opened(clients.ines, desk)
    assert (await clients.ines.request(method, f"/conversations/{id}/{path}", json=body)).status_code == 204
    assert (await clients.ines.get(f"/conversations/{id}")).json()["state"] == state
    assert (await clients.ines.delete(f"/conversations/{id}/closure")).status_code == 204
    assert (await clients.ines.get(f"/conversations/{id}")).json()["state"] == "open"


async def test_assignment_team_tags_notes_presence_and_history(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    ines, base = clients.ines, f"/conversations/{id}"
    candidates = (await ines.get(f"{base}/candidates")).json()["rows"]
    assert "Tom" not in [one["name"] for one in candidates]
    refused = await ines.put(f"{base}/assignment", json={"agent_id": desk.tom.agent_id})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:credo:cannot-see")
    assert (await ines.put(f"{base}/assignment", json={"agent_id": desk.ines.agent_id})).status_code == 204
    assert (await ines.put(f"{base}/team", json={"team_id": None})).status_code == 204
    assert (await ines.put(f"{base}/tags", json={"tags": ["lamp", "warranty"]})).status_code == 204
    assert (await ines.get("/tags", params={"start": "war"})).json()["rows"] == ["warranty"]
    note = await ines.post(f"{base}/notes", json={"text": "Ask the workshop."})
    assert note.status_code == 201
    assert (await ines.put(f"{base}/presence", json={"doing": "writing"})).status_code == 204
    assert (await clients.ada.get(f"{base}/presence")).json()["rows"][0]["doing"] == "writing"
    assert (await ines.delete(f"{base}/presence")).status_code == 204
    assert (await ines.put(f"{base}/reading", json={"seq": 5})).status_code == 204
    kinds = [one["kind"] for one in (await ines.get(f"{base}/events")).json()["rows"]]
    assert kinds[0] == "message.received" and {"conversation.assigned", "note.added"} <= set(kinds)
    assert [one["role"] for one in (await ines.get(f"{base}/participants")).json()["rows"]] == ["requester"]
    customer = (await ines.get("/customers", params={"address": "MARIA@example.org"})).json()
    assert customer["addresses"] == ["maria@example.org"]
    theirs = (await ines.get(f"/customers/{customer['id']}/conversations")).json()["rows"]
    assert [one["id"] for one in theirs] == [id]


async def test_lists_go_on_where_the_page_before_ended(clients: Clients, desk: Desk) -> None:
    made = [await opened(clients.ines, desk, subject=f"Lamp {n}") for n in range(53)]
    first = (await clients.ines.get("/conversations")).json()
    second = (await clients.ines.get("/conversations", params={"after": first["next"]})).json()
    assert len(first["rows"]) == 50 and second["next"] is None
    assert {row["id"] for row in first["rows"] + second["rows"]} == set(made)
    bad = await clients.ines.get("/conversations", params={"after": "nonsense"})
    assert (bad.status_code, bad.json()["type"]) == (422, "urn:credo:bad-cursor")
