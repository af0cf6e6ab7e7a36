"""The player: a process of its own that keeps the time, launches clips and tells scsynth what to sound."""
