"""The JSON door: everything the screens do, by resource, for programs that carry a token."""
