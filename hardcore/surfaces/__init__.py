"""The ways in: command line, terminal prompt, Python. All of them call the one registry."""
