"""What builds and checks Credo; nothing of it runs on a desk."""
