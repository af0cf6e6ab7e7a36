"""The documentation, a package so that its pages are installed with the program."""

# Data. This module is here because poetry-core packs only folders that hold one.
