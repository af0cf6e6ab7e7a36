"""The process that keeps names, from outside: what it answers, how it is stopped, that nothing is lost when it dies."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from hardcore.errors import JobFailed, UserError
from hardcore.kernel.kernel import Kernel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
T = TypeVar("T")
LONG_S = 60.0


async def silent(words: dict[str, Any]) -> Any:
    raise UserError("nothing to ask here", "no studio")


async def ran(kernel: Kernel, code: str, limit_s: float = LONG_S) -> dict[str, Any]:
    return await kernel.run({"code": code}, silent, limit_s)


def used(work: "Coroutine[Any, Any, T]", kernel: Kernel) -> T:
    try:
        return asyncio.run(work)
    finally:
        kernel.close()


def test_names_stay_and_every_part_of_an_answer_is_data() -> None:
    kernel = Kernel()

    async def session() -> None:
        assert kernel.pid == 0, "it starts when it is first asked"
        assert (await ran(kernel, "x = 40\ndef more(n):\n    return n + x"))["kind"] == "statement"
        done = await ran(kernel, "import sys\nprint('out'); print('err', file=sys.stderr)\nmore(2)")
        assert done == {
            "kind": "expression", "value": "42", "stdout": "out\n", "stderr": "err\n", "error": None, "traceback": None,
        }  # fmt: skip
        assert (await ran(kernel, "_ + 1"))["value"] == "43"
        assert (await ran(kernel, "None"))["value"] is None
        failed = await ran(kernel, "print('before')\nmore('a')")
        assert failed["stdout"] == "before\n"
        assert failed["error"].startswith("TypeError: can only concatenate str") and "(line 3)" in failed["error"]
        assert "return n + x" in failed["traceback"] and "kernel" not in failed["traceback"]
        assert (await ran(kernel, "a = = 1"))["error"] == "SyntaxError: invalid syntax"
        assert (await ran(kernel, "input()"))["error"].startswith("EOFError")
        assert (await ran(kernel, "exit(3)"))["error"] == "SystemExit: 3"
        assert (await ran(kernel, "import os; os.write(1, b'{}'); os.system('echo {}'); more(0)"))["value"] == "40"
        asked = await ran(kernel, "studio.do('/info')")
        assert asked["error"] == "nothing to ask here (no studio)"

    used(session(), kernel)


def test_code_that_does_not_end_is_stopped_and_its_names_stay() -> None:
    kernel = Kernel()

    async def session() -> None:
        await ran(kernel, "x = 1")
        pid = kernel.pid
        for code in ("while True: pass", "import time; time.sleep(99)", "[n for n in iter(int, 1) if n]"):
            assert (await ran(kernel, code, 0.2))["error"] == "stopped after 0.2 s"
        flood = await ran(kernel, "while True: print('x' * 1000)", 0.2)
        assert flood["error"] == "stopped after 0.2 s" and 20_000 <= len(flood["stdout"]) < 20_100
        assert (await ran(kernel, "x"))["value"] == "1" and kernel.pid == pid

    used(session(), kernel)


def test_code_may_await_and_what_it_leaves_is_given_up() -> None:
    kernel = Kernel()

    async def session() -> None:
        await ran(kernel, "import asyncio\nasync def late(n):\n    await asyncio.sleep(0)\n    return n")
        assert (await ran(kernel, "x = await late(40)\nx + await late(2)"))["value"] == "42"
        both = await ran(kernel, "await gather(late(1), late(2)), await gather([late(3)])")
        assert both["value"] == "([1, 2], [3])"
        failed = await ran(kernel, "async def wrong():\n    await late(1 / 0)\nawait wrong()")
        assert failed["error"] == "ZeroDivisionError: division by zero (line 2)"
        assert (await ran(kernel, "left = asyncio.ensure_future(late(1)) if await late(1) else 0"))["error"] is None
        assert (await ran(kernel, "left.cancelled()"))["value"] == "True"
        assert (await ran(kernel, "await asyncio.sleep(99)", 0.2))["error"] == "stopped after 0.2 s"
        assert (await ran(kernel, "await late(x)"))["value"] == "40"

    used(session(), kernel)


def test_code_that_refuses_to_stop_is_killed_and_the_next_line_begins_anew() -> None:
    kernel = Kernel()

    async def session() -> None:
        await ran(kernel, "x = 1")
        pid = kernel.pid
        with pytest.raises(JobFailed, match="did not stop"):
            await ran(kernel, "sum(iter(int, 1))", 0.1)  # a loop in C, which looks at no signal
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert (await ran(kernel, "x"))["error"] == "NameError: name 'x' is not defined"
        with pytest.raises(JobFailed, match="has ended"):
            await ran(kernel, "import os; os._exit(1)")
        assert (await ran(kernel, "1"))["value"] == "1"

    used(session(), kernel)


def test_memory_has_a_limit_and_what_would_pass_it_fails_alone() -> None:
    kernel = Kernel(memory=128 << 20)

    async def session() -> None:
        assert (await ran(kernel, "x = bytearray(32 << 20); len(x)"))["value"] == str(32 << 20)
        assert (await ran(kernel, "y = bytearray(256 << 20)"))["error"] == "MemoryError"
        assert (await ran(kernel, "len(x)"))["value"] == str(32 << 20)
        assert len((await ran(kernel, "'a' * 10**6"))["value"]) < 20_100

    used(session(), kernel)


def test_a_call_that_is_given_up_stops_and_the_next_is_served() -> None:
    kernel = Kernel()

    async def session() -> None:
        await ran(kernel, "x = 1")
        pid, begun = kernel.pid, asyncio.Event()

        async def asked(words: dict[str, Any]) -> Any:
            begun.set()
            return {"text": ""}

        code = "studio.do('/now')\nwhile True: pass"
        task = asyncio.ensure_future(kernel.run({"code": code}, asked, LONG_S))
        waiting = asyncio.ensure_future(ran(kernel, "x + 1"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await waiting)["value"] == "2" and kernel.pid == pid

    used(session(), kernel)


def test_ten_kills_at_random_moments_lose_nothing_but_names() -> None:
    kernel, rng = Kernel(), random.Random(5)

    async def session() -> list[int]:
        killed: list[int] = []
        for _ in range(10):
            left = rng.randrange(1, 40)

            async def asked(words: dict[str, Any]) -> Any:
                nonlocal left
                left -= 1
                if left == 0:
                    killed.append(kernel.pid)
                    os.kill(kernel.pid, signal.SIGKILL)
                return {"text": ""}

            with pytest.raises(JobFailed, match="has ended"):
                await kernel.run({"code": "while True: studio.do('/now')"}, asked, LONG_S)
        assert (await ran(kernel, "1 + 1"))["value"] == "2"
        return killed

    assert len(set(used(session(), kernel))) == 10


def test_it_ends_in_the_middle_of_anything_when_the_studio_is_gone() -> None:
    kernel = Kernel()

    async def session() -> None:
        async def gone(words: dict[str, Any]) -> Any:
            assert kernel._child is not None
            kernel._child.close_input()
            return {"text": ""}

        with pytest.raises(JobFailed, match="has ended"):
            await kernel.run({"code": "studio.do('/now')\nwhile True: pass"}, gone, LONG_S)

    used(session(), kernel)


def test_code_cannot_wait_for_itself() -> None:
    kernel = Kernel()

    async def session() -> None:
        async def again(words: dict[str, Any]) -> Any:
            return await ran(kernel, "1")

        nested = await kernel.run({"code": "studio.do('/py 1')"}, again, LONG_S)
        assert nested["error"].startswith("Python that runs cannot ask for Python")

    used(session(), kernel)
