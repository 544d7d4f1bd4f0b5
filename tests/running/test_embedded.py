"""The embedded database: starts, stops, survives being killed, and says what is wrong in one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from credo.base import embedded
from credo.base.embedded import NoEmbeddedServer, ServerDidNotStart, ServerTooOld


def test_it_starts_keeps_and_leaves_nothing_running(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres")
    for expected in (1, 2):
        server.start()
        assert server.process is not None
        pid = server.process.pid
        server.create_database()
        server.create_database()
        with psycopg.connect(server.url()) as connection:
            connection.execute("create table if not exists kept (number int)")
            connection.execute("insert into kept values (1)")
            assert connection.execute("select count(*) from kept").fetchone() == (expected,)
        server.stop()
        assert embedded.running_pid(server.folder) is None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_only_a_socket_file_leads_to_it_and_only_its_owner_reads_the_folder(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres", throwaway=True)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert server.folder.stat().st_mode & 0o077 == 0
    server.stop()


def test_a_server_left_behind_by_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from credo.base import embedded
server = embedded.server(Path({str(tmp_path / "postgres")!r}))
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    left = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    server = embedded.server(tmp_path / "postgres")
    assert embedded.running_pid(server.folder) == left
    server.start()
    assert embedded.running_pid(server.folder) not in (None, left)
    server.stop()


def test_what_was_committed_survives_the_server_being_killed(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres")
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("create table mail (id int)")
        connection.execute("insert into mail values (1)")
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    assert server.ensure_running()
    assert not server.ensure_running()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("select count(*) from mail").fetchone() == (1,)
    server.stop()


def test_a_stale_pid_file_of_some_other_process_harms_nobody(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres", throwaway=True)
    server.start()
    server.stop()
    bystander = subprocess.Popen(["sleep", "60"])
    (server.folder / "postmaster.pid").write_text(f"{bystander.pid}\n{server.folder}\n0\n5432\n\n\n\nready\n")
    assert embedded.running_pid(server.folder) is None
    server.stop_leftover()
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / ("long" * 20) / ("path" * 20) / "postgres", throwaway=True)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server.socket_folder != server.folder
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    server.stop()
    assert not server.socket_folder.exists()


def test_a_folder_of_another_version_is_left_alone(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres")
    server.folder.mkdir()
    (server.folder / "PG_VERSION").write_text("11\n")
    with pytest.raises(ServerTooOld, match="PostgreSQL 11"):
        server.start()
    assert [path.name for path in server.folder.iterdir()] == ["PG_VERSION"]


def test_a_broken_folder_is_said_with_the_servers_own_words(tmp_path: Path) -> None:
    server = embedded.server(tmp_path / "postgres", throwaway=True)
    server.start()
    server.stop()
    (server.folder / "global" / "pg_control").unlink()
    with pytest.raises(ServerDidNotStart, match=r"did not start: .+"):
        server.start()
    assert embedded.running_pid(server.folder) is None


def test_a_version_that_is_not_here_is_said() -> None:
    with pytest.raises(NoEmbeddedServer, match="no embedded PostgreSQL 9"):
        embedded.server(Path("/nowhere"), version=9)
