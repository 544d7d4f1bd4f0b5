"""A wheel carries what is built, so that nobody who installs it needs Node; this hook refuses one that would not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltAssets(BuildHookInterface):  # type: ignore[type-arg]
    """Checks that the front end and the translations stand ready."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise with what to do when something is not built; editable installs build theirs with `make setup`."""
        if version == "editable":
            return
        root = Path(self.root)
        missing = [place for place in (root / "credo/web/static/manifest.json",) if not place.is_file()]
        missing += [
            catalogue.with_suffix(".mo")
            for catalogue in root.glob("credo/locale/*/LC_MESSAGES/*.po")
            if not catalogue.with_suffix(".mo").is_file()
        ]
        if missing:
            names = ", ".join(str(place.relative_to(root)) for place in missing)
            raise RuntimeError(f"Not built yet: {names}. Run `make wheel`, which builds them first.")
