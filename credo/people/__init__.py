"""Colleagues: who works here, how they come in, and what they may reach."""
