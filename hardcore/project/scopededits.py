"""Scoped edits: any edit of tracks, done to a stretch of the piece only.

The stretch is lifted out as a window, a project in which every track has just the notes that sound there; the edit is
done to that, and what it changed is put back: in an arrangement as clips of the stretch's own, in a loop as notes of
the clips that are there. What an edit sets for a whole track (its fader, a parameter) becomes a constant envelope of
those clips; a track that is silenced has no clip there; an effect that is added rests elsewhere. What can be none of
these is refused.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project import envelopes, lyrics
from hardcore.project.automation import FADER, SEND, static
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.mixer import Effect
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.placement import Placement
from hardcore.project.placing import placements_around
from hardcore.project.scope import Scope, Stretch
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Edit = Callable[[ProjectState], ProjectState]
_MIXED = {"gain_db": "gain_db", "pan": "pan"}
# effects that change nothing with these settings
_NEUTRAL: dict[str, dict[str, float]] = {"eq": {}, "width": {}, "utility": {}, "transient": {"attack": 0.0}}
# what of a track an edit of a stretch may set
_KEPT = ("name", "kind", "role", "output", "groove", "groove_amount", "placements")


class _Piece(NamedTuple):
    """What of a track sounds in the scope, as a clip of its own: where it lies, and the clip it is of."""

    track: str
    clip: Clip
    source: str
    stretch: Stretch


def scoped(project: ProjectState, scope: Scope, edit: Edit) -> ProjectState:
    """Return the project with an edit done in a scope only. Raises UserError for what can't be done there."""
    if not project.arrangement:
        project = _unrolled(project, scope)
    window, pieces = _window(project, scope)
    after, absent, done = edit(window), list[str](), False
    _check_whole(window, after)
    for old in window.tracks:
        new = next((track for track in after.tracks if track.id == old.id), None)
        if new is None:
            raise UserError(f"{old.name} can't be removed in a stretch of the piece only", "mute it there")
        if new is not old and new != old:
            own = [piece for piece in pieces if piece.track == old.id]
            before, project = project, _put_back(project, scope, old, new, own)
            absent += [old.name] if project is before else []
            done = done or project is not before
    if absent and not done:
        raise UserError(f"{', '.join(absent)} {'does' if len(absent) == 1 else 'do'} not play there")
    if len(after.tracks) != len(window.tracks):
        raise UserError("a track can't be added in a stretch of the piece only", "add it, then mute it elsewhere")
    return project.evolve(next_id=max(after.next_id, project.next_id))


def _check_whole(old: ProjectState, new: ProjectState) -> None:
    for name in ("tempo_map", "meter_map", "key", "active_groove", "groove_amount", "grooves"):
        if getattr(old, name) != getattr(new, name):
            what = name.split("_")[0].replace("active", "groove")
            raise UserError(f"the {what} can't be changed in a stretch of the piece only", "leave out --in")


def _window(project: ProjectState, scope: Scope) -> tuple[ProjectState, list[_Piece]]:
    pieces: list[_Piece] = []
    tracks = []
    for track in project.tracks:
        own: list[_Piece] = []
        for stretch, clip, offset in _sounding(project, track, scope):
            project, piece_id = project.taken("c")
            own.append(_Piece(track.id, cut_out(clip, piece_id, offset, stretch), clip.id, stretch))
        pieces += own
        tracks.append(track.evolve(clips=tuple(piece.clip for piece in own), placements=()))
    slots = {piece.track: piece.clip.id for piece in reversed(pieces)}
    scene = project.scenes[0].evolve(slots=slots)
    return project.evolve(tracks=tuple(tracks), scenes=(scene,)), pieces


def _sounding(project: ProjectState, track: Track, scope: Scope) -> Iterable[tuple[Stretch, Clip, int]]:
    """Yield where in the scope each clip of a track sounds, the clip, and how far into it the stretch begins."""
    clips = {clip.id: clip for clip in track.clips}
    if not project.arrangement:
        used = {scene.slots[track.id] for scene in project.scenes if track.id in scene.slots}
        for clip_id in sorted(used, key=lambda one: [clip.id for clip in track.clips].index(one)):
            for stretch in scope.stretches:
                end = min(stretch.end_ticks, clips[clip_id].length_ticks)
                if stretch.start_ticks < end:
                    yield Stretch(stretch.start_ticks, end), clips[clip_id], stretch.start_ticks
        return
    for placed in track.placements:
        for stretch in scope.stretches:
            start = max(placed.start_ticks, stretch.start_ticks)
            end = min(placed.start_ticks + placed.length_ticks, stretch.end_ticks)
            if start < end:
                offset = placed.offset_ticks + start - placed.start_ticks
                yield Stretch(start, end), clips[placed.clip], offset


def cut_out(clip: Clip, clip_id: str, offset: int, stretch: Stretch) -> Clip:
    """Return what of a looping clip sounds over a stretch, `offset` ticks into it, as a clip as long as that."""
    size, length = stretch.end_ticks - stretch.start_ticks, clip.length_ticks
    if clip.region is not None:
        return _cut_out_audio(clip, clip_id, offset, size)
    notes: list[Note] = []
    for number in range(offset // length, (offset + size - 1) // length + 1):
        base = number * length - offset
        for note in clip.notes.between(max(0, -base), min(length, size - base)):
            notes.append(note._replace(start_ticks=note.start_ticks + base))
    moving = tuple(one.evolve(points=envelopes.looped(one, length, offset, size)) for one in clip.automation)
    words = lyrics.looped(clip.lyrics, length, offset, size)
    return clip.evolve(id=clip_id, length_ticks=size, notes=_block(clip, notes), automation=moving, lyrics=words)


def _cut_out_audio(clip: Clip, clip_id: str, offset: int, size: int) -> Clip:
    assert clip.region is not None
    region = clip.region.over(clip.length_ticks, offset, size)
    moving = tuple(one.evolve(points=envelopes.looped(one, clip.length_ticks, offset, size)) for one in clip.automation)
    return clip.evolve(id=clip_id, length_ticks=size, region=region, automation=moving)


def _block(clip: Clip, notes: Iterable[Note]) -> NoteBlock:
    try:
        return NoteBlock.of(notes)
    except ValueError as error:
        raise UserError(f"{clip.name}: {error}") from error


def _put_back(project: ProjectState, scope: Scope, old: Track, new: Track, pieces: list[_Piece]) -> ProjectState:
    """Return the project with what an edit of the window changed of one track put where it belongs."""
    for name in _KEPT:
        if getattr(old, name) != getattr(new, name):
            raise UserError(f"{old.name}: its {name.replace('_', ' ')} can't change in a stretch of the piece only")
    if not pieces and project.find_track(old.id).clips:
        return project  # it does not play there
    project = project.with_track(old.id, partial(_with_silent_sends, new=new))
    old = _with_resting_effects(old, new)
    project = project.with_track(old.id, lambda track: track.evolve(effects=old.effects))
    if not pieces:
        return _along(project, scope, old, new)
    after = {clip.id: clip for clip in new.clips}
    settings = list(_settings(old, new))
    silent = new.mixer.mute and not old.mixer.mute
    for piece in pieces:
        clip = after.get(piece.clip.id)
        clip = None if clip is None or silent else clip.evolve(automation=_with_constants(clip, old, settings))
        project = _placed(project, piece, clip) if project.arrangement else _merged(project, piece, clip, old)
    return _in_scene(project, scope, old.id) if project.arrangement else project


def _settings(old: Track, new: Track) -> Iterable[tuple[str, str, float, float]]:
    """Yield (owner, parameter, before, after) of what an edit set for the whole track. Raises UserError."""
    for parameter in _MIXED:
        before, after = getattr(old.mixer, parameter), getattr(new.mixer, parameter)
        if before != after:
            yield old.id, parameter, float(before), float(after)
    yield from _sends(old, new)
    if old.instrument != new.instrument:
        if old.instrument is None or new.instrument is None or old.instrument.device != new.instrument.device:
            raise UserError(
                f"{old.name} can't play another instrument in a stretch of the piece only", "leave out --in"
            )
        for name in sorted({*old.instrument.settings, *new.instrument.settings}):
            before, after = old.instrument.value(name), new.instrument.value(name)
            if before != after:
                yield old.id, name, before, after
    if [(one.id, one.device, one.bypass) for one in old.effects] != [
        (one.id, one.device, one.bypass) for one in new.effects
    ]:
        raise UserError(
            f"effects can't be put on {old.name} in a stretch of the piece only", "add it, then set its mix --in"
        )
    for first, second in zip(old.effects, new.effects, strict=True):
        for name in sorted({*first.settings, *second.settings}):
            before, after = first.value(name), second.value(name)
            if before != after:
                yield first.id, name, before, after


def _sends(old: Track, new: Track) -> Iterable[tuple[str, str, float, float]]:
    """Yield what an edit set of the levels of sends; one that only one of the tracks has is silent in the other."""
    levels = [{send.target: float(send.gain_db) for send in track.sends} for track in (old, new)]
    for target in dict.fromkeys((*levels[0], *levels[1])):
        before, after = (level.get(target, FADER["gain_db"].low) for level in levels)
        if before != after:
            yield old.id, SEND + target, before, after


def _with_silent_sends(track: Track, new: Track) -> Track:
    """Return a track with the sends that an edit gave it, silent where no envelope opens them."""
    there = {send.target for send in track.sends}
    added = tuple(send.evolve(gain_db=FADER["gain_db"].low) for send in new.sends if send.target not in there)
    return track.evolve(sends=(*track.sends, *added)) if added else track


def _with_resting_effects(track: Track, new: Track) -> Track:
    """Return a track with the effects that an edit gave it, at rest where no envelope wakes them; else as it is."""
    there = {effect.id: effect for effect in track.effects}
    kept = [effect.id for effect in new.effects if effect.id in there]
    resting = [there.get(effect.id) or _at_rest(effect) for effect in new.effects]
    if kept != list(there) or None in resting:
        return track
    return track.evolve(effects=tuple(effect for effect in resting if effect is not None))


def _at_rest(effect: Effect) -> Effect | None:
    """Return an effect such that nothing of it is heard; None for one that cannot be."""
    if any(known.id == "mix" for known in effect.definition.parameters):
        return effect.evolve(settings={**effect.settings, "mix": 0.0})
    settings = _NEUTRAL.get(effect.device)
    return effect.evolve(settings=settings) if settings is not None else None


def _with_constants(
    clip: Clip, track: Track, settings: Iterable[tuple[str, str, float, float]]
) -> tuple[Automation, ...]:
    """Return a clip's envelopes with settings added: a level moves the envelope there is, others are held."""
    moving = {one.key: one for one in clip.automation}
    for owner, parameter, before, after in settings:
        there = moving.get((owner, parameter))
        if there is not None and (parameter == "gain_db" or parameter.startswith(SEND)):
            points = tuple(one.evolve(value=min(max(one.value + after - before, -96.0), 24.0)) for one in there.points)
            moving[owner, parameter] = there.evolve(points=points)
        elif there is None:
            point = AutomationPoint(tick=0, value=after)
            moving[owner, parameter] = Automation(owner=owner, parameter=parameter, points=(point,))
    return tuple(moving.values())


def _placed(project: ProjectState, piece: _Piece, clip: Clip | None) -> ProjectState:
    """Return the project with a piece in the arrangement in place of what was there; None: nothing."""
    hole = Placement(
        clip=piece.clip.id,
        start_ticks=piece.stretch.start_ticks,
        length_ticks=piece.stretch.end_ticks - piece.stretch.start_ticks,
    )

    def change(track: Track) -> Track:
        left = [part for one in track.placements for part in placements_around(one, hole)]
        if clip is None:
            return track.evolve(placements=tuple(left))
        return track.evolve(clips=(*track.clips, clip), placements=(*left, hole))

    return project.with_track(piece.track, change)


def _merged(project: ProjectState, piece: _Piece, clip: Clip | None, track: Track) -> ProjectState:
    """Return the project with a piece put back into the loop it is a part of."""
    start, end = piece.stretch

    def change(whole: Clip) -> Clip:
        if whole.region is not None:
            return _merged_audio(whole, piece, clip, track)
        outside = [note for note in whole.notes if not start <= note.start_ticks < end]
        if clip is None:
            # what rings into the silence ends there
            kept = [
                note._replace(length_ticks=min(note.length_ticks, start - note.start_ticks))
                if note.start_ticks < start
                else note
                for note in outside
            ]
            return whole.evolve(notes=_block(whole, kept))
        inside = [
            note._replace(start_ticks=note.start_ticks + start) for note in clip.notes if note.start_ticks < end - start
        ]
        moving = _merged_envelopes(whole, clip, track, piece.stretch)
        return whole.evolve(notes=_block(whole, [*outside, *inside]), automation=moving)

    return project.with_clip(piece.source, change)


def _merged_audio(whole: Clip, piece: _Piece, clip: Clip | None, track: Track) -> Clip:
    """Return a loop of audio with the envelopes of a piece in it; what else was changed cannot be put back."""
    if clip is None or clip.region != piece.clip.region:
        raise UserError(f"{whole.name} holds audio: of a part of it only levels and settings can change")
    return whole.evolve(automation=_merged_envelopes(whole, clip, track, piece.stretch))


def _merged_envelopes(whole: Clip, clip: Clip, track: Track, scope: Stretch) -> tuple[Automation, ...]:
    start, end = scope
    own = {one.key: one for one in whole.automation}
    for one in clip.automation:
        before, rest = own.get(one.key), static(track, one.owner, one.parameter)
        if rest is None and before is None:
            continue
        inside = envelopes.shifted(envelopes.stretch(one, 0, end - start), start)
        points = envelopes.over(before, rest or 0.0, start, end, inside)
        own[one.key] = one.evolve(points=[point for point in points if point.tick < whole.length_ticks])
    return tuple(own.values())


def _unrolled(project: ProjectState, scope: Scope) -> ProjectState:
    """Return a loop with clips that are shorter than the scope reaches repeated to the length of their scene."""
    reach = max(stretch.end_ticks for stretch in scope.stretches)
    for scene in project.scenes:
        clips = {clip.id: clip for _, clip in project.clips()}
        length = max((clips[clip_id].length_ticks for clip_id in scene.slots.values()), default=0)
        for clip_id in scene.slots.values():
            clip = clips[clip_id]
            if clip.length_ticks < min(reach, length) and length % clip.length_ticks == 0:
                long = cut_out(clip, clip.id, 0, Stretch(0, length))
                project = project.with_clip(clip_id, lambda clip, long=long: long)  # type: ignore[misc]
    return project


def _along(project: ProjectState, scope: Scope, old: Track, new: Track) -> ProjectState:
    """Return the project with the settings of a track without clips as envelopes along the arrangement."""
    if not project.arrangement:
        raise UserError(f"{old.name} has no clips: along a loop it can't change", "make a song first: /song")
    for owner, parameter, _, after in _settings(old, new):
        there = next((one for one in old.automation if one.key == (owner, parameter)), None)
        rest = static(project.find_track(old.id), owner, parameter) or 0.0
        for start, end in scope.stretches:
            held = tuple(AutomationPoint(tick=tick, value=after) for tick in sorted({start, end - 1}))
            points = envelopes.over(there, rest, start, end, held)
            there = Automation(owner=owner, parameter=parameter, points=points)
        kept = [one for one in project.find_track(old.id).automation if one.key != (owner, parameter)]
        moved = (*kept, *([there] if there is not None else []))
        project = project.with_track(old.id, partial(_moving, moved=moved))
    if new.mixer.mute != old.mixer.mute:
        raise UserError(f"{old.name} can't be muted in a stretch of the piece only", "turn it down there: /gain … --in")
    return project


def _moving(track: Track, moved: tuple[Automation, ...]) -> Track:
    return track.evolve(automation=moved)


def _in_scene(project: ProjectState, scope: Scope, track_id: str) -> ProjectState:
    """Return the project with the section's own scene playing what the arrangement plays there, if it has one."""
    scene = next(
        (row for row in project.scenes if scope.section and row.name.casefold() == scope.section.casefold()), None
    )
    if scene is None:
        return project
    start = scope.stretches[0].start_ticks
    track = project.find_track(track_id)
    placed = next(
        (one for one in track.placements if one.start_ticks <= start < one.start_ticks + one.length_ticks), None
    )
    slots = {key: value for key, value in scene.slots.items() if key != track_id}
    if placed is not None:
        slots[track_id] = placed.clip
    return project.evolve(
        scenes=tuple(row.evolve(slots=slots) if row.id == scene.id else row for row in project.scenes)
    )
