"""Composing: a plain line makes a project, or changes the one there is; vary and regenerate make parts anew."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hardcore.commands.assistant.modelanswer import Asked, can_consult
from hardcore.commands.composing.profileuse import to_taste, told
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, PlanDone, Row, counted
from hardcore.commands.core.seeds import fresh_seed, seed_now
from hardcore.commands.core.sentences import Candidates, Spoken
from hardcore.commands.core.types import (
    Bars,
    ClipRef,
    Flag,
    KeyOption,
    RandomSeed,
    Sentence,
    Share,
    Tempo,
    TrackList,
    Writer,
)
from hardcore.errors import Misused, NotFound, UserError
from hardcore.project.difference import difference
from hardcore.project.history import MAIN
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

if TYPE_CHECKING:
    from hardcore.compose.intent import Intent
    from hardcore.language.plan import NewPiece, Plan


class Unread(UserError):
    """A sentence that the grammar cannot read; a model may."""


class PartMade(Row):
    """A part of a piece that was made: what it plays, and how many notes."""

    id: str
    name: str
    instrument: str | None
    notes: int


class Composed(Edited):
    """What a prompt was taken for, and what was made of it; `liked` is what the profile did to it."""

    understood: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    seed: int
    tracks: tuple[PartMade, ...] = ()
    sections: tuple[tuple[str, int], ...] = ()
    model: str | None = None
    mended: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was made, what was understood and what was not."""
        lines = [self.message]
        for track in self.tracks:
            lines.append(f"  {track.name:<12} {track.instrument or '':<16} {track.notes} notes")
        if self.sections:
            lines.append("song: " + ", ".join(f"{name} {bars}" for name, bars in self.sections) + " bars")
        if self.liked:
            lines.append(told(self.liked))
        if self.understood:
            lines.append("understood: " + "; ".join(f"{words} = {meaning}" for words, meaning in self.understood))
        if self.ignored:
            lines.append("not understood: " + ", ".join(self.ignored))
        if self.model:
            lines.append(f"written by {self.model}" + (f"; mended: {'; '.join(self.mended)}" if self.mended else ""))
        return "\n".join(lines)


@command(
    "compose",
    "compose dark warehouse techno, 138 bpm, F minor, rolling bass, 4 bars",
    tries=True,
    about={
        "new": "a new piece, whatever is there",
        "bars": "how many bars it has",
        "preview": "say which commands it would be, and change nothing",
        "profile": "make a new piece as your profile has it, also where that is not so by itself",
        "with": "who writes the notes: the composer, or a language model in a new piece that the composer lays out",
    },
)
async def compose(
    call: Call,
    words: Sentence,
    *,
    seed: RandomSeed | None = None,
    new: Flag = False,
    bars: Bars | None = None,
    bpm: Tempo | None = None,
    key: KeyOption | None = None,
    preview: Flag = False,
    with_: Writer = "composer",
    profile: Flag = False,
) -> Composed | PlanDone | Asked | Done:
    """Make music from a sentence, or change what is there: `darker`, `double the hats`, `same but 150`.

    What is typed without a slash comes here. Where there is music, a sentence is read as commands, which the answer
    shows; --preview shows them and changes nothing. One that only describes a piece, or --new, makes a new project in
    its place as one step (undo brings the old one back), with its notes by a language model where --with model says so.
    """
    options = {"bars": bars, "bpm": bpm, "key": key}
    given = {name: value for name, value in options.items() if value is not None}
    if preview or profile:
        caller = replace(call.caller, dry_run=preview or call.caller.dry_run, profile=profile or call.caller.profile)
        call = replace(call, caller=caller)
    if with_ == "model":
        return await _by_model(call, words, seed, given)
    may_ask = can_consult(call) and not (new or given or preview)
    if may_ask and call.studio.settings.assistant.mode == "always" and not _chosen(call, words):
        return await _consulted(call, words)
    try:
        return await _by_grammar(call, words, seed, given, new=new)
    except Unread as error:
        if may_ask:
            return await _consulted(call, words)
        raise UserError(error.message, error.hint) from None  # what a person sees is an error like any other


async def _consulted(call: Call, words: str) -> Asked:
    from hardcore.commands.assistant.consult import consult

    return await consult(call, words)


async def _by_grammar(
    call: Call, words: str, seed: int | None, given: dict[str, Any], *, new: bool
) -> Composed | PlanDone | Done:
    """Return what a sentence does as the grammar reads it. Raises Unread where it cannot be read."""
    filled = any(track.clips for track in call.project.tracks)
    if not new and (filled or _chosen(call, words)):
        return await _read(call, ", ".join((words, *_said(given))), seed, given)
    if not new and not given and (answered := _answered(call, words)) is not None:
        return answered
    return _made(call, words, seed, given)


def _chosen(call: Call, words: str) -> "tuple[Plan | NewPiece, ...]":
    """Return the reading that 1 or 2 chooses of those that were offered, nothing for other words."""
    offered = call.studio.recall(Candidates)
    return offered.readings[int(words) - 1 :][:1] if offered and words.strip() in ("1", "2") else ()


def _answered(call: Call, words: str) -> Done | None:
    """Return the answer to a question or to talk, None where music is asked for."""
    from hardcore.language.asking import is_question
    from hardcore.language.remarks import remark

    if is_question(words):
        return answer_question(call, words)
    said = remark(words)
    return Done(message=said) if said is not None else None


def answer_question(call: Call, question: str) -> Done:
    """Return the answer to a question: how something is done from the guide, what is so from the project."""
    from hardcore.commands.assistant.docs import answered as documented
    from hardcore.language.asking import is_about_use
    from hardcore.language.questions import answered

    if is_about_use(question) and (found := documented(question)) is not None:
        return Done(message=found.text(), details=("/docs read PAGE --line LINE says more",))
    return Done(message=answered(question, _ground(call)), details=("a question changes nothing",))


async def _read(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed | PlanDone | Done:
    """Return what a sentence said to a piece does. Raises UserError where it is unclear; then nothing has changed."""
    from hardcore.commands.core.runplan import run_plan, spelled
    from hardcore.language import plan as readings
    from hardcore.language.interpret import interpret

    studio = call.studio
    before, chosen = studio.recall(Candidates), _chosen(call, words)
    label = before.words if before and chosen and before.words else call.label
    studio.forget(Candidates)
    reading = chosen[0] if chosen else interpret(words, _ground(call))
    if isinstance(reading, readings.Question):
        return answer_question(call, words)
    if isinstance(reading, readings.Remark):
        return Done(message=reading.answer)
    if isinstance(reading, readings.NewPiece):
        return _made(call, reading.words, seed, given)
    if isinstance(reading, readings.Unclear):
        studio.keep(Candidates(reading.candidates))
        offered = [
            f"{number}: {'; '.join(spelled(call.project, one) for one in plan.calls)}"
            if isinstance(plan, readings.Plan)
            else f"{number}: a new piece, {plan.words}"
            for number, plan in enumerate(reading.candidates, 1)
        ]
        raise (UserError if offered else Unread)("; ".join((reading.why, *offered)), _hint(words, reading.hint))
    old = call.project
    try:
        used = seed_now(studio, words) if seed is None else seed
        done = await run_plan(studio, reading, call.caller, label[:200], used)
    except (Misused, NotFound) as error:  # the sentence is no call of that command: its fields are not the caller's
        raise UserError(error.message, error.hint) from error
    if reading.calls and call.project is not old:
        studio.keep(Spoken(call.project, reading, _changed_tracks(old, call.project)))
    return done


def _hint(words: str, hint: str) -> str:
    """Return the hint of a refusal: in place of the general example, of the command that the words clearly fit."""
    from hardcore.commands.core.search import nearest_command
    from hardcore.language.interpret import EXAMPLE

    nearest = nearest_command(words) if hint == EXAMPLE else None
    return f"perhaps {nearest.usage.split(' [')[0]}: {nearest.summary}" if nearest is not None else hint


def _ground(call: Call) -> Any:
    """Return what a sentence can mean here; the last plan only where nothing was done since."""
    from hardcore.language.referents import Ground

    spoken = call.studio.recall(Spoken)
    if spoken is None or spoken.project is not call.project:
        return Ground(call.project)
    return Ground(call.project, spoken.tracks, spoken.plan.calls)


def _changed_tracks(old: ProjectState, new: ProjectState) -> tuple[str, ...]:
    """Return the ids of the parts that changed: what "it" means next; none where most did."""
    before = {track.id: track for track in old.tracks}
    changed = [track.id for track in new.tracks if track.kind != "master" and before.get(track.id) is not track]
    return tuple(changed) if len(changed) < max(len(new.tracks) // 2, 2) else ()


def _made(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed:
    """Return what a new piece is, made in place of what is there as one step."""
    if call.caller.dry_run:
        return compose_rehearsed(call, words, seed, given)
    with call.step():
        return compose_new(call, words, seed, given)


def compose_rehearsed(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed:
    """Return what a new piece would be, having changed nothing."""
    made, answer = piece(call, words, seed, given)
    return answer.with_difference(None, difference(call.project, made))


def _said(given: dict[str, Any]) -> list[str]:
    """Return options as the words that mean them."""
    ways: dict[str, Callable[[Any], str]] = {
        "bars": lambda bars: f"{bars} bars",
        "bpm": lambda bpm: f"{bpm:g} bpm",
        "key": lambda key: f"in {key.name}",
    }
    return [ways[name](value) for name, value in given.items()]


async def _by_model(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed:
    """Return what a new piece is, whose notes a model wrote; tempo, key, bars, sounds and mix are the composer's."""
    from hardcore.commands.assistant import modelparts
    from hardcore.commands.core.background import work

    made, answer = piece(call, words, seed, given)
    arguments = modelparts.request(call, made, words, modelparts.parts_of(made))
    if call.caller.dry_run:
        return answer.with_difference(None, difference(call.project, made))
    done = await work(call, "write", arguments)
    written = modelparts.put_in(made, call.studio.version, done)
    with call.step():
        put(call, written.project)
    tracks = tuple(_part(track) for track in written.project.tracks if track.clips)
    return answer.model_copy(update={"tracks": tracks, "model": done["model"], "mended": written.mended})


def compose_new(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> Composed:
    """Replace the project by one made from `words`; `given` fixes fields of the intent. Raises UserError."""
    made, answer = piece(call, words, seed, given)
    put(call, made)
    return answer


def put(call: Call, made: ProjectState) -> None:
    """Put a piece in the place of what is there, to be listened to before it is written."""
    is_main = call.caller.head == MAIN
    if made.piece == call.project.piece and is_main:
        call.controller.hearing.renew()
    new = call.edit(lambda project: made.evolve(next_id=max(made.next_id, project.next_id)))
    if is_main:
        call.studio.unheard = new


def piece(call: Call, words: str, seed: int | None, given: dict[str, Any]) -> tuple[ProjectState, Composed]:
    """Return the project made from `words`, and what is to be said of it. Raises UserError."""
    from hardcore.compose.form.song import composed

    intent = intent_of(call, words, given)
    used = fresh_seed() if seed is None else seed
    made, sections = composed(intent, used)
    made, liked = to_taste(call, made)
    answer = Composed(
        message=_summary(made, used),
        liked=liked,
        sections=tuple((one.name, one.bars) for one in sections),
        understood=tuple((piece.words, piece.meaning) for piece in intent.understood),
        ignored=intent.ignored,
        seed=used,
        tracks=tuple(_part(track) for track in made.tracks if track.clips),
    )
    return made, answer


def intent_of(call: Call, words: str, given: dict[str, Any]) -> "Intent":
    """Return what `words` ask for, with what is `given` besides and the usual length. Raises UserError."""
    from hardcore.language.prompt.understand import understand

    intent = asked_for(words) if not given else understand(words)
    defaults = {"bars": call.studio.settings.compose.bars} if intent.bars is None else {}
    fields = {name: value for name, value in given.items() if name in type(intent).model_fields}
    return intent.evolve(**(defaults | fields))


def asked_for(words: str) -> "Intent":
    """Return what a description of music asks for. Raises Unread where nothing in it says what to make."""
    from hardcore.language.prompt.understand import understand

    intent = understand(words)
    if not intent.understood:
        raise Unread(f"nothing in '{words[:60]}' says what music to make", _example(words))
    return intent


def _example(words: str) -> str:
    from hardcore.commands.core.registry import find

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
    meter = project.meter_map.text
    tempo = f"{project.tempo_map.bpm:g} bpm"
    return f"{project.title}: {tempo}, {project.key.name}, {meter}, {counted(bars, 'bar')}, seed {seed}"


def _part(track: Track) -> PartMade:
    return PartMade(
        id=track.id,
        name=track.name,
        instrument=track.instrument.device if track.instrument else None,
        notes=sum(len(clip.notes) for clip in track.clips),
    )


@command(
    "vary",
    "vary --keep bass,kick",
    about={"keep": "tracks that stay as they are, with commas", "amount": "how much changes, 0 to 100"},
)
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
