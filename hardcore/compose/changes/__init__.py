"""Changes: the edits that follow-ups order. Each is pure: (project, order, seed) → Outcome."""
