"""One file that holds a whole installation: the database, every blob and, if it was made here, the secret key.

The database is dumped first and blobs are only ever added, so every blob a dumped row names is in the file.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from credo import __version__
from credo.base.blobs import Blob, Blobs, blobs
from credo.base.clock import now
from credo.base.errors import CredoError
from credo.base.secrets import KEY_FILE
from credo.base.settings import Settings
from credo.running import dumping

FORMAT = 1
HEAD, DUMP, KEY, END = "credo-backup.json", "database.dump", KEY_FILE, "end.json"


class BackupBroken(CredoError):
    """This is not a whole Credo backup."""


class TargetTaken(CredoError):
    """There is a desk here already, and a restore would replace it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup or a restore carried: rows of the database, blobs, and bytes of the file."""

    rows: int
    blobs: int
    size: int
    key: str  # included, outside (CREDO_SECRET_KEY) or left out


async def make(settings: Settings, database_url: str, target: Path, *, with_key: bool = True) -> Made:
    """Write a backup to `target` (mode 600), whole or not at all, while the desk keeps running."""
    draft = target.with_name(f"{target.name}.unfinished")
    key_file = settings.data_dir / KEY_FILE
    key = "outside" if settings.secret_key else "included" if with_key and key_file.exists() else "left out"
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            with tempfile.TemporaryDirectory(dir=target.parent) as place:
                dumped = Path(place) / DUMP
                counts = await dumping.dump(database_url, dumped)
                head = {"format": FORMAT, "credo": __version__, "made_at": now().isoformat(), "key": key}
                _add(tar, HEAD, json.dumps(head | {"rows": counts}).encode())
                if key == "included":
                    _add(tar, KEY, key_file.read_bytes())
                tar.add(dumped, DUMP, recursive=False)
            number = await _add_blobs(tar, blobs(settings))
            _add(tar, END, json.dumps({"blobs": number}).encode())
            tar.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    await _note(database_url, target, counts)
    return Made(sum(counts.values()), number, _size(target), key)


async def restore(settings: Settings, database_url: str, source: Path) -> Made:
    """Fill an empty database and the blob store from `source`, check every count, and put the key in place.

    Raises `TargetTaken` where there is a desk already, `BackupBroken` for a damaged file; the database is filled last.
    """
    async with await AsyncConnection.connect(database_url) as connection:
        if not await dumping.is_empty(connection):
            raise TargetTaken
    head = await asyncio.to_thread(_checked_head, source)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as place:
        number = await _unpack(source, Path(place), blobs(settings))
        counts = await dumping.restore(database_url, Path(place) / DUMP, head["rows"])
        key = _place_key(settings, Path(place) / KEY, head["key"])
    return Made(sum(counts.values()), number, _size(source), key)


async def _add_blobs(tar: tarfile.TarFile, store: Blobs) -> int:
    number = 0
    async for blob in store.each():
        _add(tar, f"blobs/{blob.desk_id}/{blob.sha256}", await store.get(blob.desk_id, blob.sha256))
        number += 1
    return number


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(now().timestamp())
    tar.addfile(member, io.BytesIO(content))


async def _note(database_url: str, target: Path, counts: dumping.Counts) -> None:
    """Write down when the last backup was made, for `credo doctor`."""
    value = Jsonb({"file": target.name, "rows": sum(counts.values())})
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(
            """insert into fact (key, value, at) values ('backup', %(value)s, %(at)s)
               on conflict (key) do update set value = excluded.value, at = excluded.at""",
            {"value": value, "at": now()},
        )


def _checked_head(source: Path) -> dict[str, Any]:
    """The head of a backup whose last member is there and counts right, or `BackupBroken`."""
    try:
        with tarfile.open(source) as tar:
            names = tar.getnames()
            head = _json(tar, HEAD) if HEAD in names else {}
            end = _json(tar, END) if END in names else {}
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupBroken(f"{source} cannot be read as a backup: {error}.") from error
    if head.get("format") != FORMAT:
        raise BackupBroken(f"{source} is not a backup this Credo can read.")
    if DUMP not in names or end.get("blobs") != sum(name.startswith("blobs/") for name in names):
        raise BackupBroken(f"{source} is cut off; take an older backup.")
    return head


def _size(path: Path) -> int:
    return path.stat().st_size


def _json(tar: tarfile.TarFile, name: str) -> dict[str, Any]:
    file = tar.extractfile(name)
    loaded = json.load(file) if file else {}
    return loaded if isinstance(loaded, dict) else {}


async def _unpack(source: Path, place: Path, store: Blobs) -> int:
    number = 0
    with tarfile.open(source) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is None:
                continue
            if member.name in (DUMP, KEY):
                _copy(file, place / member.name)
            elif member.name.startswith("blobs/"):
                await _keep(store, _blob_named(member), file.read())
                number += 1
    return number


def _blob_named(member: tarfile.TarInfo) -> Blob:
    _, desk, sha256 = member.name.split("/")
    return Blob(int(desk), sha256, member.size)


async def _keep(store: Blobs, blob: Blob, content: bytes) -> None:
    if await store.put(blob.desk_id, content) != blob.sha256:
        await store.remove(blob.desk_id, blob.sha256)
        raise BackupBroken(f"The blob {blob.sha256} in the backup is damaged.")


def _copy(file: Any, target: Path) -> None:
    with open(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as output:
        while piece := file.read(1_000_000):
            output.write(piece)


def _place_key(settings: Settings, key: Path, how: str) -> str:
    """Put the backup's key into the data folder, keeping a key that was there under another name."""
    if not key.exists() or settings.secret_key:
        return how
    target = settings.data_dir / KEY_FILE
    if target.exists() and target.read_bytes() != key.read_bytes():
        os.replace(target, target.with_name(f"{KEY_FILE}.{now():%Y%m%d%H%M%S}"))
    os.replace(key, target)
    return how
