"""A song with everything in it that a project can hold."""

import numpy as np

from hardcore.jobs.artifactsound import keep_sound
from hardcore.music.groove import swing
from hardcore.project import clips, markers, placing, scenes, tracks
from hardcore.project.artifact import SoundRef
from hardcore.project.clip import Automation, AutomationPoint, GrooveUse
from hardcore.project.notes import Note
from hardcore.project.region import AudioRegion
from hardcore.project.section import Section
from hardcore.project.state import ProjectState
from tests.song import BAR, song

RATE = 8000


def sound(name: str, seconds: float, seed: int = 1) -> SoundRef:
    """Return an artifact of noise."""
    audio = np.random.default_rng(seed).uniform(-0.5, 0.5, (1, round(seconds * RATE))).astype(np.float32)
    return keep_sound(audio, RATE, name=name, kind="import").sound


def envelope(owner: str, parameter: str, *points: tuple[int, float, str]) -> Automation:
    """Return an envelope of points (tick, value, shape)."""
    made = [AutomationPoint(tick=tick, value=value, shape=shape, bend=0.5 if shape == "curve" else 0)  # type: ignore[arg-type]
            for tick, value, shape in points]  # fmt: skip
    return Automation(owner=owner, parameter=parameter, points=tuple(made))


def plain() -> ProjectState:
    """Return a song with everything that the format holds: nothing of it is lost but the instruments themselves."""
    project = song()
    ids = {track.name: track.id for track in project.tracks}
    project = project.evolve(
        tempo_map=project.tempo_map.with_point(4 * BAR, 150).with_point(8 * BAR, 120, ramp=True),
        meter_map=project.meter_map.with_change(8, 3, 4),
    )
    for name in ("kick", "snare", "hats"):
        project = tracks.route(project, ids[name], ids["drums"])
    project = tracks.set_send(project, ids["bass"], ids["reverb"], -6.5, pre=True)
    project = project.with_mixer(ids["kick"], gain_db=-3.25, pan=-0.25)
    project = project.with_mixer(ids["hats"], mute=True, gain_db=-96)
    project = project.with_mixer(ids["drums"], solo=True, gain_db=2.5)
    settings = {
        "eq": {"low_gain": 3.0, "mid1_freq": 500.0, "mid2_q": 2.0, "low_cut": 45.0},
        "compressor": {"ratio": 3.0, "threshold": -20.0, "makeup": 2.0},
        "gate": {"range": 40.0},
        "limiter": {"ceiling": -1.0},
        "delay": {"time": 0.25},
    }
    for device, chosen in settings.items():
        project, _ = tracks.add_effect(project, ids["drums"], device, chosen)
    project = tracks.set_effect(project, ids["drums"], project.find_track("drums").effects[-1].id, {}, bypass=True)
    project = tracks.set_parameter(project, ids["bass"], "cutoff", 900)
    project = _automated(project)
    return _arranged(_with_audio(project))


def _automated(project: ProjectState) -> ProjectState:
    bass, drums = project.find_track("bass"), project.find_track("drums")
    cutoff = envelope(bass.id, "cutoff", (0, 300, "linear"), (BAR, 2000, "step"), (2 * BAR - 1, 300, "linear"))
    project = project.with_clip(bass.clips[0].id, lambda clip: clip.evolve(automation=(cutoff,)))
    level = envelope(bass.id, "gain_db", (0, -12, "linear"), (4 * BAR, 0, "step"))
    pan = envelope(bass.id, "pan", (0, -1, "linear"), (2 * BAR, 1, "linear"))
    send = envelope(bass.id, f"send:{bass.sends[0].target}", (BAR, -20, "step"))
    project = project.with_track(bass.id, lambda track: track.evolve(automation=(level, pan, send)))
    ratio = envelope(drums.effects[1].id, "ratio", (0, 2, "linear"), (BAR, 8, "linear"))
    return project.with_track(drums.id, lambda track: track.evolve(automation=(ratio,)))


def _with_audio(project: ProjectState) -> ProjectState:
    loop, hit = sound("a loop", 2.0), sound("hit/it", 0.5, 2)
    project, track = tracks.add_track(project, "loops", "audio")
    shared = {"sound": loop, "frames": loop.frames}
    for name, region in (
        ("stretched", AudioRegion(**shared, warp="stretch", bpm=120, gain_db=-4, transpose=3)),
        ("like tape", AudioRegion(sound=loop, first=4000, frames=8000, warp="repitch", bpm=140.5, start_ticks=1920)),
        ("as it is", AudioRegion(sound=hit, frames=hit.frames, fade_in_s=0.1, fade_out_s=0.2)),
        (
            "over and over",
            AudioRegion(sound=hit, frames=4000, warp="stretch", bpm=120, start_ticks=-960, loop_ticks=1920),
        ),
    ):
        scene = project.scenes[-1].id if name == "stretched" else None
        project, _ = clips.add_clip(project, track, scene, BAR, name=name, region=region)
    return project


def _arranged(project: ProjectState) -> ProjectState:
    project, scene = scenes.add_scene(project, "drop & <out>")
    project = clips.put(project, scene, project.find_track("bass").id, project.find_track("bass").clips[0].id)
    for name in ("kick", "snare", "bass"):
        clip = project.find_track(name).clips[0]
        project = placing.place(project, clip.id, BAR, 5 * BAR // 2, BAR // 2)
        project = placing.place(project, clip.id, 4 * BAR, 2 * BAR)
    for at, clip in enumerate(project.find_track("loops").clips):
        project = placing.place(project, clip.id, (at * 2 + 1) * BAR, 2 * BAR, BAR // 4 if at == 0 else 0)
    return markers.add(project, 'the "drop"', 4 * BAR)


def everything() -> ProjectState:
    """Return `plain` with what the format has no place for as well."""
    project = plain()
    kick, hats = project.find_track("kick"), project.find_track("hats")
    notes = [
        Note(0, 960, 36, 90, ratchet=3), Note(1920, 480, 36, 80, probability=40),
        Note(3840, 480, 36, 70, offset_ticks=-30),
        Note(0, 480, 40, 99, offset_ticks=-5), Note(5760, 400, 36, slide=True), Note(3 * BAR, 10, 36),
    ]  # fmt: skip
    project = clips.edit_notes(project, kick.clips[0].id, lambda _: notes)
    project, _ = tracks.add_effect(project, project.find_track("bass").id, "sidechain", side=kick.id)
    wide = envelope(kick.id, "pan", (0, -1, "curve"), (BAR, 1, "linear"))
    project = project.with_track(kick.id, lambda track: track.evolve(automation=(wide,)))
    groove = swing(58)
    project = project.evolve(
        grooves=(groove,), vibe="dark", sections=(Section(id="f900", name="intro", kind="intro", bars=4),), next_id=901
    )
    project = project.with_clip(
        project.find_track("snare").clips[0].id, lambda c: c.evolve(groove=GrooveUse(groove=groove.id))
    )
    loops = project.find_track("loops")
    region = loops.clips[2].region
    assert region is not None and hats is not None
    return project.with_clip(
        loops.clips[2].id, lambda clip: clip.evolve(region=region.evolve(reverse=True, transpose=12, fade_in_s=0))
    )
