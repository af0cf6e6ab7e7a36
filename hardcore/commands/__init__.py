"""Commands: every feature, offered once, reachable from every surface."""
