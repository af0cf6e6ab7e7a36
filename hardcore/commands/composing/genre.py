"""Styles: which there are, what one is like, a new one of your own, and whether it holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Kept, Listing, Result, Row, counted
from hardcore.commands.core.types import Choice, FileName, Kind, NewName
from hardcore.commands.mixing.mixjobs import mix_options
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

CHECK_SEEDS = 3
CHECK_BARS = 8
_SKELETON = """\
# A style of your own. What is not written here is as in {base}; every key: knowledge_base/SCHEMA.md
# `hardcore do "/genre check {genre_id}"` tells whether it holds.
name: {name}
about: {name}, a style of my own, from {base}.
based_on: {base}
synonyms: []
tempo: {{low: {low:g}, high: {high:g}, default: {default:g}}}

# keys:
#   - {{key: F minor, weight: 2}}
# character: {{energy: 0.7, darkness: 0.5}}
# drums:
#   parts:
#     kick:
#       patterns:
#         - {{steps: "X... X... X... X..."}}
# palette:
#   bass: [{{device: acid303}}]
# bass: {{behaviours: {{acid: 1}}}}
"""


def genres(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge import index

    for entry in index.entries():
        yield Choice(entry.id, entry.about)


GenreRef = Annotated[str, Field(max_length=200), Kind("genre", "a style's id, name or other name", genres)]
BaseRef = Annotated[str, Field(max_length=200), Kind("genre", "the style it builds on", genres)]


class GenreView(Result):
    """A style in words and figures."""

    id: str
    name: str
    about: str
    based_on: str | None
    tempo: tuple[float, float, float]
    keys: tuple[str, ...]
    parts: dict[str, float]
    synonyms: tuple[str, ...]
    sounds: dict[str, tuple[str, ...]]
    progressions: tuple[str, ...]
    file: str

    def text(self) -> str:
        """Return the facts, a line each."""
        always = [role for role, chance in self.parts.items() if chance == 1]
        maybe = [f"{role} {chance:.0%}" for role, chance in self.parts.items() if 0 < chance < 1]
        low, usual, high = self.tempo
        lines = [
            f"{self.name}: {self.about}",
            f"  tempo  {low:g} to {high:g} BPM, mostly {usual:g}",
            f"  keys  {', '.join(self.keys)}",
            f"  always  {', '.join(always)}",
            f"  often or at times  {', '.join(maybe)}",
            *(f"  {role}  {', '.join(names)}" for role, names in self.sounds.items()),
            f"  chords  {'; '.join(self.progressions)}",
            f"  also called  {', '.join(self.synonyms) or 'nothing else'}",
            f"  file  {self.file}" + (f", based on {self.based_on}" if self.based_on else ""),
        ]
        return "\n".join(lines)


def find(text: str) -> str:
    """Return the id of the genre that `text` names by id or phrase. Raises UserError with the nearest."""
    from hardcore.knowledge import loader

    words = loader.genre_words()
    genre_id = slug(text)
    if genre_id in loader.genre_ids():
        return genre_id
    if genre_id in loader.broken():
        raise UserError(loader.broken()[genre_id])
    if text.strip().lower() in words:
        return words[text.strip().lower()]
    raise NotFound(f"no genre '{text}'", nearest(text, (*loader.genre_ids(), *words)))


def album() -> tuple[tuple[str, str], ...]:
    """Return id and name of every style, in alphabetical order."""
    from hardcore.knowledge import index

    return tuple((entry.id, entry.name) for entry in index.entries())


def slug(name: str) -> str:
    """Return a genre's id for a name: letters, digits and _."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


class GenreRow(Row):
    """A style; `own` is whether it is one of yours."""

    id: str
    name: str
    about: str
    low_bpm: float
    high_bpm: float
    own: bool

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, f"{self.low_bpm:g}–{self.high_bpm:g}", "yours" if self.own else "", self.about)


class GenreList(Listing[GenreRow]):
    """The styles; `broken` says what is wrong with those of yours that cannot be read."""

    headings = ("style", "BPM", "", "what it is")

    broken: tuple[str, ...]


class FaultRow(Row):
    """A figure of a mix that is off, and by how much."""

    name: str
    excess_db: float


class PieceRow(Row):
    """A piece made with a style, and what its mix is like: loudness (LUFS, null for silence), and what is off."""

    seed: int
    tracks: tuple[str, ...]
    bpm: float
    key: str
    notes: int
    lufs: float | None
    faults: tuple[FaultRow, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        from hardcore.compose.mix.judgement import shown_lufs

        off = ", ".join(f"{fault.name} {fault.excess_db:+.1f} dB" for fault in self.faults) or "as it should be"
        figures = f"{self.bpm:g} BPM, {self.key}, {counted(self.notes, 'note')}"
        heard = f"{shown_lufs(self.lufs)}, {off}".replace("-", "−")
        return (f"seed {self.seed}", ", ".join(self.tracks), figures, heard)


class GenreChecked(Listing[PieceRow]):
    """Pieces made with a style, and what was wanted of their mixes."""

    headings = ("what", "made", "figures", "mix")

    genre: str
    target_lufs: float


@command("genre list", "genre list", effects=(), aliases=("genres",))
def genre_list(call: Call) -> GenreList:
    """List the styles a prompt can name."""
    from hardcore.knowledge import index, loader

    known = {entry.id: entry for entry in index.entries()}
    own = loader.own_folder()
    rows = tuple(
        GenreRow(
            **{name: getattr(one, name) for name in ("id", "name", "about", "low_bpm", "high_bpm")},
            own=(own / f"{key}.yaml").exists(),
        )
        for key, one in known.items()
    )
    wrong = tuple(loader.broken().values())
    note = "\n".join([f"{counted(len(rows), 'style')}; /genre show NAME tells more", *wrong])
    return GenreList(items=rows, broken=wrong, note=note)


@command("genre show", "genre show acid", effects=())
def genre_show(call: Call, genre: GenreRef) -> GenreView:
    """Tell what a style is like: tempo, keys, parts, sounds, chords, and in which file it is written."""
    from hardcore.knowledge import loader

    genre_id = find(genre)
    known = loader.genre(genre_id)
    return GenreView(
        id=genre_id,
        name=known.name,
        about=known.about,
        based_on=known.based_on,
        tempo=(known.tempo.low, known.tempo.default, known.tempo.high),
        keys=tuple(choice.key.name for choice in sorted(known.keys, key=lambda choice: -choice.weight)),
        parts={role: part.chance for role, part in known.parts.items()},
        synonyms=known.synonyms,
        sounds={role: tuple(sound.device for sound in sounds) for role, sounds in known.palette.items()},
        progressions=tuple(one.numerals for one in known.harmony.progressions),
        file=str(loader.path_of(genre_id)),
    )


@command(
    "genre new",
    'genre new "cellar techno" --base warehouse_techno',
    effects={"settings"},
    about={
        "name": "what the style is called, which becomes the name of its file",
        "from": "MIDI files that the style is learned from, parted by commas: one.mid,two.mid",
    },
)
async def genre_new(
    call: Call, name: NewName, *, base: BaseRef = "warehouse_techno", from_: FileName | None = None
) -> Kept:
    """Make a file for a style of your own, which builds on another; open it in an editor and change what differs.

    With --from it is drafted from songs: tempo, keys, the bars of the drums, progressions, what the bass plays, the
    rhythms of the tune, and the form. Sounds and mix are those of --base.
    """
    from hardcore.artifacts import write_whole
    from hardcore.knowledge import loader

    genre_id, base_id = slug(name), find(base)
    if not genre_id:
        raise UserError(f"'{name}' has no letter or digit a file could be called by")
    if genre_id in (*loader.genre_ids(), *loader.broken()):
        raise UserError(f"there is a genre '{genre_id}'", f"its file is {loader.path_of(genre_id)}")
    words = genre_id.replace("_", " ")
    if words in loader.genre_words():
        raise UserError(f"'{words}' means {loader.genre_words()[words]} already", "another name")
    tempo = loader.genre(base_id).tempo
    if from_ is None:
        text = _SKELETON.format(
            genre_id=genre_id, name=words, base=base_id, low=tempo.low, high=tempo.high, default=tempo.default
        )
    else:
        paths = [call.caller.path(file.strip()) for file in from_.split(",")]
        text = await beside(_drafted, words, base_id, paths)
    folder = loader.own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{genre_id}.yaml"
    write_whole(path, text.encode())
    said = f"made {path}; a prompt may name it: {words}"
    check = (f"check it: /genre check {genre_id}",)
    return Kept(message=said, details=check, kind="style", name=genre_id, file=str(path))


def _drafted(words: str, base_id: str, paths: Sequence[Path]) -> str:
    """Return the text of a style's file, drafted from MIDI files. Raises UserError for one that is none."""
    import yaml

    from hardcore.compose.draft.material import material
    from hardcore.compose.draft.style import draft
    from hardcore.knowledge.generalmidi import general_midi
    from hardcore.music import midifile
    from hardcore.project.midiimport import parts_of

    songs = []
    for path in paths:
        if not path.is_file():
            raise NotFound(f"no file {path}")
        song = midifile.read(path)
        songs.append(material(song, parts_of(song, path.name, general_midi())))
    named = {"name": words, "about": f"{words}, learned from {', '.join(path.name for path in paths)}."}
    data = {**named, "based_on": base_id, "synonyms": [], **draft(songs)}
    return yaml.safe_dump(data, sort_keys=False, width=110, default_flow_style=None, allow_unicode=True)


@command("genre check", "genre check acid", effects=())
async def genre_check(call: Call, genre: GenreRef) -> GenreChecked:
    """Check a style: its file, and three pieces made with it, listened to: what their mix is, and what is off."""
    from hardcore.compose.mix.judgement import HEARD, faults
    from hardcore.compose.mix.target import wanted
    from hardcore.knowledge import loader

    genre_id = find(genre)
    known = loader.genre(genre_id)
    rows: list[PieceRow] = []
    for seed in range(CHECK_SEEDS):
        call.caller.progress(seed / CHECK_SEEDS, f"seed {seed}")
        project = _piece(known.name, seed)
        asked = wanted(project)
        silent = replace(call, caller=replace(call.caller, progress=lambda share, words: None))
        done = await work(silent, "judge", {"parts": False, **mix_options(call, project)}, project=project)
        mix = HEARD.validate_python(done["heard"])
        playing = [track for track in project.tracks if track.clips]
        rows.append(
            PieceRow(
                seed=seed,
                tracks=tuple(track.name for track in playing),
                bpm=project.tempo_map.bpm,
                key=project.key.name,
                notes=sum(len(clip.notes) for track in playing for clip in track.clips),
                lufs=mix.lufs,
                faults=tuple(FaultRow(name=one.name, excess_db=one.excess_db) for one in faults(mix, asked)),
            )
        )
    note = (
        f"{known.name} holds; wanted: {known.mix.target_lufs:g} LUFS. What is off is corrected when a piece is written"
    )
    return GenreChecked(
        items=tuple(rows), genre=genre_id, target_lufs=known.mix.target_lufs, note=note.replace("-", "−")
    )


def _piece(name: str, seed: int) -> ProjectState:
    from hardcore.compose.producer import compose
    from hardcore.language.prompt.understand import understand

    return compose(understand(f"{name}, {CHECK_BARS} bars"), seed)
