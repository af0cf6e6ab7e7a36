"""Commands on clips and notes."""
