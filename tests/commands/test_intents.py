"""An intent is one edit however it is asked for: in a sentence, by command, on the command line and from Python.

Each row says what must be true afterwards, reckoned here from the project before; what takes it back is in the row too.
"""

import io
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.core.line import resolve
from hardcore.music.tempo import PPQ
from hardcore.project.mixer import Effect
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.cli import main

PIECE = "house 124 bpm, A minor, 8 bars --seed 1"
BAR = 4 * PPQ
DRUMS = ("kick", "clap", "hats", "open hats", "shaker")
HATS = ("hats", "open hats")
PITCHED = ("bass", "chords", "pluck")
C_MINOR = {0, 2, 3, 5, 7, 8, 10, 11}
Check = Callable[[ProjectState, ProjectState], Any]


class Intent(NamedTuple):
    """An edit as a sentence and a command, what must be true of (before, after), and a command that takes it back."""

    say: str
    command: str
    check: Check
    back: str = ""


def part(project: ProjectState, name: str) -> Track:
    return project.find_track(name)


def notes(project: ProjectState, name: str) -> list[Note]:
    return [note for clip in part(project, name).clips for note in clip.notes]


def pitches(project: ProjectState, name: str) -> list[int]:
    return [note.pitch for note in notes(project, name)]


def bars(project: ProjectState) -> set[float]:
    return {clip.length_ticks / BAR for track in project.tracks for clip in track.clips}


def gain(project: ProjectState, name: str) -> float:
    return part(project, name).mixer.gain_db


def effect(project: ProjectState, name: str, device: str) -> Effect:
    (found,) = (one for one in part(project, name).effects if one.device == device)
    return found


def setting(project: ProjectState, name: str, device: str, parameter: str) -> float:
    return float(effect(project, name, device).settings[parameter])


def sends(project: ProjectState, name: str) -> dict[str, float]:
    names = {track.id: track.name for track in project.tracks}
    return {names[send.target]: send.gain_db for send in part(project, name).sends}


def muted(project: ProjectState) -> set[str]:
    return {track.name for track in project.tracks if track.mixer.mute}


def names(project: ProjectState) -> list[str]:
    return [track.name for track in project.tracks]


def louder(*tracks: str, by: float) -> Check:
    return lambda old, new: all(gain(new, name) == pytest.approx(gain(old, name) + by) for name in tracks)


def faders(old: ProjectState, new: ProjectState, name: str) -> bool:
    """Return whether only the fader of this part has moved."""
    return all(gain(old, other) == gain(new, other) for other in names(old) if other != name)


def beat_delay(beats: float) -> Check:
    """Return whether the delay lasts so many beats at the tempo that is set."""
    return lambda _, new: (
        setting(new, "delay", "delay", "time") == pytest.approx(beats * 60 / new.tempo_map.points[0].bpm, abs=1e-4)
    )


def bpm(value: float) -> Check:
    return lambda _, new: new.tempo_map.points[0].bpm == pytest.approx(value)


def both(*checks: Check) -> Check:
    return lambda old, new: all(check(old, new) for check in checks)


def moved(*tracks: str, by: int) -> Check:
    return lambda old, new: all(pitches(new, name) == [pitch + by for pitch in pitches(old, name)] for name in tracks)


def fewer(*tracks: str) -> Check:
    return lambda old, new: all(0 < len(notes(new, name)) < len(notes(old, name)) for name in tracks)


def more(*tracks: str) -> Check:
    return lambda old, new: all(len(notes(new, name)) > len(notes(old, name)) for name in tracks)


def beats_of(project: ProjectState, name: str) -> set[float]:
    """Return on which beats of a bar, from 1, a part hits, to the nearest sixteenth."""
    return {1 + round(note.start_ticks % BAR / (PPQ / 4)) % 16 / 4 for note in notes(project, name)}


def mean_velocity(project: ProjectState, name: str) -> float:
    row = [note.velocity for note in notes(project, name)]
    return sum(row) / len(row)


def mean_length(project: ProjectState, name: str) -> float:
    row = [note.length_ticks for note in notes(project, name)]
    return sum(row) / len(row)


def mean_shift_ms(old: ProjectState, new: ProjectState, name: str) -> float:
    """Return by how many milliseconds the notes of a part, in order, are later, micro-timing counted."""
    ms = 60_000 / old.tempo_map.points[0].bpm / PPQ
    pairs = list(zip(notes(old, name), notes(new, name), strict=True))
    return sum((b.start_ticks + b.offset_ticks - a.start_ticks - a.offset_ticks) * ms for a, b in pairs) / len(pairs)


def changed_bars(old: ProjectState, new: ProjectState, name: str) -> set[int]:
    """Return the bars, from 1, that hold other notes than before."""
    return {1 + note.start_ticks // BAR for note in {*notes(old, name)} ^ {*notes(new, name)}}


def pitch_classes(project: ProjectState, name: str, bar: int) -> set[int]:
    """Return the pitch classes that a part plays in a bar, counted from 0."""
    return {note.pitch % 12 for note in notes(project, name) if note.start_ticks // BAR == bar}


INTENTS = [
    # tempo, meter, key, length
    Intent("tempo 100", "tempo 100", both(bpm(100), beat_delay(0.75)), "tempo 124"),
    Intent("10 bpm faster", "tempo --by 10", both(bpm(134), beat_delay(0.75)), "tempo --by -10"),
    Intent("half the tempo", "tempo --factor 0.5", both(bpm(62), beat_delay(0.75)), "tempo --factor 2"),
    Intent(
        "set the tempo to 90 bpm from bar 5 on", "tempo 90 --bar 5",
        lambda _, new: [(p.tick, p.bpm) for p in new.tempo_map.points] == [(0, 124), (4 * BAR, 90)],
        "tempo --bar 5 --remove",
    ),
    Intent(
        "change the key to C minor", "key C minor",
        lambda old, new: all({p % 12 for p in pitches(new, name)} <= C_MINOR for name in ("bass", "pluck"))
        and all(len(notes(new, name)) == len(notes(old, name)) for name in PITCHED) and new.key.tonic == 0,
    ),
    Intent(
        "3/4 please", "meter 3/4",
        lambda _, new: new.meter_map.points[0].numerator == 3 and bars(new) == {6},  # 8 bars of 3 beats
    ),
    Intent("make it 16 bars", "length 16", lambda _, new: bars(new) == {16}),
    Intent("make it 4 bars", "length 4", lambda _, new: bars(new) == {4}),
    # levels
    Intent("bass 3 dB louder", "track gain bass --by 3",
           lambda old, new: louder("bass", by=3)(old, new) and faders(old, new, "bass"), "track gain bass --by -3"),
    Intent("turn the clap down by 2 dB", "track gain clap --by -2", louder("clap", by=-2), "track gain clap --by 2"),
    Intent("set the kick volume to -4 dB", "track gain kick -4", lambda _, new: gain(new, "kick") == -4),
    Intent("drums up 2 dB", 'track gain "kick,clap,hats,open hats,shaker" --by 2', louder(*DRUMS, by=2)),
    Intent("mute the shaker", "track mute shaker on", lambda _, new: muted(new) == {"shaker"}, "track mute shaker off"),
    Intent("mute everything but the drums", "track mute bass,chords,pluck on",
           lambda _, new: muted(new) == set(PITCHED), "track mute bass,chords,pluck off"),
    Intent("only the drums", 'track only "kick,clap,hats,open hats,shaker"',
           lambda _, new: muted(new) == set(PITCHED), "track only all"),
    Intent("pan the bass 30% left", "track pan bass L30", lambda _, new: part(new, "bass").mixer.pan == -0.3),
    Intent("center the shaker", "track pan shaker 0", lambda _, new: part(new, "shaker").mixer.pan == 0),
    Intent("the kick 6 dB above the bass", "mix balance kick bass 6",
           lambda old, new: gain(new, "kick") > gain(old, "kick") and faders(old, new, "kick")),
    # sound
    Intent("high pass the chords at 200 Hz", "filter chords high 200",
           lambda _, new: setting(new, "chords", "eq", "low_cut") == 200, "filter chords high 90"),
    Intent("low cut at 150 Hz on the pluck", "filter pluck high 150",
           lambda _, new: setting(new, "pluck", "eq", "low_cut") == 150, "filter pluck high 120"),
    Intent("reverb decay 4 seconds", "effect set reverb reverb decay=4",
           lambda old, new: setting(new, "reverb", "reverb", "decay") == 4 and bars(new) == bars(old),
           "effect set reverb reverb decay=1.7"),
    Intent("delay feedback to 50%", "effect set delay delay feedback=50",
           lambda _, new: setting(new, "delay", "delay", "feedback") == 50, "effect set delay delay feedback=38"),
    Intent("more reverb on the pluck", "effect change pluck reverb --steps 1",
           lambda old, new: sends(new, "pluck")["reverb"] > sends(old, "pluck")["reverb"]
           and sends(new, "pluck")["delay"] == sends(old, "pluck")["delay"]),
    Intent("less reverb on the chords", "effect change chords reverb --steps -1",
           lambda old, new: sends(new, "chords")["reverb"] < sends(old, "chords")["reverb"]),
    Intent("remove the reverb from the chords", "effect remove chords reverb",
           lambda _, new: set(sends(new, "chords")) == {"delay"}),
    Intent("put a delay on the bass", "effect change bass delay --steps 1",
           lambda old, new: "delay" not in sends(old, "bass") and "delay" in sends(new, "bass")),
    Intent("add a chorus to the chords", "effect add chords chorus",
           lambda _, new: effect(new, "chords", "chorus").bypass is False, "effect remove chords chorus"),
    Intent("make the bass darker", "colour bass brightness --by -1",
           lambda old, new: part(new, "bass").instrument.settings.get("cutoff", 0)
           < part(old, "bass").instrument.settings.get("cutoff", 20_000)),
    Intent("widen the pluck", "track width pluck --by 1",
           lambda old, new: part(old, "pluck") != part(new, "pluck") and part(old, "bass") == part(new, "bass")),
    # notes
    Intent("transpose the bass up an octave", "transpose bass 12", moved("bass", by=12), "transpose bass -12"),
    Intent("chords up 5 semitones", "transpose chords 5", moved("chords", by=5), "transpose chords -5"),
    Intent("take the pluck down 2 octaves", "transpose pluck -24", moved("pluck", by=-24), "transpose pluck 24"),
    Intent("make the bass more sparse", "density bass --by -1", fewer("bass")),
    Intent("busier hats", 'density "hats,open hats" --by 1', more(*HATS)),
    Intent("double the hats", 'density "hats,open hats" --factor 2',
           lambda old, new: all(len(notes(new, name)) == 2 * len(notes(old, name)) for name in HATS)),
    Intent("kick on 1 and 3", "rhythm set kick beats 1,3", lambda _, new: beats_of(new, "kick") == {1, 3}),
    Intent("make the kick four on the floor", "rhythm set kick four",
           lambda _, new: beats_of(new, "kick") == {1, 2, 3, 4}),
    Intent("reverse the pluck", "reverse pluck",
           lambda old, new: sorted(pitches(new, "pluck")) == sorted(pitches(old, "pluck"))
           and pitches(new, "pluck") != pitches(old, "pluck")),
    Intent("play the drums half time", 'rhythm half "kick,clap,hats,open hats,shaker"', fewer("kick", "clap", "hats")),
    Intent("ghost notes on the clap", "rhythm ghost clap --by 1",
           lambda old, new: more("clap")(old, new) and mean_velocity(new, "clap") < mean_velocity(old, "clap")),
    Intent("fill every 4 bars", "rhythm fill drums --every 4",
           lambda old, new: {bar for name in DRUMS for bar in changed_bars(old, new, name)} == {4, 8}),
    Intent("make the bass staccato", "articulation bass --factor 0.667",
           lambda old, new: mean_length(new, "bass") == pytest.approx(mean_length(old, "bass") * 0.667, rel=0.02)),
    Intent("make the pluck legato", "articulation pluck --factor 1.5",
           lambda old, new: mean_length(new, "pluck") == pytest.approx(mean_length(old, "pluck") * 1.5, rel=0.02)),
    Intent("set the velocity of the shaker to 80", "velocity shaker 80",
           lambda _, new: {note.velocity for note in notes(new, "shaker")} == {80}),
    Intent("clap 80% probability", "probability clap 80",
           lambda _, new: {note.probability for note in notes(new, "clap")} == {80}),
    Intent("shift the clap 10 ms later", "timing shift clap 10",
           lambda old, new: mean_shift_ms(old, new, "clap") == pytest.approx(10, abs=0.6)),
    Intent("swing 60%", "swing 60", lambda _, new: new.groove.timing[1] == pytest.approx(0.2 * 480, abs=1)),
    # parts and sounds
    Intent("add a pad", "part add pad", lambda old, new: set(names(new)) - set(names(old)) == {"pad"},
           "track remove pad"),
    Intent("get rid of the shaker", "track remove shaker", lambda _, new: "shaker" not in names(new)),
    Intent("chords Am F C G", "chords set Am F C G",
           lambda _, new: [pitch_classes(new, "chords", bar) for bar in range(8)]
           == [{9, 0, 4}, {5, 9, 0}, {0, 4, 7}, {7, 11, 2}] * 2),
    Intent("restyle it as techno", "restyle warehouse_techno",
           lambda old, new: new.tempo_map != old.tempo_map and new.key == old.key and bars(new) == bars(old)),
    # more of the mix
    Intent("send the bass to the reverb at -12 dB", "send bass reverb -12",
           lambda old, new: sends(new, "bass") == {"reverb": -12} and gain(new, "bass") == gain(old, "bass")),
    Intent("bypass the eq on the chords", "effect bypass chords eq on",
           lambda _, new: effect(new, "chords", "eq").bypass is True, "effect bypass chords eq off"),
    Intent("cut the lows of the chords by 3 dB", "eq chords low --by -3",
           lambda old, new: setting(new, "chords", "eq", "low_gain") == -3),
    Intent("boost the highs of the pluck by 2 dB", "eq pluck high --by 2",
           lambda old, new: setting(new, "pluck", "eq", "high_gain") == 2),
    Intent("duplicate the bass", "track duplicate bass",
           lambda old, new: len(names(new)) == len(names(old)) + 1
           and [pitches(new, name) for name in names(new) if name.startswith("bass")] == [pitches(old, "bass")] * 2),
    Intent("rename the pluck to bells", "track rename pluck bells",
           lambda old, new: pitches(new, "bells") == pitches(old, "pluck"), "track rename bells pluck"),
    Intent("ratchet the clap twice", "ratchet clap 2",
           lambda _, new: {note.ratchet for note in notes(new, "clap")} == {2}),
    Intent("solo the bass only", "track only bass",
           lambda _, new: muted(new) == {*DRUMS, "chords", "pluck"}, "track only all"),
    Intent("humanize the hats by 50%", 'timing humanize "hats,open hats" 50',
           lambda old, new: any(note.offset_ticks for note in notes(new, "hats"))
           and pitches(new, "hats") == pitches(old, "hats")),
    Intent("fade out the last 2 bars", "fade out --bars 2",
           lambda old, new: all(clip.automation for name in DRUMS for clip in part(new, name).clips)),
    Intent("name it Night Drive", "title Night Drive", lambda _, new: new.title == "Night Drive"),
]  # fmt: skip


@pytest.fixture(scope="module")
def piece(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("piece") / "piece.hcs"
    with open_studio() as studio:
        studio.do(PIECE)
        studio.do(f"/save {path}")
    return path


def seeded(intent: Intent) -> str:
    """Return what makes chance the same in every way of asking, for a command that has any."""
    known, _ = resolve(f"/{intent.command}")
    return " --seed 7" if any(argument.name == "seed" for argument in known.arguments) else ""


def asked(piece: Path, *lines: str) -> ProjectState:
    """Return what lines make of the piece, freshly opened; it stays as it is."""
    with open_studio(str(piece)) as studio:
        for line in lines:
            studio.do(line)
        made = studio.project
        studio.do(f"/undo {len(lines)}")
        return made


def test_there_are_intents_enough_and_none_twice() -> None:
    assert len({intent.say for intent in INTENTS}) == len({intent.command for intent in INTENTS}) == len(INTENTS) >= 60


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.command)
def test_an_intent_is_one_edit_however_it_is_asked_for(piece: Path, intent: Intent) -> None:
    seed = seeded(intent)
    known, values = resolve(f"/{intent.command}{seed}")
    with open_studio(str(piece)) as studio:
        old = studio.project
        studio.call(known.name, **values)
        made = studio.project
        studio.do("/undo")
        assert studio.project == old
    assert intent.check(old, made)
    assert asked(piece, intent.say + seed) == made
    assert asked(piece, f"/{intent.command}{seed}") == made
    if intent.back:
        assert asked(piece, f"/{intent.command}{seed}", f"/{intent.back}").evolve(next_id=old.next_id) == old


@pytest.mark.parametrize("intent", INTENTS[::6], ids=lambda intent: intent.command)
def test_on_the_command_line_it_is_the_same(piece: Path, tmp_path: Path, intent: Intent) -> None:
    copy = tmp_path / "copy.hcs"
    shutil.copy(piece, copy)
    words = shlex.split(intent.command + seeded(intent))
    out, err = io.StringIO(), io.StringIO()
    assert main([*words, "--project", str(copy)], open_project, io.StringIO(), out, err) == 0, err.getvalue()
    with open_studio(str(copy)) as studio:
        assert studio.project == asked(piece, f"/{intent.command}{seeded(intent)}")
