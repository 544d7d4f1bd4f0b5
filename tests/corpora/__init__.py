"""Scores of our reading on sets of real mail; the material itself is never part of the repository."""
