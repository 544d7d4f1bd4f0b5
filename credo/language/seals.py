"""What a program for signed mail puts around the words."""

from __future__ import annotations

from credo.language.lines import Line


def hide(lines: list[Line]) -> None:
    """Hide the announcement of a PGP signed message, up to the blank line, and the signature below it."""
    if not any(line.text.startswith("-----BEGIN PGP SIGN") for line in lines):
        return
    inside = ""
    for line in lines:
        if line.text.startswith("-----BEGIN PGP SIGN"):
            inside = "head" if "SIGNED MESSAGE" in line.text else "seal"
        if inside:
            line.kind, line.hidden = "signature", True
        if line.text.startswith("-----END PGP SIGNATURE") or (inside == "head" and line.blank):
            inside = ""
