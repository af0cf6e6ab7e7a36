"""The theme of a plan from the words of a prompt: motif, instruments, rhythm, texture, and how it rises and falls."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hardcore.compose.planner.model import Orchestration, SectionPlan, ThemeDescriptor
from hardcore.knowledge.planning import LAYERS, Energy, Layer, Profile, SectionRole, planning

_FNV_BASIS, _FNV_PRIME = 0x811C9DC5, 0x01000193
MOTIF_WORDS, FALLBACK_INSTRUMENTS = 3, 3
MOST_INSTRUMENTS = 8
LONGEST_PROMPT = 512


class Heard(NamedTuple):
    """What the words of a prompt name."""

    instruments: tuple[tuple[Layer, str], ...]
    rhythm: str | None
    texture: str | None
    profile: Profile | None


def fnv1a(text: str) -> int:
    """Return the 32-bit FNV-1a hash of a text in UTF-8 (Fowler, Noll and Vo)."""
    value = _FNV_BASIS
    for byte in text.encode():
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value


def words_of(prompt: str) -> list[str]:
    """Return the words of a prompt in lower case, without punctuation at their ends."""
    return [word for part in prompt.lower().split() if (word := part.strip(".,;:!?"))]


def motif_of(prompt: str) -> str:
    """Return the first three words of a prompt that are letters alone, as they were written; else `primary motif`."""
    words = [word for part in prompt.split() if (word := part.strip(".,;:!?")).isalpha()]
    return " ".join(words[:MOTIF_WORDS])[:128] or "primary motif"


def heard(prompt: str) -> Heard:
    """Return what the words of a prompt name; whole words only, so that a bassoon is no bass."""
    known, words = planning(), words_of(prompt)
    spoken, text = set(words), f" {' '.join(words)} "
    keywords = known.keywords
    profiles = [
        (-len(word), order, name)
        for order, (name, phrases) in enumerate(_phrases().items())
        for word in phrases
        if f" {word} " in text
    ]
    return Heard(
        tuple(dict.fromkeys(named for word, named in keywords.instruments.items() if word in spoken)),
        next((named for word, named in keywords.rhythms.items() if word in spoken), None),
        next((named for word, named in keywords.textures.items() if word in spoken), None),
        known.profiles[min(profiles)[2]] if profiles else None,
    )


def _phrases() -> dict[str, tuple[str, ...]]:
    """Return the words that mean each profile."""
    known = planning()
    return {name: known.profile_words.get(name, (name,)) for name in known.profiles}


def theme(prompt: str, said: Heard, seed: int, sections: Sequence[tuple[SectionRole, Energy]]) -> ThemeDescriptor:
    """Return the theme of a piece whose sections have these roles and energies; `said`: what its words name."""
    known = planning()
    profile = said.profile
    instruments = [name for _, name in said.instruments]
    instruments += [item for items in (profile.instruments.values() if profile else ()) for item in items]
    if not instruments:
        instruments = cycled(known.fallback.instruments, fnv1a(f"instrumentation:{seed}"), FALLBACK_INSTRUMENTS)
    instruments = list(dict.fromkeys(instruments))[:MOST_INSTRUMENTS]
    loudest = max((energy for _, energy in sections), key=("low", "medium", "high").index)
    return ThemeDescriptor(
        motif=motif_of(prompt),
        instrumentation=tuple(instruments),
        rhythm=said.rhythm or (profile.rhythm if profile else known.fallback.rhythms[loudest]),
        dynamic_curve=tuple(_dynamic(at, len(sections), *section) for at, section in enumerate(sections)),
        texture=said.texture or (profile.texture if profile else f"focused blend of {' and '.join(instruments[:2])}"),
    )


def _dynamic(at: int, count: int, role: SectionRole, energy: Energy) -> str:
    """Return how the section at `at` of `count` sounds in the course of the piece."""
    said = planning().dynamics
    if at == 0 and role == "intro":
        return said.first[energy]
    if at and role == "intro":
        return said.later_intro
    if at == count - 1 and count > 1:
        return said.last_outro if role == "outro" else said.last
    return {"chorus": said.chorus, "bridge": said.bridge}.get(role, said.energy[energy])


def section_prompt(prompt: str, role: SectionRole, subject: ThemeDescriptor, at: int) -> str:
    """Return what is said of the section at `at`, in words for a model: 512 characters at most."""
    words = (
        planning()
        .roles[role]
        .prompt.format(
            prompt="{prompt}",
            motif=subject.motif,
            instrumentation=", ".join(subject.instrumentation[:3]),
            rhythm=subject.rhythm,
            texture=subject.texture,
            dynamic=subject.dynamic_curve[at],
        )
    )
    room = LONGEST_PROMPT - len(words) + len("{prompt}")
    return words.replace("{prompt}", prompt if len(prompt) <= room else prompt[: room - 1] + "…", 1)


def cycled(items: Sequence[str], start: int, count: int) -> list[str]:
    """Return `count` items, round and round from `start`; no more than there are."""
    return [items[(start + at) % len(items)] for at in range(min(count, len(items)))] if items else []


def orchestration(said: Heard, seed: int, role: SectionRole, index: int) -> Orchestration:
    """Return what plays in a section: as many of each layer as its role has, each section from another place on."""
    known, layers = planning(), {}
    for layer, count in zip(LAYERS, known.roles[role].layers, strict=True):
        named = [name for of, name in said.instruments if of == layer]
        named += said.profile.instruments.get(layer, ()) if said.profile else ()
        palette = list(dict.fromkeys(named)) or list(known.fallback.layers[layer])
        layers[layer] = tuple(cycled(palette, fnv1a(f"palette:{layer}:{seed}") + index, count))
    return Orchestration(**layers)


def only(plays: Orchestration, keep: Iterable[Layer]) -> Orchestration:
    """Return an orchestration with these layers alone."""
    return Orchestration(**{layer: getattr(plays, layer) for layer in keep})


def arrangement(section: SectionPlan) -> str:
    """Return a section's orchestration as a sentence, for a model that is prompted in words."""
    plays = section.orchestration
    parts = [
        f"{' and '.join(items)} {does}"
        for items, does in (
            (plays.rhythm, "driving the rhythm"),
            (plays.bass, "grounding the low end"),
            (plays.harmony, "carrying the harmony"),
            (plays.lead, "leading"),
            (plays.textures, "filling the space"),
            (plays.vocals, "floating above"),
        )
        if items
    ]
    return f"{planning().roles[section.role].verb} the arrangement with {', '.join(parts)}." if parts else ""
