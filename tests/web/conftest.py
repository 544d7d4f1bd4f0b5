"""A served desk in its morning state, and a real Chromium to look at it with."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from credo import flow
from credo.base import settings as reading
from credo.base.blobs import blobs
from credo.base.db import Db
from credo.web.app import create_app
from support.chromium import chromium as chromium
from web.scene import Scene, scene

Open = Callable[..., Page]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the desk is served, what is on it, and how to reach its database."""

    address: str
    scene: Scene
    database_url: str


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One desk a module, served by the real application in a thread of its own."""
    port = _free_port()
    settings = reading.read({}, data_dir=tmp_path_factory.mktemp("data"), port=port)
    found = away(_prepare(database_url, settings))
    config = uvicorn.Config(create_app(settings, database_url), port=port, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Site(f"http://127.0.0.1:{port}", found, database_url)
    server.should_exit = True
    thread.join(10)


def away(work: Coroutine[Any, Any, T]) -> T:
    """Run async work in a thread of its own: Playwright keeps a loop of its own in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _prepare(database_url: str, settings: reading.Settings) -> Scene:
    db = await Db(database_url, size=2, before_commit=flow.react).open()
    found = await scene(db, blobs(settings))
    await db.close()
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def open_as(chromium: Browser, site: Site) -> Iterator[Open]:
    """Open a page as somebody: `open_as("ines", "/inbox/mine", width=390, dark=True)`."""
    contexts: list[BrowserContext] = []

    def open_page(name: str, path: str, *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if name:
            context.add_cookies([{"name": "credo", "value": site.scene.cookies[name], "url": site.address}])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(site.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def shots() -> Path | None:
    """Where pictures go when somebody wants to see them."""
    folder = os.environ.get("CREDO_SHOTS")
    return Path(folder) if folder else None
