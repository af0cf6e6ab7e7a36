"""Musical edits of the piece or of parts."""
