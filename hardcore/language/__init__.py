"""Sentences: what a line in plain words asks for, as a plan of commands. It reads; it changes nothing itself."""
