"""Tracks: what sounds, through what, to where."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from hardcore.model import Model, Shared
from hardcore.project.clip import Automation, Clip, GrooveUse
from hardcore.project.midiin import MidiInput
from hardcore.project.midiout import FileChannel, MidiOutput
from hardcore.project.mixer import Effect, Instrument, Mixer, Send
from hardcore.project.multisample import Load
from hardcore.project.placement import Placement, Placements
from hardcore.project.roles import Role
from hardcore.project.values import Name, TrackId

TrackKind = Literal["midi", "audio", "group", "return", "master"]
MOST_EFFECTS = 32
HOLDS_CLIPS: tuple[TrackKind, ...] = ("midi", "audio")


class Track(Model):
    """A channel of the mixer; midi and audio tracks have clips and where those are placed in the arrangement.

    Clips of a midi track hold notes, which its instrument plays; those of an audio track hold regions of sounds.
    `frozen` is the audio track that stands for it: as long as there is one, its own instrument and effects rest.
    `output` is the track it feeds: a group or the master; None only for the master itself.
    `groove_amount` is how much of the project's groove it follows, 0–1; `groove` is one of its own instead.
    `midi_in` is what of the MIDI inputs plays its instrument; None: nothing does.
    `midi_out` is where its notes are sent while it plays live, beside its instrument; None: nowhere.
    `file_channel` is the channel that a MIDI file had it on; None: an export chooses one.
    """

    id: TrackId
    name: Name
    kind: TrackKind
    role: Role | None = None
    instrument: Instrument | None = None
    output: TrackId | None = None
    mixer: Mixer = Mixer()
    effects: tuple[Effect, ...] = Field((), max_length=MOST_EFFECTS)
    sends: tuple[Send, ...] = Field((), max_length=64)
    clips: Annotated[tuple[Clip, ...], Shared.most(4096)] = ()
    placements: Annotated[tuple[Placement, ...], Placements.most(65_536)] = ()
    automation: tuple[Automation, ...] = Field((), max_length=256)
    groove_amount: Annotated[float, Field(ge=0, le=1)] = 1.0
    groove: GrooveUse | None = None
    frozen: TrackId | None = None
    midi_in: MidiInput | None = None
    midi_out: MidiOutput | None = None
    file_channel: FileChannel | None = None

    @cached_property
    def region_loads(self) -> dict[str, Load]:
        """Return every segment that its audio clips play, by key; an unchanged track keeps it from edit to edit."""
        held = [clip.region for clip in self.clips if clip.region is not None] if self.kind == "audio" else []
        return {key: load for region in held for key, load in region.loads.items()}

    @cached_property
    def places(self) -> dict[str, int]:
        """Return where in `clips` each clip stands, by id; an unchanged track keeps it from edit to edit."""
        return {clip.id: place for place, clip in enumerate(self.clips)}
