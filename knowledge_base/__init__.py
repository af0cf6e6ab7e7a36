"""What the producer knows about music: styles and vocabulary, described in SCHEMA.md."""

# Data. This module is here because poetry-core packs only folders that hold one.
