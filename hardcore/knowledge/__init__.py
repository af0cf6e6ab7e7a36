"""Typed loaders of knowledge_base/: what the producer knows about styles, words and sounds."""
