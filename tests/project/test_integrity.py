"""What must be true between the parts of a project."""

from collections.abc import Callable

import pytest

from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.integrity import check, problems
from hardcore.project.mixer import Effect, Instrument, Send
from hardcore.project.placement import Placement
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track
from tests.each import each
from tests.store.samples import song

Change = Callable[[Track], Track]


def _track(reference: str, /, **changes: object) -> ProjectState:
    """Return the song with fields of one track changed."""
    project = song()
    return project.with_track(project.find_track(reference).id, lambda track: track.evolve(**changes))


def _clip(**changes: object) -> ProjectState:
    project = song()
    return project.with_clip(project.find_clip("bass")[1].id, lambda clip: clip.evolve(**changes))


def _moving(owner: str, parameter: str, value: float = 0.5) -> tuple[Automation, ...]:
    return (Automation(owner=owner, parameter=parameter, points=(AutomationPoint(tick=0, value=value),)),)


def _id(name: str) -> str:
    return song().find_track(name).id


def _placed(clip: str, *starts: int, track: str = "bass") -> ProjectState:
    placements = tuple(Placement(clip=clip, start_ticks=at, length_ticks=1000) for at in starts)
    return song().with_track(_id(track), lambda track: track.evolve(placements=placements))


def _slots(**slots: str) -> ProjectState:
    project = song()
    return project.evolve(scenes=(project.scenes[0].evolve(slots=slots),))


KICK, BASS, DRUMS, SPACE = (_id(name) for name in ("kick", "bass", "drums", "space"))
LINE = song().find_clip("bass")[1].id
CLIP = song().find_clip("kick")[1]
MASTER = song().master

WRONG: dict[str, tuple[ProjectState, str]] = {
    "no tracks": (song().evolve(tracks=()), "one master, not 0"),
    "no master": (song().evolve(tracks=song().tracks[:-1]), "one master, not 0"),
    "two masters": (song().evolve(tracks=(MASTER.evolve(id="t99", name="b"), *song().tracks)), "one master, not 2"),
    "the master first": (song().evolve(tracks=(MASTER, *song().tracks[:-1])), "not the last"),
    "a master called otherwise": (new_project().evolve(tracks=(MASTER.evolve(id="t2"),)), "id is t2"),
    "no scene": (song().evolve(scenes=()), "at least one scene"),
    "an id twice": (song().evolve(tracks=(song().tracks[0].evolve(name="other"), *song().tracks)), "used 2 times"),
    "a clip id twice": (_track("kick", clips=(CLIP, CLIP)), f"id {CLIP.id} is used 2"),
    "an effect id twice": (_track("bass", effects=song().find_track("bass").effects * 2), "is used 2"),
    "a scene id twice": (song().evolve(scenes=(*song().scenes, Scene(id="s2", name="B"))), "s2 is used 2"),
    "a counter too low": (song().evolve(next_id=5), "next_id 5 is not above"),
    "a name twice": (_track("kick", name="BASS"), "name bass is used 2"),
    "a scene name twice": (song().evolve(scenes=(*song().scenes, Scene(id="s3", name="a"))), "name a is used 2"),
    "no output": (_track("kick", output=None), "feeds nothing"),
    "a master with an output": (_track("master", output=DRUMS), "feeds another track"),
    "an output that is not there": (_track("kick", output="t77"), "t77, which is neither"),
    "an output to an instrument": (_track("kick", output=BASS), "neither a group nor the master"),
    "a send to nowhere": (_track("kick", sends=(Send(target="t77"),)), "not a return"),
    "a send to a group": (_track("bass", sends=(Send(target=DRUMS),)), "not a return"),
    "two sends to one return": (_track("bass", sends=(Send(target=SPACE), Send(target=SPACE))), "is used 2"),
    "a side-chain of nothing": (_track("kick", effects=(Effect(id="e3", device="sidechain", side="t77"),)), "t77"),
    "a side-chain of a reverb": (
        _track("kick", effects=(Effect(id="e3", device="reverb", side=BASS),)),
        "no other track",
    ),
    "a side-chain of itself": (_track("kick", effects=(Effect(id="e3", device="sidechain", side=KICK),)), "circle"),
    "a group in itself": (_track("drums", output=DRUMS), "circle"),
    "a return that feeds itself": (_track("space", sends=(Send(target=SPACE),)), "circle"),
    "a master that feeds a return": (_track("master", sends=(Send(target=SPACE),)), "circle"),
    "an instrument on a group": (_track("drums", instrument=Instrument(device="sub")), "with an instrument"),
    "a midi track without": (_track("kick", instrument=None), "without an instrument"),
    "clips on a return": (_track("space", clips=(Clip(id="c3", name="x", length_ticks=480),)), "holds clips"),
    "automation of a stranger": (_track("kick", automation=_moving(BASS, "pan")), "neither kick"),
    "automation of nothing": (_track("kick", automation=_moving(KICK, "warmth")), "does not have"),
    "automation on a group's instrument": (_track("drums", automation=_moving(DRUMS, "cutoff")), "does not have"),
    "automation past its range": (_track("kick", automation=_moving(KICK, "pan", 1.5)), "leaves -1 to 1"),
    "automation twice": (_track("kick", automation=_moving(KICK, "pan") * 2), "is used 2"),
    "a clip's automation of a stranger": (_clip(automation=_moving(KICK, "pan")), "neither bass"),
    "a clip's automation of nothing": (_clip(automation=_moving(BASS, "warmth")), "does not have"),
    "a slot of a track that is not there": (_slots(t77=CLIP.id), "t77, which does not exist"),
    "a slot with a clip that is not there": (_slots(**{KICK: "c77"}), "no such clip"),
    "a slot with another's clip": (_slots(**{KICK: LINE}), "no such clip"),
    "a placement of nothing": (_placed("c77", 0), "no such clip"),
    "a placement of another's clip": (_placed(LINE, 0, track="kick"), "no such clip"),
    "placements that overlap": (_placed(LINE, 999, 0), "overlap"),
    "a groove that is not there": (song().evolve(active_groove="x"), "x, does not exist"),
}


@each("name", WRONG)
def test_what_does_not_fit_is_said(name: str) -> None:
    project, words = WRONG[name]
    with pytest.raises(ValueError, match=words):
        check(project)


def test_a_sound_project_has_no_problems() -> None:
    assert list(problems(song())) == []
    assert list(problems(new_project())) == []


def test_placements_that_touch_are_sound() -> None:
    check(_placed(LINE, 1000, 0))


def test_two_grooves_of_one_id_are_told() -> None:
    from hardcore.music.groove import swing

    with pytest.raises(ValueError, match="groove swing-58 is used 2"):
        check(song().evolve(grooves=(swing(58), swing(58))))
