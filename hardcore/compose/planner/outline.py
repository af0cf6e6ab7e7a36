"""The outline of a piece: its sections, tempo, key and meter, before there is any music. `song.perform` plays it."""

from hardcore.compose.edits.keylift import with_habit
from hardcore.compose.intent import MOST_SONG_BARS, Intent
from hardcore.compose.plan import Plan, make_plan
from hardcore.compose.planner.fitting import fitted, ranked
from hardcore.compose.planner.form import sections_of
from hardcore.compose.planner.lengths import MOTIF_S
from hardcore.compose.producer import provenance, words_of
from hardcore.knowledge.loader import genre
from hardcore.music.tempo import TempoMap
from hardcore.project.state import ProjectState, new_project

MOTIF_DEFAULT_S = 16.0


def outline(intent: Intent, seed: int, seconds: float | None = None) -> ProjectState:
    """Return a project that is the plan of what an intent asks for: no music yet, but all that this is made from.

    seconds   how long it is to be, to the nearest bar; without, as the intent says, else as its style's form is
    What was asked wins: tempo, key, meter, style, length, and sections that are listed. The style says the rest.
    """
    plan = make_plan(intent, seed)
    bars = intent.song_bars or (None if intent.song else intent.bars)
    if seconds is not None:
        bars = min(max(round(seconds / bar_s(plan)), 1), MOST_SONG_BARS)
    form = intent.sections or plan.genre.song
    # sections that are listed with their lengths are as long as that, unless the whole is told
    exact = bars if seconds is not None or not intent.sections else None
    scene_bars = plan.bars if intent.song else plan.genre.bars
    wish = intent.evolve(song=True, song_bars=bars, bars=intent.bars if intent.song else None)
    project = new_project(plan.genre.name, seed)
    sections = sections_of(fitted(form, exact, scene_bars), plan.roles, seed, project.next_id)
    sections = with_habit(sections, plan.genre.lift, seed, intent.lift)
    return project.evolve(
        tempo_map=TempoMap().with_bpm(plan.bpm),
        meter_map=plan.meter,
        key=plan.key,
        sections=sections,
        provenance=provenance(wish.prompt, seed, words_of(wish)),
        next_id=project.next_id + len(sections),
    )


def motif_of(intent: Intent, seed: int, seconds: float | None = None) -> ProjectState:
    """Return the outline of a piece's theme alone, 2 to 24 seconds: the section that a song can least do without."""
    form = intent.sections or genre(intent.genre).song
    length = MOTIF_DEFAULT_S if seconds is None else min(max(seconds, MOTIF_S[0]), MOTIF_S[1])
    return outline(intent.evolve(sections=(form[ranked(form)[0]],)), seed, length)


def bar_s(plan: Plan) -> float:
    """Return how long a bar of a plan lasts, in seconds."""
    return TempoMap().with_bpm(plan.bpm).seconds(plan.bar_ticks)
