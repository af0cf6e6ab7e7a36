"""Draft: what a style's file says of songs that are there as notes."""
