"""Whatever is thrown at the API, it answers as described and never breaks: generated requests, a real server."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from litestar import Litestar
from obstore.store import LocalStore
from schemathesis.specs.openapi.checks import ensure_resource_availability, ignored_auth, positive_data_acceptance

from api.test_conversations import message
from credo import demo, flow, intake
from credo.api.describing import document
from credo.api.v1 import router
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.settings import read
from credo.installation import Installation
from support.api import application, client, token
from support.desks import make_desk

PHILOSOPHY = Path(demo.__file__).with_name("lumen-lamps.yaml")
# Much that fits its description still cannot be done: an id of nothing, a moment that has passed.
_LEFT_OUT = [positive_data_acceptance, ensure_resource_availability, ignored_auth]
schema = schemathesis.openapi.from_dict(document(router))
schema.config.generation.with_security_parameters = False  # the door has its own tests
known: dict[str, list[int]] = {}  # ids of what there is, by the first word of an address


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Let most of the ids name something that there is."""
    id = (path_parameters or {}).get("id")
    _, _, _, first, *more = context.operation.path.split("/")
    there = known.get(f"{first}/{more[0]}" if more else "", known.get(first, []))
    if path_parameters and isinstance(id, int) and id % 3 and there:
        path_parameters["id"] = there[id % len(there)]
    return path_parameters


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    """Let every mailbox be one that there is."""
    if isinstance(body, dict) and isinstance(body.get("mailbox_id"), int):
        body["mailbox_id"] = known["mailbox_id"][0]
    return body


@dataclass(frozen=True)
class Served:
    """Where the API listens, and tokens of an administrator and a colleague."""

    url: str
    ada: str


@pytest.fixture(scope="module")
def served(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API in a server of its own, on a desk with a few conversations."""
    folder = tmp_path_factory.mktemp("served")
    listening = socket.create_server(("127.0.0.1", 0))
    ready: list[Served] = []
    stop = threading.Event()

    async def serve() -> None:
        db = await Db(database_url, size=4, before_commit=flow.react).open()
        app = application(db, Blobs(LocalStore(prefix=folder), folder), read({}, data_dir=folder))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="none"))
        running = asyncio.create_task(server.serve([listening]))
        secret = await _furnished(db, app)
        ready.append(Served(f"http://127.0.0.1:{listening.getsockname()[1]}", secret))
        await asyncio.to_thread(stop.wait)
        server.should_exit = True
        await running
        await db.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    while not ready and thread.is_alive():
        time.sleep(0.02)
    yield ready[0]
    stop.set()
    thread.join()


async def _furnished(db: Db, app: Litestar) -> str:
    """A desk with something of everything in it; returns a token of its administrator."""
    desk = await make_desk(db, "Conformity")
    house: Installation = app.state.installation
    secret = await token(db, desk.ada, "admin")
    file = {"name": "lamp.txt", "content": "TGFtcA=="}
    async with client(app, secret) as ada:
        await ada.put("/philosophy", json={"source": PHILOSOPHY.read_text("utf-8")})
        for number in range(3):
            body = message(desk, subject=f"Lamp {number}", files=[file])
            placed = (await ada.post("/conversations", json=body)).json()
            known.setdefault("conversations", []).append(placed["conversation_id"])
            known.setdefault("items", []).append(placed["item_id"])
        there = f"/conversations/{placed['conversation_id']}"
        items = (await ada.get(f"{there}/items")).json()
        known["attachments"] = [file["id"] for files in items["files"].values() for file in files]
        known["customers"] = [items["rows"][0]["person_id"]]
        known["clocks"] = [one["id"] for one in (await ada.get(f"{there}/clocks")).json()["rows"]]
        source = PHILOSOPHY.read_text("utf-8")
        known["philosophy/versions"] = [(await ada.get("/philosophy")).json()["id"]]
        faster = {"title": "Faster", "source": source.replace("target: PT4H", "target: PT2H")}
        same = {"title": "The same"}
        known["philosophy/drafts"] = [
            (await ada.post("/philosophy/drafts", json=body)).json()["id"] for body in (faster, same, faster)
        ]
        assert (await ada.put(f"/philosophy/drafts/{known['philosophy/drafts'][2]}/proposal")).status_code == 200
        wish = {"element": "promises/first-answer", "words": "Sooner", "clock_id": known["clocks"][0]}
        known["philosophy/proposals"] = [(await ada.post("/philosophy/proposals", json=wish)).json()["id"]]
        closed = {"kind": "closed_today", "reason": "Power cut"}
        known["philosophy/exceptions"] = [(await ada.post("/philosophy/exceptions", json=closed)).json()["id"]]
        known["drafts"] = [(await ada.put("/drafts/new", json={"text": "Hello"})).json()["id"]]
        await ada.put(f"{there}/drafts/reply", json={"text": "Hello"})
        reply = {"to": [{"address": "maria@example.org"}], "text": "Soon.", "last_seen_seq": 9}
        known["outbox"] = [(await ada.post(f"{there}/replies", json=reply)).json()["outbox_id"]]
    known["raw"] = [await intake.keep(db, house.blobs, desk.id, desk.mailbox_id, b"?", origin="api")]
    known["agents"], known["teams"] = [desk.ines.agent_id, desk.tom.agent_id], [desk.team_id]
    known["mailbox_id"] = [desk.mailbox_id]
    assert all(known.values()), known
    return secret


@schema.exclude(operation_id="revoke_token").parametrize()
@settings(
    max_examples=7,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described(case: schemathesis.Case, served: Served) -> None:
    answer = case.call(base_url=served.url, headers={"Authorization": f"Bearer {served.ada}"}, timeout=20)
    assert answer.status_code != 401
    case.validate_response(answer, excluded_checks=_LEFT_OUT)
