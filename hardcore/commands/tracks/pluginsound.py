"""What plug-ins play is rendered while the studio is used: ahead, track by track, and anew after each edit.

    keep_rendered(studio)

What was rendered last goes on until the new sound is there, also where a plug-in fails: that is said in one line, and
tried again after the next edit. Exports need none of this: they render what they need first (jobs/rawtake.py).
"""

import asyncio

from hardcore.commands.clips.stretching import is_on_loop
from hardcore.controller.events import HearingChanged, Notified
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.jobs.joblist import JobList
from hardcore.project.pluginsound import Material, is_same_time, materials, missing_of, used
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

AUTHOR = "plug-ins"
JOB = "plugin_sounds"


class PluginWatch:
    """Has what plug-ins play rendered, from when it is made on; it belongs to the loop in which the jobs run."""

    def __init__(self, studio: Studio, jobs: JobList) -> None:
        self._studio, self._jobs = studio, jobs
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._seen: dict[str, tuple[Track, ProjectState]] = {}
        # What was begun already: what failed is not tried again until it is another sound.
        self._tried: set[str] = set()
        studio.controller.events.subscribe(HearingChanged, lambda event: self.look())

    def look(self) -> None:
        """Begin to render what is heard and was not made yet."""
        if not is_on_loop() or self._studio.closing:
            return
        project = self._studio.controller.hearing.layered
        for track in project.tracks:
            if any(used(track)) and track.id not in self._tasks and self._is_new(project, track):
                lacking = [one for one in missing_of(materials(project, track)) if _key(one) not in self._tried]
                if lacking:
                    self._tried.update(map(_key, lacking))
                    self._tasks[track.id] = asyncio.ensure_future(self._render(project, track))

    def _is_new(self, project: ProjectState, track: Track) -> bool:
        seen = self._seen.get(track.id)
        self._seen[track.id] = (track, project)
        return seen is None or seen[0] is not track or not is_same_time(seen[1], project)

    def forget(self) -> None:
        """Try everything again: plug-ins have come or gone."""
        self._seen.clear()
        self._tried.clear()

    async def settled(self) -> None:
        """Return when nothing is being rendered any more."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    def close(self) -> None:
        """Render no more."""
        for task in self._tasks.values():
            task.cancel()

    async def _render(self, project: ProjectState, track: Track) -> None:
        """Render what is missing of a track; then it is heard, and what was edited meanwhile is next."""
        from hardcore.commands.tracks.sounds import places_in

        failed: list[str] = []
        try:
            places = {sha256: str(path) for sha256, path in places_in(self._studio, project).items()}
            asked = {"track": track.id, "places": places}
            failed = (await self._jobs.run(JOB, asked, f"rendering {track.name}", AUTHOR, project=project))["failed"]
        except HardcoreError as error:
            failed = [f"{track.name}: {error.line()}"]
        finally:
            del self._tasks[track.id]
            self._seen.pop(track.id, None)
        for line in failed:
            self._studio.controller.events.tell(Notified(message=f"{line}: its last sound goes on", author=AUTHOR))
        self._studio.controller.hearing.refresh()


def _key(one: Material) -> str:
    return str(one.recipe)


def plugins_changed(studio: Studio) -> None:
    """Let what was found by a scan play, where the project has it."""
    watch = studio.recall(PluginWatch)
    if watch is not None:
        watch.forget()
    studio.controller.hearing.refresh()


def keep_rendered(studio: Studio) -> None:
    """Have what plug-ins play rendered from now on; once is enough for a studio."""
    if isinstance(studio.jobs, JobList) and is_on_loop():
        watch = studio.recall(PluginWatch)
        if watch is None:
            watch = PluginWatch(studio, studio.jobs)
            studio.keep(watch)
        watch.look()
