"""Messages that other programs hand over through the JSON API."""
