"""Files that appear together when the work that writes them is done, and not at all when it fails or is stopped."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hardcore.errors import NotFound, UserError
from hardcore.jobs.request import RenderRequest


@contextlib.contextmanager
def staged(request: RenderRequest) -> Iterator[RenderRequest]:
    """Yield the request with a folder of its own to write to, whose files take their places when all went well.

    What was there before stays until then. Raises UserError when they cannot be put there.
    """
    place = request.path.parent
    if not place.is_dir():
        raise NotFound(f"there is no folder {place}", "make it first, or choose another")
    if request.path.is_dir():
        raise UserError(f"{request.path} is a folder", "name a file in it")
    try:
        folder = request.stage or Path(tempfile.mkdtemp(prefix=".hardcore-", suffix=".part", dir=place))
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _refused(request.path, error) from error
    try:
        stems = folder / "stems" if request.stems else None
        also = tuple(folder / path.name for path in request.also)
        sidecar = folder / request.sidecar.name if request.sidecar else None
        yield replace(request, path=folder / request.path.name, stems=stems, also=also, sidecar=sidecar)
        if stems is not None and request.stems is not None:
            request.stems.mkdir(parents=True, exist_ok=True)
            for stem in stems.iterdir():
                stem.replace(request.stems / stem.name)
        for path in (*request.also, request.path, request.sidecar):
            if path is not None:
                (folder / path.name).replace(path)
    except OSError as error:
        raise _refused(request.path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refused(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} could not be written: {error}", "check the disk and the permissions")
