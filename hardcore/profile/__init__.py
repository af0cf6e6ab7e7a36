"""The user's profile: what a person changes about pieces after they were made, as small statistics. Pure."""
