"""Root's right to write where a file's mode forbids it (CAP_DAC_OVERRIDE): an engine does without, or no mode binds it.

Linux counts such rights by thread, and a thread has those of the one that started it. Elsewhere nothing happens.
"""

import ctypes
import sys

_OVERRIDE, _MAY_LIMIT = 1, 8
# The third version of the interface: three words (effective, permitted, inheritable) for each 32 capabilities.
_VERSION, _EFFECTIVE, _WORDS = 0x20080522, 0, 3


def obey_modes() -> None:
    """Give the right up, for this thread and every one that it will start."""
    rights = _rights()
    for word in range(_WORDS):
        rights[word] &= ~(1 << _OVERRIDE)
    if sys.platform == "linux":
        ctypes.CDLL(None).capset(_head(), rights)


def obedient() -> list[str]:
    """Return the options with which `setpriv` starts a program without the right; none where there is none to lose."""
    effective = _rights()[_EFFECTIVE]
    if not (effective >> _OVERRIDE & 1 and effective >> _MAY_LIMIT & 1):
        return []
    return ["--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]


def _head() -> "ctypes.Array[ctypes.c_uint32]":
    return (ctypes.c_uint32 * 2)(_VERSION, 0)


def _rights() -> "ctypes.Array[ctypes.c_uint32]":
    """Return what this thread may do, as capget(2) says it; nothing where it can't."""
    rights = (ctypes.c_uint32 * (2 * _WORDS))()
    if sys.platform == "linux":
        ctypes.CDLL(None).capget(_head(), rights)
    return rights
