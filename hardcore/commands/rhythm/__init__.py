"""The commands of the drum generator, and what they keep while it plays."""
