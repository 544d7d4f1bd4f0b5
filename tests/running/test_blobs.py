"""Blobs: found by what they are, per desk, in a folder and in a bucket."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from credo.base import settings
from credo.base.blobs import Blob, BlobDamaged, Blobs, blobs
from credo.base.errors import NotFound
from support.bucket import Bucket


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if request.param == "folder":
        yield blobs(settings.read({"CREDO_DATA_DIR": str(tmp_path)}))
        return
    with Bucket() as address:
        yield blobs(
            settings.read(
                {
                    "CREDO_BLOBS_URL": "s3://desk/some/prefix",
                    "CREDO_S3_ENDPOINT": address,
                    "CREDO_S3_REGION": "local",
                    "CREDO_S3_ACCESS_KEY": "key",
                    "CREDO_S3_SECRET_KEY": "secret",
                }
            )
        )


async def test_bytes_come_back_as_they_were(store: Blobs) -> None:
    content = os.urandom(2_500_000)
    sha256 = await store.put(1, content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert await store.get(1, sha256) == content
    assert b"".join([piece async for piece in store.stream(1, sha256)]) == content
    assert await store.size(1, sha256) == len(content)


async def test_desks_do_not_see_each_other(store: Blobs) -> None:
    sha256 = await store.put(1, b"ours")
    assert not await store.has(2, sha256)
    with pytest.raises(NotFound):
        await store.get(2, sha256)
    with pytest.raises(NotFound):
        _ = [piece async for piece in store.stream(2, sha256)]


async def test_all_are_listed_and_removed_ones_are_gone(store: Blobs) -> None:
    kept = await store.put(1, b"kept")
    await store.put(1, b"kept")
    gone = await store.put(2, b"gone")
    await store.remove(2, gone)
    await store.remove(2, gone)
    assert [blob async for blob in store.each()] == [Blob(1, kept, 4)]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64])
async def test_only_a_digest_is_a_name(store: Blobs, name: str) -> None:
    with pytest.raises(NotFound):
        await store.get(1, name)


async def test_a_changed_file_is_noticed_and_mended(tmp_path: Path) -> None:
    store = blobs(settings.read({"CREDO_DATA_DIR": str(tmp_path)}))
    sha256 = await store.put(1, b"what a customer sent")
    file = tmp_path / "blobs" / "1" / sha256[:2] / sha256
    file.write_bytes(b"what a disk made of it")
    with pytest.raises(BlobDamaged):
        await store.get(1, sha256)
    file.write_bytes(b"")
    assert await store.put(1, b"what a customer sent") == sha256
    assert await store.get(1, sha256) == b"what a customer sent"
