"""`credo doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import argparse

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("doctor", help="check database, mail, disk and clock, and say what to do")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; the exit code is 1 when something is bad."""
    import asyncio
    import dataclasses
    import json

    from credo.running import doctor, housing

    settings = reading.read()
    with housing.database(settings) as url:
        findings = asyncio.run(doctor.examine(settings, url))
    if arguments.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{finding.state:<5} {finding.subject}: {finding.sentence}")
            if finding.advice:
                print(f"      → {finding.advice}")
    return int(any(finding.state == "bad" for finding in findings))
