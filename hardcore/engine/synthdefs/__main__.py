"""Write every compiled SynthDef to the checkout's `synthdefs/` folder, one file each; files of none are removed."""

import sys

from hardcore.engine.synthdefs import compile_all
from hardcore.engine.synthdefs.store import SUFFIX, synthdef_folder

if __name__ == "__main__":
    folder = synthdef_folder()
    folder.mkdir(exist_ok=True)
    compiled = compile_all()
    for path in folder.glob(f"*{SUFFIX}"):
        if path.stem not in compiled:
            path.unlink()
    for name, data in compiled.items():
        path = folder / f"{name}{SUFFIX}"
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            sys.stdout.write(f"{path}\n")
