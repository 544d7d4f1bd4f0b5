"""An installation as somebody starts it on their own machine, the mail host they have, and browsers to use it with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.chromium import chromium as chromium
from support.mail_host import MailHost, mail_host
from support.served import Running, free_port


@dataclass
class House:
    """A running `credo serve` with what it printed, and where it keeps its data."""

    served: Running
    environ: dict[str, str]
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the desk is served."""
        return f"http://localhost:{self.served.port}"

    @property
    def setup_address(self) -> str:
        """The address printed on the console, with the set-up code."""
        found = next(re.search(r"http://\S+/welcome\?code=\S+", line) for line in self.lines if "/welcome" in line)
        assert found is not None
        return found.group()


@pytest.fixture
def host() -> Iterator[MailHost]:
    """The mail host."""
    with mail_host() as running:
        yield running


@pytest.fixture
def house() -> Iterator[House]:
    """`credo serve` on an empty data folder, with its own database, web process and worker."""
    folder = Path(tempfile.mkdtemp(prefix="credo-journey-"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CREDO_")}
    environ = kept | {"CREDO_DATA_DIR": str(folder / "data"), "CREDO_PORT": str(free_port())}
    served = Running(environ)
    try:
        yield House(served, environ, [served.first_line, *served.told()])
        assert served.end() == 0
    finally:
        served.end(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Screens:
    """Opens browsers of their own, and takes pictures where somebody wants to see them."""

    browser: Browser
    shots: Path | None
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self) -> Page:
        """A page in a browser of its own, with an eye on its console."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        return page

    def shoot(self, page: Page, name: str) -> None:
        """Four pictures: wide and narrow, light and dark. Nothing where CREDO_SHOTS names no folder."""
        if self.shots is None:
            return
        self.shots.mkdir(parents=True, exist_ok=True)
        for width, height in ((390, 844), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.wait_for_timeout(150)
                page.screenshot(path=self.shots / f"{name}-{width}-{scheme}.png", caret="initial")


@pytest.fixture
def screens(chromium: Browser) -> Iterator[Screens]:
    """Browsers for the people of a journey."""
    folder = os.environ.get("CREDO_SHOTS")
    expect.set_options(timeout=30_000)
    opened = Screens(chromium, Path(folder) if folder else None)
    yield opened
    for context in opened.contexts:
        context.close()
    expect.set_options(timeout=5_000)


def until(true: Callable[[], object], seconds: float = 45, what: str = "it") -> None:
    """Wait for something outside of the browser."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)
