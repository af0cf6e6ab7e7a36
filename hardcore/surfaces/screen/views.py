"""All views, by name. A new one is added here and in `hardcore/commands/view.py`."""

from hardcore.surfaces.screen.help import HelpView
from hardcore.surfaces.screen.jobs import JobsView
from hardcore.surfaces.screen.mixer import MixerView
from hardcore.surfaces.screen.session import SessionView
from hardcore.surfaces.screen.transcript_view import TranscriptView
from hardcore.surfaces.screen.view import View


def views() -> dict[str, View]:
    """Return a fresh set of views, in the order of their keys."""
    every: tuple[View, ...] = (HelpView(), SessionView(), MixerView(), JobsView(), TranscriptView())
    return {view.name: view for view in every}
