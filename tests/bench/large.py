"""Edits of a song of 64 tracks by 200 sections, and of a clip of 65,000 notes, as a player and the journal get them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from hardcore.app import build_studio
from hardcore.controller.controller import Controller
from hardcore.controller.events import HearingChanged
from hardcore.player.wire import Sender, frame
from hardcore.project import clips
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory
from tests.bench.state import no_op
from tests.bench.timing import Measure, median_s
from tests.large import arranged, long_clip

EDITS = 200
Change = Callable[[ProjectState, int], ProjectState]


def measures(folder: Path) -> Iterator[Measure]:
    """Yield time at the caller, bytes on the way to the player and bytes in the journal."""
    call, song = no_op(), arranged()
    track = song.tracks[30]
    clip = track.clips[0].id
    yield from _edits(
        "set a gain among 12,800 placements", song, call, 50e-6, (2000, 2000),
        lambda project, number: project.with_mixer(track.id, gain_db=-(number % 400) / 10 - 0.25),
    )  # fmt: skip
    yield from _edits(
        "add a note to 65,000 in a clip", long_clip(song, clip), call, 1e-3, (24_000, 8000),
        lambda project, number: clips.edit_notes(
            project, clip, lambda notes: notes.add(Note(number * 4001 % 840_000, 9, 101))
        ),
    )  # fmt: skip


def _edits(
    name: str, project: ProjectState, call: float, goal_s: float, most: tuple[int, int], change: Change
) -> Iterator[Measure]:
    controller = build_studio().controller
    try:
        controller.edit("a large project", lambda _: project)
        controller.flush()
        yield from _edited(name, controller, call, goal_s, most, change)
    finally:
        controller.close("nothing")


def _edited(
    name: str, controller: Controller, call: float, goal_s: float, most: tuple[int, int], change: Change
) -> Iterator[Measure]:
    sender, encoder, numbers = Sender(), Encoder(Memory()), iter(range(1, 10**6))
    sender.delta(controller.project)
    encoder.encode(controller.project)
    encoder.stored()
    sent: list[int] = []
    controller.events.subscribe(
        HearingChanged,
        lambda event: sent.append(len(frame({"do": "project", "project": sender.delta(event.heard)}))),
    )

    def edit() -> None:
        number = next(numbers)
        controller.edit(name, lambda project: change(project, number))

    found = median_s(edit, EDITS)
    yield Measure(f"{name}, at the caller, told to a player", found, "µs", "an empty call", found / call, goal=goal_s)
    yield Measure("… on the way to the player, at most", max(sent[-EDITS:]), "B", goal=most[0])
    encoder.encode(controller.project)
    encoder.stored()
    written = []
    for _ in range(20):
        edit()
        encoder.encode(controller.project)
        written.append(sum(len(stored.payload) + len(stored.refs) + len(stored.digest) for stored in encoder.fresh))
        encoder.stored()
    yield Measure("… in the journal, at most", max(written), "B", goal=most[1])
