"""Chords: names, progressions, colours, cadences, registers."""
