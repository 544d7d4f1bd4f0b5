"""`credo serve` as people run it: started, stopped, killed and misled."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from credo.base import settings
from credo.running import housing
from support.served import CREDO, Running, free_port


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CREDO_")}
    return kept | {"CREDO_DATA_DIR": str(tmp_path / "data"), "CREDO_PORT": str(free_port())}


@pytest.fixture
def serve(environ: dict[str, str]) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(environ))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGTERM)


def test_it_serves_beside_other_commands_and_stops_at_ctrl_c(
    serve: Callable[[], Running], environ: dict[str, str]
) -> None:
    desk = serve()
    assert desk.first_line == f"Credo runs at http://localhost:{desk.port}"
    _until(lambda: desk.health()["healthy"])
    assert {one.name() for one in desk.family} >= {"postgres"}

    second = _refused(environ | {"CREDO_PORT": str(free_port())})
    assert "already runs" in second
    assert str(desk.process.pid) in second

    beside = subprocess.run([*CREDO, "doctor", "--json"], env=environ, capture_output=True, text=True)
    states = {found["subject"]: found["state"] for found in json.loads(beside.stdout)}
    assert (states["database"], states["worker"], beside.returncode) == ("ok", "ok", 0)

    assert desk.health()["healthy"]
    assert desk.end(signal.SIGINT) == 0
    _until(lambda: not any(one.is_running() for one in desk.family))


def test_what_crashes_comes_back_and_what_is_killed_recovers(serve: Callable[[], Running]) -> None:
    desk = serve()
    _until(lambda: desk.health()["healthy"])
    for part in ("web", "worker", "postgres"):
        crashed = desk.child(part)
        crashed.kill()
        _until(lambda crashed=crashed: not crashed.is_running() or crashed.status() == psutil.STATUS_ZOMBIE)
        _until(lambda part=part, crashed=crashed: desk.child(part).pid != crashed.pid)
        _until(lambda: desk.health()["healthy"])

    children = [desk.child("web"), desk.child("worker")]
    desk.end(signal.SIGKILL)
    _until(lambda: not any(one.is_running() for one in children))
    again = serve()
    _until(lambda: again.health()["healthy"])
    assert again.end(signal.SIGTERM) == 0
    _until(lambda: not any(one.is_running() for one in again.family))


def test_a_second_ctrl_c_waits_for_nobody(serve: Callable[[], Running]) -> None:
    desk = serve()
    _until(lambda: desk.health()["healthy"])
    desk.child("web").suspend()  # a part that cannot end by itself
    desk.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        desk.process.wait(0.5)
    began = time.monotonic()
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert time.monotonic() - began < 9, "less than the ten seconds after one Ctrl-C"
    _until(lambda: not any(one.is_running() for one in desk.family))


def test_several_commands_share_one_database_without_it(environ: dict[str, str]) -> None:
    doctors = [
        subprocess.Popen([*CREDO, "doctor", "--json"], env=environ, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for one in doctors:
        findings = json.loads(one.communicate(timeout=60)[0])
        assert [found["state"] for found in findings if found["subject"] == "database"] == ["bad"], findings


def test_the_demo_is_loaded_once_and_its_sign_in_is_printed(environ: dict[str, str]) -> None:
    for _ in range(2):
        desk = Running(environ, "--demo")
        assert desk.process.stdout is not None
        assert desk.first_line.startswith("Credo runs at")
        assert "@lumen.example" in desk.process.stdout.readline()
        assert desk.end() == 0
    with housing.database(settings.read(environ)) as url, psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from desk").fetchone() == (1,)


def test_a_busy_port_is_one_sentence(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environ["CREDO_PORT"]))):
        told = _refused(environ)
    assert told.startswith(f"credo: Port {environ['CREDO_PORT']} of 127.0.0.1 cannot be used")
    assert not Path(environ["CREDO_DATA_DIR"]).exists()


@pytest.mark.parametrize("place", ["/proc/credo", "a file"])
def test_a_data_folder_that_cannot_be_written_is_one_sentence(
    environ: dict[str, str], tmp_path: Path, place: str
) -> None:
    if place == "a file":
        (tmp_path / "file").touch()
        place = str(tmp_path / "file" / "data")
    told = _refused(environ | {"CREDO_DATA_DIR": place})
    assert told.startswith(f"credo: The data folder {place} cannot be written to (")


def test_an_unreachable_database_is_one_sentence(environ: dict[str, str]) -> None:
    told = _refused(environ | {"CREDO_DATABASE_URL": f"postgresql://someone@127.0.0.1:{free_port()}/credo"})
    assert told.startswith("credo: The database cannot be reached: ")
    assert told.endswith("Check CREDO_DATABASE_URL and that the server runs.")


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_alone_says_when_the_database_is_not_ready(environ: dict[str, str], part: str) -> None:
    told = _refused(environ, part)
    assert told == "credo: The database is not ready for this version; run `credo migrate` once."


def test_a_database_that_is_too_old_is_one_sentence(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_pretend_to_be_postgresql_14, args=(listening,))
        thread.start()
        address = (
            f"postgresql://someone@127.0.0.1:{listening.getsockname()[1]}/credo?sslmode=disable&gssencmode=disable"
        )
        told = _refused(environ | {"CREDO_DATABASE_URL": address})
        thread.join()
    assert "too old" in told
    assert "16" in told


def test_a_setting_that_does_not_fit_is_one_sentence(environ: dict[str, str]) -> None:
    assert _refused(environ | {"CREDO_PORT": "high"}) == "credo: CREDO_PORT must be a whole number, not 'high'."


def test_the_command_line_and_the_supervisor_stay_light() -> None:
    script = (
        "import sys; from credo import cli; from credo.running import supervise, housing; cli.parser();"
        "heavy = {'litestar', 'psycopg', 'uvicorn', 'numpy', 'asyncio', 'httpx2', 'cryptography', 'obstore'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"


def _refused(environ: dict[str, str], command: str = "serve") -> str:
    """Run a command that must fail, and return the one line it writes to stderr."""
    ended = subprocess.run([*CREDO, command], env=environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode not in (0, None)
    assert ended.stdout == ""
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


def _until(true: Callable[[], object], seconds: float = 45) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return
        except (AssertionError, OSError, psutil.Error):
            pass  # not yet; the last word is below
        time.sleep(0.05)
    assert true()


def _pretend_to_be_postgresql_14(listening: socket.socket) -> None:
    """Greet one client as a server of version 14 does, then wait until it leaves."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    connection, _ = listening.accept()
    with connection:
        connection.recv(4096)
        greeting = message(b"R", bytes(4))
        for name, value in (("server_version", "14.12"), ("client_encoding", "UTF8"), ("TimeZone", "UTC")):
            greeting += message(b"S", f"{name}\0{value}\0".encode())
        connection.sendall(greeting + message(b"Z", b"I"))
        while connection.recv(4096):
            pass
