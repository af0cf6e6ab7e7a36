"""The version of the rhythm engine: it rises where a seed comes to play other notes than before."""

VERSION = "2"


def made_by(program: str) -> str:
    """Return what is kept with a seed or a clip: the program's version and the engine's."""
    return f"{program}, rhythm {VERSION}"
