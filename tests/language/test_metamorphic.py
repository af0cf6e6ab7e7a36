"""What must not change a reading: politeness, case, punctuation, a filler here and there; and what must: a denial."""

from itertools import permutations
from typing import Any

import pytest

from hardcore.language.interpret import interpret
from hardcore.language.plan import Plan, Reading, Unclear
from hardcore.language.referents import Ground
from hardcore.project.state import ProjectState
from tests.each import each
from tests.effort import IS_SOAK
from tests.language.test_phrases import project, read, sentences

EDITS = [one for one in sentences() if "does" in one.values[1] and not one.values[1].get("after")]
# what is given as a name is kept as it is typed, whatever is said with it
UNNAMED = [one for one in EDITS if not any("rename" in line for line in one.values[1]["does"])]
# "not too fast" asks for what the complaint "too fast" asks for
ORDERS = [one for one in EDITS if not {"too", "are", "sound"} & set(one.values[1]["say"].split())]
POLITE = ("please {}", "{} please", "can you {}", "could you {}?", "ok, {}", "{}, thanks", "{}.", "  {}  ", "hey, {}!")
# each sentence is said in one of these ways, each in another than its neighbours; in the soak in all
WAYS = [(*one.values, POLITE if IS_SOAK else POLITE[place % 9 :: 9]) for place, one in enumerate(UNNAMED)]


@each(("base", "entry", "ways"), WAYS, ids=lambda one: one[1]["say"])
def test_politeness_case_and_punctuation_change_no_plan(
    base: str, entry: dict[str, Any], ways: tuple[str, ...]
) -> None:
    plain = read(base, entry["say"])
    assert isinstance(plain, Plan)
    for pattern in ways:
        said = pattern.format(entry["say"])
        other = read(base, said)
        assert isinstance(other, Plan), said
        assert other.calls == plain.calls, said
    if entry["say"] == entry["say"].lower():
        shouted = read(base, entry["say"].capitalize())
        assert isinstance(shouted, Plan) and shouted.calls == plain.calls


@each(("base", "entry"), EDITS)
def test_a_plan_never_touches_a_part_that_its_sentence_does_not_name(base: str, entry: dict[str, Any]) -> None:
    plan = read(base, entry["say"])
    assert isinstance(plan, Plan)
    if plan.footprint.parts is None:
        return
    for call in plan.calls:
        tracks = call.arguments.get("tracks")
        if isinstance(tracks, str) and tracks[:1] == "t" and tracks[1:2].isdigit():
            assert set(tracks.split(",")) <= plan.footprint.parts


@each(("base", "entry"), ORDERS)
def test_a_denied_order_is_never_the_order(base: str, entry: dict[str, Any]) -> None:
    plain, denied = read(base, entry["say"]), read(base, f"don't {entry['say']}")
    assert isinstance(plain, Plan)
    if plain.calls:
        assert not (isinstance(denied, Plan) and denied.calls == plain.calls)


def renamed(project: ProjectState) -> ProjectState:
    """Return the project with tracks that are called something else altogether."""
    for number, track in enumerate(project.tracks):
        if track.kind == "midi":
            project = project.with_track(track.id, lambda one, number=number: one.evolve(name=f"zork {number}"))  # type: ignore[misc]
    return project


@pytest.mark.parametrize("base", ["house", "song", "band"])
def test_parts_are_found_by_what_they_do_whatever_they_are_called(base: str) -> None:
    other = Ground(renamed(project(base)))
    differ = []
    for told, entry in (one.values for one in UNNAMED if one.values[0] == base):
        plain, said = read(told, entry["say"]), interpret(entry["say"], other)
        if not isinstance(said, Plan) or said.calls != plain.calls:
            differ.append(entry["say"])
    # a name that says more than the role is gone with the name: there are two leads, or none is a "riser"
    assert len(differ) <= len(UNNAMED) // 50, differ


@pytest.mark.parametrize("base", ["house", "song"])
def test_a_track_is_found_by_a_name_that_no_vocabulary_has(base: str) -> None:
    known = project(base)
    wobbler = known.with_track(known.find_track("bass").id, lambda track: track.evolve(name="gritty mcgrit"))
    for pattern in (
        "{} 2 db down",
        "mute {}",
        "more reverb on {}",
        "{} an octave up and the kick louder",
        "pan {} left",
    ):
        plain = read(base, pattern.format("bass"))
        said = interpret(pattern.format("gritty mcgrit"), Ground(wobbler))
        assert isinstance(plain, Plan) and isinstance(said, Plan) and said.calls == plain.calls, pattern


@pytest.mark.parametrize(
    "clauses",
    [
        ("kick 2 db up", "the pluck darker", "more reverb on the clap"),
        ("mute the hats", "bass an octave down", "126 bpm"),
        ("pan the chords left", "less delay on the pluck", "the clap louder in the first 4 bars"),
        ("pluck quieter", "the chords wider", "swing 58"),
    ],
)
def test_the_order_of_clauses_is_the_order_of_the_calls_and_nothing_else(clauses: tuple[str, ...]) -> None:
    alone = {clause: calls_of(read("house", clause)) for clause in clauses}
    for order in permutations(clauses):
        for link in (", ", " and ", "; "):
            assert calls_of(read("house", link.join(order))) == [call for one in order for call in alone[one]], order


def calls_of(reading: Reading) -> list[tuple[str, dict[str, Any]]]:
    assert isinstance(reading, Plan), reading
    return [(call.name, dict(call.arguments)) for call in reading.calls]


def slips_of(word: str) -> list[str]:
    """Return a word with two neighbours swapped, each pair after the first letter."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)]


@pytest.mark.parametrize(
    "say", ["chords quieter", "more reverb on the pluck", "shaker louder", "bass darker", "mute the chords"]
)
def test_a_word_with_two_letters_swapped_is_read_as_the_word_or_refused_never_as_another(say: str) -> None:
    plain = calls_of(read("house", say))
    right = 0
    words = say.split()
    for at, word in enumerate(words):
        for slip in slips_of(word) if len(word) > 4 else ():
            reading = read("house", " ".join([*words[:at], slip, *words[at + 1 :]]))
            assert isinstance(reading, Unclear) or calls_of(reading) == plain, slip
            right += isinstance(reading, Plan)
    assert right >= 3


PAIRED = (
    "mute the hats", "remove the shaker", "kick harder", "no clap", "distort the bass", "pluck quieter",
    "kick at -6 db", "more reverb on the clap", "bass cutoff to 400", "126 bpm", "add a pad", "clap on 2 and 4",
    "sidechain the chords to the kick", "busier hats", "more energy", "a fill at the end",
)  # fmt: skip


@pytest.mark.parametrize("first", PAIRED)
def test_two_orders_in_one_sentence_are_both_done_or_it_is_refused(first: str) -> None:
    for second in PAIRED:
        both = calls_of(read("house", first)) + calls_of(read("house", second))
        for link in (", ", " and ", " then "):
            reading = read("house", first + link + second)
            assert isinstance(reading, Unclear) or first == second or calls_of(reading) == both, (first, link, second)
