"""The tour goes on when its step was done, and not before."""

from pathlib import Path

from hardcore.app import build_studio
from hardcore.commands.studio.tour import END, STEPS, following
from hardcore.surfaces.live import LiveStudio


def test_the_tour_goes_on_with_what_was_asked_for_only(home: Path) -> None:
    studio = build_studio()
    with LiveStudio(lambda: studio) as live:
        first = live.do("/tour")
        assert first is not None and first.text().startswith("tour 1 of 6")
        assert following(studio, "tempo") is None
        said = [following(studio, step.commands[0]) for step in STEPS]
        assert [step.text().partition(":")[0] for step in said if step][:-1] == [f"tour {n} of 6" for n in range(2, 7)]
        assert said[-1] is not None and said[-1].text() == END
        assert following(studio, "compose") is None


def test_every_line_of_the_tour_is_one_that_runs(home: Path) -> None:
    from hardcore.commands.core.line import resolve

    for step in STEPS:
        resolved = resolve(step.line)
        assert resolved is not None and resolved[0].name in step.commands
