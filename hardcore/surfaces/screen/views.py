"""All views, by name; each is loaded when first seen. A new one is added here and in `commands/studio/view.py`."""

from importlib import import_module

from hardcore.surfaces.screen.session_view import SessionView
from hardcore.surfaces.screen.view import View

FIRST, NOTHING = SessionView.name, "transcript"
# Name to module and class.
_WHERE = {
    "help": ("help_view", "HelpView"),
    "session": ("session_view", "SessionView"),
    "arrangement": ("arrangement_view", "ArrangementView"),
    "mixer": ("mixer_view", "MixerView"),
    "clip": ("clip_view", "ClipView"),
    "devices": ("devices_view", "DevicesView"),
    "history": ("history_view", "HistoryView"),
    "rhythm": ("rhythm_view", "RhythmView"),
    "artifacts": ("artifacts_view", "ArtifactsView"),
    "library": ("library_view", "LibraryView"),
    "jobs": ("jobs_view", "JobsView"),
    "stage": ("stage_view", "StageView"),
    "transcript": ("transcript_view", "TranscriptView"),
}


class Views:
    """One of each view, made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, View] = {}

    def __contains__(self, name: object) -> bool:
        return name in _WHERE

    def __getitem__(self, name: str) -> View:
        if name not in self._made:
            module, kind = _WHERE[name]
            self._made[name] = getattr(import_module(f"hardcore.surfaces.screen.{module}"), kind)()
        return self._made[name]
