"""The producer's mix: levels and effects of a plan's parts, and their correction."""
