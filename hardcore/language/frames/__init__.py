"""Frames: what a clause can ask for, as the kinds of spans it has to be made of, and the commands that do it."""
