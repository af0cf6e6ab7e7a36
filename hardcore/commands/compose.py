"""Composing: a plain line makes a project, or changes the one there is; vary and regenerate make parts anew."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Result, counted
from hardcore.commands.types import Bars, ClipRef, Flag, KeyOption, RandomSeed, Sentence, Share, Tempo, TrackList
from hardcore.errors import UserError
from hardcore.project.state import ProjectState


class Composed(Result):
    """What a prompt was taken for, and what was made of it."""

    message: str
    understood: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    seed: int
    tracks: tuple[dict[str, Any], ...] = ()
    sections: tuple[tuple[str, int], ...] = ()

    def text(self) -> str:
        """Return what was made, what was understood and what was not."""
        lines = [self.message]
        for track in self.tracks:
            lines.append(f"  {track['track']:<12} {track['plays']:<16} {track['notes']} notes")
        if self.sections:
            lines.append("song: " + ", ".join(f"{name} {bars}" for name, bars in self.sections) + " bars")
        if self.understood:
            lines.append("understood: " + "; ".join(f"{words} = {meaning}" for words, meaning in self.understood))
        if self.ignored:
            lines.append("not understood: " + ", ".join(self.ignored))
        return "\n".join(lines)


def fresh_seed() -> int:
    """Return a seed drawn by the system, short enough to read aloud."""
    import secrets

    return secrets.randbelow(1_000_000)


def seed_of(words: str) -> int:
    """Return the seed a prompt gets where a second run must give the same file: drawn from its letters."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") % 1_000_000


@command("compose", "compose dark warehouse techno, 138 bpm, F minor, rolling bass, 4 bars")
def compose(
    call: Call,
    words: Sentence,
    *,
    seed: RandomSeed | None = None,
    new: Flag = False,
    bars: Bars | None = None,
    bpm: Tempo | None = None,
    key: KeyOption | None = None,
) -> Result:
    """Make music from a sentence, or change what is there: `darker`, `double the hats`, `same but 150`.

    What is typed without a slash comes here. Where there is music, a sentence edits it unless it names a style or asks
    for a piece: that, as --new does, makes a new project in its place as one step (undo brings the old one back).
    """
    options = {"bars": bars, "bpm": bpm, "key": key}
    given = {name: value for name, value in options.items() if value is not None}
    filled = any(track.clips for track in call.project.tracks)
    if not new and not given:
        from hardcore.compose.questions import answer, is_question

        if is_question(words):
            return Done(message=answer(call.project, words), changes=("a question changes nothing",))
    if filled and not new:
        from hardcore.compose.followup import follow, is_followup
        from hardcore.compose.songwords import made_song

        if (asked := made_song(words)) is not None:
            from hardcore.commands.song import arrange

            return arrange(call, bars or asked.bars, asked.minutes, seed=seed)
        if is_followup(words):
            return _changed(call, ", ".join((words, *_said(given))), seed, follow)
    return compose_new(call, words, seed, given)


def _said(given: dict[str, Any]) -> list[str]:
    """Return options as the words that mean them."""
    ways: dict[str, Callable[[Any], str]] = {
        "bars": lambda bars: f"{bars} bars",
        "bpm": lambda bpm: f"{bpm:g} bpm",
        "key": lambda key: f"in {key.name}",
    }
    return [ways[name](value) for name, value in given.items()]


def _changed(call: Call, words: str, seed: int | None, follow: Any) -> Done:
    used = fresh_seed() if seed is None else seed
    followed = follow(call.project, words, used)
    unknown = ", ".join(words for words in followed.ignored if words in followed.unknown)
    ignored = tuple(words for words in followed.ignored if words not in followed.unknown)
    ignored += (f"not understood: {unknown}",) if unknown else ()
    if not followed.changes:
        raise UserError("; ".join(ignored) or "that changes nothing")
    call.edit(lambda project: followed.project)
    if len(followed.changes) == 1:
        return Done(message=followed.changes[0], changes=ignored)
    return Done(message=words, changes=(*followed.changes, *ignored))


def compose_new(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed:
    """Replace the project by one made from `words`; `given` fixes fields of the intent. Raises UserError."""
    from hardcore.compose.prompt import understand
    from hardcore.compose.song import composed

    intent = understand(words)
    if not intent.understood and not given:
        raise UserError(f"nothing in '{words[:60]}' says what music to make", _example(words))
    defaults = {"bars": call.studio.settings.compose.bars} if intent.bars is None else {}
    fields = {name: value for name, value in given.items() if name in type(intent).model_fields}
    intent = intent.evolve(**(defaults | fields))
    used = fresh_seed() if seed is None else seed
    made, sections = composed(intent, used)
    if made.piece == call.project.piece:
        call.controller.hearing.renew()
    after = call.edit(lambda project: made.evolve(next_id=max(made.next_id, project.next_id)))
    call.studio.unheard = after
    return Composed(
        message=_summary(after, used),
        sections=tuple((one.name, one.bars) for one in sections),
        understood=tuple((piece.words, piece.meaning) for piece in intent.understood),
        ignored=intent.ignored,
        seed=used,
        tracks=tuple(_part(track) for track in after.tracks if track.clips),
    )


def _example(words: str) -> str:
    from hardcore.commands.registry import find

    found = find(words.lower().split())
    if found:
        return f"/{found[0].name} is the command"
    from difflib import get_close_matches

    from hardcore.compose.styles import styles

    near = get_close_matches(words.lower().strip(), [phrase for style in styles() for phrase in style.phrases], 1, 0.7)
    if near:
        return f"did you mean {near[0]}?"
    return "such as: acid 130 bpm, F minor, 8 bars; /help lists commands"


def _summary(project: ProjectState, seed: int) -> str:
    first = next(clip for _, clip in project.clips())
    bars = project.meter_map.bar_of(first.length_ticks)
    meter = f"{project.meter_map.numerator}/{project.meter_map.denominator}"
    tempo = f"{project.tempo_map.bpm:g} bpm"
    return f"{project.title}: {tempo}, {project.key.name}, {meter}, {counted(bars, 'bar')}, seed {seed}"


def _part(track: Any) -> dict[str, Any]:
    return {
        "track": track.name,
        "plays": track.instrument.device if track.instrument else "",
        "notes": sum(len(clip.notes) for clip in track.clips),
    }


@command("vary", "vary --keep bass,kick")
def vary(call: Call, *, keep: TrackList = (), amount: Share = 50, seed: RandomSeed | None = None) -> Done:
    """Make the parts anew with other chances; --keep names tracks that stay as they are, --amount is how far."""
    from hardcore.compose.vary import vary as remake

    kept = tuple(call.project.find_track(name).id for name in keep)
    used = fresh_seed() if seed is None else seed
    old = {clip.id: clip for _, clip in call.project.clips()}
    after = call.edit(lambda project: remake(project, used, keep=kept, amount=amount / 100))
    changed = [track.name for track, clip in after.clips() if old.get(clip.id) != clip]
    return Done(message=f"varied {', '.join(changed) or 'nothing'}; seed {used}")


@command("regenerate", "regenerate bass:A")
def regenerate(call: Call, clip: ClipRef, *, seed: RandomSeed | None = None) -> Done:
    """Make one clip anew from what it was made from, with another seed."""
    from hardcore.compose.vary import regenerate as remake

    _, found = call.project.find_clip(clip)
    used = fresh_seed() if seed is None else seed
    after = call.edit(lambda project: remake(project, found.id, used))
    notes = len(after.find_clip(found.id)[1].notes)
    return Done(message=f"{found.name} made anew: {len(found.notes)} → {notes} notes, seed {used}")
