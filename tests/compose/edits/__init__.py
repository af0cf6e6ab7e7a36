"""Edits of what is there, each with an expectation that is worked out another way."""
