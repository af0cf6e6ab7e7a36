"""DAWproject 1.0: a zip with `project.xml`, `metadata.xml` and sounds.

Out: `package.py` writes the zip, `document.py` the documents (`structure.py`, `timelines.py`, `audioevents.py`) of
what `reduced.py` leaves of a project. In: `opened.py` and `markup.py` are the gates, `reading.py` makes a project of
what they let through (`readtime.py`, `readmixer.py`, `readdevices.py`, `readclips.py`, `readaudio.py`,
`readmoves.py`). Both share `units.py`, `devices.py` and `devicestate.py`.
"""
