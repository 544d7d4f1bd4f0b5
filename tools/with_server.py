"""Run a command with a throw-away PostgreSQL beside it, named by CREDO_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from credo.base import embedded


def main(command: list[str]) -> int:
    """Run `command` and return its exit code; the server and its folder are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="credo-test-") as folder:
        server = embedded.server(Path(folder) / "postgres", throwaway=True)
        server.start()
        try:
            environ = os.environ | {"CREDO_TEST_DATABASE_URL": server.url("postgres")}
            return subprocess.run(command, env=environ).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
