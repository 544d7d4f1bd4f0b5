"""A conversation with a customer: receiving and threading, its items, and what colleagues do with it."""
