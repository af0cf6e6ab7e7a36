"""The key of a model's server: in the environment or in `.env`, never in a setting, never shown, never stored."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from hardcore.paths import config_folder

OWN, COMMON = "HARDCORE_ASSISTANT_KEY", "OPENAI_API_KEY"
_LONGEST = 100_000


def api_key(url: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the key for a server, None without one.

    It is looked for in the environment, in `.env` here and in `.env` of the user's settings. A key that is for OpenAI
    by its name is given to no server without encryption.
    """
    places = (environment, *map(_read, (Path.cwd() / ".env", config_folder() / ".env")))
    names = (OWN, COMMON) if url.startswith("https://") else (OWN,)
    found = (place.get(name, "").strip() for name in names for place in places)
    return next((key for key in found if key.isprintable() and key), None)


def _read(path: Path) -> Mapping[str, str]:
    """Return the keys in a `.env` file, and nothing else of it; nothing where it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LONGEST)
    except (OSError, UnicodeDecodeError):
        return {}
    pattern = rf"^[ \t]*(?:export[ \t]+)?({OWN}|{COMMON})[ \t]*=[ \t]*(.*?)[ \t]*$"
    return {name: value.strip("\"'") for name, value in re.findall(pattern, text, re.MULTILINE)}


def redacted(text: str, key: str | None) -> str:
    """Return a text in which nothing that is or looks like a key can be read."""
    if key:
        text = text.replace(key, "[key]")
    return re.sub(r"\b(sk|pk|key|gsk|xai|hf)[-_][\w*.-]{8,}|(?<=Bearer )\S+", "[key]", text)
