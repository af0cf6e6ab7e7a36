"""Import, export, batches, albums, artifacts."""
