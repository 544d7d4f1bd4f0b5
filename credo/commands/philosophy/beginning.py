"""`credo philosophy begin`: a whole document to start from, on the standard output."""

from __future__ import annotations

import argparse

from credo.commands.philosophy.reading import document


def register(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `begin STARTER [--language CODE] [--name NAME] [--page FILE]`."""
    beginning = acts.add_parser("begin", help="print a whole document to start from")
    beginning.add_argument("starter", metavar="STARTER", help="two, shop, software, office, clinic or hotel")
    beginning.add_argument("--language", default="en", help="en, de or es")
    beginning.add_argument("--name", default="", help="for whom you look after people")
    beginning.add_argument("--page", metavar="FILE", help="your page about your service, text or HTML, or - for stdin")
    beginning.set_defaults(run=begin)


def begin(arguments: argparse.Namespace) -> int:
    """Print a starter, with what a page says written into it; raises UnknownStarter, TooLong."""
    from credo.base import clock
    from credo.philosophy.about import begin_from_page
    from credo.philosophy.composing import Ground
    from credo.philosophy.starters import starter
    from credo.web.wording import catalogue

    one = starter(arguments.starter, arguments.language)
    ground = Ground(arguments.name, None, (), clock.now().date())
    page = document(arguments.page) if arguments.page else ""
    print(begin_from_page(one, ground, page, catalogue(one.language).gettext), end="")
    return 0
