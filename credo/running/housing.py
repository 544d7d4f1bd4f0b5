"""Where the database lives: a server somebody else runs, or the embedded one, which one process at a time owns."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from credo.base import embedded
from credo.base.errors import CredoError
from credo.base.settings import Settings

FOLDER = "postgres"


class DataFolderUnusable(CredoError):
    """The data folder cannot be written to; choose another with CREDO_DATA_DIR or --data."""


class AlreadyRunning(CredoError):
    """Credo already runs on this data folder."""


def ensure_data_folder(settings: Settings) -> Path:
    """Make the data folder and prove that it can be written to; raises `DataFolderUnusable`."""
    folder = settings.data_dir
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataFolderUnusable(
            f"The data folder {folder} cannot be written to ({reason}); choose another with CREDO_DATA_DIR or --data."
        ) from error
    return folder


def embedded_server(settings: Settings) -> embedded.Server:
    """The embedded server of this data folder, not started."""
    return embedded.server(settings.data_dir / FOLDER)


def start(server: embedded.Server) -> None:
    """Start the embedded server, after carrying its folder to the newest version if an older one made it."""
    from credo.running import upgrade

    told = upgrade.ensure_current(server.folder)
    if told:
        print(told, file=sys.stderr)
    server.start()


@contextmanager
def owning(settings: Settings, role: str = "serve", patience: float = 10) -> Iterator[None]:
    """Hold this data folder for one process that runs the embedded server.

    Waits up to `patience` seconds for a short command to finish; raises `AlreadyRunning` at once beside `credo serve`.
    """
    path = ensure_data_folder(settings) / "owner.lock"
    end = time.monotonic() + patience
    with path.open("a+") as file:
        while not _try_lock(file, fcntl.LOCK_EX):
            pid, _, holder = path.read_text().strip().partition(" ")
            if holder == "serve" or time.monotonic() > end:
                raise AlreadyRunning(f"Credo already runs on {settings.data_dir} (process {pid or 'unknown'}).")
            time.sleep(0.05)
        file.truncate(0)
        file.write(f"{os.getpid()} {role}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database for one command, with the embedded server started for its time if need be.

    A command beside `credo serve` uses that server; of several commands without one, the first starts the server
    and waits for the others before it stops it.
    """
    if settings.database_url:
        yield settings.database_url
        return
    with ExitStack() as users:
        file = users.enter_context((ensure_data_folder(settings) / "users.lock").open("a+"))
        fcntl.flock(file, fcntl.LOCK_SH)
        if not _becomes_owner(users, settings):
            yield _address_when_ready(settings)
            return
        fcntl.flock(file, fcntl.LOCK_UN)
        server = embedded_server(settings)
        start(server)
        try:
            yield server.url()
        finally:
            fcntl.flock(file, fcntl.LOCK_EX)
            server.stop()


def _becomes_owner(users: ExitStack, settings: Settings) -> bool:
    try:
        users.enter_context(owning(settings, "command", patience=0))
    except AlreadyRunning:
        return False
    return True


def _address_when_ready(settings: Settings, patience: float = 60) -> str:
    server = embedded_server(settings)
    end = time.monotonic() + patience
    while not embedded.is_ready(server.folder):
        if time.monotonic() > end:
            raise AlreadyRunning("Another Credo holds the data folder, but its database does not answer.")
        time.sleep(0.05)
    return server.url()


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
