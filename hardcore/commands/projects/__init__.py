"""Commands on projects and their history."""
