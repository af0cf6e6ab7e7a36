"""What a VST3 file says of itself before anything of it runs: name, vendor, version, what it is.

The factory of a file is an interface of COM's kind: a pointer to a table of functions. Steinberg's `ipluginbase.h` has
its layout. Only in a process that may be lost: this calls the file's code.
"""

import ctypes
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

# IPluginFactory2, as its four numbers lie in memory on Linux.
_FACTORY2 = bytes.fromhex("0007b650f24b4c0ba464edb9f00b2abb")
_AUDIO = b"Audio Module Class"


class Said(NamedTuple):
    """What a factory says of its first audio class; `words` are its categories, such as Instrument|Synth."""

    name: str
    vendor: str
    version: str
    words: str


class _Class2(ctypes.Structure):
    _fields_ = [
        ("cid", ctypes.c_char * 16),
        ("cardinality", ctypes.c_int32),
        ("category", ctypes.c_char * 32),
        ("name", ctypes.c_char * 64),
        ("flags", ctypes.c_uint32),
        ("words", ctypes.c_char * 128),
        ("vendor", ctypes.c_char * 64),
        ("version", ctypes.c_char * 64),
        ("sdk", ctypes.c_char * 64),
    ]


def binary_of(path: Path) -> Path | None:
    """Return the file in a VST3 bundle that this machine runs; the file itself where it is no bundle; None for none."""
    if path.is_file():
        return path
    places = {
        "linux": (f"{platform.machine()}-linux", "*.so"),
        "darwin": ("MacOS", "*"),
        "win32": (f"{'arm64' if 'arm' in platform.machine().lower() else 'x86_64'}-win", "*.vst3"),
    }
    folder, pattern = places.get(sys.platform, ("", "*"))
    found = sorted(one for one in (path / "Contents" / folder).glob(pattern) if one.is_file())
    return found[0] if found else None


def described(path: Path) -> Said | None:
    """Return what a file says of itself; None where it says nothing, or cannot be asked on this system."""
    binary = binary_of(path)
    if sys.platform != "linux" or binary is None:
        return None
    library = ctypes.CDLL(str(binary))
    try:
        library.ModuleEntry(ctypes.c_void_p(library._handle))
        library.GetPluginFactory.restype = ctypes.c_void_p
        factory = library.GetPluginFactory()
    except AttributeError:
        return None
    return _first(factory) if factory else None


def _method(thing: int, place: int, *kinds: Any) -> Callable[..., int]:
    """Return a function of an interface by its place in the table; its first argument is the interface."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
    function: Callable[..., int] = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, *kinds)(table[place])
    return function


def _first(factory: int) -> Said | None:
    """Return what the second version of the interface says of the first class that makes sound."""
    second = ctypes.c_void_p()
    asks = _method(factory, 0, ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p))
    if asks(factory, _FACTORY2, ctypes.byref(second)) or not second.value:
        return None
    count = _method(second.value, 4)(second.value)
    for number in range(count):
        info = _Class2()
        if _method(second.value, 7, ctypes.c_int32, ctypes.POINTER(_Class2))(second.value, number, ctypes.byref(info)):
            continue
        if info.category == _AUDIO:
            texts = (info.name, info.vendor, info.version, info.words)
            return Said(*(" ".join(text.decode("utf-8", "replace").split()) for text in texts))
    return None
