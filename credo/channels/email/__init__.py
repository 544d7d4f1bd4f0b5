"""Mail: bytes in, bytes out."""
