"""Commands on scenes, sections and the arrangement."""
