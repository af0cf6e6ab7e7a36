"""Music theory and time: pitch, scale, chord, tempo and meter maps, groove, Standard MIDI Files."""
