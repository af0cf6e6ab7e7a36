"""Asking: whether a text is a question, and the command that shows what it asks."""

import re

from hardcore.project.clip import CHORDS
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState

_ASKS = re.compile(
    r"^(?:(?:hey|hi|so|and|ok|okay|please|but|well),? )*"
    r"(?:what(?:['’]?s)?\b(?! (?:about|if|an?)\b)|which\b|why\b(?! not\b)|where\b|who\b"
    r"|how\b(?! about\b)|is (?:it|this|that|there|the)\b(?! possible)|are (?:there|the|these|they|you)\b|does\b"
    r"|(?:did|has|have|had|was|were|am|will) (?:it|this|that|the|there|you|i|we|my|they|anything|something)\b"
    r"|do (?:you|we|they) (?:have|know|play)\b|tell me\b|show(?: me)?\b|list\b)",
    re.IGNORECASE,
)
# "how do I export stems?", "what is a return?", "what does panic do?": of the program, not of the piece
_USE = re.compile(
    r"\bhow (?:do|can|could|should|would) (?:i|you|we|one)\b|\bhow to\b|\bwhere (?:do|can) (?:i|we)\b"
    r"|\bwhat does\b.+\b(?:do|mean)\b|\bwhat(?: is|'s|’s) an?\b",
    re.IGNORECASE,
)
# what a question is about, and the command that shows it; the first that is found counts
_SHOWN: tuple[tuple[str, str], ...] = (
    (r"\b(?:chords?|harmony|progression)\b", "chords"),
    (r"\b(?:loud|louder|mix|levels?|volume|balance|lufs|muddy|clipping)\b", "/mix check measures the mix"),
    (r"\b(?:styles?|genres?)\b.*\b(?:there|have|known?|can)\b|\b(?:list|which) (?:the )?(?:styles|genres)\b",
     "/genre list lists the styles"),
    (r"\b(?:effects?|plugins?|devices)\b|\binstruments?\b.*\b(?:have|there|know)\b|\bsounds\b",
     "/devices lists instruments and effects"),
    (r"\bpresets?\b", "/preset list lists the presets"),
    (r"\b(?:chang\w+|did|happened|history|undo)\b", "/history lists the steps, /history diff what one changed"),
    (r"\b(?:commands?|help|how (?:do|can|to)|can you|can i)\b", "/help lists the commands"),
    (r"\b(?:tracks?|parts?|instruments?|playing|plays?|drums?|bass|lead|kick|hats?|snare)\b",
     "/tracks lists the parts"),
)  # fmt: skip
_ELSE = "/info tells tempo, key, meter and length; /help lists the commands"


def is_question(text: str) -> bool:
    """Return whether a text asks something: "what key is it in?", but not "what about strings"."""
    return bool(_ASKS.match(text.strip()))


def is_about_use(text: str) -> bool:
    """Return whether a question asks how something is done or what it is, and not what is so in the piece."""
    return bool(_USE.search(text))


def shown_by(project: ProjectState, text: str) -> str:
    """Return the line that answers a question: what is known, and the command that shows it."""
    shown = next((command for pattern, command in _SHOWN if re.search(pattern, text, re.IGNORECASE)), _ELSE)
    return _chords(project) if shown == "chords" else shown


def _chords(project: ProjectState) -> str:
    for track, clip in project.clips():
        told = clip.provenance.intent.get(CHORDS, "") if clip.provenance else ""
        scene = next((scene.name for scene in project.scenes if scene.slots.get(track.id) == clip.id), "")
        if told and scene and track.role not in DRUMS:
            name = f'"{track.name}:{scene}"' if " " in track.name + scene else f"{track.name}:{scene}"
            return f"chords: {told[:200]} (/clip show {name} shows the clip)"
    return "no part knows its chords; /analyse hears them"
