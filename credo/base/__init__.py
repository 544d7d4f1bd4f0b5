"""Pure ground: what every room stands on; it knows nothing of desks."""
