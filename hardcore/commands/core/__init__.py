"""How commands work: the registry, lines, types of arguments, results, plans."""
