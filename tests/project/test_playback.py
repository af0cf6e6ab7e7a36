"""Where a player is, told later, and the launch grid."""

import pytest

from hardcore.music.tempo import PPQ
from hardcore.project.playback import Loop, Playback, Quantum, next_on_grid
from hardcore.project.state import new_project

BAR = 4 * PPQ


@pytest.mark.parametrize(
    ("tick", "quantum", "wanted"),
    [
        (1.5, "none", 2),
        (0, "1/16", 0),
        (1, "1/16", 480),
        (481, "1/8", 960),
        (961, "1/4", 1920),
        (1, "1/2", 3840),
        (0, "1", 0),
        (1, "1", BAR),
        (BAR, "2", 2 * BAR),
        (2 * BAR, "2", 2 * BAR),
        (2 * BAR + 1, "8", 8 * BAR),
    ],
)
def test_the_next_place_of_the_grid(tick: float, quantum: Quantum, wanted: int) -> None:
    assert next_on_grid(new_project().meter_map, tick, quantum) == wanted


def test_the_grid_begins_anew_on_every_bar() -> None:
    seven = new_project().meter_map.with_meter(7, 8)
    assert next_on_grid(seven, 3 * 1920 + 1, "1/2") == seven.bar_start(1)
    assert next_on_grid(seven, 1, "2") == seven.bar_start(2)


def test_a_state_told_later_moves_with_the_tempo_map_and_the_loop() -> None:
    project = new_project()
    project = project.evolve(tempo_map=project.tempo_map.with_point(BAR, 240))
    state = Playback(playing=True, tick=0, at_s=100)
    assert state.tick_at(project, 101) == 2 * PPQ
    assert state.tick_at(project, 103) == BAR + 4 * PPQ
    assert state.tick_at(project, 99.9) == 0
    looped = state.evolve(loop=Loop(start_ticks=PPQ, end_ticks=BAR))
    assert looped.tick_at(project, 102.25) == pytest.approx(1.5 * PPQ)
    assert looped.tick_at(project, 105.25) == pytest.approx(1.5 * PPQ)
    assert state.evolve(playing=False).tick_at(project, 500) == 0
