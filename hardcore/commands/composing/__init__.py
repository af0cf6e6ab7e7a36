"""Commands that make music: prompts, styles, plans, generations."""
