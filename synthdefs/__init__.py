"""Compiled SynthDefs, one a device, loadable by any scsynth; `make synthdefs` writes them."""

# Data. This module is here because poetry-core packs only folders that hold one.
