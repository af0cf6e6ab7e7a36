"""Models that make sound of words. They run in workers, in an environment of their own that has their libraries."""
