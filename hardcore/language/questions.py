"""Questions: what is asked of the project, answered from it in one line: tempo, key, length, parts, sounds, effects.

A question changes nothing. What has no answer here names the command that shows it.
"""

import re

from hardcore.language.asking import shown_by
from hardcore.language.referents import Ground, fixed_phrases
from hardcore.language.spans import Part
from hardcore.language.words import clean, tokens
from hardcore.music.groove import swing_percent
from hardcore.project import devices
from hardcore.project.scope import section_bars
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.track import Track

_ABOUT = re.compile(r"\b(?:do (?:you|we) have|have you got|is there|are there|can you play|got)\b", re.IGNORECASE)


def answered(text: str, ground: Ground) -> str:
    """Return the line that answers a question said to a project."""
    plain = clean(text).strip()
    parts = named_parts(plain, ground)
    return _of_parts(plain, ground, parts) or _of_project(plain, ground.project) or shown_by(ground.project, plain)


def named_parts(text: str, ground: Ground) -> list[Part]:
    """Return the parts that a text names, the longest phrase first at each word."""
    row, book = tokens(text), ground.parts()
    found: list[Part] = []
    at = 0
    while at < len(row):
        longest = max(book.at(row, at), key=lambda one: one.end, default=None)
        if longest is not None:
            found += [sense.value for sense in longest.senses[:1] if isinstance(sense.value, Part)]
        at = longest.end if longest is not None else at + 1
    return found


def _asks(text: str, *words: str) -> bool:
    return any(re.search(rf"\b(?:{word})\b", text, re.IGNORECASE) for word in words)


def _of_project(text: str, project: ProjectState) -> str | None:
    """Return a fact about the whole."""
    if _asks(text, "tempo", "bpm", "how fast", "speed", "how slow"):
        points = project.tempo_map.points
        return ", ".join(f"{'in a ramp to ' if point.ramp else ''}{point.bpm:g} bpm" for point in points[:4])
    if _asks(text, "time signature", "meter", "metre", "signature"):
        return f"the meter is {project.meter_map.text}"
    if _asks(text, "key", "scale", "mode", "tonality"):
        return f"the key is {project.key.name}"
    if _asks(text, "swing", "shuffle", "groove"):
        return f"swing {swing_percent(project.groove):.0f} %" if project.groove else "straight, no swing"
    if _asks(text, "how many bars", "how long", "length", "duration", "minutes", "bars"):
        end = end_ticks(timeline(project))
        seconds = project.tempo_map.seconds(end)
        return f"{project.meter_map.bar_of(end)} bars, {int(seconds // 60)}:{seconds % 60:04.1f} min ({seconds:.0f} s)"
    if _asks(text, "sections?", "structure", "form", "arrangement", "arranged"):
        rows = section_bars(project)
        return ", ".join(f"{name} bars {a}-{b}" for name, a, b in rows) or "it is a loop; /song makes a song of it"
    if _asks(text, "master") and _asks(text, "effects?", "plugins?", "processing", "chain"):
        return _effects(project, project.master)
    if _asks(text, "how many (?:tracks|parts|instruments)"):
        return f"{sum(bool(track.clips) for track in project.tracks)} parts: {_names(project)}"
    if _asks(text, "title", "called", "name of"):
        return f"it is called {project.title or 'nothing yet'}; /title names it"
    if _asks(text, "seed"):
        return f"seed {project.seed}"
    if _asks(text, "wrong", "improved?", "make (?:it|this) better", "missing", "feedback", "critique", "think of"):
        return _criticised(project)
    if _asks(text, "muddy", "thin", "harsh", "boomy", "too loud", "sound bad"):
        return "/mix check measures the mix and says what is off: low end, mud, harshness; /mix correct mends it"
    if _asks(text, "muted", "silent"):
        quiet = [track.name for track in project.tracks if track.mixer.mute]
        return f"muted: {', '.join(quiet)}" if quiet else "nothing is muted"
    if _asks(text, "what(?:'s| is) playing", "which (?:parts|tracks|instruments)", "what (?:parts|tracks|instruments)"):
        return _names(project)
    return None


def _criticised(project: ProjectState) -> str:
    """Return what a producer would say of the notes first; the command listens, too, and says what mends each."""
    from hardcore.compose.review.review import review

    found = review(project) if end_ticks(timeline(project)) else ()
    said = "; ".join(one.said for one in found[:2]) or "in the notes a producer finds nothing"
    return f"{said}: /critique listens as well and names a command for each"


def _of_parts(text: str, ground: Ground, parts: list[Part]) -> str | None:
    """Return a fact about the parts that are named."""
    project = ground.project
    if parts and _ABOUT.search(text):
        return _stock(project, parts)
    tracks = [ground.track(track_id) for part in parts for track_id in ((part.bus,) if part.bus else part.ids)]
    tracks = list({track.id: track for track in tracks}.values())
    if not tracks:
        return None
    if _asks(text, "hear", "silent", "muted", "mute", "gone", "missing", "solo", "soloed"):
        return "; ".join(_silence(project, track) for track in tracks)
    if _asks(text, "effects?", "fx", "plugins?", "chain", "processing", "inserts?", *_effect_words(text)):
        return "; ".join(f"{track.name}: {_effects(project, track)}" for track in tracks)
    if _asks(text, "loud", "louder", "level", "volume", "gain", "fader", "quiet"):
        return "; ".join(f"{track.name}: {track.mixer.gain_db:+.1f} dB" for track in tracks)
    if _asks(text, "pan", "panned", "left", "right", "where"):
        return "; ".join(f"{track.name}: {_pan(track.mixer.pan)}" for track in tracks)
    if _asks(text, "what chords", "which chords", "progression", "the chords"):
        return None
    if _asks(text, "notes?", "how many"):
        counts = (f"{track.name}: {sum(len(clip.notes) for clip in track.clips)} notes" for track in tracks)
        return "; ".join(counts)
    playing = (f"{track.name} plays {_sound(track)}" for track in tracks if track.instrument)
    return (
        "; ".join(playing) + (f"; /track show {tracks[0].name} shows its settings" if len(tracks) == 1 else "") or None
    )


def _effect_words(text: str) -> list[str]:
    row, book = tokens(text), fixed_phrases()
    return [row[at].word for at in range(len(row)) for one in book.at(row, at) if one.senses[0].kind == "fx"]


def _stock(project: ProjectState, parts: list[Part]) -> str:
    part = parts[0]
    here = [project.find_track(track_id).name for track_id in part.ids]
    if here:
        return f"yes: {', '.join(here)}"
    known = devices.instruments()
    fits = [part.device] if part.device else [d.id for d in known.values() if set(d.roles[:1]) & set(part.roles)][:6]
    return (
        f"not in this piece; there is {', '.join(fits)}: add {part.words}" if fits else "/devices lists what there is"
    )


def _silence(project: ProjectState, track: Track) -> str:
    soloed = [one.name for one in project.tracks if one.mixer.solo]
    if track.mixer.mute:
        return f"{track.name} is muted: unmute {track.name}"
    if soloed and not track.mixer.solo:
        return f"{track.name} is silent because {', '.join(soloed)} is soloed: /track only all"
    if track.mixer.gain_db <= -40:
        return f"the fader of {track.name} is at {track.mixer.gain_db:g} dB"
    return f"{track.name} is not muted; its fader is at {track.mixer.gain_db:+.1f} dB"


def _effects(project: ProjectState, track: Track) -> str:
    chain = [f"({one.device})" if one.bypass else one.device for one in track.effects]
    sends = [f"sends to {project.find_track(one.target).name} at {one.gain_db:g} dB" for one in track.sends]
    return ", ".join([*chain, *sends]) or "no effects"


def _sound(track: Track) -> str:
    assert track.instrument is not None
    name = track.instrument.device
    return f"{name} {track.instrument.sound.name}" if track.instrument.sound else name


def _pan(pan: float) -> str:
    return "in the centre" if abs(pan) < 0.005 else f"{abs(pan) * 100:.0f} % {'left' if pan < 0 else 'right'}"


def _names(project: ProjectState) -> str:
    return ", ".join(f"{track.name} ({_sound(track)})" for track in project.tracks if track.clips and track.instrument)
