"""What is heard: the project, with layers over it that are only tried out and make no step.

    hearing.lay("rhythm explore", lambda project: clips.edit_notes(project, "c7", other))
    hearing.lift("rhythm explore")

A layer is a pure change that must hold for any version of the project: it is put on again after every edit. Unlike the
controller this may be used from any thread, so that what steers itself while it plays waits for nothing.
"""

import threading
from collections.abc import Callable

from hardcore.controller.events import Events, HearingChanged
from hardcore.project.pluginsound import PluginSound
from hardcore.project.state import ProjectState
from hardcore.project.stretching import Stretching

Layer = Callable[[ProjectState], ProjectState]


class Hearing:
    """The project as it is heard. Each time that it changes is told as `HearingChanged`, to what plays it."""

    def __init__(self, project: ProjectState, events: Events) -> None:
        self._project = project
        self._events = events
        # Numbers the projects that were opened: two of them may have the same ids.
        self.opening = 0
        self._held = False
        self._layers: dict[str, Layer] = {}
        self._stretching = Stretching()
        self._plugins = PluginSound()
        self._lock = threading.RLock()

    @property
    def project(self) -> ProjectState:
        """Return the project under the layers."""
        return self._project

    @property
    def heard(self) -> ProjectState:
        """Return the project with all layers on it, and what was stretched and what plug-ins made for it."""
        with self._lock:
            project = self.layered
            return self._plugins.heard(self._stretching.heard(project))

    @property
    def layered(self) -> ProjectState:
        """Return the project with all layers on it: what there is to be stretched, and for plug-ins to play."""
        with self._lock:
            project = self._project
            for layer in self._layers.values():
                project = layer(project)
            return project

    def follow(self, project: ProjectState) -> None:
        """Go on with another version of the project; the layers stay, unless it is another piece."""
        with self._lock:
            if project.piece != self._project.piece:
                self._layers.clear()
                self._plugins.begin()
            self._project = project
            self._tell()

    def begin(self, project: ProjectState) -> None:
        """Go on with another project: no layer belongs to it."""
        with self._lock:
            self.opening += 1
            self._held = False
            self._layers.clear()
            self._plugins.begin()
            self.follow(project)

    def renew(self) -> None:
        """Let the next version be heard as another project, though it looks like the same piece."""
        self.opening += 1

    def refresh(self) -> None:
        """Let what was stretched, or made by plug-ins, meanwhile be heard."""
        with self._lock:
            self._stretching.forget()
            self._plugins.forget()
            self._tell()

    def hold(self, held: bool) -> None:
        """Tell nobody of what is heard while something else is heard in its place, or tell it again from now on."""
        with self._lock:
            self._held = held

    def lay(self, name: str, layer: Layer) -> None:
        """Put a layer on, in place of the one of that name."""
        with self._lock:
            self._layers[name] = layer
            self._tell()

    def replace(self, name: str, layer: Layer) -> bool:
        """Put a layer in place of the one of that name, and return whether there was one."""
        with self._lock:
            if name not in self._layers:
                return False
            self.lay(name, layer)
            return True

    def has(self, name: str) -> bool:
        """Return whether a layer of that name is on."""
        return name in self._layers

    def lift(self, name: str) -> None:
        """Take a layer away; without one nothing happens."""
        with self._lock:
            if self._layers.pop(name, None) is not None:
                self._tell()

    def _tell(self) -> None:
        if not self._held:
            self._events.tell(HearingChanged(heard=self.heard, opening=self.opening))
