"""From words to music: prompt → intent → plan → clips. Pure and seeded: the same words, seed and version give the same project."""
