"""Tunes: a small learned model of melody that is sampled, and the forms, aims and closes laid over it.

counts   distributions from knowledge_base/melody, shorter contexts where longer ones were not seen
traits   what is drawn once a song: kind of rhythm, articulation, favourite degrees, steps and rhythms
form     phrases: which are like which, how each closes
rhythm   onsets, half bar by half bar
line     pitches, note by note
tune     all of it, as notes
"""
