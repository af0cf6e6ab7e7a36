"""The sandbox: the folder of one live engine, and all of the disk that it can reach. Its port is open to every user.

    PORT-XXXXXXXX/      0700; its player holds its lock for as long as it lives
        plugins/        links to the plug-ins our SynthDefs need
        [sounds]/       0500, the engine's restricted path: nothing can be made in it, by the engine neither
            XXXX…/      0700, under a name that nobody can guess: the pool of what plays

The engine puts the restricted path before the names it is given and takes out "..". In 3.13 and 3.14 there are two ways
out of that. A name that begins with the path is taken as it is, a neighbour's too: hence the slash at its end. And
`/d_load` takes its name for a pattern, in which `.?` finds "..": hence the brackets, since [sounds] as a pattern is not
its own name. A third way is a plug-in of the embedded engine's that writes files (FeatureSave): hence the links.
"""

import contextlib
import os
import shutil
from pathlib import Path
from secrets import token_hex

from hardcore.errors import EngineError, UserError
from hardcore.lockedfolder import abandoned, locked_folder
from hardcore.paths import cache_folder

# What our SynthDefs are made of, and nothing that opens a file. The program itself has the most common units.
PLUGINS = (
    "BinaryOpUGens", "DelayUGens", "FilterUGens", "IOUGens", "LFUGens", "MulAddUGens", "NoiseUGens", "OscUGens",
    "PanUGens", "ReverbUGens", "TestUGens", "TriggerUGens", "UnaryOpUGens",
)  # fmt: skip
_SUFFIXES = (".so", ".scx")


def sandboxes() -> Path:
    """Return the folder that holds the sandboxes of all engines of this user. Raises UserError."""
    return cache_folder() / "engines"


class Sandbox:
    """A sandbox of our own; it is removed by `close`, or by the next `sweep` after our end.

    restricted   the path the engine is restricted to, with the slash that belongs to it
    pool         the folder for copies of what plays
    plugins      the folder of plug-ins, None when the engine's own were not found
    """

    def __init__(self, port: int, plugins: Path | None) -> None:
        """Make a sandbox for the engine on a port, with those of `plugins` that it needs. Raises EngineError."""
        try:
            self.folder, self._lock = locked_folder(sandboxes(), f"{port}-")
            sounds = self.folder / "[sounds]"
            self.pool = sounds / token_hex(16)
            self.pool.mkdir(mode=0o700, parents=True)
            sounds.chmod(0o500)
            self.restricted = f"{sounds}/"
            self.plugins = _linked(plugins, self.folder / "plugins") if plugins else None
        except (OSError, UserError) as error:
            raise EngineError(f"the engine has no folder: {error}", "make room on the disk") from error

    def close(self) -> None:
        """Remove it; the engine must have ended, or be about to."""
        _remove(self.folder)
        os.close(self._lock)


def sweep() -> None:
    """Remove the sandboxes of players that have ended, and what their engines left in shared memory."""
    with contextlib.suppress(OSError, UserError):
        for folder in abandoned(sandboxes()):
            with contextlib.suppress(OSError):
                port = folder.name.partition("-")[0]
                if port.isdigit():
                    forget(int(port))
                _remove(folder)


def forget(port: int) -> None:
    """Remove the name of an engine's shared memory (8 MB), by which others could read it; the engine needs none."""
    Path(f"/dev/shm/SuperColliderServer_{port}").unlink(missing_ok=True)


def _linked(plugins: Path, folder: Path) -> Path:
    """Return a folder of links to the plug-ins that are needed, or the plug-ins' own where there are no links."""
    folder.mkdir()
    try:
        for path in sorted(plugins.iterdir()):
            if path.stem in PLUGINS and path.suffix in _SUFFIXES:
                (folder / path.name).symlink_to(path.resolve())
    except OSError:
        return plugins
    return folder


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        (folder / "[sounds]").chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
