"""Commands of the user's library."""
