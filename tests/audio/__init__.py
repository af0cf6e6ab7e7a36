"""Sound files and measurements."""
