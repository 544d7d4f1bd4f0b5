"""The command `credo`: each subcommand is a small module, and what is heavy is imported only when it runs."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence

from credo import commands
from credo.base.errors import CredoError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what people can mend becomes one sentence on stderr."""
    arguments = parser().parse_args(argv)
    try:
        code: int | None = arguments.run(arguments)
        sys.stdout.flush()
    except CredoError as error:
        print(f"credo: {error.sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output went away ("credo mail read … | head"); Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return code or 0


def parser() -> argparse.ArgumentParser:
    """The whole command line; every module in `credo.commands` adds itself through `register(subparsers)`."""
    from credo import __version__

    root = argparse.ArgumentParser(
        prog="credo",
        description="A help desk on which your customer service philosophy runs.",
        epilog="Settings are CREDO_* variables; docs/settings.md lists them.",
    )
    root.add_argument("--version", action="version", version=f"credo {__version__}")
    subparsers = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"credo.commands.{module.name}").register(subparsers)
    return root


if __name__ == "__main__":
    sys.exit(main())
