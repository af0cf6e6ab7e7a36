"""The lights of controllers: only what changes is sent, and everything again to one that has just been plugged in."""

from collections.abc import Sequence

from hardcore.midi.outputs import Outputs, named
from hardcore.project.hands import DeviceLights

_Place = tuple[int, int]


class Lamps:
    """Shows lights on output ports."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._devices: dict[str, DeviceLights] = {}
        self._lit: dict[str, dict[_Place, int]] = {}

    def show(self, devices: Sequence[DeviceLights]) -> None:
        """Show these lights, and put out all others."""
        after = {device.port: device for device in devices}
        for port in self._devices.keys() - after.keys():
            self._put_out(port)
        self._devices = after
        self.poll()
        for port in after:
            self._send(port)

    def poll(self, plugged: Sequence[str] = ()) -> None:
        """Look for controllers that came or went; one that came is set up and lit.

        plugged   inputs that came or went just now: an output may be gone and back between two looks
        """
        for port, device in self._devices.items():
            if named(port, plugged) or (device.part and named(device.part, plugged)):
                self._outputs.close(port)
        for port in self._outputs.poll({port: device.part for port, device in self._devices.items()}):
            self._outputs.send(port, self._devices[port].setup)
            self._lit[port] = {}
            self._send(port)

    def dark(self) -> None:
        """Put out every light."""
        for port in tuple(self._lit):
            self._put_out(port)

    def _send(self, port: str) -> None:
        if port not in self._outputs:
            return
        before, after = self._lit.get(port, {}), {one[:2]: one[2] for one in self._devices[port].lights}
        changed = [(*place, value) for place, value in after.items() if before.get(place) != value]
        out = [(*place, 0) for place in before if place not in after]
        self._outputs.send(port, [*out, *changed])
        self._lit[port] = after

    def _put_out(self, port: str) -> None:
        self._outputs.send(port, [(*place, 0) for place in self._lit.pop(port, {})])
