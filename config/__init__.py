"""What the settings start from."""

# Data. This module is here because poetry-core packs only folders that hold one.
