"""What can be said about a text without knowing whose it is."""
