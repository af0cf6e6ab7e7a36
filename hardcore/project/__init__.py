"""ProjectState and everything it holds: pure values, pure edits, events, history."""
