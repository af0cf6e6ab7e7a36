"""Many cases as one test: a case that is a test of its own takes 2 ms and more beside what it does."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

Test = Callable[..., None]


def each(
    names: str | tuple[str, ...], cases: Iterable[Any], ids: Callable[[Any], object] = repr
) -> Callable[[Test], Test]:
    """Return what makes one test of a function and its cases, as `pytest.mark.parametrize` makes a test of each.

    For cases that change nothing and need no fixture of their own; a `pytest.param` may give one a name. All are tried,
    and those that fail are in one error, each with its name. Raises ExceptionGroup.
    """
    listed = (names,) if isinstance(names, str) else names
    kept = [_named(case, ids) for case in cases]
    assert kept, "no cases"

    def one_test(function: Test) -> Test:
        @functools.wraps(function)
        def test(**fixtures: Any) -> None:
            failures = []
            for name, case in kept:
                values = (case,) if isinstance(names, str) else case
                try:
                    function(**dict(zip(listed, values, strict=True)), **fixtures)
                except Exception as error:
                    error.add_note(f"{', '.join(listed)}: {name}")
                    failures.append(error)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(kept)} cases fail", failures)

        signature = inspect.signature(function)
        rest = [parameter for name, parameter in signature.parameters.items() if name not in listed]
        test.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return test

    return one_test


def _named(case: Any, ids: Callable[[Any], object]) -> tuple[object, Any]:
    """Return a case with its name."""
    if not hasattr(case, "marks"):
        return ids(case), case
    assert not case.marks, "a case cannot be marked"
    return case.id, case.values if len(case.values) > 1 else case.values[0]
