"""The form of a piece: which parts play in a section, and a style's sections as sections of a project."""

from collections.abc import Sequence

from hardcore.compose.planner.fitting import Fitted
from hardcore.knowledge.form import SongSection
from hardcore.project.roles import DRUMS, LOUDNESS_LUFS, TRANSITIONS, Role
from hardcore.project.section import Section
from hardcore.project.sections import free_name, kind_of
from hardcore.project.values import SEEDS


def plays(section: SongSection | Section, role: Role | None) -> bool:
    """Return whether a part of a role plays in a section, by what the section lists."""
    group = "drums" if role in DRUMS else None
    if section.play:
        return role in section.play or group in section.play
    return role not in section.rest and (group is None or group not in section.rest)


def players(section: Section, roles: Sequence[Role | None]) -> list[int]:
    """Return the places in `roles` of the parts that play in a section: as many as its energy says.

    Those that it lists, all where it lists none of them. Where the energy is less the quietest are left out, where it
    is more the loudest of the others join them.
    """
    listed = [at for at, role in enumerate(roles) if plays(section, role)] or list(range(len(roles)))
    count = max(round(section.energy * len(roles)), 1)
    if count <= len(listed):
        return sorted(sorted(listed, key=lambda at: (_loudness(roles[at]), at))[:count])
    others = [at for at, role in enumerate(roles) if at not in listed and role not in TRANSITIONS]
    return sorted([*listed, *sorted(others, key=lambda at: (_loudness(roles[at]), at))[: count - len(listed)]])


def _loudness(role: Role | None) -> float:
    """Return how early a part is brought in: the loudest first; a part without a role is a person's, and stays."""
    return -100.0 if role is None else -LOUDNESS_LUFS[role]


def sections_of(rows: Fitted, roles: Sequence[Role | None], seed: int, first_id: int = 1) -> tuple[Section, ...]:
    """Return the sections of a form with their lengths; one that comes again is numbered and has the same seed.

    roles      of the parts of the piece, which the energies count
    seed       of the first section; each has the next
    first_id   number of the first one's id
    """
    made: list[Section] = []
    for number, (named, bars) in enumerate(rows):
        again, one = next((place, other) for place, (other, _) in enumerate(rows) if other.name == named.name)
        section = Section(
            id=f"f{first_id + number}",
            name=free_name(made, one.name),
            kind=kind_of(one.name),
            bars=bars,
            energy=share(one, roles),
            play=one.play,
            rest=one.rest,
            vary=one.vary,
            seed=(seed + again) % SEEDS,
        )
        made.append(section)
    return tuple(made)


def share(section: SongSection | Section, roles: Sequence[Role | None]) -> float:
    """Return the share of the parts that a section lists; 1 where it lists none that is there."""
    count = sum(plays(section, role) for role in roles)
    return round(count / len(roles), 2) if count else 1.0
