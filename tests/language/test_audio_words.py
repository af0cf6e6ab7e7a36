"""What is said of audio clips, and what is frozen and bounced: the commands that sentences become."""

import pytest

from hardcore import open_studio
from hardcore.commands.core.runplan import spelled
from hardcore.language.interpret import interpret
from hardcore.language.plan import Plan, Unclear
from hardcore.language.referents import Ground
from hardcore.project.artifact import SoundRef
from hardcore.project.clip import Clip
from hardcore.project.region import AudioRegion
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


@pytest.fixture(scope="module")
def project() -> ProjectState:
    """Return a loop with a vocal of 4 bars beside it, as `/import` brings one in."""
    with open_studio() as studio:
        studio.do("house 120 bpm, A minor, 4 bars --seed 1")
        plain = studio.project
    sound = SoundRef(artifact="0" * 64, name="vocal", size=1, frames=8 * 48000, rate=48000, channels=1)
    region = AudioRegion(sound=sound, frames=sound.frames)
    clip = Clip(id="c900", name="vocal", length_ticks=4 * 7680, region=region)
    return plain.evolve(tracks=(*plain.tracks, Track(id="t900", name="vocal", kind="audio", clips=(clip,))))


@pytest.mark.parametrize(
    ("say", "does"),
    [
        ("fade the vocal in over 2 beats", ["/clip fade vocal --into 1"]),
        ("vocal fade out 2 seconds", ["/clip fade vocal --out 2"]),
        (
            "vocal 6 db louder, with a fade out of half a second",
            ["/track gain vocal --by 6", "/clip fade vocal --out 0.5"],
        ),
        ("reverse the vocal", ["/clip reverse vocal"]),
        ("play the vocal backwards", ["/clip reverse vocal"]),
        ("pitch the vocal up 2 semitones", ["/clip transpose vocal 2"]),
        ("vocal an octave down", ["/clip transpose vocal -12"]),
        ("stretch the vocal to 8 bars", ["/clip stretch vocal 2"]),
        ("half speed on the vocal", ["/clip stretch vocal 2"]),
        ("slow the vocal down to half", ["/clip stretch vocal 2"]),
        ("make the vocal clip follow the tempo", ["/clip warp vocal stretch"]),
        ("don't stretch the vocal", ["/clip warp vocal off"]),
        ("chop the vocal in half", ["/clip split vocal 3.1"]),
        ("split the vocal at bar 3", ["/clip split vocal 3"]),
        ("freeze the bass", ["/track freeze bass"]),
        ("unfreeze the bass", ["/track unfreeze bass"]),
        ("bounce the chords to audio", ["/track bounce chords"]),
        ("import my loop.wav", ["/import loop.wav"]),
        ("import a file called beat.wav at bar 3 on the vocal track", ["/import beat.wav --track vocal --at 3"]),
        ("turn the vocal down 3 dB", ["/track gain vocal --by -3"]),
        ("add reverb to the vocal and pan it left", ["/effect change vocal reverb --steps 1", "/track pan vocal -0.5"]),
    ],
)
def test_what_is_said_of_audio_is_done_to_the_clip(project: ProjectState, say: str, does: list[str]) -> None:
    reading = interpret(say, Ground(project))
    assert isinstance(reading, Plan), reading
    assert [spelled(project, call) for call in reading.calls] == does


@pytest.mark.parametrize(
    ("say", "why"),
    [
        ("reverse the vocal and the bass", "audio"),
        ("reverse the vocal in bar 2", "as a whole"),
        ("freeze the drums", "one part at a time"),
        ("fade the bass in over 2 beats", "audio clips"),
        ("split the vocal", "where"),
    ],
)
def test_what_cannot_be_done_to_audio_is_refused_with_the_reason(project: ProjectState, say: str, why: str) -> None:
    reading = interpret(say, Ground(project))
    assert isinstance(reading, Unclear), reading
    assert why in reading.why
