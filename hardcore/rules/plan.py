"""Plans: which of the rules that are due fire, and what the player is told of them. Pure but for what was counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hardcore.project.playback import Arm
from hardcore.project.rule import AuditionAction, LaunchAction, PauseAction, Rule, SeekAction, StopAction, chance
from hardcore.project.state import ProjectState
from hardcore.rules.agenda import Agenda, Due, Stretch

# A part of a cooldown that may lack: what times it wavers by milliseconds.
WAVERS_S = 0.03


@dataclass
class Count:
    """How often a rule has fired since the project was opened, and when last, on the steady clock."""

    fired: int = 0
    last_s: float | None = None


class Counts:
    """What rules have done so far; it is no part of the project."""

    def __init__(self) -> None:
        self._by_rule: dict[str, Count] = {}

    def of(self, rule: Rule) -> Count:
        """Return how often a rule has fired."""
        return self._by_rule.get(rule.id, Count())

    def note(self, rule: Rule, at_s: float) -> None:
        """Count that a rule has fired."""
        count = self._by_rule.setdefault(rule.id, Count())
        count.fired += 1
        count.last_s = at_s


def draws(project: ProjectState, rule: Rule, tick: int, lap: int) -> bool:
    """Return whether chance lets a rule fire at a tick."""
    return rule.probability >= 100 or chance(project.seed, rule.id, tick, lap) * 100 < rule.probability


def rests(project: ProjectState, rule: Rule, last_s: float | None, at_s: float, tick: float) -> bool:
    """Return whether a rule that fired at `last_s` is still to be quiet at `at_s`, where the music is at `tick`."""
    if not rule.cooldown or last_s is None:
        return False
    return at_s - last_s < rule.cooldown * 60 / project.tempo_map.at(tick) - WAVERS_S


def firing(
    project: ProjectState, agenda: Agenda, stretches: Iterable[Stretch], counts: Counts
) -> list[tuple[Stretch, Due]]:
    """Return what fires in stretches of music, in order: what chance, cooldown and `once` let through."""
    found: list[tuple[Stretch, Due]] = []
    last: dict[str, float] = {}
    tempo = project.tempo_map
    for stretch in stretches:
        for due in agenda.due(stretch.start, stretch.end):
            rule, tick = due.rule, due.tick
            if rule.one_shot and (rule.id in last or counts.of(rule).fired):
                continue
            if not draws(project, rule, tick, stretch.lap):
                continue
            if rule.cooldown or rule.one_shot:
                at_s = stretch.at_s + tempo.seconds(tick) - tempo.seconds(stretch.start)
                if rests(project, rule, last.get(rule.id, counts.of(rule).last_s), at_s, tick):
                    continue
                last[rule.id] = at_s
            found.append((stretch, due))
    return found


def armed(rule: Rule, tick: int, epoch: int, sound: Callable[[str], Any]) -> Arm:
    """Return what the player is told: what it does itself at the tick, or only that it be told.

    sound   the project of an audition by the name of the sound, None where it is not known yet
    """
    action = rule.action
    words: dict[str, Any] = {}
    if isinstance(action, LaunchAction):
        words = {"do": "launch", "target": action.target}
    elif isinstance(action, SeekAction):
        words = {"do": "seek", "tick": action.tick}
    elif isinstance(action, StopAction | PauseAction):
        words = {"do": action.kind}
    elif isinstance(action, AuditionAction) and (project := sound(action.sound)) is not None:
        words = {"do": "audition", "project": project}
    return Arm(rule.id, tick, epoch, words)
