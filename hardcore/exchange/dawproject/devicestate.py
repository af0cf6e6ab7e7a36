"""What a device of ours keeps in a file of its own inside a DAWproject: what the format has no element for."""

from typing import Any

from hardcore.model import Model
from hardcore.project.mixer import Effect
from hardcore.project.multisample import Multisample
from hardcore.project.recording import Recording
from hardcore.project.roles import Role
from hardcore.project.track import Track
from hardcore.project.values import Name


class DeviceState(Model):
    """The role of a track and what its instrument samples, or what an effect listens to (`side`, the id of a track).

    Sounds of the user's are references as in a project, without the folders they lie in.
    """

    role: Role | None = None
    sample: Name | None = None
    recording: Recording | None = None
    multisample: Multisample | None = None
    side: str | None = None


def of_instrument(track: Track) -> DeviceState:
    """Return what is kept of a track's instrument."""
    instrument = track.instrument
    assert instrument is not None
    return DeviceState(
        role=track.role, sample=instrument.sample, recording=instrument.recording, multisample=instrument.multisample
    )


def of_effect(effect: Effect) -> DeviceState:
    """Return what is kept of an effect."""
    return DeviceState(side=effect.side)


def as_json(state: DeviceState) -> bytes:
    """Return it as JSON, without the folders of this machine."""
    import json

    return json.dumps(_bare(state.model_dump(mode="json", exclude_none=True)), indent=1).encode()


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        path = {"path": value["path"].replace("\\", "/").rpartition("/")[2]} if "path" in value else {}
        return {name: _bare(one) for name, one in value.items()} | path
    return [_bare(one) for one in value] if isinstance(value, list) else value
