"""The site of `make site`: docs/ as pages that are read, searched and heard without a network."""
