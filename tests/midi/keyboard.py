"""A MIDI controller without hands: a process with an output and an input port, played by lines on its input.

python keyboard.py NAME        then lines such as `144 60 100`, each answered by `ok`

`lights` is answered by what has come since it was asked last, messages with commas. The ports are on the JACK server.
"""

import sys
from collections import deque

import rtmidi


def main() -> None:
    keys = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
    keys.open_virtual_port("keys")
    come: deque[list[int]] = deque()
    lights = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, f"{sys.argv[1]} lights")
    lights.ignore_types(False, False, False)
    lights.set_callback(lambda event, _: come.append(event[0]))
    lights.open_virtual_port("lights")
    print("ok", flush=True)
    for line in sys.stdin:
        if line == "lights\n":
            print(",".join(" ".join(map(str, come.popleft())) for _ in range(len(come))), flush=True)
            continue
        keys.send_message([int(word) for word in line.split()])
        print("ok", flush=True)
    for port in (keys, lights):
        port.delete()


if __name__ == "__main__":
    main()
