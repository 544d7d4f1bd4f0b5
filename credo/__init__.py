"""Credo: a help desk on which a company's customer service philosophy runs."""

__version__ = "0.1.0"
