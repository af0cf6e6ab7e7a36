"""The worker that listens to sound files, one after the other: `python -m hardcore.jobs.scanner`.

It says `{"ready": true}` when it has loaded what it needs. A line of JSON comes in on standard input for each file,
`{"path": …, "bpm": null}`, and one goes out for each, in the same order: `{"facts": {…}}`, or `{"refused": "why"}`. It
runs apart because a broken file can crash the libraries that read it; it ends when its input closes.
"""

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def listen(path: Path, bpm_said: float | None) -> dict[str, Any]:
    """Return what is in one file, as JSON can say it; whatever goes wrong is a refusal in words."""
    from hardcore.audio.intake import examine
    from hardcore.errors import HardcoreError
    from hardcore.project.recording import file_digest

    try:
        facts = examine(path, bpm_said)
        return {"facts": {"sha256": file_digest(path), "size": path.stat().st_size, **facts}}
    except HardcoreError as error:
        return {"refused": error.line()}
    except (OSError, MemoryError) as error:
        return {"refused": f"it cannot be read: {getattr(error, 'strerror', None) or 'too large'}"}
    except Exception as error:
        return {"refused": f"it could not be analysed ({type(error).__name__})"}


def main() -> int:
    """Answer the files that are asked for; return the exit status."""
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not end up between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # What takes long to load is loaded before the first file, so that no file is blamed for it.
    import_module("hardcore.audio.intake")
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        answers.write(json.dumps(listen(Path(asked["path"]), asked["bpm"])) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
