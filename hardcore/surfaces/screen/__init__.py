"""The full screen as pure functions: what stands on each line for a state. No terminal here; repl/ has that."""
