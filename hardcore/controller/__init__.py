"""The one mutable owner of the project: edits, undo and redo, and the events that tell everyone."""
