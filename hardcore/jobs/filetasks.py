"""The tasks for files of unknown origin, each a function that runs in workers/host.py."""

from pathlib import Path

from hardcore.project.notes import PACKED
from hardcore.workers.context import Context, Words


def examine(context: Context, path: str, bpm: float | None) -> Words:
    """Return the facts of one sample, for project/soundfacts.py. Raises UserError in words."""
    from hardcore.audio.intake import examine as examined
    from hardcore.errors import UserError
    from hardcore.project.recording import file_digest

    place = Path(path)
    try:
        facts = examined(place, bpm)
        return {"sha256": file_digest(place), "size": place.stat().st_size, **facts}
    except OSError as error:
        raise UserError(f"it cannot be read: {error.strerror}") from error


def learn(context: Context, lesson: Words) -> Words:
    """Return the groove that a lesson of jobs/learning.py gives, and what was found out on the way."""
    from hardcore.jobs.learning import LEARNED, LESSON, learn_file

    learned, said = learn_file(LESSON.validate_python(lesson))
    return {"learned": LEARNED.dump_python(learned, mode="json"), "said": said}


def instrument(context: Context, path: str, preset: str, root: str | None) -> Words:
    """Return an instrument file as jobs/instrumentfile.py reads it, each of its sounds ready for the engine."""
    from hardcore.jobs.instrumentfile import IMPORTED, read_instrument
    from hardcore.jobs.soundfiles import playable as ready

    library = Path(root) if root is not None else None
    made = read_instrument(Path(path), preset, lambda share, words: context.progress(share * 0.8, words), root=library)
    for recording in made.multisample.recordings.values():
        ready(recording, Path(recording.path))
    return {"imported": IMPORTED.dump_python(made, mode="json")}


def presets(context: Context, path: str) -> Words:
    """Return the presets of a SoundFont: bank, program, name and number of zones of each."""
    from hardcore.jobs.instrumentfile import presets_in

    return {"presets": presets_in(Path(path))}


def playable(context: Context, recording: Words, path: str) -> Words:
    """Return the file that the engine plays a recording from, made where there is none yet."""
    from hardcore.jobs.soundfiles import playable as ready
    from hardcore.project.recording import Recording

    return {"path": str(ready(Recording.model_validate(recording), Path(path)))}


def take_in(context: Context, path: str, placing: Words | None = None) -> Words:
    """Return the artifact that a sound file was kept as, and the tempo and key that are heard in it.

    placing   what the studio does with it then: for that the engine has to be able to play it
    """
    from hardcore.jobs.artifactsound import take_in as taken
    from hardcore.jobs.soundfiles import playable as ready
    from hardcore.project import artifacts

    known, heard = taken(Path(path))
    if placing is not None:
        ready(artifacts.recording_of(known.sound), artifacts.path_of(known.sha256))
    return {"artifact": known.model_dump(mode="json"), "heard": heard}


def tempo_and_key(context: Context, path: str, name: str) -> Words:
    """Return the tempo and key that are heard in a sound file of that name."""
    from hardcore.audio.intake import whole
    from hardcore.jobs.artifactsound import heard_in

    return heard_in(*whole(Path(path)), name)


def stems(context: Context, paths: list[str], placing: Words) -> Words:
    """Return the artifacts that sound files of one piece were kept as, and what is heard in all of them together.

    They can be played at once. placing: what the studio does with them then
    """
    from hardcore.jobs.artifactsound import take_in_stems
    from hardcore.jobs.soundfiles import playable as ready
    from hardcore.project import artifacts

    known, heard = take_in_stems([Path(path) for path in paths], context.progress)
    for one in known:
        ready(artifacts.recording_of(one.sound), artifacts.path_of(one.sha256))
    return {"artifacts": [one.model_dump(mode="json") for one in known], "heard": heard}


def read_dawproject(context: Context, path: str) -> Words:
    """Return what a DAWproject holds as a project of its own, its sounds kept as artifacts, and what was lost."""
    from hardcore.jobs.exchange import read_dawproject as read

    project, losses, found = read(Path(path), context.folder, context.progress)
    known = [one.model_dump(mode="json") for one in found]
    return {"project": project.model_dump(mode="json", context=PACKED), "losses": losses, "artifacts": known}


def transcribe(context: Context, path: str, first: int, frames: int, what: str) -> Words:
    """Return the notes of a stretch of a sound file: `drums`, the one `voice` in it, or the `chords`."""
    from hardcore.audio.intake import whole
    from hardcore.audio.polyphony import several_voices
    from hardcore.audio.transcription import drum_hits, one_voice

    audio, rate = whole(Path(path))
    listener = {"drums": drum_hits, "voice": one_voice, "chords": several_voices}[what]
    heard = listener(audio[:, first : first + frames], rate)
    return {"notes": [list(note) for note in heard]}


def onsets(context: Context, path: str, first: int, frames: int) -> Words:
    """Return when each attack in a stretch of a sound file begins, seconds, and its level."""
    from hardcore.audio.attacks import attacks
    from hardcore.audio.intake import whole

    audio, rate = whole(Path(path))
    found = attacks(audio[:, first : first + frames], rate)
    return {"onsets": [(attack.seconds, attack.level) for attack in found]}
