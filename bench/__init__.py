"""Measurements: a seeded corpus, and how fast and lean Credo is on it. Never tests; nothing here ships in the wheel."""
