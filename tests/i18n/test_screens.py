"""The screens of a desk in German and Spanish, through the application."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from bs4 import BeautifulSoup

from credo.base import settings as reading
from credo.base.blobs import blobs
from credo.base.db import Db
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.people import PASSWORD, give_password
from tools import messages
from web.scene import Scene, scene

SCREENS = [
    "/inbox/mine",
    "/inbox/open?list",
    "/inbox/waiting",
    "/inbox/snoozed",
    "/inbox/spam",
    "/conversations/{hanna}?view=mine",
    "/conversations/{framed}",
    "/conversations/{doubtful}",
    "/conversations/{hanna}/assignment",
    "/conversations/new",
    "/needs-a-look",
    "/needs-a-look/{raw}",
    "/search",
    "/search?q=lamp",
    "/search?q=nothinglikethis",
    "/settings/account",
    "/settings/tokens",
    "/settings/desk",
    "/settings/people",
    "/settings/mailboxes",
    "/settings/mailboxes/new",
    "/settings/mailboxes/{mailbox}",
    "/settings/philosophy",
    "/settings/jobs",
    "/settings/breakers",
    "/welcome/philosophy",
]
DOOR = ["/sign-in", "/reset"]
PLACE = re.compile(r"%\(\w+\)\d*[sd]")
SAID = ("title", "aria-label", "placeholder", "data-confirm")
HELLO = {"de": "Für Sie", "es": "Para usted"}
# Words that are the same for the eye of this check, but are somebody's and no text of ours: names in the scene.
OURS = {"Care"}


@dataclass(frozen=True, slots=True)
class Read:
    """What a person reads or hears on a page that no person wrote, and how the page says its language."""

    texts: list[str]
    language: str
    direction: str


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


@pytest.fixture
async def morning(db: Db, tmp_path: Path) -> Scene:
    return await scene(db, blobs(reading.read({}, data_dir=tmp_path)))


async def _as_ada(house: Browsers, db: Db, found: Scene, language: str) -> httpx2.AsyncClient:
    client = house.open(await host_of(db, found.desk.id))
    client.headers["accept-language"] = f"{language}-AT,{language};q=0.9,en;q=0.5"
    client.cookies.set("credo", found.cookies["ada"])
    saved = await client.post("/settings/account", data={"name": "Ada", "language": language, "keys_on": "1"})
    assert saved.status_code == 303
    return client


@pytest.mark.parametrize("language", messages.LANGUAGES)
async def test_every_screen_speaks_the_readers_language(house: Browsers, db: Db, morning: Scene, language: str) -> None:
    client = await _as_ada(house, db, morning, language)
    english = _english(language)
    for screen in SCREENS:
        answer = await client.get(screen.format(**morning.ids))
        assert answer.status_code == 200, screen
        page = _read(answer.text)
        assert (page.language, page.direction) == (language, "ltr"), screen
        assert [text for text in page.texts if english.fullmatch(text) and text not in OURS] == [], screen
    inbox = _read((await client.get("/inbox/mine")).text)
    assert HELLO[language] in inbox.texts


@pytest.mark.parametrize("language", messages.LANGUAGES)
async def test_the_door_speaks_the_browsers_language(house: Browsers, db: Db, desk: Desk, language: str) -> None:
    await give_password(db, desk, desk.ines)
    client = house.open(await host_of(db, desk.id))
    client.headers["accept-language"] = f"{language};q=0.9"
    english = _english(language)
    for screen in DOOR:
        page = _read((await client.get(screen)).text)
        assert (page.language, page.direction) == (language, "ltr")
        assert [text for text in page.texts if english.fullmatch(text)] == []
    wrong = await client.post("/sign-in", data={"email": "ines@lumen.example", "password": f"not {PASSWORD}"})
    said = {"de": "Dieses Passwort passt nicht zu dieser Adresse.", "es": "Esa contraseña no corresponde a esta"}
    assert said[language] in wrong.text


async def test_errors_speak_the_readers_language(house: Browsers, db: Db, morning: Scene) -> None:
    client = await _as_ada(house, db, morning, "de")
    lost = await client.get("/conversations/999999999")
    assert (lost.status_code, "Dieses Gespräch gibt es nicht, oder Sie dürfen es nicht sehen." in lost.text) == (
        404,
        True,
    )
    letter = {"mailbox_id": str(morning.desk.mailbox_id), "to": "not-an-address", "subject": "x", "text": "y"}
    refused = await client.post("/conversations", data=letter)
    assert refused.status_code == 422
    assert "„not-an-address“ sieht nicht wie eine E-Mail-Adresse aus." in refused.text


def _read(html: str) -> Read:
    soup = BeautifulSoup(html, "html.parser")
    root = soup.select_one("html")
    assert root is not None
    for others in soup.select("[dir=auto], script, style, textarea, pre, code"):
        others.decompose()  # what people wrote runs its own way, and what machines read is no text
    told = [str(one[name]) for name in SAID for one in soup.select(f"[{name}]")]
    texts = [" ".join(text.split()) for text in (*told, *soup.strings)]
    return Read([text for text in texts if text], str(root["lang"]), str(root["dir"]))


def _english(language: str) -> re.Pattern[str]:
    """Any text of ours as it reads in English, with anything in its places, when it reads differently in `language`."""
    texts = set()
    for one in messages.read(messages.source(language), language):
        for text, said in zip(one.id if isinstance(one.id, tuple) else [one.id], _strings(one.string), strict=False):
            bare = PLACE.sub("", text)
            letters = len(re.findall(r"[^\W\d_]", bare))
            if text != said and (letters > 7 or (letters and bare == text)):  # "… on …" would be found anywhere
                texts.add(text)
    patterns = (".+".join(re.escape(part) for part in PLACE.split(text)) for text in sorted(texts))
    return re.compile("|".join(patterns))


def _strings(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string),)
