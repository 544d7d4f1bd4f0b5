"""Try-outs through the API: asked for, watched, cancelled, opened figure by figure."""

from __future__ import annotations

import pytest

from api.conftest import Clients
from credo.base import clock
from credo.base.db import Db
from credo.fields import FIELDS
from credo.improving import running
from support.desks import Desk
from support.telling import DEMO, Story, at, believe

pytestmark = pytest.mark.anyio


async def test_a_try_out_from_beginning_to_end(db: Db, desk: Desk, clients: Clients) -> None:
    await believe(db, desk)
    stories = [Story(db, desk, f"{name}@example.com") for name in ("ann", "bea")]
    for story in stories:
        await story.begins(0)
    await stories[0].reply(3)
    with clock.frozen(at(10)):
        text = DEMO.replace("target: PT4H", "target: PT2H")
        asked = await clients.ines.post("/tryouts", json={"source": text, "days": 7})
        assert asked.status_code == 201, asked.text
        id = asked.json()["id"]
        waiting = (await clients.ines.get(f"/tryouts/{id}")).json()
        assert (waiting["tryout"]["state"], waiting["tryout"]["total"], waiting["elements"]) == ("waiting", None, [])
        again = await clients.ines.post("/tryouts", json={"source": text})
        assert (again.status_code, again.json()["type"]) == (409, "urn:credo:trying-already")
        assert await job(db, desk, id) == 1
        await running.run(db, FIELDS, desk.id, id)
    found = (await clients.ines.get(f"/tryouts/{id}")).json()
    assert found["tryout"] | {"state": "done", "looked_at": 2, "total": 2, "days": 7} == found["tryout"]
    promise = next(one for one in found["elements"] if one["path"] == "promises/first-answer")
    assert promise["counts"] == {"late": 1, "broken": 1, "changed": 2, "was_kept": 1, "was_open": 1}
    figure = {"path": "promises/first-answer", "outcome": "late"}
    cases = (await clients.ines.get(f"/tryouts/{id}/cases", params=figure)).json()
    assert [one["conversation_id"] for one in cases["rows"]] == [stories[0].id]
    assert (await clients.tom.get(f"/tryouts/{id}/cases", params=figure)).json()["rows"] == []
    hidden = (await clients.tom.get(f"/tryouts/{id}")).json()["elements"]
    assert all(not one["counts"] and not one["of"] for one in hidden)
    assert (await clients.ada.get("/tryouts")).json()["rows"][0]["id"] == id
    assert (await clients.nobody.get("/tryouts")).status_code == 401


async def job(db: Db, desk: Desk, id: int) -> int:
    async with db.reading(desk.id) as tx:
        return int(
            await tx.value(
                """select count(*) from procrastinate_jobs where task_name = 'credo.try_out'
                      and args = jsonb_build_object('desk_id', %(desk)s::bigint, 'tryout_id', %(id)s::bigint)""",
                id=id,
            )
        )


async def test_it_is_cancelled_by_who_asked(db: Db, desk: Desk, clients: Clients) -> None:
    assert (await clients.ines.post("/tryouts", json={})).status_code == 404  # nothing was published
    await believe(db, desk)
    id = (await clients.ines.post("/tryouts", json={})).json()["id"]
    assert (await clients.tom.post(f"/tryouts/{id}/cancellation")).status_code == 403
    assert (await clients.ines.post(f"/tryouts/{id}/cancellation")).status_code == 204
    assert (await clients.ines.get(f"/tryouts/{id}")).json()["tryout"]["state"] == "cancelled"
    assert (await clients.ines.get(f"/tryouts/{2**40}")).status_code == 404
    bad = await clients.ines.post("/tryouts", json={"source": "format: philosophy/1"})
    assert bad.status_code == 422


async def test_evidence_while_somebody_writes(db: Db, desk: Desk, clients: Clients) -> None:
    with clock.frozen(at(5)):
        await Story(db, desk).begins(0)
        await Story(db, desk).begins(1)
        asked = {"source": DEMO, "path": "policy/routing/same-person/when"}
        found = (await clients.ines.post("/tryouts/evidence", json=asked)).json()
    assert (found["matched"], found["looked_at"], found["all"], len(found["examples"])) == (1, 2, True, 1)
    nothing = await clients.ines.post("/tryouts/evidence", json={"source": DEMO, "path": "nowhere"})
    assert nothing.status_code == 404
