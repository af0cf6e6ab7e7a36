"""The kernel's end of its pipe to the studio: lines of JSON in and out, questions to the studio, interruptions."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from queue import SimpleQueue
from typing import Any, BinaryIO

Words = dict[str, Any]


class StudioError(Exception):
    """The studio refused what was asked; nothing has changed. The message is one line."""


class Pipe:
    """What the kernel hears from the studio and tells it.

    requests  what the studio asks for, in order
    busy      whether a request is carried out: only then may the studio be asked, and interrupted
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self.requests: SimpleQueue[Words] = SimpleQueue()
        self._answers: SimpleQueue[Words] = SimpleQueue()
        self._telling, self._asking = threading.Lock(), threading.Lock()
        self._numbers = count(1)
        self._is_shielded = self._is_due = False
        self.busy = False
        signal.signal(signal.SIGINT, self._interrupted)
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, words: Words) -> None:
        """Send a line to the studio; an interruption waits until all of it is sent."""
        line = json.dumps(words).encode() + b"\n"
        with self._shielded(), self._telling:
            self._sink.write(line)
            self._sink.flush()

    def ask(self, words: Words) -> Any:
        """Return what the studio answers. Raises StudioError."""
        if not self.busy:
            raise StudioError("the studio can be asked only while a line of Python runs")
        with self._asking:
            number = next(self._numbers)
            self.tell({"call": number, **words})
            # an interrupted call leaves its answer behind
            while (answer := self._answers.get())["answer"] != number:
                pass
        if "error" in answer:
            raise StudioError(answer["error"])
        return answer["result"]

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let the studio interrupt what is done inside, by a KeyboardInterrupt."""
        self.busy = True
        try:
            yield
        finally:
            self.busy = False

    @contextmanager
    def _shielded(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._is_shielded = True
        try:
            yield
        finally:
            self._is_shielded = False
            if self._is_due:
                self._is_due = False
                if self.busy:
                    raise KeyboardInterrupt

    def _interrupted(self, number: int, frame: object) -> None:
        if self._is_shielded:
            self._is_due = True
        elif self.busy:
            raise KeyboardInterrupt

    def _listen(self) -> None:
        """Take in what the studio says until it is gone; then this process ends, in the middle of anything."""
        for line in self._source:
            words: Words = json.loads(line)
            (self._answers if "answer" in words else self.requests).put(words)
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(0)
