"""Bytes kept by what they are: every desk's blobs under their SHA-256, in a folder or a bucket."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.store import LocalStore, S3Store

from credo.base.errors import CredoError, NotFound
from credo.base.settings import Settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobDamaged(CredoError):
    """This file was changed on the disk since it was stored; bring it back from a backup."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One stored blob: its desk, its SHA-256 in hexadecimal and its size in bytes."""

    desk_id: int
    sha256: str
    size: int


class Blobs:
    """The store of blobs; one per process, safe to share among tasks."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, desk_id: int, content: bytes) -> str:
        """Keep `content` for a desk and return its SHA-256; once this returns, a power cut loses nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        if await self.size(desk_id, sha256) != len(content):
            await obstore.put_async(self._store, _path(desk_id, sha256), content)
            if self._folder is not None:
                await asyncio.to_thread(_settle, self._folder / _path(desk_id, sha256))
        return sha256

    async def get(self, desk_id: int, sha256: str) -> bytes:
        """The content; raises `NotFound`, or `BlobDamaged` if it no longer matches its name."""
        try:
            result = await obstore.get_async(self._store, _path(desk_id, sha256))
            content = bytes(await result.bytes_async())
        except FileNotFoundError as error:
            raise NotFound from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobDamaged(sha256=sha256)
        return content

    async def stream(self, desk_id: int, sha256: str) -> AsyncIterator[bytes]:
        """The content in pieces of about a megabyte, unchecked; raises `NotFound` before the first piece."""
        try:
            result = await obstore.get_async(self._store, _path(desk_id, sha256))
        except FileNotFoundError as error:
            raise NotFound from error
        async for piece in result.stream(min_chunk_size=1_000_000):
            yield bytes(piece)

    async def has(self, desk_id: int, sha256: str) -> bool:
        """Whether this desk keeps such a blob."""
        return await self.size(desk_id, sha256) is not None

    async def size(self, desk_id: int, sha256: str) -> int | None:
        """Bytes of the blob, or None where there is none."""
        try:
            return (await obstore.head_async(self._store, _path(desk_id, sha256)))["size"]
        except FileNotFoundError:
            return None

    async def remove(self, desk_id: int, sha256: str) -> None:
        """Forget a blob; the caller has made sure that no row names it. Missing is fine."""
        try:
            await obstore.delete_async(self._store, _path(desk_id, sha256))
        except FileNotFoundError:
            pass

    async def each(self) -> AsyncIterator[Blob]:
        """Every blob of every desk, for backups and checks."""
        async for batch in obstore.list(self._store, chunk_size=500):
            for meta in batch:
                desk, _, sha256 = meta["path"].split("/")[-3:]
                yield Blob(int(desk), sha256, meta["size"])


def blobs(settings: Settings) -> Blobs:
    """The store the settings name: a bucket for CREDO_BLOBS_URL, else a folder made on first use."""
    if settings.blobs_url:
        return Blobs(_bucket(settings), None)
    settings.blobs_dir.mkdir(parents=True, exist_ok=True)
    return Blobs(LocalStore(prefix=settings.blobs_dir), settings.blobs_dir)


def _bucket(settings: Settings) -> S3Store:
    address = urlsplit(settings.blobs_url)
    config = {
        "endpoint": settings.s3_endpoint,
        "region": settings.s3_region,
        "access_key_id": settings.s3_access_key,
        "secret_access_key": settings.s3_secret_key,
    }
    given = {key: value for key, value in config.items() if value}
    plain = settings.s3_endpoint.startswith("http://")
    return S3Store(
        address.netloc,
        prefix=address.path.strip("/") or None,
        client_options={"allow_http": True} if plain else {},
        **given,  # type: ignore[arg-type]  # the names are S3Config's own
    )


def _path(desk_id: int, sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise NotFound
    return f"{int(desk_id)}/{sha256[:2]}/{sha256}"


def _settle(path: Path) -> None:
    """Force a new file and its folders onto the disk; the store itself only renames."""
    for place in (path, path.parent, path.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
