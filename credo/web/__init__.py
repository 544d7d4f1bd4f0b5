"""The door for people: HTML by screen, thin handlers over the rooms."""
