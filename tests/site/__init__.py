"""The site of `make site`: docs/ as pages that are read, searched and heard without a network."""

# Pages that lie outside docs/, by where they are in the site.
OUTSIDE = {
    "index.md": "README.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "knowledge_base/SCHEMA.md": "knowledge_base/SCHEMA.md",
}
