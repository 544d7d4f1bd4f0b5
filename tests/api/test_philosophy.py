"""The journey of a philosophy by API: drafted, proposed, approved, published, asked about, excepted from, retired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from litestar import Litestar

from api.conftest import Clients
from api.test_conversations import opened
from credo.base.db import Db
from support.api import client, token
from support.desks import Desk
from support.documents import governed

TEXT = governed("""
  owner: ada
  approve: {promises: [ada, ines], policy: [ines]}
""")
FASTER = TEXT.replace("target: PT4H", "target: PT2H", 1)


@dataclass(frozen=True)
class People:
    """Ada owns the philosophy, Lea leads, Ines approves, Tom answers."""

    ada: httpx2.AsyncClient
    lea: httpx2.AsyncClient
    ines: httpx2.AsyncClient
    tom: httpx2.AsyncClient


@pytest.fixture
async def people(app: Litestar, db: Db, desk: Desk, clients: Clients) -> AsyncIterator[People]:
    assert (await clients.ada.put("/philosophy", json={"source": TEXT})).status_code == 200
    async with client(app, await token(db, desk.lea)) as lea:
        yield People(clients.ada, lea, clients.ines, clients.tom)


async def drafted(who: httpx2.AsyncClient, text: str = FASTER) -> dict[str, Any]:
    made = await who.post("/philosophy/drafts", json={"title": "Faster", "source": text})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def published(people: People, text: str = FASTER, **more: Any) -> dict[str, Any]:
    draft = await drafted(people.lea, text)
    path = f"/philosophy/drafts/{draft['id']}"
    assert (await people.lea.put(f"{path}/proposal")).status_code == 200
    for who in (people.ada, people.ines):
        word = {"revision": draft["revision"], "decision": "approved"}
        assert (await who.post(f"{path}/approvals", json=word)).status_code == 201
    done = await people.ada.post(f"{path}/publication", json={"reason": "Too slow.", **more})
    assert done.status_code == 201, done.text
    found: dict[str, Any] = done.json()
    return found


async def test_the_journey_of_a_version(people: People, desk: Desk) -> None:
    before = await opened(people.ines, desk)
    draft = await drafted(people.lea, TEXT)
    path = f"/philosophy/drafts/{draft['id']}"
    broken = {"source": FASTER.replace("serves: heard", "serves: hear"), "revision": 1}
    assert (await people.lea.put(path, json=broken)).json()["revision"] == 2
    refused = await people.lea.put(f"{path}/proposal")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:credo:bad-philosophy")
    assert "line " in refused.json()["errors"][0]["sentence"]
    assert (await people.lea.put(path, json={"source": FASTER, "revision": 2})).json()["revision"] == 3
    proposed = (await people.lea.put(f"{path}/proposal")).json()
    assert (proposed["parts"], proposed["settled"]) == (["promises/first-answer"], False)
    assert proposed["needs"] == [
        {"section": "promises", "approvers": [desk.ada.agent_id, desk.ines.agent_id], "every": True}
    ]
    early = await people.ada.post(f"{path}/publication", json={"reason": "Too slow."})
    assert (early.status_code, early.json()["type"]) == (409, "urn:credo:not-yet-approved")
    word = {"revision": 3, "decision": "approved"}
    assert (await people.tom.post(f"{path}/approvals", json=word)).status_code == 403
    assert not (await people.ines.post(f"{path}/approvals", json=word)).json()["settled"]
    assert (await people.ada.post(f"{path}/approvals", json=word)).json()["settled"]
    assert (await people.lea.post(f"{path}/publication", json={"reason": "Too slow."})).status_code == 403
    made = (await people.ada.post(f"{path}/publication", json={"reason": "Too slow."})).json()
    assert made["number"] == 8
    after = await opened(people.ines, desk)
    targets = [
        (await people.ines.get(f"/conversations/{id}/clocks")).json()["rows"][0]["target"] for id in (before, after)
    ]
    assert targets == ["PT4H", "PT2H"]
    retirement = f"/philosophy/versions/{made['id']}/retirement"
    assert (await people.lea.post(retirement, json={"reason": "Anew."})).status_code == 403
    assert (await people.ada.post(retirement, json={"reason": "Anew."})).status_code == 204
    assert (await people.ines.get("/philosophy")).status_code == 404
    rows = (await people.tom.get("/philosophy/versions")).json()["rows"]
    assert [(one["number"], one["state"]) for one in rows] == [(8, "retired"), (7, "retired")]
    last = await opened(people.ines, desk)
    assert (await people.ines.get(f"/conversations/{last}/clocks")).json()["rows"] == []
    (clock,) = (await people.ines.get(f"/conversations/{after}/clocks")).json()["rows"]
    assert (clock["state"], clock["number"]) == ("running", 8)


async def test_a_version_ahead_is_listed_and_asked_for_by_moment(people: People) -> None:
    moment = datetime.now(UTC) + timedelta(days=3)
    made = await published(people, effective_at=moment.isoformat())
    assert (await people.tom.get("/philosophy")).json()["number"] == 7
    later = await people.tom.get("/philosophy", params={"at": (moment + timedelta(days=1)).isoformat()})
    assert later.json()["id"] == made["id"]
    assert (await people.tom.get("/philosophy", params={"at": "2026-12-01T09:00:00"})).status_code == 422
    assert (await people.tom.get("/philosophy/versions")).json()["rows"][0]["state"] == "scheduled"


async def test_a_draft_that_moved_on_tells_the_other_text(people: People) -> None:
    draft = await drafted(people.lea, TEXT)
    path = f"/philosophy/drafts/{draft['id']}"
    assert (await people.lea.put(path, json={"source": FASTER, "revision": 1})).status_code == 200
    clash = {"source": TEXT.replace("target: PT4H", "target: PT1H", 1), "revision": 1}
    moved = await people.ada.put(path, json=clash)
    assert (moved.status_code, moved.json()["type"]) == (409, "urn:credo:draft-moved-on")
    assert (moved.json()["source"], moved.json()["revision"]) == (FASTER, 2)
    other = {"source": TEXT.replace("owner: ada", "owner: lea"), "revision": 1}
    assert (await people.ada.put(path, json=other)).json()["source"] == FASTER.replace("owner: ada", "owner: lea")
    rows = (await people.lea.get(f"{path}/revisions")).json()["rows"]
    assert [one["merged"] for one in rows] == [2, None, None]
    assert (await people.lea.get(f"{path}/revisions/2")).json()["source"] == FASTER
    assert (await people.tom.get(path)).status_code == 404
    assert (await people.lea.delete(path)).status_code == 204
    assert (await people.lea.put(path, json=other)).json()["type"] == "urn:credo:draft-not-open"


async def test_publishing_directly_is_refused_where_others_must_agree(people: People) -> None:
    refused = await people.ada.put("/philosophy", json={"source": FASTER})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:credo:not-yet-approved")
    assert (await people.ada.get("/philosophy/drafts")).json()["rows"] == []
    assert (await people.ada.put("/philosophy", json={"source": TEXT.replace("title: ", "title: All ", 1)})).json()[
        "number"
    ] == 8


async def test_an_idempotent_publication_happens_once(people: People) -> None:
    draft = await drafted(people.ada, TEXT.replace("title: ", "title: All ", 1))
    path = f"/philosophy/drafts/{draft['id']}"
    assert (await people.ada.put(f"{path}/proposal")).json()["settled"]
    headers = {"Idempotency-Key": f"publish-{draft['id']}"}
    bodies = [
        (await people.ada.post(f"{path}/publication", json={"reason": "Nicer."}, headers=headers)).json()
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1] and bodies[0]["number"] == 8


async def test_what_changed_is_asked_about_and_nobody_is_told_on(people: People, desk: Desk) -> None:
    made = await published(people)
    path = f"/philosophy/versions/{made['id']}"
    (question,) = (await people.tom.get(f"{path}/questions")).json()["rows"]
    assert (question["part"], question["question"], question["answer"]) == ("promises/first-answer", "", None)
    assert sorted(question["options"]) == ["measure.target: PT2H", "measure.target: PT4H"]
    wrong, right = {"part": question["part"], "option": "measure.target: PT4H"}, "measure.target: PT2H"
    assert (await people.tom.post(f"{path}/acknowledgements", json=wrong)).json() == {"right": False}
    assert (await people.tom.get(f"{path}/questions")).json()["rows"][0]["answer"] == "wrong"
    good = {**wrong, "option": right}
    assert (await people.tom.post(f"{path}/acknowledgements", json=good)).json() == {"right": True}
    assert (await people.tom.post(f"{path}/acknowledgements", json=good)).status_code == 409
    assert (await people.tom.post(f"{path}/acknowledgements", json={**good, "part": "title"})).status_code == 404
    assert (await people.ines.get(f"{path}/questions")).json()["rows"][0]["answer"] is None
    (team,) = (await people.ada.get(f"{path}/alignment")).json()["rows"]
    assert team == {"team_id": desk.team_id, "name": "Care", "people": 2, "understood": None, "at_once": None}


async def test_the_owner_may_write_the_question(people: People) -> None:
    asked = {
        "part": "promises/first-answer",
        "question": "Somebody writes at nine. Until when?",
        "options": ["Eleven", "One"],
        "right": 0,
    }
    made = await published(people, questions=[asked])
    rows = (await people.tom.get(f"/philosophy/versions/{made['id']}/questions")).json()["rows"]
    assert [(one["question"], one["options"]) for one in rows] == [(asked["question"], ["Eleven", "One"])]


async def test_a_colleague_proposes_a_change_from_a_clock(people: People, desk: Desk) -> None:
    id = await opened(people.ines, desk)
    clock = (await people.ines.get(f"/conversations/{id}/clocks")).json()["rows"][0]
    body = {"element": "promises/first-answer", "words": "Two hours would do.", "clock_id": clock["id"]}
    hidden = await people.tom.post("/philosophy/proposals", json=body)
    assert (hidden.status_code, hidden.json()["type"]) == (404, "urn:credo:nothing-there")
    made = (await people.ines.post("/philosophy/proposals", json=body)).json()
    assert (made["conversation_id"], made["clock_id"], made["state"]) == (id, clock["id"], "open")
    path = f"/philosophy/proposals/{made['id']}"
    seen = (await people.tom.get(path)).json()
    assert (seen["words"], seen["conversation_id"], seen["clock_id"]) == ("Two hours would do.", None, None)
    assert (await people.tom.post(f"{path}/comments", json={"words": "In the mornings too?"})).status_code == 201
    assert [one["author"] for one in (await people.ines.get(f"{path}/comments")).json()["rows"]] == ["Tom"]
    decision = {"state": "accepted", "reason": "We have the people now."}
    assert (await people.lea.put(f"{path}/decision", json=decision)).status_code == 403
    assert (await people.ada.put(f"{path}/decision", json=decision)).json()["decision_reason"] == decision["reason"]
    assert (await people.ada.put(f"{path}/decision", json=decision)).status_code == 409
    rows = (await people.tom.get("/philosophy/proposals", params={"state": "accepted"})).json()["rows"]
    assert [(one["id"], one["comments"], one["decided_by"]) for one in rows] == [(made["id"], 1, desk.ada.agent_id)]
    assert (await people.tom.get("/philosophy/proposals", params={"element": "title"})).json()["rows"] == []


async def test_closing_today_is_one_act_with_a_reason(people: People, desk: Desk) -> None:
    closed = {"kind": "closed_today", "reason": "Power cut"}
    assert (await people.ines.post("/philosophy/exceptions", json=closed)).status_code == 403
    made = await people.lea.post("/philosophy/exceptions", json=closed)
    assert made.status_code == 201, made.text
    path = f"/philosophy/exceptions/{made.json()['id']}"
    assert (await people.tom.get(path)).json()["author"] == "Lea"
    id = await opened(people.ines, desk)
    (clock,) = (await people.ines.get(f"/conversations/{id}/clocks")).json()["rows"]
    midnight = datetime.fromisoformat(made.json()["until_at"])
    assert datetime.fromisoformat(clock["due_at"]) > midnight
    assert (await people.lea.delete(path)).status_code == 204
    assert (await people.lea.delete(path)).status_code == 409
    paused = {"kind": "rule_paused", "element": "promises/first-answer", "reason": "Storm"}
    pause = (await people.ada.post("/philosophy/exceptions", json=paused)).json()
    other = await opened(people.ines, desk)
    assert (await people.ines.get(f"/conversations/{other}/clocks")).json()["rows"] == []
    (why,) = (await people.ines.get(f"/conversations/{other}/paused")).json()["rows"]
    assert (why["promise"], why["exception"]["id"], why["exception"]["reason"]) == (
        "first-answer",
        pause["id"],
        "Storm",
    )
    assert (await people.tom.get(f"/conversations/{other}/paused")).status_code == 404
    assert len((await people.tom.get("/philosophy/exceptions")).json()["rows"]) == 2
