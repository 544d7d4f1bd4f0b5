"""Folders of our own: pytest closes its common folder again whenever another run begins, and the database's account
must be able to walk through."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """An empty folder that no other run of pytest touches."""
    folder = Path(tempfile.mkdtemp(prefix="credo-"))
    yield folder
    shutil.rmtree(folder)
