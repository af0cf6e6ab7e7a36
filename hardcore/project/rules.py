"""Edits of rules."""

import re
from typing import Any

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.rule import MOST_RULES, Action, Rule, Trigger
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name


def find_rule(project: ProjectState, reference: str) -> Rule:
    """Return the rule with that id, name or number from 1. Raises NotFound naming the nearest."""
    wanted = reference.strip().casefold()
    for rule in project.rules:
        if wanted in (rule.id, rule.name.casefold()):
            return rule
    if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(project.rules):
        return project.rules[int(wanted) - 1]
    names = [rule.name for rule in project.rules]
    raise NotFound(f"no rule '{reference}'", nearest(wanted, names) if names else "rule add makes one")


def add(
    project: ProjectState,
    trigger: Trigger,
    action: Action,
    *,
    name: str | None = None,
    stem: str = "",
    **settings: Any,
) -> ProjectState:
    """Return the project with a rule behind the others. Raises UserError when the name is another one's.

    stem   what it is called without a name, with a number where that is taken; by default what it does
    """
    if len(project.rules) >= MOST_RULES:
        raise UserError(f"a project holds {MOST_RULES:,} rules at most", "rule remove takes one away")
    name = _unused(project, stem or action.kind.replace("_", " ")) if name is None else _free(project, name)
    project, rule_id = project.taken("r")
    rule = Rule(id=rule_id, name=name, trigger=trigger, action=action, **settings)
    return project.evolve(rules=(*project.rules, rule))


def change(project: ProjectState, rule_id: str, **changes: Any) -> ProjectState:
    """Return the project with settings of a rule changed; one that is gone stays gone."""
    rules = tuple(rule.evolve(**changes) if rule.id == rule_id else rule for rule in project.rules)
    return project.evolve(rules=rules)


def remove(project: ProjectState, rule_id: str) -> ProjectState:
    """Return the project without a rule."""
    return project.evolve(rules=tuple(rule for rule in project.rules if rule.id != rule_id))


def _free(project: ProjectState, name: str) -> str:
    name = clean_name(name)
    if name.isdecimal() or re.fullmatch(r"r\d+", name.casefold()):
        raise UserError(f"'{name}' would be taken for a number or an id", f"such as rule-{name}")
    if any(rule.name.casefold() == name.casefold() for rule in project.rules):
        raise UserError(f"there is already a rule named '{name}'", "rule remove takes it away")
    return name


def _unused(project: ProjectState, stem: str) -> str:
    """Return a name that no rule has: the stem, or the stem with the next number."""
    taken = {rule.name.casefold() for rule in project.rules}
    names = (stem if number == 1 else f"{stem} {number}" for number in range(1, MOST_RULES + 2))
    return next(name for name in names if name not in taken)
