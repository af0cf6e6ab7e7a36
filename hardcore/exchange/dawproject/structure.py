"""The structure of a DAWproject: tracks with their channels, devices and sends."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from hardcore.exchange.dawproject import ids
from hardcore.exchange.dawproject.devices import BANDS, GENERIC, VENDOR, device_id, slots_of, unit_of
from hardcore.exchange.dawproject.devicestate import as_json, of_effect, of_instrument
from hardcore.exchange.dawproject.units import HIGHEST_DB, linear, normalized_pan
from hardcore.exchange.dawproject.xmlwriter import XmlWriter
from hardcore.exchange.losses import Losses
from hardcore.project.automation import FADER, SEND
from hardcore.project.device import Device, Parameter
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.roles import DRUMS
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track, TrackKind

_CONTENT: dict[TrackKind, str] = {
    "midi": "notes", "audio": "audio", "group": "tracks", "return": "audio", "master": "audio notes",
}  # fmt: skip
_ROLES: dict[TrackKind, str] = {"group": "submix", "return": "effect", "master": "master"}
# A project has no colours; families of parts are told apart.
_COLOURS = {"drums": "#d05a4e", "bass": "#4f7fd0", "lead": "#d0a94e", "chords": "#6cab6c", "other": "#8d86b8"}
Keep = Callable[[str, bytes], None]

_PLUGINS = "their values are in the file, for nobody to read; track bounce keeps the sound"


class Structure:
    """Writes the tracks of a reduced project; what devices keep in files of their own goes to `keep(path, content)`."""

    def __init__(self, xml: XmlWriter, project: ProjectState, losses: Losses, keep: Keep) -> None:
        self._xml, self._project, self._losses, self._keep = xml, project, losses, keep

    def write(self) -> None:
        """Write all tracks: groups around what feeds them, the master last."""
        with self._xml.element("Structure"):
            self._feeding(MASTER_ID)
            self._track(self._project.master)

    def _feeding(self, output: str) -> None:
        for track in self._project.tracks:
            if track.output == output:
                self._track(track)

    def _track(self, track: Track) -> None:
        with self._xml.element(
            "Track", contentType=_CONTENT[track.kind], loaded=True, id=track.id, name=track.name, color=_colour(track)
        ):
            self._channel(track)
            if track.kind == "group":
                self._feeding(track.id)

    def _channel(self, track: Track) -> None:
        xml, mixer = self._xml, track.mixer
        where = ids.channel(track.output) if track.output else None
        with xml.element(
            "Channel", audioChannels="2", destination=where, role=_ROLES.get(track.kind, "regular"), solo=mixer.solo,
            id=ids.channel(track.id),
        ):  # fmt: skip
            if track.instrument or track.effects:
                with xml.element("Devices"):
                    if track.instrument:
                        self._instrument(track, track.instrument)
                    for effect in track.effects:
                        self._effect(track, effect)
            xml.empty("Mute", value=mixer.mute, id=f"{track.id}.mute", name="Mute")
            pan = ids.parameter(track, track.id, "pan")
            xml.empty("Pan", max="1", min="0", unit="normalized", value=normalized_pan(mixer.pan), id=pan, name="Pan")
            if track.sends:
                with xml.element("Sends"):
                    for send in track.sends:
                        kind, target = "pre" if send.pre else "post", ids.channel(send.target)
                        with xml.element("Send", destination=target, type=kind, id=f"{track.id}.to.{send.target}"):
                            self._volume(ids.parameter(track, track.id, SEND + send.target), send.gain_db)
            self._volume(ids.parameter(track, track.id, next(iter(FADER))), mixer.gain_db)

    def _volume(self, id: str, gain_db: float) -> None:
        most = linear(HIGHEST_DB)
        self._xml.empty("Volume", max=most, min="0", unit="linear", value=linear(gain_db), id=id, name="Volume")

    def _instrument(self, track: Track, instrument: Instrument) -> None:
        device = instrument.definition
        if instrument.plugin is not None:
            self._losses.add("plug-ins", _PLUGINS, f"{device.id} of {track.name}")
        else:
            self._losses.add("instruments", f"only {VENDOR} has them; other programs get their notes", track.name)
        if instrument.recordings:
            self._losses.add("samples of your own", "the file only names them", track.name)
        path = f"devices/{track.id}.json"
        self._keep(path, as_json(of_instrument(track)))
        with self._device("BuiltinDevice", device, f"{track.id}.device", "instrument"):
            self._parameters(track, track.id, device, instrument.value)
            self._xml.empty("Enabled", value=True, id=f"{track.id}.device.on")
            self._xml.empty("State", path=path)

    def _effect(self, track: Track, effect: Effect) -> None:
        device = effect.definition
        element = GENERIC.get(device.id, ("BuiltinDevice", ()))[0]
        if effect.plugin is not None:
            self._losses.add("plug-ins", _PLUGINS, f"{device.id} of {track.name}")
        elif device.id not in GENERIC:
            self._losses.add("effects", f"only {VENDOR} has them", f"{device.id} of {track.name}")
        with self._device(element, device, effect.id, "audioFX"):
            self._parameters(track, effect.id, device, effect.value)
            self._xml.empty("Enabled", value=not effect.bypass, id=f"{effect.id}.on")
            if effect.side is not None:
                self._losses.add("side-chains", f"only {VENDOR} reads them", f"{device.id} of {track.name}")
                self._keep(f"devices/{effect.id}.json", as_json(of_effect(effect)))
                self._xml.empty("State", path=f"devices/{effect.id}.json")
            if device.id == "eq":
                self._bands(track, effect)
            for slot in slots_of(device.id).values() if device.id != "eq" else ():
                parameter, value = device.parameter(slot.parameter), effect.value(slot.parameter)
                low, high = sorted((slot.to_file(parameter.low), slot.to_file(parameter.high)))
                self._real(slot.element, ids.parameter(track, effect.id, slot.parameter), slot.unit,
                           low, high, slot.to_file(value))  # fmt: skip

    def _device(self, element: str, device: Device, id: str, role: str) -> AbstractContextManager[None]:
        return self._xml.element(
            element, deviceID=device_id(device), deviceName=device.name, deviceRole=role, deviceVendor=VENDOR,
            loaded=True, id=id, name=device.name,
        )  # fmt: skip

    def _parameters(self, track: Track, owner: str, device: Device, value: Callable[[str], float]) -> None:
        """Write what the generic device has no element for, by our names."""
        own = [one for one in device.shown if one.id not in slots_of(device.id)]
        if device.id in GENERIC:
            for one in own:
                if value(one.id) != one.default:
                    self._losses.add("settings of effects", f"only {VENDOR} has them",
                                     f"{one.id} of the {device.name} of {track.name}")  # fmt: skip
        if own:
            with self._xml.element("Parameters"):
                for one in own:
                    self._parameter("RealParameter", track, owner, one, value(one.id), name=one.id)

    def _bands(self, track: Track, effect: Effect) -> None:
        eq = effect.definition
        for order, band in enumerate(BANDS):
            with self._xml.element("Band", type=band.type, order=str(order)):
                for element, name in (("Freq", band.freq), ("Gain", band.gain), ("Q", band.q)):
                    if name is not None:
                        self._parameter(element, track, effect.id, eq.parameter(name), effect.value(name))
                if band.gain is None:
                    on = effect.value(band.freq) > eq.parameter(band.freq).low
                    self._xml.empty("Enabled", value=on, id=f"{effect.id}.{band.freq}.on")

    def _parameter(
        self, element: str, track: Track, owner: str, one: Parameter, value: float, name: str | None = None
    ) -> None:
        id = ids.parameter(track, owner, one.id)
        self._real(element, id, unit_of(one.unit), one.low, one.high, value, name)

    def _real(
        self, element: str, id: str, unit: str, low: float, high: float, value: float, name: str | None = None
    ) -> None:
        self._xml.empty(element, max=float(high), min=float(low), unit=unit, value=float(value), id=id, name=name)


def _colour(track: Track) -> str:
    role = track.role
    if role in DRUMS:
        return _COLOURS["drums"]
    families = {"sub": "bass", "bass": "bass", "lead": "lead", "pluck": "lead", "chords": "chords", "keys": "chords"}
    return _COLOURS[families.get(role or "", "other")]
