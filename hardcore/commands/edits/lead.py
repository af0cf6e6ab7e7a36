"""A lead that asks and answers over the drums and the bass of a scene."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Bars, KeyOption, Kind, RandomSeed, SceneRef, Share, TrackRef
from hardcore.commands.edits.accompaniment import basses, hear, place
from hardcore.commands.edits.bass import DrumsRef
from hardcore.errors import UserError
from hardcore.project.clip import Provenance

PhraseBars = Annotated[int, Field(ge=1, le=32), Kind("bars", "the bars of a question, and of an answer")]


@command(
    "lead answer",
    "lead answer kick --phrase 1 --density 25 --seed 7",
    about={"bars": "how many bars the lead has", "density": "how busy it is, 0 to 100"},
)
def lead_answer(
    call: Call,
    drums: DrumsRef | None = None,
    *,
    phrase: PhraseBars = 2,
    bars: Bars | None = None,
    density: Share = 30,
    seed: RandomSeed | None = None,
    key: KeyOption | None = None,
    track: TrackRef | None = None,
    scene: SceneRef | None = None,
) -> Done:
    """Play a lead of questions and answers to a scene, as a clip on its lead track: out of the bass's way.

    A question of --phrase bars ends away from the tonic, its answer takes up the same rhythm and comes home; each pair
    develops the motif. No note starts with the bass, nor with an accent of the drums while there is room. --density is
    a share of the sixteenths in percent; without --bars there is room for a question and an answer at least.
    """
    from hardcore.rhythm.phrase import lead, shape

    project, used = call.project, fresh_seed() if seed is None else seed
    heard = hear(project, drums, bars)
    if bars is None and heard.drums.bars < 2 * phrase:
        heard = hear(project, drums, 2 * phrase)
    wanted = key or project.key
    line = lead(heard.drums, basses(project, heard), wanted, seed=used, phrase_bars=phrase, density=density / 100)
    if not line:
        raise UserError("drums and bass leave the lead no step to play on", "a higher --density, or other drums")
    intent = {"drums": ", ".join(heard.tracks), "key": wanted.name, "phrase": str(phrase)}
    made = Provenance(seed=used, producer="lead", version=call.studio.version, intent=intent)
    placed = place(project, line, heard, ("lead", "pluck"), (track, scene), made)
    call.edit(lambda project: placed.project)
    size = heard.drums.bar_ticks * phrase
    said = []
    for number in range(-(-heard.drums.bars // phrase)):
        here = [tone for tone in line if tone.start_ticks // size == number]
        what = shape(number, used)
        ends = f", ends on {wanted.note_name(here[-1].pitch)}" if here else ""
        said.append(f"{'asks' if what.asks else 'answers'}: {counted(len(here), 'note')}, {what.development}{ends}")
    return Done(
        message=f"{placed.track}:{placed.scene} asks and answers: {counted(heard.drums.bars, 'bar')}, "
        f"{counted(len(line), 'note')}, {wanted.name}, seed {used}",
        details=tuple(said[:16]),
    )
