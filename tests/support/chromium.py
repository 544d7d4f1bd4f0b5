"""A real Chromium, for whole modules of tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; without one these tests are left out only where that was agreed to.

    It ends with the module, because Playwright keeps a loop of its own running and asynchronous tests need theirs.
    """
    path = os.environ.get("CREDO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CREDO_WITHOUT_BROWSER") == "1":
            pytest.skip("left out: there is no Chromium, and CREDO_WITHOUT_BROWSER=1 allows that")
        pytest.fail("There is no Chromium; install it, or set CREDO_WITHOUT_BROWSER=1 to leave these tests out.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
