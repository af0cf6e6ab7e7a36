"""Commands on tracks: instruments, samples, effects, levels, automation."""
