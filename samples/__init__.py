"""One-shots rendered from our own SynthDefs, with a manifest of hashes."""

# Data. This module is here because poetry-core packs only folders that hold one.
