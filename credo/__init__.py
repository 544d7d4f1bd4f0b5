"""Credo: a help desk on which a company's customer service philosophy runs."""
