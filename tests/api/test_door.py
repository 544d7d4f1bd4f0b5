"""Who gets in, what a token may do, keys that make a write happen once, bodies that must fit, limits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from litestar import Litestar

from api.conftest import Clients
from api.test_conversations import message, opened
from credo.api.limits import Limits, TooOften
from credo.base import clock
from credo.base.db import Db
from credo.people import agents, tokens
from support.api import client, token
from support.desks import Desk, make_desk


def said(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and sentence of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["type"], problem["detail"]


async def test_without_a_token_nothing_is_told(clients: Clients) -> None:
    answer = await clients.nobody.get("/conversations")
    status, code, sentence = said(answer)
    assert (status, code) == (401, "urn:credo:not-signed-in") and sentence.endswith(".")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer credo_x", "Bearer credo_1_wrong", "credo_1_wrong"])
async def test_what_is_no_token_is_refused(clients: Clients, header: str) -> None:
    answer = await clients.nobody.get("/me", headers={"Authorization": header})
    assert said(answer)[0] == 401


async def test_a_session_cookie_is_no_token(clients: Clients) -> None:
    answer = await clients.nobody.get("/me", headers={"Cookie": "credo=1.abc; __Host-credo=1.abc"})
    assert said(answer)[0] == 401


async def test_a_revoked_token_an_expired_one_and_one_of_a_deactivated_colleague(
    app: Litestar, clients: Clients, db: Db, desk: Desk
) -> None:
    mine = (await clients.ines.get("/tokens")).json()["rows"]
    assert [one["agent_name"] for one in mine] == ["Ines"]
    assert (await clients.ines.delete(f"/tokens/{mine[0]['id']}")).status_code == 204
    assert said(await clients.ines.get("/me"))[0] == 401
    async with db.transaction(desk.id) as tx:
        soon = clock.now() + timedelta(hours=1)
        made = await tokens.make(tx, desk.lea, "soon over", ["read"], expires_at=soon)
    async with client(app, made.secret) as lea:
        assert (await lea.get("/me")).json()["name"] == "Lea"
        async with db.transaction(desk.id) as tx:
            await tx.run(
                "update api_token set expires_at = %(at)s where desk_id = %(desk)s and id = %(id)s",
                at=clock.now(),
                id=made.id,
            )
        assert said(await lea.get("/me"))[0] == 401
    async with client(app, await token(db, desk.lea, "read")) as lea:
        assert (await lea.get("/me")).json()["scopes"] == ["read"]
        async with db.transaction(desk.id) as tx:
            await agents.deactivate(tx, desk.ada, desk.lea.agent_id)
        assert said(await lea.get("/me"))[0] == 401


async def test_scopes_hold_even_for_an_administrator(app: Litestar, db: Db, desk: Desk) -> None:
    async with client(app, await token(db, desk.ada, "read")) as reads:
        assert (await reads.get("/conversations")).status_code == 200
        status, code, sentence = said(await reads.post("/conversations", json=message(desk)))
        assert (status, code) == (403, "urn:credo:scope-missing") and '"write"' in sentence
        assert said(await reads.get("/agents"))[0] == 403
    async with client(app, await token(db, desk.ada, "write")) as writes:
        assert (await writes.post("/conversations", json=message(desk))).status_code == 201
        assert said(await writes.put("/desk", json={"name": "X", "zone": "UTC", "language": "en"}))[0] == 403
    async with client(app, await token(db, desk.ada, "admin")) as all:
        assert (await all.put("/desk", json={"name": "X", "zone": "UTC", "language": "en"})).status_code == 204


async def test_who_keeps_guessing_waits(clients: Clients) -> None:
    answers = [await clients.nobody.get("/me", headers={"Authorization": f"Bearer credo_1_{n}"}) for n in range(62)]
    assert [one.status_code for one in answers[:60]] == [401] * 60
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) >= 1
    assert (await clients.ines.get("/me")).status_code == 200


async def test_a_token_has_so_many_requests_a_minute(app: Litestar, clients: Clients) -> None:
    app.state.api_limits = Limits(a_minute=5)
    with clock.frozen(clock.now()):
        answers = [await clients.ines.get("/me") for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        assert (await clients.tom.get("/me")).status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert (await clients.ines.get("/me")).status_code == 200


async def test_processes_share_the_limit(db: Db, desk: Desk) -> None:
    taken = 0
    with clock.frozen(clock.now()):
        for process in (Limits(400), Limits(400), Limits(400)):
            for _ in range(200):
                try:
                    await process.take(db, desk.id, 7)
                    taken += 1
                except TooOften:
                    break
    assert taken == 400


async def test_nothing_is_kept_on_the_way(clients: Clients) -> None:
    assert (await clients.ines.get("/me")).headers["cache-control"] == "no-store"
    assert (await clients.nobody.get("/me")).headers["cache-control"] == "no-store"
    assert "max-age" in (await clients.nobody.get("/openapi.json")).headers["cache-control"]


async def test_the_same_key_does_it_once(clients: Clients, desk: Desk, db: Db) -> None:
    key = {"Idempotency-Key": "order-1"}
    first = await clients.ines.post("/conversations", json=message(desk), headers=key)
    again = await clients.ines.post("/conversations", json=message(desk), headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    assert len((await clients.ines.get("/conversations")).json()["rows"]) == 1


async def test_answers_without_a_body_are_kept_too(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    key = {"Idempotency-Key": "close-1"}
    answers = [await clients.ines.post(f"/conversations/{id}/closure", headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [204, 204]
    assert said(await clients.ines.post(f"/conversations/{id}/closure"))[0] == 409


async def test_the_same_key_for_something_else_is_refused(clients: Clients, desk: Desk) -> None:
    key = {"Idempotency-Key": "order-2"}
    await clients.ines.post("/conversations", json=message(desk), headers=key)
    other = await clients.ines.post("/conversations", json=message(desk, text="Another."), headers=key)
    assert said(other)[:2] == (422, "urn:credo:key-reused")
    theirs = await clients.ada.post("/conversations", json=message(desk, text="Another."), headers=key)
    assert theirs.status_code == 201


async def test_at_the_same_time_one_is_done_and_the_others_are_told(clients: Clients, desk: Desk) -> None:
    key = {"Idempotency-Key": "order-3"}
    answers = await asyncio.gather(
        *(clients.ines.post("/conversations", json=message(desk), headers=key) for _ in range(8))
    )
    assert {one.status_code for one in answers} <= {201, 409}
    assert len({one.text for one in answers if one.status_code == 201}) == 1
    assert len((await clients.ines.get("/conversations")).json()["rows"]) == 1


async def test_a_refused_write_leaves_the_key_free(clients: Clients, desk: Desk) -> None:
    key = {"Idempotency-Key": "order-4"}
    wrong = await clients.ines.post("/conversations", json=message(desk, text=""), headers=key)
    assert said(wrong)[:2] == (422, "urn:credo:no-words")
    assert (await clients.ines.post("/conversations", json=message(desk), headers=key)).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "two words"])
async def test_a_key_must_fit(clients: Clients, desk: Desk, key: str) -> None:
    answer = await clients.ines.post("/conversations", json=message(desk), headers={"Idempotency-Key": key})
    assert said(answer)[:2] == (422, "urn:credo:key-unfit")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "a", "colour": "red"}, "body.colour"),
        ({"text": 5}, "body.text"),
        ({"text": None}, "body.text"),
        (["text"], "body"),
        ({"text": "x" * 1_000_001}, "body.text"),
    ],
)
async def test_what_does_not_fit_is_named(clients: Clients, desk: Desk, body: Any, field: str) -> None:
    id = await opened(clients.ines, desk)
    answer = await clients.ines.post(f"/conversations/{id}/notes", json=body)
    assert said(answer)[0] == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_unknown_fields_are_found_inside_lists(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    to = [{"address": "a@b.example"}, {"address": "c@d.example", "nick": "C"}]
    body = {"to": to, "text": "x", "last_seen_seq": 1}
    answer = await clients.ines.post(f"/conversations/{id}/replies", json=body)
    assert answer.json()["errors"] == [{"field": "body.to[1].nick", "sentence": "There is no such field."}]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"text": "\\ud800"}'])
async def test_what_is_no_json_is_refused(clients: Clients, desk: Desk, body: bytes) -> None:
    id = await opened(clients.ines, desk)
    assert said(await clients.ines.post(f"/conversations/{id}/notes", content=body))[0] in (400, 422)


async def test_a_body_too_large_is_refused(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    answer = await clients.ines.post(f"/conversations/{id}/notes", content=b" " * 2_000_001)
    assert said(answer)[0] == 413


@pytest.mark.parametrize("path", ["/conversations/0", "/conversations/99999999999999999999", "/conversations?team=x"])
async def test_values_in_the_address_must_fit(clients: Clients, path: str) -> None:
    assert said(await clients.ines.get(path))[0] in (404, 422)


async def test_what_others_may_not_see_is_not_found(clients: Clients, desk: Desk, db: Db, app: Litestar) -> None:
    id = await opened(clients.ines, desk)
    assert said(await clients.tom.get(f"/conversations/{id}"))[0] == 404
    assert said(await clients.tom.post("/conversations", json=message(desk)))[0] == 404
    assert said(await clients.tom.post(f"/conversations/{id}/notes", json={"text": "x"}))[0] == 404
    elsewhere = await make_desk(db, "Another")
    async with client(app, await token(db, elsewhere.ada, "admin")) as stranger:
        assert said(await stranger.get(f"/conversations/{id}"))[0] == 404
        assert (await stranger.get("/conversations")).json()["rows"] == []


async def test_a_fault_of_ours_is_told_without_its_inside(
    clients: Clients, desk: Desk, monkeypatch: pytest.MonkeyPatch, db: Db
) -> None:
    async def broken(tx: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(db, "before_commit", broken)
    answer = await clients.ines.post("/conversations", json=message(desk))
    status, _, sentence = said(answer)
    assert status == 500 and "secret" not in sentence
    monkeypatch.undo()
    assert (await clients.ines.get("/conversations")).json()["rows"] == []


@pytest.mark.parametrize(
    ("tongue", "nothing", "field", "fits"),
    [
        ("", "There is nothing here, or you may not see it.", "There is no such field.", "body.texd: "),
        ("fr, de;q=0.5", "Hier ist nichts,", "Ein solches Feld gibt es nicht.", "body.texd: "),
        ("es-MX", "Aquí no hay nada", "No existe ese campo.", "body.texd: "),
    ],
)
async def test_a_problem_is_told_in_the_language_asked_for(
    clients: Clients, desk: Desk, tongue: str, nothing: str, field: str, fits: str
) -> None:
    headers = {"Accept-Language": tongue}
    for path in ("/conversations/999999", "/nothing/here"):
        missing = await clients.ines.get(path, headers=headers)
        assert missing.json()["type"] in ("urn:credo:no-conversation", "urn:credo:not-found")
        assert missing.headers["vary"] == "Accept-Language"
    assert missing.json()["detail"].startswith(nothing)
    id = await opened(clients.ines, desk)
    wrong = (await clients.ines.post(f"/conversations/{id}/notes", json={"texd": "x"}, headers=headers)).json()
    assert (wrong["type"], wrong["status"]) == ("urn:credo:misfits", 422)
    assert wrong["errors"] == [{"field": "body.texd", "sentence": field}]
    assert wrong["detail"].startswith(fits) and wrong["detail"].endswith(field)
    kind = (await clients.ines.post(f"/conversations/{id}/notes", json={"text": 7}, headers=headers)).json()
    assert ("Expected" in kind["detail"]) is (not tongue), "what a decoder said is English"
    assert "Expected" in kind["errors"][0]["sentence"]


async def test_a_note_takes_files_of_a_draft(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    draft = (await clients.ines.put(f"/conversations/{id}/drafts/note", json={"text": "See the plan"})).json()["id"]
    await clients.ines.post(f"/drafts/{draft}/attachments", params={"name": "plan.pdf"}, content=b"%PDF")
    noted = await clients.ines.post(f"/conversations/{id}/notes", json={"text": "See the plan", "draft_id": draft})
    assert noted.status_code == 201, noted.text
    items = (await clients.ines.get(f"/conversations/{id}/items")).json()
    assert [file["name"] for file in items["files"][str(noted.json()["id"])]] == ["plan.pdf"]
    gone = await clients.ines.get(f"/conversations/{id}/drafts/note")
    assert gone.status_code == 404, "the draft has become the note"


async def test_what_comes_in_by_the_api_says_so(clients: Clients, desk: Desk) -> None:
    id = await opened(clients.ines, desk)
    assert (await clients.ines.get(f"/conversations/{id}")).json()["channel"] == "api"
