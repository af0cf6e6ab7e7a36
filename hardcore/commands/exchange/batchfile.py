"""What a batch makes: prompts from a file times seeds, each piece with a key that says whether it is the same."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hardcore.commands.core.types import Bars, KeyOption, Tempo
from hardcore.errors import NotFound, UserError, complaint
from hardcore.project.values import Seed

MOST_PIECES = 1_000_000
_MOST_BYTES = 1 << 28


class Prompt(BaseModel):
    """A line of a .jsonl file: what to make; a seed or seeds of its own count instead of those of the batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str = Field(min_length=1, max_length=10_000)
    seed: Seed | None = None
    seeds: tuple[Seed, ...] = ()
    bars: Bars | None = None
    bpm: Tempo | None = None
    key: KeyOption | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Return the fields that fix something of the piece."""
        fields = {name: getattr(self, name) for name in ("bars", "bpm", "key")}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece to make: its prompt, its seed, and the key of what it comes to with the options of the batch."""

    prompt: Prompt
    seed: int
    key: str

    @property
    def name(self) -> str:
        """Return what its files are called, without an ending: words of the prompt, the seed, the key."""
        words = re.sub(r"[^a-z0-9]+", "-", self.prompt.prompt.lower()).strip("-")[:40].strip("-")
        return f"{words or 'piece'}-{self.seed}-{self.key[:8]}"


def prompts_in(path: Path) -> list[Prompt]:
    """Return the prompts of a .txt file, a line each, or of a .jsonl file. Raises UserError naming the line."""
    if path.suffix.lower() not in (".txt", ".jsonl"):
        raise UserError(f"{path.name} holds no prompts", ".txt with a prompt a line, or .jsonl with an object a line")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"{path.name} is too large", f"at most {_MOST_BYTES >> 20} MB; several files instead")
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    said = [(number, line) for number, line in numbered if line and not line.startswith("#")]
    found = [_prompt(path, number, line) for number, line in said]
    if not found:
        raise UserError(f"there are no prompts in {path.name}", "a line each, such as: acid 130 bpm, F minor, 8 bars")
    return found


def pieces(prompts: list[Prompt], seeds: tuple[int, ...], options: dict[str, Any]) -> list[Piece]:
    """Return every prompt with every seed, each once, in the order of the file. Raises UserError for too many."""
    wanted = sum(len(_seeds(prompt, seeds)) for prompt in prompts)
    if wanted > MOST_PIECES:
        raise UserError(f"that is {wanted:,} pieces", f"at most {MOST_PIECES:,} at a time")
    found: dict[str, Piece] = {}
    for prompt in prompts:
        for seed in _seeds(prompt, seeds):
            fixed = prompt.model_dump(mode="json", exclude={"seed", "seeds"})
            said = json.dumps([fixed, seed, options], sort_keys=True, default=str)
            key = sha256(said.encode()).hexdigest()[:32]
            found[key] = Piece(prompt, seed, key)
    return list(found.values())


def parse_seeds(text: str) -> tuple[int, ...]:
    """Return the seeds of `1-100` or `3,7,20-29`. Raises UserError."""
    found: list[int] = []
    for part in text.replace(" ", "").split(","):
        match = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", part)
        if match is None:
            raise UserError(f"'{part}' is no seed", "such as 1-100, or 3,7,20-29")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last < first + MOST_PIECES:
            raise UserError(f"'{part}' is no span of seeds", f"the lower first, at most {MOST_PIECES:,}")
        found += range(first, last + 1)
    return tuple(dict.fromkeys(found))


def parse_shard(text: str) -> tuple[int, int]:
    """Return number and count of `2/8`. Raises UserError."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise UserError(f"'{text}' is no share", "such as 2/8, the second of eight")
    return int(match[1]), int(match[2])


def _seeds(prompt: Prompt, seeds: tuple[int, ...]) -> tuple[int, ...]:
    own = (prompt.seed,) if prompt.seed is not None else prompt.seeds
    return own or seeds


def _prompt(path: Path, number: int, line: str) -> Prompt:
    if path.suffix.lower() == ".txt":
        if len(line) > 10_000:
            raise UserError(f"{path.name}:{number}: the prompt is too long", "10,000 characters at most")
        return Prompt(prompt=line)
    try:
        return Prompt.model_validate_json(line)
    except ValidationError as error:
        place, why, _ = complaint(error)
        raise UserError(f"{path.name}:{number}: {place}: {why}" if place else f"{path.name}:{number}: {why}") from error
