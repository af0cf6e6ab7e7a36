"""A MIDI controller without hands: a process with an output and an input port, played by lines on its input.

python keyboard.py NAME        then lines such as `144 60 100`, each answered by `ok`

`lights` is answered by what has come since it was asked last, messages with commas; `stamped` by the same, each with
the time when it came, in seconds of the steady clock, before it. The ports are on the JACK server.
"""

import sys
import time
from collections import deque

import rtmidi


def main() -> None:
    keys = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
    keys.open_virtual_port("keys")
    come: deque[tuple[float, list[int]]] = deque()
    lights = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, f"{sys.argv[1]} lights")
    lights.ignore_types(False, False, False)
    lights.set_callback(lambda event, _: come.append((time.monotonic(), event[0])))
    lights.open_virtual_port("lights")
    print("ok", flush=True)
    for line in sys.stdin:
        if line in ("lights\n", "stamped\n"):
            heard = [come.popleft() for _ in range(len(come))]
            shown = [[*([at] if line == "stamped\n" else []), *message] for at, message in heard]
            print(",".join(" ".join(map(str, one)) for one in shown), flush=True)
            continue
        keys.send_message([int(word) for word in line.split()])
        print("ok", flush=True)
    for port in (keys, lights):
        port.delete()


if __name__ == "__main__":
    main()
