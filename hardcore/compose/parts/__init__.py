"""Parts: the notes of drums, basses, chords, leads and textures."""
