"""A small song that every test may start from, and a studio to hold it."""

import asyncio
from functools import cache
from pathlib import Path

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.music.scale import Key
from hardcore.project import clips, scenes, tracks
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project

BAR = 7680
TRACKS = (
    ("kick", "kick", "kick909", range(0, 2 * BAR, 1920), 36),
    ("snare", "snare", "snare909", range(1920, 2 * BAR, 3840), 38),
    ("hats", "hat_closed", "hat_closed", range(960, 2 * BAR, 1920), 42),
    ("bass", "bass", "reese", range(0, 2 * BAR, 960), 41),
)


def song() -> ProjectState:
    """Return two bars of kick, snare, hats and bass at 138 BPM in F minor, a group, a return and an empty scene B."""
    project = new_project("song", seed=3)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(138), key=Key.parse("F minor"))
    for name, role, device, starts, pitch in TRACKS:
        project, track_id = tracks.add_track(project, name, role=role, instrument=device)
        notes = [Note(start, 480, pitch) for start in starts]
        project, _ = clips.add_clip(project, track_id, "s2", 2 * BAR, notes)
    project, _ = tracks.add_track(project, "drums", "group")
    project, reverb = tracks.add_track(project, "reverb", "return")
    project, _ = tracks.add_effect(project, reverb, "reverb")
    bass = project.find_track("bass").id
    project, _ = tracks.add_effect(project, bass, "filter")
    project = tracks.set_send(project, project.find_track("snare").id, reverb, -12)
    return scenes.add_scene(project, "B")[0]


def studio_with_song(folder: Path | None = None) -> Studio:
    """Return a studio with the song as its first step, saved as song.hcs in `folder` when one is given."""
    studio = build_studio()
    studio.controller.edit("a song", lambda project: song())
    if folder is not None:
        studio.controller.save(folder / "song.hcs")
    return studio


@cache
def piece(*lines: str) -> ProjectState:
    """Return the project that lines make of the song; the same lines are run once."""
    studio = studio_with_song()
    for line in lines:
        asyncio.run(run_line(studio, line, Caller()))
    studio.close()
    return studio.controller.project


def begin(studio: Studio, *lines: str) -> None:
    """Go on in a studio from the project that lines make of the song."""
    studio.controller.edit("a piece", lambda project: piece(*lines))
