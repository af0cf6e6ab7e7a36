"""A beat of the music with 10,000 rules: what the runner has to look at before it may arm anything."""

from collections.abc import Iterator
from pathlib import Path

from hardcore.music.tempo import PPQ
from hardcore.project.playback import Playback
from hardcore.project.state import new_project
from hardcore.rules.agenda import Agenda, ahead
from hardcore.rules.plan import Counts, firing
from tests.bench.timing import Measure, median_s
from tests.large import many_rules

RULES, BEATS = 10_000, 200


def measures(folder: Path) -> Iterator[Measure]:
    """Yield how long a beat takes, two seconds looked ahead."""
    project = new_project()
    rules = many_rules(RULES)
    agenda, counts = Agenda(project, rules), Counts()
    beats = iter(range(10**6))

    def beat() -> None:
        playback = Playback(playing=True, tick=next(beats) * PPQ, at_s=1.0)
        firing(project, agenda, ahead(project, playback, 2.0), counts)

    yield Measure("a beat with 10,000 rules", median_s(beat, BEATS), "ms", goal=0.001)
