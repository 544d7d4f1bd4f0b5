"""One module a command: `register(subparsers)` describes it, its run function imports what it needs."""
