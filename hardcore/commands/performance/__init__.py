"""Commands on playing: transport, engines, MIDI, controllers."""
