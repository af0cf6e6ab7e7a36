"""Parts: the notes of any role over one scene, from the grammar of drums or the melodic generators."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hardcore.compose.beatgrid import groups
from hardcore.compose.chance import stream
from hardcore.compose.feel.drift import drift_of, drifted
from hardcore.compose.feel.humanize import apart, humanized
from hardcore.compose.form import transition
from hardcore.compose.form.structure import SceneBar, scene_bars, span
from hardcore.compose.harmony.progression import Progression
from hardcore.compose.mix.headroom import under
from hardcore.compose.mix.mixing import sound
from hardcore.compose.parts import bass, chordparts, counter, drums, lead, texture
from hardcore.compose.parts.counter import COUNTER, RESPONSE
from hardcore.compose.parts.ornament import ornamented, plain
from hardcore.compose.plan import Plan, sources
from hardcore.knowledge.melodic import CompRole
from hardcore.music.ticks import PPQ
from hardcore.project import devices
from hardcore.project.clip import CHORDS, MOTIF
from hardcore.project.devices import Device
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, GM_DRUM_NOTE, TRANSITIONS, UNTUNED, Role

# the widest range of a role, MIDI pitches; the instrument's own narrows it
_RANGES: dict[Role, tuple[int, int]] = {
    "bass": (24, 60), "sub": (24, 48), "lead": (40, 93), "chords": (38, 88), "keys": (43, 88), "pad": (40, 88),
    "pluck": (48, 93), "texture": (36, 84),
}  # fmt: skip
_TOLD = 2000
_COMPING: dict[Role, CompRole] = {"chords": "chords", "keys": "keys", "pad": "pad", "pluck": "pluck"}


@dataclass(frozen=True)
class SceneScore:
    """What the parts of one scene share: its bars, its chords, and the kick the bass must know.

    harmony_seed  the seed of the chords: a part made anew keeps to those of the others
    given_kick    the kick that is there already, when the parts are made for an existing scene
    given_lead    the lead that is there already, which a counter-melody listens to
    """

    plan: Plan
    harmony_seed: int
    given_kick: tuple[Note, ...] | None = None
    given_lead: tuple[Note, ...] | None = None

    @cached_property
    def bars(self) -> tuple[SceneBar, ...]:
        """Return the bars of the scene."""
        return scene_bars(self.plan)

    @cached_property
    def progression(self) -> Progression:
        """Return the chords of the scene."""
        plan = self.plan
        curve = [bar.tension for bar in self.bars]
        rng = stream(self.harmony_seed, "harmony")
        return chordparts.progression(
            plan.genre.harmony,
            plan.key,
            plan.meter,
            plan.bars,
            rng,
            curve=curve,
            wishes=plan.chords,
            typed=plan.progression,
        )

    @cached_property
    def kick(self) -> list[Note]:
        """Return the kick's notes; none where there is no kick to make room for."""
        if self.given_kick is not None:
            return list(self.given_kick)
        if "kick" not in self.plan.roles:
            return []
        return drums.generate(self.plan, self.bars, "kick", devices.instrument("kick909"))

    @cached_property
    def lead(self) -> list[Note]:
        """Return the lead's notes; none where there is no lead to listen to."""
        if self.given_lead is not None:
            return plain(self.given_lead, self.plan.genre.ornaments)
        if "lead" not in self.plan.roles:
            return []
        first, end = span(self.plan, "lead")
        notes = self.sung(devices.instrument(sound(self.plan, "lead").device))[0]
        return [note for note in notes if first <= note.start_ticks < end]

    @cached_property
    def _sung(self) -> dict[str, tuple[list[Note], str]]:
        return {}

    def sung(self, device: Device) -> tuple[list[Note], str]:
        """Return the lead's notes on an instrument and what is told of it."""
        if device.id not in self._sung:
            self._sung[device.id] = _sung(self, device)
        return self._sung[device.id]


def play(score: SceneScore, role: Role, device: Device) -> list[Note]:
    """Return the notes of a role over the whole scene, played by `device`: at least one."""
    plan = score.plan
    if role in TRANSITIONS:  # they stand where the form has them: neither hands nor layers move them
        return transition.generate(plan, score.bars, role, device)
    if role in DRUMS:
        notes = drums.generate(plan, score.bars, role, device)
    else:
        notes = [_lifted(note, score.bars, plan) for note in _tonal(score, role, device)]
    human = stream(plan.seed, role, "human")
    notes = humanized(notes, role, plan.genre.human, plan.bpm, plan.bar_ticks, human, device.mono)
    if plan.genre.human and role != "texture":
        drift = drift_of(score.harmony_seed, role, plan.genre.human, plan.bpm, plan.length_ticks)
        notes = drifted(notes, drift)
        notes = apart(notes) if device.mono and role not in DRUMS else notes
    if role == "lead" and plan.genre.ornaments:
        notes = ornamented(notes, plan.genre.ornaments, plan.key, device, stream(plan.seed, role, "ornaments"))
        notes = apart(notes) if device.mono else notes
    first, end = span(plan, role)
    heard = sorted(note for note in notes if first <= note.start_ticks < end)
    return heard or [_filler(score, role, device, first + plan.bar_ticks - groups(*_meter(plan))[-1])]


def _meter(plan: Plan) -> tuple[int, int]:
    return plan.meter.numerator, plan.meter.denominator


def _tonal(score: SceneScore, role: Role, device: Device) -> list[Note]:
    """Return what the melodic generators play."""
    plan = score.plan
    rng = plan.stream(role, "notes")
    low, high = pitch_range(role, device)
    traits = plan.traits.get(role, ())
    density, movement = plan.relative("density", role), plan.relative("movement")
    known = next((found for found in sources(plan) if role in found.parts), plan.genre)
    where = (score.progression, plan.key, plan.meter, plan.bars)
    if role in ("bass", "sub"):
        # a sub doubles the roots under the kick; the side-chain makes the room
        style = known.bass.evolve(kick="free") if role == "sub" else known.bass
        words = ("sub", *traits) if role == "sub" else traits
        return bass.generate(
            style, *where, score.kick, rng, density=density, movement=movement, traits=words, low=low, high=high
        )
    if role == "lead":
        return score.sung(device)[0]
    if role == "texture":
        return texture.generate(
            known.texture, *where, rng, density=density, movement=movement, traits=traits, low=low, high=high
        )
    if counters(plan, role):
        return counter.generate(
            score.progression, plan.key, score.lead, rng,
            density=density, movement=movement, response=RESPONSE in traits, low=low, high=high,
        )  # fmt: skip
    notes = chordparts.chords(
        known.harmony, score.progression, plan.key, _COMPING[role], rng,
        density=density, movement=movement, traits=traits, low=low, high=high,
    )  # fmt: skip
    return under(notes, score.lead, low)


def _sung(score: SceneScore, device: Device) -> tuple[list[Note], str]:
    """Return the lead's notes and what was done with its motif. It leaves the answers to a part that plays them."""
    plan = score.plan
    low, high = pitch_range("lead", device)
    traits = plan.traits.get("lead", ())
    if any(RESPONSE in plan.traits.get(role, ()) for role in _COMPING if role in plan.roles):
        traits = (*traits, RESPONSE)
    else:
        traits = tuple(word for word in traits if word != RESPONSE)
    known = next((found for found in sources(plan) if "lead" in found.parts), plan.genre)
    density, movement = plan.relative("density", "lead"), plan.relative("movement")
    return lead.sing(
        known.lead, score.progression, plan.key, plan.meter, plan.bars, plan.stream("lead", "notes"),
        density=density, movement=movement, traits=traits, low=low, high=high, bpm=plan.style_bpm,
        song=plan.song_stream(),
        lift=plan.taste.lift,
    )  # fmt: skip


def counters(plan: Plan, role: Role) -> bool:
    """Return whether a part that would play chords plays a melody beside the lead; one part at most by chance."""
    if role not in _COMPING:
        return False
    traits = plan.traits.get(role, ())
    known = next((found for found in sources(plan) if role in found.parts), plan.genre)
    part = known.harmony.parts.get(_COMPING[role])
    asked = "lead" in plan.roles or COUNTER in traits or RESPONSE in traits
    return asked and counter.wanted(part, traits, stream(plan.seed, role, "counter"))


def told(score: SceneScore, role: Role, device: Device) -> dict[str, str]:
    """Return what is kept with a part's clip for those who come after: its chords, what a melody did with its motif."""
    if role in UNTUNED:
        return {}
    found = {CHORDS: score.progression.told()[:_TOLD]}
    if role == "lead":
        found[MOTIF] = score.sung(device)[1][:_TOLD]
    elif counters(score.plan, role):
        found[MOTIF] = "response" if RESPONSE in score.plan.traits.get(role, ()) else "counter"
    return found


def pitch_range(role: Role, device: Device) -> tuple[int, int]:
    """Return the lowest and highest pitch a role may play on an instrument."""
    low, high = _RANGES.get(role, (24, 96))
    both = max(low, device.low_note), min(high, device.high_note)
    return both if both[1] - both[0] >= 12 else (device.low_note, device.high_note)


def _lifted(note: Note, bars: Sequence[SceneBar], plan: Plan) -> Note:
    """Return the note as hard as the energy of its bar wants it."""
    bar = bars[min(note.start_ticks // plan.bar_ticks, len(bars) - 1)]
    lift = round((bar.energy - plan.genre.character.energy) * 22)
    return note._replace(velocity=min(127, max(1, note.velocity + lift)))


def filled(score: SceneScore, role: Role, device: Device, notes: list[Note], empty: Sequence[int]) -> list[Note]:
    """Return the notes with one more at the start of each empty bar: a hit, or the root of its chord."""
    plan = score.plan
    return sorted([*notes, *(_filler(score, role, device, plan.meter.bar_start(bar)) for bar in empty)])


def _filler(score: SceneScore, role: Role, device: Device, start: int) -> Note:
    if role in DRUMS:
        part = drums.grammar(score.plan, role)
        pitch = drums.tuned(part, score.plan.key, device)[0] if device.pitched else GM_DRUM_NOTE[role]
        return Note(start, min(PPQ // 4, score.plan.length_ticks - start), pitch, part.velocity.normal)
    low, high = pitch_range(role, device)
    chord = score.progression.at(start)
    pitch = next(p for p in range((low + high) // 2, 128) if p % 12 == chord.root)
    return Note(start, min(PPQ, score.plan.length_ticks - start), drums.folded(pitch, device), 84)
