"""Risers end where a section begins, their climb with them; impacts stand on its first beat; edits keep it so."""

from functools import cache

import pytest

from hardcore.compose.form.transition import climb_s, climb_ticks, sections
from hardcore.compose.intent import Intent
from hardcore.compose.plan import make_plan
from hardcore.compose.producer import compose
from hardcore.compose.vary import vary
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.language.prompt.understand import understand
from hardcore.music.ticks import PPQ
from hardcore.project import devices
from hardcore.project.clip import CHORDS
from hardcore.project.events import Span, events
from hardcore.project.notes import Note
from hardcore.project.roles import TRANSITIONS, Role
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.project.track import Track
from hardcore.project.tracks import set_parameter
from tests.compose.measures import DEEP, GENRES
from tests.each import each
from tests.effort import IS_SOAK
from tests.saying import say

BAR = 4 * PPQ
WAY_UP = {"riser": 1.0, "noise_sweep": 0.5}
PROMPT = "trance 138 bpm, F minor, 16 bars, a riser and an impact"


def track_of(project: ProjectState, role: Role) -> Track:
    """Return the first track of a role."""
    return next(track for track in project.tracks if track.role == role)


def notes_of(project: ProjectState, role: Role) -> list[Note]:
    """Return the notes of a role's first clip."""
    return list(track_of(project, role).clips[0].notes)


def climb_beats(project: ProjectState) -> float:
    """Return how long the riser's instrument takes to its top, in beats."""
    instrument = track_of(project, "riser").instrument
    assert instrument is not None
    return instrument.value("time") * WAY_UP[instrument.device] * project.tempo_map.bpm / 60


def right(project: ProjectState) -> None:
    """Assert that the scene ends with a riser, all of them whole, and that they climb as long as they last."""
    clip = track_of(project, "riser").clips[0]
    risers = list(clip.notes)
    assert max(note.end_ticks for note in risers) == clip.length_ticks
    assert all(note.start_ticks >= 0 and not note.offset_ticks for note in risers)
    assert len({note.length_ticks for note in risers}) == 1
    assert climb_beats(project) == pytest.approx(risers[0].length_ticks / PPQ, rel=1e-3)


@cache
def base() -> ProjectState:
    """Return a trance with a riser and an impact."""
    return compose(understand(PROMPT), 8)


def after(*texts: str) -> ProjectState:
    """Return the trance after follow-ups that are all understood."""
    return say(base(), *texts)


@each("name", GENRES)
def test_in_every_style_a_riser_ends_with_the_scene_and_an_impact_starts_it(name: str) -> None:
    for seed, bars in ((1, 8), (2, 16), (3, 1)):
        # The soak has them among the other parts, the ordinary run by themselves.
        asked = Intent(genre=name, include=TRANSITIONS) if IS_SOAK else Intent(genre=name, only=TRANSITIONS)
        project = compose(asked.evolve(bars=bars), seed)
        right(project)
        impacts = notes_of(project, "impact")
        assert impacts[0].start_ticks == 0 and not impacts[0].offset_ticks
        ends = {note.end_ticks % (8 * project.meter_map.bar_ticks()) for note in notes_of(project, "riser")[:-1]}
        starts = {note.start_ticks % (8 * project.meter_map.bar_ticks()) for note in impacts}
        assert ends <= {0} and starts == {0}


def test_a_scene_of_sixteen_bars_has_sections_where_the_form_changes_and_a_shorter_one_has_none() -> None:
    def starts(bars: int, **asked: object) -> tuple[int, ...]:
        return sections(make_plan(Intent(genre="trance", bars=bars, **asked), 1), "riser")

    assert starts(16) == (0, 8) and starts(15) == (0,) and starts(32) == (0, 8, 16, 24)
    assert starts(16, traits={"riser": ("double",)}) == (0, 4, 8, 12)
    assert starts(32, traits={"riser": ("sparse",)}) == (0,)
    assert starts(16, traits={"impact": ("double",)}) == (0, 8)
    # acid plays A A' all through: nothing changes, so nothing begins
    assert sections(make_plan(Intent(genre="acid", bars=32), 1), "riser") == (0,)


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 8, 16, 24])
@pytest.mark.parametrize("device", ["riser", "noise_sweep"])
def test_a_riser_is_never_longer_than_half_of_its_section_nor_than_its_instrument_can_climb(
    bars: int, device: str
) -> None:
    known = devices.instrument(device)
    for bpm in (60.0, 138.0, 300.0):
        plan = make_plan(Intent(genre="trance", bars=bars, bpm=bpm, traits={"riser": ("long",)}), 1)
        ticks = climb_ticks(plan, known)
        assert 0 < ticks <= min(min(bars, 8) * BAR // 2, 4 * BAR)
        seconds = climb_s(ticks, bpm, known)
        assert seconds is not None and seconds <= known.parameter("time").high
        assert seconds * WAY_UP[device] * bpm / 60 == pytest.approx(ticks / PPQ, rel=1e-3)


def test_the_lengths_of_risers_are_the_styles_own_and_words_choose_another() -> None:
    def lengths(**asked: object) -> set[float]:
        plans = [make_plan(Intent(genre="trance", **asked), seed) for seed in range(12)]
        return {climb_ticks(plan, devices.instrument("riser")) / BAR for plan in plans}

    assert lengths() == {2, 4} == set(genre("trance").transition.riser_bars)
    assert lengths(traits={"riser": ("long",)}) == {4}
    assert lengths(traits={"riser": ("short",)}) == {1}
    # of two words the later one counts
    assert lengths(traits={"riser": ("short", "long")}) == {4}


def test_the_same_seed_gives_the_same_and_others_other_sections() -> None:
    intent = Intent(genre="trance", include=TRANSITIONS, bars=64)
    assert compose(intent, 4) == compose(intent, 4)
    drawn = {tuple(note.end_ticks for note in notes_of(compose(intent, seed), "riser")) for seed in range(6)}
    assert len(drawn) > 1


@pytest.mark.parametrize("name", DEEP)
def test_what_the_other_parts_play_is_not_changed_by_risers_and_impacts(name: str) -> None:
    plain = compose(Intent(genre=name, exclude=TRANSITIONS), 3)
    with_both = compose(Intent(genre=name, include=TRANSITIONS), 3)
    assert len(with_both.tracks) == len(plain.tracks) + 2
    for track in plain.tracks:
        if track.role:
            assert track.clips[0].notes == track_of(with_both, track.role).clips[0].notes, track.role


def test_neither_hands_nor_swing_move_them_and_no_note_is_put_into_silent_bars() -> None:
    project = compose(Intent(genre="house", only=TRANSITIONS, bars=16, swing_percent=70, bpm=100), 1)
    ticks = {track.id: track.role for track in project.tracks}
    heard = events(project, timeline(project), Span(0, 16 * BAR))
    for event in heard:
        start, length, track_id = event[0], event[1], event[2]
        edge = start + length if ticks[track_id] == "riser" else start
        assert edge % (8 * BAR) == 0
    assert len(heard) == sum(len(notes_of(project, role)) for role in TRANSITIONS) <= 4


def test_an_impact_is_struck_as_hard_as_the_energy_says_and_tuned_to_the_key() -> None:
    soft, hard = (compose(Intent(genre="trap", include=("impact",), energy=level), 1) for level in (0.1, 0.95))
    assert notes_of(hard, "impact")[0].velocity > 20 + notes_of(soft, "impact")[0].velocity
    tuned = compose(understand("trap in A minor with an impact"), 1)
    instrument = track_of(tuned, "impact").instrument
    assert instrument is not None and instrument.value("tune") == pytest.approx(55.0, abs=0.1)


def test_the_styles_that_have_them_play_them_often_and_others_only_when_asked() -> None:
    def share(name: str, role: Role) -> float:
        plans = [make_plan(Intent(genre=name), seed) for seed in range(40)]
        return sum(role in plan.roles for plan in plans) / len(plans)

    assert share("trance", "riser") > 0.5 < share("cinematic", "impact")
    assert 0 < share("house", "riser") < 0.4
    quiet = ("jazz_trio", "blues", "bossa_nova", "reggae", "waltz", "metal", "rock", "funk", "afrobeat", "samba")
    for name in (*quiet, "boom_bap", "lofi_hip_hop", "jungle"):
        assert share(name, "riser") == share(name, "impact") == 0


def test_every_style_has_a_place_for_them_in_its_mix() -> None:
    for name in genre_ids():
        known = genre(name)
        for role in TRANSITIONS:
            strip = known.mix.strips[role]
            assert strip.gain_db and "reverb" in strip.sends, (name, role)
            assert all(role == devices.instrument(sound.device).roles[0] for sound in known.palette[role])
            # its time follows the note: a palette that set it would be overruled
            assert role != "riser" or all("time" not in {**one.settings, **one.beats} for one in known.palette[role])


@pytest.mark.parametrize(
    ("text", "style", "include", "exclude", "devices", "traits"),
    [
        ("trance 138 bpm with a long riser and an impact", "trance", TRANSITIONS, (), {"impact": "impact"},
         {"riser": ("long",)}),
        ("techno without risers", "warehouse_techno", (), ("riser",), {}, {}),
        ("house with a downlifter", "house", ("impact",), (), {"impact": "downlifter"}, {}),
        ("trance with a noise sweep riser", "trance", ("riser",), (), {"riser": "noise_sweep"}, {}),
        ("hardstyle, short risers, no impact", "hardstyle", ("riser",), ("impact",), {}, {"riser": ("short",)}),
        ("drum and bass, no fx", "drum_and_bass", (), TRANSITIONS, {}, {}),
        ("jazz with an uplifter", "jazz_trio", ("riser",), (), {}, {}),
        ("dubstep with build ups and a boom hit", "dubstep", TRANSITIONS, (), {"impact": "impact"}, {}),
        ("lots of risers, trance", "trance", ("riser",), (), {}, {"riser": ("busy",)}),
    ],
)  # fmt: skip
def test_words_ask_for_them(
    text: str,
    style: str,
    include: tuple[Role, ...],
    exclude: tuple[Role, ...],
    devices: dict[str, str],
    traits: dict[str, tuple[str, ...]],
) -> None:
    intent = understand(text)
    assert (intent.genre, intent.include, intent.exclude) == (style, include, exclude)
    assert (intent.devices, intent.traits, intent.ignored) == (devices, traits, ())


@pytest.mark.parametrize(
    "texts",
    [
        ("132 bpm",), ("half the tempo",), ("8 bars",), ("32 bars",), ("3 bars",), ("3/4",), ("longer risers",),
        ("shorter risers", "make the riser shorter"), ("looser",),
        ("swap the riser for a noise sweep", "swap the riser for a tonal riser"),
        ("longer risers", "swap the riser for a noise sweep"), ("denser",),
        ("less risers", "more risers"), ("remove the riser", "add a long riser"), ("more energy",),
    ],
)  # fmt: skip
def test_follow_ups_leave_a_riser_whole_and_climbing_to_the_end(texts: tuple[str, ...]) -> None:
    right(base())
    project = after(*texts)
    right(project)
    impacts = notes_of(project, "impact")
    assert impacts[0].start_ticks == 0 and not any(note.offset_ticks for note in impacts)


def test_follow_ups_do_what_they_say() -> None:
    assert track_of(after("no riser"), "riser").mixer.mute
    roles = [track.role for track in after("remove the impact").tracks]
    assert "impact" not in roles and "riser" in roles
    assert not {"riser", "impact"} & {track.role for track in after("remove the riser and the impact").tracks}
    added = after("remove the riser", "add a riser")
    assert added.find_track(track_of(added, "riser").id).mixer.gain_db > 0
    assert "impact 2" in [track.name for track in after("add a downlifter").tracks]
    assert len(notes_of(base(), "riser")) == 2
    assert track_of(after("less risers"), "riser").mixer.gain_db < track_of(base(), "riser").mixer.gain_db
    assert len(notes_of(after("double the impacts"), "impact")) == 2 * len(notes_of(base(), "impact"))
    louder = track_of(after("more impacts"), "impact").mixer.gain_db
    assert louder > track_of(base(), "impact").mixer.gain_db
    assert notes_of(after("longer risers"), "riser")[0].length_ticks > notes_of(base(), "riser")[0].length_ticks


def test_other_chords_and_keys_leave_their_places_and_a_riser_climbs_from_the_new_tonic() -> None:
    edited = after("less risers")
    for text in ("jazzier chords", "in A minor"):
        was, now = (notes_of(project, "riser") for project in (edited, say(edited, text)))
        assert [note[:2] for note in now] == [note[:2] for note in was]
    assert {note.pitch % 12 for note in notes_of(after("in A minor"), "riser")} == {9}


def test_all_chords_are_new_where_only_a_riser_is_kept() -> None:
    kept = vary(base(), 9, keep=("riser", "impact"))
    assert notes_of(kept, "riser") == notes_of(base(), "riser")
    assert told(kept) == told(vary(base(), 9)) != told(base())


def told(project: ProjectState) -> str:
    """Return the chords that the bass plays."""
    source = track_of(project, "bass").clips[0].provenance
    assert source is not None
    return source.intent[CHORDS]


def test_a_climb_set_by_hand_stays_when_the_tempo_or_the_length_changes() -> None:
    own = set_parameter(base(), track_of(base(), "riser").id, "time", 1.5)
    for text in ("132 bpm", "8 bars"):
        instrument = track_of(say(own, text), "riser").instrument
        assert instrument is not None and instrument.value("time") == 1.5


def test_part_of_a_scene_made_anew_never_cuts_a_riser() -> None:
    for seed in range(12):
        right(vary(base(), seed, amount=0.4))
