"""Commands on the mix, and the ears."""
