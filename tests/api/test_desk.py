"""People, teams, mailboxes, the philosophy, what needs a look, breakers and jobs, by API."""

from __future__ import annotations

import socket
from pathlib import Path

from litestar import Litestar
from psycopg.types.json import Jsonb

from api.conftest import Clients
from api.test_conversations import message, opened
from credo import demo, intake
from credo.base import clock, jobs
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels.email import mailbox, reconcile
from credo.delivery import guard
from credo.people import actors, sessions
from credo.people.sessions import Place
from support.desks import Desk

PHILOSOPHY = Path(demo.__file__).with_name("lumen-lamps.yaml").read_text("utf-8")


async def test_who_i_am_and_where(clients: Clients, desk: Desk) -> None:
    me = (await clients.ines.get("/me")).json()
    assert (me["name"], me["role"], me["mailboxes"], me["scopes"]) == (
        "Ines",
        "agent",
        [desk.mailbox_id],
        ["read", "write"],
    )
    assert (await clients.ines.get("/desk")).json()["zone"] == "Europe/Berlin"


async def test_colleagues_are_invited_granted_and_let_go(clients: Clients, desk: Desk) -> None:
    body = {"email": "Mia@lumen.example", "name": "Mia", "role": "agent", "teams": [desk.team_id]}
    invited = await clients.ada.post("/agents", json=body)
    assert invited.status_code == 201 and invited.json()["token"]
    path = f"/agents/{invited.json()['agent_id']}"
    assert (await clients.ada.get(path)).json()["state"] == "invited"
    assert (await clients.ada.put(f"{path}/name", json={"name": "Mia Roth"})).status_code == 204
    assert (await clients.ada.put(f"{path}/role", json={"role": "lead"})).status_code == 204
    grants = {"mailboxes": [desk.mailbox_id], "teams": []}
    assert (await clients.ada.put(f"{path}/grants", json=grants)).status_code == 204
    mia = (await clients.ada.get(path)).json()
    assert (mia["name"], mia["role"], mia["mailboxes"], mia["teams"]) == ("Mia Roth", "lead", [desk.mailbox_id], [])
    assert (await clients.ada.post(f"{path}/deactivation")).status_code == 204
    assert (await clients.ada.get(path)).json()["state"] == "deactivated"
    assert (await clients.ada.delete(f"{path}/deactivation")).status_code == 204
    again = await clients.ada.post("/agents", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:credo:already-here")
    assert (await clients.ines.post("/agents", json=body)).status_code == 403
    assert "Ines" in [one["name"] for one in (await clients.ines.get("/colleagues")).json()["rows"]]


async def test_an_invitation_is_made_again_until_it_is_taken_up(clients: Clients, desk: Desk) -> None:
    body = {"email": "mia@lumen.example", "name": "Mia", "role": "agent"}
    first = (await clients.ada.post("/agents", json=body)).json()
    path = f"/agents/{first['agent_id']}/invitation"
    second = await clients.ada.post(path)
    assert second.status_code == 201 and second.json()["token"] not in ("", first["token"])
    assert (await clients.ines.post(path)).status_code == 403
    assert (await clients.ada.post(f"/agents/{desk.ines.agent_id}/invitation")).status_code == 409


async def test_screens_are_mine_to_choose(clients: Clients, db: Db, desk: Desk) -> None:
    chosen = {"language": "de", "theme": "dark", "keys_on": False}
    assert (await clients.ines.put("/me/preferences", json=chosen)).status_code == 204
    assert (await clients.ines.put("/me/preferences", json={**chosen, "theme": "pink"})).status_code == 422
    async with db.transaction(desk.id) as tx:
        opened = await sessions.begin(tx, desk.ines.agent_id, Place("127.0.0.1", "test"), how="password")
    signed = await actors.signed_in(db, opened.token)
    assert signed and (signed.language, signed.theme, signed.keys_on) == ("de", "dark", False)


async def test_browsers_are_listed_and_signed_out_by_their_owner(clients: Clients, db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        mine, other, hers = [
            await sessions.begin(tx, who.agent_id, Place("127.0.0.1", "Firefox on Linux"), how="password")
            for who in (desk.ines, desk.ines, desk.ada)
        ]
    rows = (await clients.ines.get("/sessions")).json()["rows"]
    assert len(rows) == 2 and {one["browser"] for one in rows} == {"Firefox on Linux"}
    adas = (await clients.ada.get("/sessions")).json()["rows"][0]["id"]
    assert (await clients.ines.delete(f"/sessions/{adas}")).status_code == 404
    assert (await clients.ines.delete(f"/sessions/{rows[0]['id']}")).status_code == 204
    assert len((await clients.ines.get("/sessions")).json()["rows"]) == 1
    assert (await clients.ines.delete("/sessions")).status_code == 204
    assert (await clients.ines.get("/sessions")).json()["rows"] == []
    assert [await actors.signed_in(db, one.token) for one in (mine, other)] == [None, None]
    assert await actors.signed_in(db, hers.token) is not None


async def test_teams_are_founded_changed_and_archived(clients: Clients, desk: Desk) -> None:
    made = await clients.ada.post("/teams", json={"name": "Workshop", "members": [desk.tom.agent_id]})
    path = f"/teams/{made.json()['id']}"
    body = {"name": "The workshop", "members": [desk.tom.agent_id, desk.ines.agent_id]}
    assert (await clients.ada.put(path, json=body)).status_code == 204
    assert sorted((await clients.ada.get(path)).json()["members"]) == sorted(body["members"])
    assert (await clients.ada.post(f"{path}/archiving")).status_code == 204
    assert (await clients.ada.get(path)).json()["archived"] is True
    assert (await clients.ada.delete(f"{path}/archiving")).status_code == 204
    assert {one["name"] for one in (await clients.ada.get("/teams")).json()["rows"]} == {"Care", "The workshop"}


async def test_a_philosophy_is_published_and_its_promises_run(clients: Clients, desk: Desk) -> None:
    assert (await clients.ines.get("/philosophy")).json()["type"] == "urn:credo:nothing-published"
    assert (await clients.ines.put("/philosophy", json={"source": PHILOSOPHY})).status_code == 403
    published = await clients.ada.put("/philosophy", json={"source": PHILOSOPHY})
    assert published.status_code == 200, published.text
    version = (await clients.ines.get("/philosophy")).json()
    assert version["id"] == published.json()["id"] and version["promises"]
    assert (await clients.ines.get(f"/philosophy/versions/{version['id']}/source")).json() == {"source": PHILOSOPHY}
    id = await opened(clients.ines, desk)
    clock = (await clients.ines.get(f"/conversations/{id}/clocks")).json()["rows"][0]
    assert (clock["state"], clock["version_id"]) == ("running", version["id"]) and clock["words"] and clock["counted"]
    again = (await clients.ines.get(f"/clocks/{clock['id']}")).json()
    assert again.pop("seconds_so_far") >= clock.pop("seconds_so_far"), "within opening hours it runs on"
    assert again == clock
    assert (await clients.ines.get(f"/conversations/{id}")).json()["next_due_at"] == clock["due_at"]
    assert (await clients.tom.get(f"/clocks/{clock['id']}")).status_code == 404


async def test_what_is_wrong_with_a_philosophy_is_told_line_by_line(clients: Clients) -> None:
    broken = PHILOSOPHY.replace("promises:", "promises:\n  - id: x\n    serves: nothing", 1)
    answer = await clients.ada.put("/philosophy", json={"source": broken})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:credo:bad-philosophy")
    assert any(one["sentence"].startswith("line ") for one in answer.json()["errors"])


async def test_what_could_not_be_read_can_be_looked_at(clients: Clients, desk: Desk, db: Db, blobs: Blobs) -> None:
    raw_id = await intake.keep(db, blobs, desk.id, desk.mailbox_id, b"\x00nothing", origin="api")
    async with db.transaction(desk.id) as tx:
        await tx.run("update raw set state = 'failed', reason = 'No mail.' where desk_id = %(desk)s")
    rows = (await clients.ines.get("/raw")).json()["rows"]
    assert [(one["id"], one["reason"]) for one in rows] == [(raw_id, "No mail.")]
    assert (await clients.tom.get("/raw")).json()["rows"] == []
    assert (await clients.tom.get(f"/raw/{raw_id}/source")).status_code == 404
    assert (await clients.ines.get(f"/raw/{raw_id}/source")).content == b"\x00nothing"
    assert (await clients.ines.post(f"/raw/{raw_id}/dismissal")).status_code == 204
    assert (await clients.ines.get(f"/raw/{raw_id}")).json()["state"] == "dismissed"
    assert (await clients.ines.post(f"/raw/{raw_id}/rereading")).status_code == 204
    assert (await clients.ines.post(f"/raw/{raw_id}/rereading")).status_code == 409


async def test_breakers_and_failed_jobs_are_for_administrators(clients: Clients, desk: Desk, db: Db) -> None:
    async with db.transaction(desk.id) as tx:
        await guard.trip(tx, "robot@example.org", "address")
        id = await jobs.defer(tx, "react", event_id=1, reaction="x")
        await tx.run("update procrastinate_jobs set status = 'doing' where id = %(id)s", id=id)
        await tx.run("update procrastinate_jobs set status = 'failed' where id = %(id)s", id=id)
    breaker = (await clients.ada.get("/breakers")).json()["rows"][0]
    assert (breaker["address"], breaker["reason"]) == ("robot@example.org", "address")
    assert (await clients.ada.delete(f"/breakers/{breaker['id']}")).status_code == 204
    assert (await clients.ada.delete(f"/breakers/{breaker['id']}")).status_code == 409
    assert [one["id"] for one in (await clients.ada.get("/jobs")).json()["rows"]] == [id]
    assert (await clients.ada.post(f"/jobs/{id}/retry")).status_code == 204
    assert (await clients.ada.post(f"/jobs/{id}/retry")).status_code == 404
    for path in ("/breakers", "/jobs"):
        assert (await clients.ines.get(path)).status_code == 403
    async with db.transaction(desk.id) as tx:
        await tx.run("delete from procrastinate_jobs where id = %(id)s", id=id)


async def test_the_description_needs_no_token_and_names_everything(clients: Clients, app: Litestar) -> None:
    described = (await clients.nobody.get("/openapi.json")).json()
    for path, methods in described["paths"].items():
        for method, shown in methods.items():
            assert shown["summary"] and shown["description"] and shown["tags"], (method, path)
    for name, schema in described["components"]["schemas"].items():
        assert "object" not in schema.get("type", "") or schema.get("description"), name
    assert message.__name__  # the sample body of these tests is the one described
    assert described["components"]["schemas"]["Message"]["additionalProperties"] is False


async def test_a_mailbox_is_connected_and_tells_no_secret(clients: Clients, desk: Desk, db: Db) -> None:
    body = {
        "name": "Sales",
        "address": "sales@lumen.example",
        "incoming": {"host": "imap.lumen.example", "folders": ["INBOX", "Shop"]},
        "outgoing": {"host": "smtp.lumen.example", "plus": True},
        "secrets": {"password": "correct horse"},
    }
    made = await clients.ada.post("/mailboxes", json=body)
    assert made.status_code == 201, made.text
    path = f"/mailboxes/{made.json()['id']}"
    shown = await clients.ada.get(path)
    assert shown.json()["incoming"]["folders"] == ["INBOX", "Shop"] and "horse" not in shown.text
    assert (await clients.ada.put(path, json={**body, "name": "Shop", "secrets": {}})).status_code == 204
    assert (await clients.ada.put(f"{path}/grants", json={"agents": [desk.ines.agent_id]})).status_code == 204
    assert (await clients.ada.get(f"{path}/grants")).json() == {"agents": [desk.ines.agent_id]}
    assert [one["name"] for one in (await clients.ines.get("/mailboxes")).json()["rows"]] == ["Care", "Shop"]
    assert (await clients.ada.put(f"{path}/state", json={"state": "archived"})).status_code == 204
    assert [one["name"] for one in (await clients.ines.get("/mailboxes")).json()["rows"]] == ["Care"]
    assert (await clients.tom.get("/mailboxes")).json()["rows"] == []
    assert (await clients.ines.get(path)).status_code == 403
    assert (await clients.ines.post("/mailboxes", json=body)).status_code == 403
    taken = await clients.ada.post("/mailboxes", json={**body, "address": "care@lumen.example"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:credo:address-taken")
    wrong = await clients.ada.post("/mailboxes", json={**body, "incoming": {"hots": "x"}})
    assert wrong.json()["errors"][0]["field"] == "body.incoming.hots"


async def test_a_mailbox_is_tried_without_holding_a_transaction(clients: Clients, desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    body = {
        "name": "Nowhere",
        "address": "no@lumen.example",
        "incoming": {"host": "127.0.0.1", "port": port, "security": "plain"},
        "secrets": {"password": "x"},
    }
    made = await clients.ada.post("/mailboxes", json=body)
    tried = await clients.ada.post(f"/mailboxes/{made.json()['id']}/trial")
    assert tried.status_code == 200, tried.text
    assert [(one["way"], one["good"]) for one in tried.json()["rows"]] == [("in", False)]
    assert (await clients.ines.post(f"/mailboxes/{made.json()['id']}/trial")).status_code == 403


async def test_a_mailbox_is_compared_by_a_job_that_can_be_asked_for(clients: Clients, db: Db, desk: Desk) -> None:
    there = f"/mailboxes/{desk.mailbox_id}/comparison"
    assert (await clients.ines.post(there)).status_code == 403
    refused = await clients.ada.post(there)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:credo:no-server")
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set incoming = %(incoming)s where desk_id = %(desk)s", incoming=Jsonb({"host": "127.0.0.1"})
        )
    asked = await clients.ada.post(there)
    assert asked.status_code == 202
    since = asked.json()["running_since"]
    assert since and asked.json()["report"] is None
    assert (await clients.ada.post(there)).json()["running_since"] == since, "asked again, it is still the same one"
    async with db.reading(desk.id) as tx:
        (job,) = await tx.values("select id from procrastinate_jobs where args->>'desk_id' = %(desk)s::text")
        box = await mailbox.load(tx, desk.mailbox_id)
        await tx.run("update procrastinate_jobs set status = 'succeeded' where id = %(job)s", job=job)
    missing = reconcile.Missing(
        folder="INBOX", uid=7, received=None, size=9, sender="a@b.example", subject="Old", why="before"
    )
    await reconcile.keep(db, box, reconcile.Report(at=clock.now(), on_server=2, stored=1, missing=(missing,)))
    told = (await clients.ada.get(there)).json()
    assert told["running_since"] is None
    assert (told["report"]["on_server"], told["report"]["counts"]) == (2, {"before": 1})
    assert told["report"]["missing"][0]["why"] == "before"
