"""Frames of audio: what is said of the clips of audio tracks, and freezing and bouncing of any track."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import CREATED, Call
from hardcore.project.clip import Clip


def audio_clips(m: Match) -> list[Clip]:
    """Return the clips of the parts a clause names where all of them are audio; none where none is. Raises NotThere."""
    if not m.named:
        return []
    tracks = [m.ground.track(one) for one in m.ids() if not one.startswith(CREATED)]
    audio = [track for track in tracks if track.kind == "audio"]
    if audio and len(audio) < len(tracks):
        raise NotThere("that is done to audio in another way than to notes: say it of one kind of part")
    if any(not track.clips for track in audio):
        raise NotThere(f"{audio[0].name} has no clip")
    return [clip for track in audio for clip in track.clips]


def of_clips(m: Match, command: str, **arguments: Any) -> list[Call]:
    """Return a call for every audio clip of the parts that are named; none where none is audio."""
    clips = audio_clips(m)
    if clips and m.scope:
        raise NotThere("an audio clip is changed as a whole: leave out where")
    return [Call(command, {"clip": clip.id} | arguments) for clip in clips]


def _ensure_clips(calls: list[Call]) -> list[Call]:
    if not calls:
        raise NotThere("that is for audio clips: /import brings a sound in")
    return calls


@frame("verb:warp WHO+", "verb:set WHO+ verb:warp", cost=-0.1)
def warp(m: Match) -> Sequence[Call]:
    """ "let the vocal follow the tempo"."""
    way = next(str(sense.value) for sense in m.all("verb") if sense.key == "warp")
    return _ensure_clips(of_clips(m, "clip warp", warp=way))


@frame("verb:split part/pronoun+ amount:times?", "verb:split part/pronoun+ scope:at|bar", cost=-0.1)
def split(m: Match) -> Sequence[Call]:
    """ "chop the vocal in half", "split the vocal at bar 3"."""
    scope, clips = m.get("scope"), audio_clips(m)
    if not clips or len(clips) != 1:
        raise NotThere("one audio clip is split at a time")
    if scope is not None:
        return [Call("clip split", {"clip": clips[0].id, "at": scope.value.text.split("-")[0]})]
    if m.amount is None or m.amount.value != 0.5:
        raise NotThere("split it where? such as: in half, or at bar 3")
    bar = m.ground.project.meter_map.bar_ticks()
    bars, beats = divmod(clips[0].length_ticks // 2, bar)
    return [Call("clip split", {"clip": clips[0].id, "at": f"{bars + 1}.{beats // 1920 + 1}"})]


@frame(
    "verb:extend|cut part/pronoun+ amount:bars|times",
    "verb:set? part+ amount:fast",
    "verb:set? move:tempo part+ move:way? amount:times",
    cost=-0.2,
)
def stretch(m: Match) -> Sequence[Call]:
    """ "stretch the vocal to 4 bars", "the vocal half as fast"."""
    amount, bar = m.amount, m.ground.project.meter_map.bar_ticks()
    assert amount is not None
    lengths = {clip.length_ticks for clip in audio_clips(m)}
    if m.unit == "bars" and len(lengths) != 1:
        raise NotThere("clips of one length are stretched to so many bars")
    slower = m.has("move") and m.all("move")[0].value < 0
    if slower or (m.has("move") and amount.value < 1):
        amount = replace(amount, value=1 / amount.value if slower == (amount.value < 1) else amount.value)
    factor = {"bars": amount.value * bar / (min(lengths, default=0) or 1), "fast": 1 / (amount.value or 1)}
    return _ensure_clips(of_clips(m, "clip stretch", factor=round(factor.get(m.unit, amount.value), 6)))


@frame("verb:fade part/pronoun+ amount:seconds|ms|beats|bars", cost=-0.2)
def fade_clip(m: Match) -> Sequence[Call]:
    """ "fade the vocal in over 2 beats": of an audio clip, where its time is said."""
    amount, verb, project = m.amount, m.get("verb"), m.ground.project
    assert amount is not None and verb is not None
    beats = {"beats": 1.0, "bars": project.meter_map.bar_ticks() / 1920}
    in_seconds = {"seconds": 1.0, "ms": 0.001} | {unit: n * 60 / project.tempo_map.bpm for unit, n in beats.items()}
    seconds = round(amount.value * in_seconds[m.unit], 4)
    return _ensure_clips(of_clips(m, "clip fade", **{"into" if verb.value == "in" else "out": seconds}))


@frame("verb:freeze|unfreeze|bounce WHO+ word:particle?", "verb:bounce part/pronoun+ format", cost=-0.1)
def freeze(m: Match) -> Sequence[Call]:
    """ "freeze the bass", "bounce the kick to audio": one track at a time."""
    verb, ids = next(sense for sense in m.all("verb") if sense.key in ("freeze", "unfreeze", "bounce")), m.ids(bus=True)
    if not m.named:
        raise NotThere(f"{verb.key} which part?")
    if len(ids) != 1:
        raise NotThere(f"one part at a time: {verb.key} the {m.ground.track(ids[0]).name}")
    return [Call(f"track {verb.key}", {"track": ids[0]})]
