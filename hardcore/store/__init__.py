"""The store: .hcs files, the journal of a working copy, the user's library."""
