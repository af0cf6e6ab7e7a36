"""Feel: how players are off the grid."""
