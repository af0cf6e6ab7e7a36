"""Jobs: what is done off the event loop: rendering files."""
