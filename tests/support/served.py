"""`credo serve` as a process of its own, with its own data folder and port."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import psutil

CREDO = [sys.executable, "-P", "-m", "credo.cli"]


class Running:
    """A `credo serve` that has printed its address."""

    def __init__(self, environ: dict[str, str], *options: str) -> None:
        self.port = int(environ["CREDO_PORT"])
        self.process = subprocess.Popen(
            [*CREDO, "serve", *options], env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline().strip()
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def told(self) -> list[str]:
        """What it printed below its address."""
        assert self.process.stdout is not None
        return [line.strip() for line in iter(self.process.stdout.readline, "Stop it with Ctrl-C.\n")]

    def child(self, name: str) -> psutil.Process:
        """The web or the worker process, or the database as `postgres`."""
        for one in psutil.Process(self.process.pid).children():
            command = one.cmdline()
            if name in command or (command and command[0].endswith(f"/{name}")):
                return one
        raise AssertionError(f"there is no {name} process")

    def health(self) -> dict[str, Any]:
        """The JSON of /health, whatever its status."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as answer:
            with answer:
                return dict(json.load(answer))

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, as a terminal or a service manager would, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
