"""How the philosophy is tried out and made better: try-outs on what has happened."""
