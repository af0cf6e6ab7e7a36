"""Form: what the sections of a song differ in, and how one leads to the next.

taste     what a kind of section is like beside the scene a song is made of
section   a section composed anew: its own chords, tune and texture
drama     loudness along the song, builds, endings
"""
