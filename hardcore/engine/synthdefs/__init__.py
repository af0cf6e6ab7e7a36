"""Every SynthDef, written as Python graph functions and compiled to the bytes any scsynth loads.

`python -m hardcore.engine.synthdefs` writes them to `synthdefs/`. The graph modules import nanosynth, which prints
and takes 0.2 s: only this build and the tests import them, never a running studio, which reads the compiled files.
"""


def compile_all() -> dict[str, bytes]:
    """Return every SynthDef by name as SCgf bytes, sorted by name; the same source gives the same bytes."""
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(__path__):
        if module.name not in {"__main__", "store"}:
            importlib.import_module(f"{__name__}.{module.name}")
    from hardcore.engine.synthdefs.shared import BUILDERS

    return {name: bytes(BUILDERS[name]().compile()) for name in sorted(BUILDERS)}
