"""Form: tempo, key, meter, length."""

from collections.abc import Callable

from hardcore.compose.chance import stream
from hardcore.compose.changes.scope import Outcome, device_of, is_drum, plays, within
from hardcore.compose.changes.transitions import shortened
from hardcore.compose.mix import tonic_hz, tune_of
from hardcore.compose.numbers import HIGH_BPM, LOW_BPM, MAX_BARS
from hardcore.compose.orders import Order
from hardcore.compose.transition import retimed
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project import devices
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.devices import Device
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect, set_parameter

PACE_PERCENT = 5.0
# lengths that follow the tempo where they are a plain part of a beat: device, parameter
IN_BEATS = {("delay", "time"), ("kick_industrial", "ghost_time"), ("kick_industrial", "length"),
            ("downlifter", "time"), ("impact", "time")}  # fmt: skip


def tempo(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project at a tempo in BPM; clips stay the same objects."""
    return at_tempo(project, float(order.value))


def pace(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project faster or slower: by the per cents that are said, else by 5."""
    way = 1 if order.sign >= 0 else -1
    before = project.tempo_map.bpm
    percent = order.value[1] if isinstance(order.value, tuple) else PACE_PERCENT * order.amount
    return at_tempo(project, float(round(before * (1 + way * percent / 100))))


def bpm_step(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project faster or slower by so many BPM."""
    sign, amount = order.value
    return at_tempo(project, project.tempo_map.bpm + (sign or 1) * amount)


def tempo_factor(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project at twice or half its tempo."""
    return at_tempo(project, project.tempo_map.bpm * (2 if order.sign > 0 else 0.5))


def at_tempo(project: ProjectState, bpm: float) -> Outcome:
    """Return the project with its tempo map scaled to start at `bpm`; what is set in beats follows."""
    before = project.tempo_map.bpm
    if not LOW_BPM <= bpm <= HIGH_BPM:
        return Outcome(project, (), (f"{bpm:g} BPM is out of range ({LOW_BPM:g} to {HIGH_BPM:g})",))
    if bpm == before:
        return Outcome(project, (), (f"the tempo is {before:g} BPM already",))
    tempo_map = project.tempo_map
    changed = tempo_map.with_bpm(bpm) if len(tempo_map.points) == 1 else tempo_map.scaled(bpm / before).with_bpm(bpm)
    old, project = project, project.evolve(tempo_map=changed)
    said = [f"tempo {before:g} → {bpm:g} BPM"]
    for track in project.tracks:
        project, lines = _in_time(project, track, before, bpm)
        project = retimed(project, track.id, old)
        said += lines
    return Outcome(project, tuple(said))


def _in_time(project: ProjectState, track: Track, before: float, bpm: float) -> tuple[ProjectState, list[str]]:
    said = []
    for effect in track.effects:
        for name, value in _followed(devices.effect(effect.device), effect.settings, before, bpm):
            said.append(f"{track.name}: {name} {effect.value(name) * 1000:.0f} → {value * 1000:.0f} ms")
            project = set_effect(project, track.id, effect.id, {name: value})
    if track.instrument is not None:
        for name, value in _followed(device_of(track), track.instrument.settings, before, bpm):
            project = set_parameter(project, track.id, name, value)
    return project, said


def _followed(device: Device, settings: object, before: float, bpm: float) -> list[tuple[str, float]]:
    """Return the device's lengths in beats at the new tempo, where they are plain parts of a beat at the old one."""
    found = []
    for parameter in device.parameters:
        if (device.id, parameter.id) not in IN_BEATS:
            continue
        value = dict(settings).get(parameter.id)  # type: ignore[call-overload]
        if value is None:
            continue
        twelfths = value * before / 60 * 12
        if abs(twelfths - round(twelfths)) < 0.02 * max(1, twelfths) and round(twelfths) > 0:
            found.append((parameter.id, within(parameter, round(twelfths) / 12 * 60 / bpm)))
    return found


def key(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project in another key: notes keep their degree, tuned kicks follow the tonic."""
    _, value = order.value
    if isinstance(value, int):
        target = Key(tonic=value, mode=project.key.mode)
    elif isinstance(value, str):
        target = Key(tonic=project.key.tonic, mode=value)
    else:
        target = value
    if target == project.key:
        return Outcome(project, (), (f"the key is {target.name} already",))
    return in_key(project, target, lambda pitch: project.key.map_to(target, pitch))


def in_key(project: ProjectState, target: Key, move: Callable[[int], int]) -> Outcome:
    """Return the project in `target`, its pitches moved by `move`; what leaves an instrument's range is folded back."""
    old, moved = project.key, 0
    for track in project.tracks:
        if not plays(track):
            continue
        if device_of(track).pitched or track.role == "riser":
            project, count = _pitches(project, track, move)
            moved += count
        elif track.role in ("kick", "impact") and not project_is_same_tonic(old, target):
            project = _tuned(project, track, target)
    said = f"key {old.name} → {target.name}, {moved} notes moved"
    return Outcome(project.evolve(key=target), (said,))


def project_is_same_tonic(old: Key, new: Key) -> bool:
    """Return whether a kick tuned to one key suits the other as it is."""
    return old.tonic == new.tonic


def _pitches(project: ProjectState, track: Track, move: Callable[[int], int]) -> tuple[ProjectState, int]:
    device, count = device_of(track), 0

    def placed(note: Note) -> Note:
        pitch = move(note.pitch)
        if device.low_note <= note.pitch <= device.high_note:
            # the move may leave the range that the note was in
            pitch += 12 * (pitch < device.low_note) - 12 * (pitch > device.high_note)
        return note._replace(pitch=min(max(pitch, 0), 127))

    for clip in track.clips:
        notes = clip.notes.map(placed)
        count += len(clip.notes) if notes != clip.notes else 0
        if notes != clip.notes:
            project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    return project, count


def _tuned(project: ProjectState, track: Track, target: Key) -> ProjectState:
    """Return the project with the pitch of a kick or a blow in Hz moved to the tonic, where it has been set."""
    assert track.instrument is not None
    parameter = tune_of(device_of(track))
    if parameter is None or "tune" not in track.instrument.settings:
        return project
    value = within(parameter, tonic_hz(target.tonic, track.instrument.value("tune"), parameter))
    return set_parameter(project, track.id, "tune", value)


def bars(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with its scenes' clips so many bars long: repeated with small differences, or cut."""
    kind, value = order.value
    bar = project.meter_map.bar_ticks()
    if kind == "beats":
        count = round(value * 1920 / bar)
    elif kind == "bars_step":
        longest = max((clip.length_ticks for _, clip in project.clips()), default=0)
        count = -(-longest // bar) + int(value[0] * value[1])
    elif kind == "seconds":
        count = round(value * project.tempo_map.bpm / 60 * 1920 / bar)
    else:
        count = int(value)
    return of_length(project, max(count, 1), seed)


def extend(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project twice or half as long."""
    longest = max((clip.length_ticks for _, clip in project.clips()), default=0)
    old = -(-longest // project.meter_map.bar_ticks())
    return of_length(project, old * 2 if order.sign > 0 else max(old // 2, 1), seed)


def of_length(project: ProjectState, count: int, seed: int) -> Outcome:
    """Return the project with every clip in a scene `count` bars long."""
    if count > MAX_BARS:
        return Outcome(project, (), (f"{count} bars are too many (1 to {MAX_BARS})",))
    used = {clip for scene in project.scenes for clip in scene.slots.values()}
    length = project.meter_map.bar_start(count)
    longest = max((clip.length_ticks for _, clip in project.clips() if clip.id in used), default=0)
    if not longest:
        return Outcome(project, (), ("there is no clip yet",))
    changed, before = 0, project
    for track, clip in project.clips():
        if clip.id in used and clip.length_ticks != length:
            try:
                new = resized(clip, length, is_drum(track), seed)
                if track.role == "riser" and length < clip.length_ticks:
                    new = new.evolve(notes=NoteBlock.of(shortened(clip, length)))
            except ValueError as error:
                raise UserError(f"{clip.name}: {error}") from error
            project = project.with_clip(clip.id, lambda clip, new=new: new)  # type: ignore[misc]
            project = retimed(project, track.id, before)
            changed += 1
    if not changed:
        return Outcome(project, (), (f"it is {count} bars long already",))
    old = longest / project.meter_map.bar_ticks()
    return Outcome(project, (f"length {old:g} → {count} bars, {changed} clips",))


def resized(clip: Clip, length_ticks: int, drum: bool, seed: int) -> Clip:
    """Return the clip at another length: cut, or repeated, each repetition a little different in its velocities.

    Raises ValueError when there would be too many notes.
    """
    chance = stream(seed, "bars", clip.id)
    notes: list[Note] = []
    for number in range(-(-length_ticks // clip.length_ticks)):
        base = number * clip.length_ticks
        if len(notes) + len(clip.notes) > MAX_NOTES:
            raise ValueError(f"too many notes; at most {MAX_NOTES}")
        for note in clip.notes:
            start = base + note.start_ticks
            if start >= length_ticks:
                continue
            room = max(length_ticks - start, 1)
            again = number and note.velocity < 120
            velocity = min(max(note.velocity + chance.randint(-5, 5), 1), 127) if again else note.velocity
            # a soft hit of a drum is left out here and there
            if drum and number and note.velocity < 60 and chance.random() < 0.2:
                continue
            notes.append(note._replace(start_ticks=start, length_ticks=min(note.length_ticks, room), velocity=velocity))
    envelopes = tuple(_looped(automation, clip.length_ticks, length_ticks) for automation in clip.automation)
    return clip.evolve(length_ticks=length_ticks, notes=NoteBlock.of(notes), automation=envelopes)


def _looped(automation: Automation, old_ticks: int, new_ticks: int) -> Automation:
    """Return an envelope repeated as its clip is, within the limit of points."""
    ticks: dict[int, float] = {}
    for number in range(-(-new_ticks // old_ticks)):
        base = number * old_ticks
        if len(ticks) + len(automation.points) > 4096:
            break
        for point in automation.points:
            if base + point.tick <= new_ticks:
                ticks[base + point.tick] = point.value
    points = tuple(AutomationPoint(tick=tick, value=ticks[tick]) for tick in sorted(ticks))
    return automation.evolve(points=points or automation.points[:1])


def meter(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project in another meter; parts made from a prompt are made anew, others are cut to whole bars."""
    from hardcore.compose.vary import vary

    numerator, denominator = order.value
    old = project.meter_map
    if (numerator, denominator) == (old.numerator, old.denominator):
        return Outcome(project, (), (f"the meter is {old.text} already",))
    before = old.bar_ticks()
    project = project.evolve(meter_map=old.with_meter(numerator, denominator))
    bar = project.meter_map.bar_ticks()
    for track, clip in list(project.clips()):
        length = max(round(clip.length_ticks / before), 1) * bar
        new = resized(clip, length, is_drum(track), seed)
        project = project.with_clip(clip.id, lambda clip, new=new: new)  # type: ignore[misc]
    try:
        project = vary(project, seed)
        how = "the parts are made anew"
    except UserError:
        how = "the clips are cut or repeated to whole bars"
    return Outcome(project, (f"meter {old.text} → {numerator}/{denominator}: {how}",))
