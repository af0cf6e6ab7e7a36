"""Edits: one pure function for each thing that is asked of music that is there. Commands and words call the same.

Each takes a project, what it is about and explicit numbers, and returns an Outcome: a new project and what changed.
"""
