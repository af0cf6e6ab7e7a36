"""The terminal prompt: one line at a time, with completion, history and a bottom bar; or plain, for any terminal."""
