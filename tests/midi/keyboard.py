"""A MIDI keyboard without hands: a process with one output port on a JACK server, played by lines on its input.

python keyboard.py NAME        then lines such as `144 60 100`, each answered by `ok`
"""

import sys

import rtmidi


def main() -> None:
    keys = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
    keys.open_virtual_port("keys")
    print("ok", flush=True)
    for line in sys.stdin:
        keys.send_message([int(word) for word in line.split()])
        print("ok", flush=True)
    keys.delete()


if __name__ == "__main__":
    main()
