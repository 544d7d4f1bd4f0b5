"""The drill: back up a running desk, restore it elsewhere, and compare; also across major versions of PostgreSQL."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from credo.base import embedded, settings
from credo.base.blobs import blobs
from credo.base.embedded import ServerTooOld
from credo.base.secrets import keyring
from credo.base.settings import Settings
from credo.running import backup, housing, preparing, restoring, upgrade


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return settings.read({"CREDO_DATA_DIR": str(tmp_path / "home")})


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return settings.read({"CREDO_DATA_DIR": str(tmp_path / "elsewhere")})


@pytest.fixture
def url(home: Settings) -> Iterator[str]:
    with housing.database(home) as address:
        yield address


async def _furnish(home: Settings, url: str) -> str:
    """A desk with a sealed secret and a file; returns the file's name."""
    await preparing.prepare(home, url)
    sealed = keyring(home).seal(b"imap password", "mailbox")
    async with await preparing.connect(url) as connection:
        await connection.execute("insert into desk (name, signing_key) values ('Zoë’s lamps', %s)", [sealed])
        await connection.execute("insert into throttle values ('x', 1, now())")
    return await blobs(home).put(1, b"raw mail" * 1000)


async def _opened(home: Settings, url: str) -> bytes:
    async with await preparing.connect(url) as connection:
        row = await (await connection.execute("select name, signing_key from desk")).fetchone()
    assert row is not None
    assert row[0] == "Zoë’s lamps"
    return keyring(home).open(bytes(row[1]), "mailbox")


async def test_a_whole_installation_comes_back(home: Settings, elsewhere: Settings, url: str, tmp_path: Path) -> None:
    sha256 = await _furnish(home, url)
    file = tmp_path / "backup.tar"
    made = await backup.make(home, url, file)
    assert (made.blobs, made.key) == (1, "included")
    assert file.stat().st_mode & 0o077 == 0
    with housing.database(elsewhere) as there:
        restored, aside = await restoring.restore(elsewhere, there, file, replace=False)
        assert (restored.rows, restored.blobs, aside) == (made.rows, 1, None)
        assert await _opened(elsewhere, there) == b"imap password"
    assert await blobs(elsewhere).get(1, sha256) == b"raw mail" * 1000


async def test_a_desk_in_place_is_never_overwritten(home: Settings, url: str, tmp_path: Path) -> None:
    await _furnish(home, url)
    file = tmp_path / "backup.tar"
    await backup.make(home, url, file)
    async with await preparing.connect(url) as connection:
        await connection.execute("update desk set name = 'Later'")
    with pytest.raises(backup.TargetTaken, match="--replace"):
        await restoring.restore(home, url, file, replace=False)
    async with await preparing.connect(url):
        with pytest.raises(backup.TargetTaken, match="stop it"):
            await restoring.restore(home, url, file, replace=True)
    _, aside = await restoring.restore(home, url, file, replace=True)
    assert await _opened(home, url) == b"imap password"
    assert aside is not None
    with psycopg.connect(url, dbname=aside) as connection:
        assert connection.execute("select name from desk").fetchone() == ("Later",)


async def test_a_backup_without_its_key_says_so(home: Settings, url: str, tmp_path: Path) -> None:
    await _furnish(home, url)
    made = await backup.make(home, url, tmp_path / "backup.tar", with_key=False)
    assert made.key == "left out"
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert "secret.key" not in tar.getnames()


async def test_a_damaged_backup_is_refused_and_leaves_nothing(
    home: Settings, elsewhere: Settings, url: str, tmp_path: Path
) -> None:
    await _furnish(home, url)
    file = tmp_path / "backup.tar"
    await backup.make(home, url, file)
    content = file.read_bytes()
    with tarfile.open(file) as tar:
        last = tar.getmembers()[-1]
    with housing.database(elsewhere) as there:
        for damaged in (
            content[: len(content) // 2],
            content[: last.offset_data + last.size // 2],
            content.replace(b"raw mailraw mail", b"raw mailRAW mail", 1),
            b"a letter",
            b"",
        ):
            file.write_bytes(damaged)
            with pytest.raises(backup.BackupBroken):
                await restoring.restore(elsewhere, there, file, replace=False)
            async with await preparing.connect(there) as connection:
                row = await (await connection.execute("select to_regclass('desk')")).fetchone()
                assert row == (None,)


async def test_a_failed_backup_leaves_the_last_good_one(home: Settings, url: str, tmp_path: Path) -> None:
    sha256 = await _furnish(home, url)
    file = tmp_path / "backup.tar"
    await backup.make(home, url, file)
    good = file.read_bytes()
    (home.blobs_dir / "1" / sha256[:2] / sha256).write_bytes(b"damaged")
    with pytest.raises(Exception, match="changed on the disk"):
        await backup.make(home, url, file)
    assert file.read_bytes() == good
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "home"}


def test_an_older_major_version_is_carried_over(home: Settings) -> None:
    folder = housing.ensure_data_folder(home) / housing.FOLDER
    old = embedded.server(folder, version=min(embedded.installed()))
    old.start()
    old.create_database()
    with psycopg.connect(old.url()) as connection:
        connection.execute("create extension vector")
        connection.execute("create table mail (id bigint generated by default as identity, meaning vector(3))")
        connection.execute("insert into mail (meaning) select '[1,2,3]' from generate_series(1, 1000)")
    old.stop()
    assert embedded.major(folder) == 16

    with housing.database(home) as address, psycopg.connect(address) as connection:
        assert connection.info.server_version // 10_000 == embedded.newest_major()
        assert connection.execute("select count(*), max(id) from mail").fetchone() == (1000, 1000)
        connection.execute("insert into mail (meaning) values ('[0,0,0]')")
        assert connection.execute("select max(id) from mail").fetchone() == (1001,)
    kept = [path for path in home.data_dir.iterdir() if path.name.startswith("postgres.16.")]
    assert [embedded.major(path) for path in kept] == [16]
    assert not (home.data_dir / "postgres.upgrading").exists()


def test_an_upgrade_cut_between_its_two_renames_is_finished(home: Settings) -> None:
    folder = housing.ensure_data_folder(home) / housing.FOLDER
    server = embedded.server(folder)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("create table carried (id int)")
    server.stop()
    draft = folder.with_name("postgres.upgrading")
    folder.rename(draft)
    (draft / "credo-upgrade-finished").touch()
    assert "upgraded" in (upgrade.ensure_current(folder) or "")
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("select count(*) from carried").fetchone() == (0,)
    server.stop()
    assert upgrade.ensure_current(folder) is None


@pytest.mark.parametrize(("version", "advice"), [("11", "credo backup FILE"), ("99", "newer Credo")])
def test_a_version_that_cannot_be_carried_gets_a_way(home: Settings, version: str, advice: str) -> None:
    folder = housing.ensure_data_folder(home) / housing.FOLDER
    folder.mkdir()
    (folder / "PG_VERSION").write_text(f"{version}\n")
    with pytest.raises(ServerTooOld, match=advice), housing.database(home):
        pass
