"""A studio without a terminal: over HTTP until it is ended, one agent on stdin and stdout, or a file coded live."""

import argparse
import asyncio

from hardcore.commands.core.registry import registry, run
from hardcore.commands.reactive.reactions import start_reacting
from hardcore.commands.studio.serve import served_folder
from hardcore.controller.events import Notified, RuleFired
from hardcore.errors import without_extra
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.gate import OwnInput, Rights, permitted, person
from hardcore.surfaces.opening import Opening
from hardcore.surfaces.service import Service


async def serve(given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Serve a studio until the program is asked to end. Raises UserError."""
    async with opening.studio(opening.path()) as studio:
        start_reacting(studio)
        named = ("host", "port", "folder", "agents_write", "allow_eval")
        asked = {name: getattr(given, name) for name in named if getattr(given, name) is not None}
        try:
            answers.result(await run(studio, registry()["serve"], {**asked, "token": True}, person(), "serve"))
            await asyncio.Event().wait()
        finally:
            if studio.door is not None:
                await studio.door.close()


async def live(given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Run a file of Python, and again after each save, until the program is asked to end. Raises UserError."""
    async with opening.studio(opening.path()) as studio:
        start_reacting(studio)
        studio.controller.events.subscribe(Notified, lambda event: answers.news(f"{event.author}: {event.message}"))
        studio.controller.events.subscribe(RuleFired, lambda event: answers.news(_unfired(event)))
        answers.result(await run(studio, registry()["live"], {"file": given.file}, person(), f"live {given.file}"))
        await asyncio.Event().wait()


def _unfired(event: RuleFired) -> str:
    """Return why a rule could not do what it should; empty where it could."""
    return f"{event.name}: {event.error}" if event.error else ""


async def mcp(given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Serve one agent on stdin and stdout, until it goes. Raises UserError."""
    try:
        from hardcore.surfaces.mcp import attached, server
    except ImportError as error:
        raise without_extra("this", error, "serve") from error
    if given.attach:
        await attached.relay()
        return
    root = served_folder(person(), given.folder)
    async with opening.studio(opening.path()) as studio:
        start_reacting(studio)
        rights = Rights((root,), permitted(files=given.agents_write, code=given.allow_eval), given.branch)
        await server.serve_stdio(Service(studio, OwnInput(), rights), given.tools)
