"""From words to music: prompt → intent → plan → clips. Pure: the same words, seed and version, the same project."""
