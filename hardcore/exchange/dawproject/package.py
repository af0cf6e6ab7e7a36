"""The file of a DAWproject: a zip of documents, sounds and what devices keep; equal projects give equal bytes."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from hardcore.checkpoint import checkpoint
from hardcore.exchange.dawproject.document import Document, metadata, write_document
from hardcore.exchange.dawproject.media import Sound
from hardcore.project.state import ProjectState

PROJECT, METADATA = "project.xml", "metadata.xml"
# The zip's clock begins there; the hour of an export would make two of one project differ.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20
# About so many bytes of XML become one.
_PACKED = 12


class Forecast(NamedTuple):
    """What a DAWproject of a project would be: about how many bytes, how many sounds, and what would be lost."""

    bytes: int
    sounds: int
    losses: tuple[str, ...]


def write_package(file: BinaryIO, project: ProjectState, sound_file: Callable[[Sound], Path]) -> Document:
    """Write a project as a DAWproject; `sound_file` gives a WAV of a sound. Return what is in it."""
    with ZipFile(file, "w") as package:
        with package.open(_entry(PROJECT, ZIP_DEFLATED), "w", force_zip64=True) as entry:
            text = io.TextIOWrapper(entry, encoding="utf-8", newline="\n")
            document = write_document(project, text.write)
            text.flush()
            text.detach()
        package.writestr(_entry(METADATA, ZIP_DEFLATED), metadata(project))
        for path, content in document.states.items():
            package.writestr(_entry(path, ZIP_DEFLATED), content)
        for sound in document.sounds:
            with (
                sound_file(sound).open("rb") as source,
                package.open(_entry(sound.path, ZIP_STORED), "w", force_zip64=True) as entry,
            ):
                while block := source.read(_BLOCK):
                    checkpoint()
                    entry.write(block)
    return document


def forecast(project: ProjectState) -> Forecast:
    """Return what `write_package` would write, without writing it."""
    size = 0

    def counted(text: str) -> None:
        nonlocal size
        size += len(text)

    document = write_document(project, counted)
    sounds = sum(3 * one.sound.channels * one.sound.frames for one in document.sounds)
    return Forecast(size // _PACKED + sounds, len(document.sounds), document.losses)


def _entry(path: str, compression: int) -> ZipInfo:
    entry = ZipInfo(path, _NO_TIME)
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    return entry
