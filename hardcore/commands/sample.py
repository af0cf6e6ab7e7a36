"""Samples: which there are, and which one a track plays."""

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Table
from hardcore.commands.types import SampleRef, TrackRef
from hardcore.music.pitch import note_name
from hardcore.project import samples, tracks


@command("track sample", "track sample hats hat_tick", aliases=("sample",))
def track_sample(call: Call, track: TrackRef, sample: SampleRef) -> Done:
    """Let a track play a sample; the sampler takes the place of another instrument."""
    found = call.project.find_track(track)
    call.edit(lambda project: tracks.set_sample(project, found.id, sample))
    known = samples.sample(sample)
    assert found.instrument is not None
    before = found.instrument.sample or found.instrument.device
    instead = f" instead of {before}" if before != known.name else ""
    return Done(message=f"{found.name} plays {known.name}{instead}; {note_name(known.root_note)} is its own pitch")


@command("samples", "samples", does="read")
def sample_list(call: Call) -> Table:
    """List the samples a track can play."""
    rows = tuple(
        (s.name, s.role, f"{s.seconds:.2f}", note_name(s.root_note), s.loop, _made_from(s), s.licence)
        for s in samples.samples().values()
    )
    columns = ("sample", "for", "seconds", "root", "loop", "made from", "licence")
    return Table(columns=columns, rows=rows, note="let a track play one: /track sample TRACK SAMPLE")


def _made_from(sample: samples.Sample) -> str:
    return " ".join([sample.device, *(f"{name}={value:g}" for name, value in sample.settings.items())])
