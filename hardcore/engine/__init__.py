"""scsynth: SynthDefs, OSC, offline scores and the child process that renders them."""
