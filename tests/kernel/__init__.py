"""Live Python, against the real process."""
