"""Commands that ask a model, the documentation or Python."""
