"""MIDI from hands: the process that listens to every input port and plays what it hears, beside the player."""
