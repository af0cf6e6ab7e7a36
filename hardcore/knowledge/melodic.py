"""The melodic sections of a genre file: how its harmony, bass, lead and texture behave.

A step pattern is one character per sixteenth: `X` accent, `x` hit, `o` soft hit, `-` hold the hit before, `.` rest.
Bars are parted by `|` and repeat; in another meter each bar's steps are cut off or start over.
Weights need not sum to 1.
Every chance is 0–1 at normal movement (0.5) and grows or shrinks with it.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hardcore.knowledge.section import Section, Unit01, Weight

Chance = Unit01
Ornament = Literal["grace", "scoop", "bend", "fall"]
Pitch = Annotated[int, Field(ge=0, le=127)]
Velocity = Annotated[int, Field(ge=1, le=127)]
StepPattern = Annotated[str, Field(max_length=256, pattern=r"^[Xxo.][Xxo.\-]*(\|[Xxo.][Xxo.\-]*)*$")]
BassFigure = Annotated[
    str, Field(max_length=256, pattern=r"^[134567v8nlx.][134567v8nlx.\-]*(\|[134567v8nlx.][134567v8nlx.\-]*)*$")
]
CompFigure = Annotated[
    str, Field(max_length=256, pattern=r"^[1-6Xxobfut.][1-6Xxobfut.\-]*(\|[1-6Xxobfut.][1-6Xxobfut.\-]*)*$")
]
Riff = Annotated[str, Field(max_length=64, pattern=r"^[Xxo][Xxo.\-]*$")]
Form = Annotated[str, Field(max_length=64, pattern=r"^[A-D]'?( [A-D]'?)*$")]

CompRole = Literal["chords", "pad", "keys", "pluck"]
BassBehaviour = Literal[
    "rolling", "offbeat", "sub_anchor", "root_fifth", "pocket_groove", "acid", "reese", "walking_lofi",
    "gabber_offbeat", "drone", "walking", "figure",
]  # fmt: skip
LeadBehaviour = Literal["motif", "riff", "stabs", "arpeggio", "acid", "bells"]
TextureBehaviour = Literal["drone", "swell", "crackle", "shimmer"]
Contour = Literal["arch", "valley", "rise", "fall", "wave"]
TuneForm = Literal["period", "sentence", "bar", "riff"]
HalfBar = Annotated[str, Field(pattern=r"^[x.]{8}$")]
ArpeggioOrder = Literal["up", "down", "updown", "inside", "random"]


class ProgressionStyle(Section):
    """One progression a genre uses.

    numerals        roman numerals parted by spaces, as `i VI III VII`, `I V/3 vi V7/ii`; what the key lacks is moved to
                    its own notes unless the clip is chromatic
    weight          how often it is chosen
    modes           scales it is written for (names of music.scale); empty: any
    bars_per_chord  bars each chord stays; shortened when the clip is too short for one round
    """

    numerals: Annotated[str, Field(min_length=1, max_length=120)]
    weight: Weight = 1
    modes: tuple[str, ...] = ()
    bars_per_chord: Annotated[int, Field(ge=1, le=16)] = 1


class CompStyle(Section):
    """How one role plays the chords.

    rhythms      step patterns, one is chosen; empty: the chord is held
    figures      patterns that say which voices are struck, one is chosen instead of a rhythm: `1` to `6` a voice from
                 below, `b` the root under the chord, `f` the fifth under it, `u` the chord without its lowest voice,
                 `t` the highest voice and its octave below, `X` `x` `o` the whole chord
    voices       notes of a chord, 1–6
    home         MIDI pitch the chords lie around
    gate         share of a hit's length that sounds
    open         chance that a chord is spread (its second voice from the top an octave lower)
    broken       chance that the part plays one voice a hit instead of whole chords
    anticipate   chance that a new chord comes an eighth before its bar
    strum_ticks  delay from voice to voice, from the bottom
    late_ticks   most a hit may come late by feel
    hold_bars    longest a held chord stays before it is struck again
    velocity     of a plain hit
    counter      chance that the part plays a second melody beside the lead instead of chords
    power        chords are root, fifth and, from three voices on, octave, never turned over, as distorted guitars play
    """

    rhythms: tuple[StepPattern, ...] = ()
    figures: tuple[CompFigure, ...] = ()
    voices: Annotated[int, Field(ge=1, le=6)] = 4
    home: Pitch = 62
    gate: Annotated[float, Field(gt=0, le=1)] = 0.9
    open: Chance = 0
    broken: Chance = 0
    anticipate: Chance = 0
    strum_ticks: Annotated[int, Field(ge=0, le=240)] = 0
    late_ticks: Annotated[int, Field(ge=0, le=240)] = 0
    hold_bars: Annotated[int, Field(ge=1, le=16)] = 4
    velocity: Velocity = 90
    counter: Chance = 0
    power: bool = False


class HarmonyStyle(Section):
    """The chords of a genre.

    progressions  at least one
    turnarounds   numerals, one of which may replace the last chord of every second round and of the clip
    turn          chance of that
    chromatic     chance that a clip keeps chord notes outside its key (a major V in minor); 0 keeps to the key
    tension       how far chords, voicing and lead follow the tension of the form: 0 not at all
    extend        thirds that every chord is stacked up by: 1 sevenths, 2 ninths, 3 elevenths and thirteenths
    cadence       chance that the end of a round, where it leads nowhere, leads into what follows by its function
    secondary     chance that a chord is prepared by its own dominant
    borrowed      chance that a chord comes from the parallel key (iv in major, bVI, bII)
    suspend       chance that a chord is suspended, a dominant before it resolves
    rhythm        chance that a chord's time is shared by two: ii before V, an inversion after I
    voice_leading strict: no parallel fifths or octaves of the outer voices, leading notes and sevenths resolve
    form          how the comping pattern develops bar by bar, as `A A' A B`
    parts         per role; a role not listed is played in a plain way
    The chances from `secondary` to `rhythm` are those at a middling tension; twice as high where it is highest.
    """

    progressions: Annotated[tuple[ProgressionStyle, ...], Field(min_length=1)]
    turnarounds: tuple[str, ...] = ()
    turn: Chance = 0.35
    chromatic: Chance = 0
    tension: Unit01 = 0
    extend: Annotated[int, Field(ge=0, le=3)] = 0
    cadence: Chance = 0
    secondary: Chance = 0
    borrowed: Chance = 0
    suspend: Chance = 0
    rhythm: Chance = 0
    voice_leading: Literal["free", "strict"] = "free"
    form: Form = "A A A A'"
    parts: dict[CompRole, CompStyle] = Field(default_factory=dict)


class BassStyle(Section):
    """The bass lines of a genre.

    behaviours  weights of the ways to play; one is chosen for a clip, a trait of the prompt may ask for another
    home        lowest MIDI pitch for a root; roots lie in the octave above it
    kick        avoid: never starts with the kick and stops before it; lock: likes to start with it; free: ignores it
    gate        share of a note's length that sounds
    octave      chance that a note jumps an octave up
    colour      chance that a note is another one than the root
    slide       chance that a note glides into the next
    accent      chance that a note is accented (velocity 110 and more)
    chromatic   chance that a leading note outside the key approaches a new chord, or an acid line bends by a semitone
    turn        chance that the last bar of a phrase walks to what comes next
    form        how the line develops bar by bar, as `A A' A B`
    rhythms     step patterns per behaviour: sub_anchor, root_fifth, reese, walking_lofi have plain ones of their own;
                rolling, offbeat, pocket_groove and gabber_offbeat play one instead of what they would draw
    figures     lines that the behaviour `figure` plays: `1` the root, `3` to `7` those of the chord or scale above it,
                `8` its octave, `v` the fifth below, `n` the root of the chord that comes next, `l` a step that leads to
                the next hit, `x` a dead root
    """

    behaviours: Annotated[dict[BassBehaviour, Weight], Field(min_length=1)]
    home: Pitch = 29
    kick: Literal["avoid", "lock", "free"] = "avoid"
    gate: Annotated[float, Field(gt=0, le=1)] = 0.8
    octave: Chance = 0.1
    colour: Chance = 0.2
    slide: Chance = 0
    accent: Chance = 0.2
    chromatic: Chance = 0
    turn: Chance = 0.7
    form: Form = "A A' A B"
    rhythms: dict[BassBehaviour, tuple[StepPattern, ...]] = Field(default_factory=dict)
    figures: tuple[BassFigure, ...] = ()

    @model_validator(mode="after")
    def _figures_are_there(self) -> "BassStyle":
        if self.behaviours.get("figure") and not self.figures:
            raise ValueError("the behaviour `figure` plays `figures`, and there are none")
        return self


class TuneStyle(Section):
    """How the tunes of a genre differ from those of pop songs, whose counts they are sampled from.

    cells     rhythms of half a bar that are the style's own, `x` a note on a sixteenth
    own       share of them among all rhythms
    classes   weights of plain, syncopated and sixteenth-note rhythm; empty: by tempo
    forms     weights of the forms of eight bars: period (4 + 4), sentence (2 + 2 + 4), bar (2 + 2 + 2 + 2, the third
              another), riff (four times two bars)
    repeat    how much more often than in pop songs rhythms and pitches come again (1: as often)
    pickup    chance that a phrase begins before its bar
    tie       chance that a note is held over a bar line where one could be
    legato    how far notes are held to the next, 0–1: 0.5 as pop songs are
    degrees   factors of the seven degrees of the scale
    steps     factors of repeated notes, steps, thirds, fourths and wider leaps
    """

    cells: tuple[HalfBar, ...] = ()
    own: Unit01 = 0.5
    classes: Annotated[tuple[Weight, ...], Field(min_length=3, max_length=3)] | tuple[()] = ()
    forms: Annotated[dict[TuneForm, Weight], Field(min_length=1)] = {"period": 4, "sentence": 4, "bar": 2}
    repeat: Annotated[float, Field(ge=0, le=3)] = 1
    pickup: Chance = 0.3
    tie: Chance = 0.25
    legato: Unit01 = 0.5
    degrees: Annotated[tuple[Weight, ...], Field(min_length=7, max_length=7)] | tuple[()] = ()
    steps: Annotated[tuple[Weight, ...], Field(min_length=5, max_length=5)] = (1, 1, 1, 1, 1)


class LeadStyle(Section):
    """The melodies of a genre.

    behaviours  weights: motif (a tune in phrases), riff (short loop across the bar lines), stabs (rave and hoover),
                arpeggio, acid, bells (few long notes)
    tune        what its tunes are like
    rhythms     step patterns of stabs
    contours    shapes that the phrases of a tune may take
    span        scale steps a phrase reaches at normal movement
    leap        how often a tune moves by more than a third (0.2: as pop songs do)
    rest        chance that a bar is left silent where a phrase of a tune has closed, or in bells
    chord_tone  how much a tune keeps to the chord (0.9: as pop songs do); chance that a bell on a beat does
    home        MIDI pitch the melody lies around
    gate, slide, accent, chromatic   as for the bass
    riffs       rhythms of riffs, of any length: a riff starts over where it ends, across the bar lines
    riff_steps  lengths of a riff in sixteenths, where there are no `riffs`
    tones       semitones above the chord's root that riffs and stabs are of, the first ones first; empty: plain ones
    rate_steps  sixteenths from note to note of an arpeggio
    orders      orders of an arpeggio
    octaves     octaves an arpeggio climbs
    form        how the melody develops bar by bar
    """

    behaviours: Annotated[dict[LeadBehaviour, Weight], Field(min_length=1)]
    tune: TuneStyle = TuneStyle()
    rhythms: tuple[StepPattern, ...] = ("x-..x-x-..x-....",)
    contours: Annotated[tuple[Contour, ...], Field(min_length=1)] = ("arch", "fall", "wave", "rise", "valley")
    span: Annotated[int, Field(ge=0, le=14)] = 5
    leap: Chance = 0.2
    rest: Chance = 0.1
    chord_tone: Chance = 0.9
    home: Pitch = 72
    gate: Annotated[float, Field(gt=0, le=1)] = 0.85
    slide: Chance = 0
    accent: Chance = 0.2
    chromatic: Chance = 0
    riffs: tuple[Riff, ...] = ()
    tones: tuple[Annotated[int, Field(ge=-24, le=24)], ...] = ()
    riff_steps: Annotated[tuple[Annotated[int, Field(ge=1, le=64)], ...], Field(min_length=1)] = (6, 7, 12, 16)
    rate_steps: Annotated[tuple[Annotated[int, Field(ge=1, le=16)], ...], Field(min_length=1)] = (1, 2)
    orders: Annotated[tuple[ArpeggioOrder, ...], Field(min_length=1)] = ("up", "updown", "inside")
    octaves: Annotated[int, Field(ge=1, le=4)] = 2
    form: Form = "A B A' C"


class TextureStyle(Section):
    """The backgrounds of a genre.

    behaviours  weights: drone (root and fifth), swell (one rising note a chord), crackle (the same low note each bar,
                for noise), shimmer (high chord notes, scattered)
    home        MIDI pitch it lies around
    hold_bars   bars a drone stays before it is struck again
    voices      notes of a drone, 1–4
    velocity    of a plain note
    """

    behaviours: Annotated[dict[TextureBehaviour, Weight], Field(min_length=1)]
    home: Pitch = 53
    hold_bars: Annotated[int, Field(ge=1, le=16)] = 4
    voices: Annotated[int, Field(ge=1, le=4)] = 2
    velocity: Velocity = 80
