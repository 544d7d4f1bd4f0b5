"""Answering: drafts that survive, and sending that refuses when something unseen has arrived."""
