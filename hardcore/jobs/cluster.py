"""Jobs on other machines: a scheduler of Dask's hands them to its workers, which do them as this machine's workers do.

What travels is JSON and the bytes of files. Dask itself pickles what it carries, so whoever has a certificate of the
cluster can run code on each of its machines and on this one: see the guide.
"""

import asyncio
import json
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from hardcore.errors import JobFailed, UserError, without_extra
from hardcore.settings import ClusterSettings
from hardcore.workers.context import Words
from hardcore.workers.thread import beside, unattended
from hardcore.workers.worker import Ended, Kind, Part, Progress, result_of

# Dask's; its own types are partial.
Client = Any
_CONNECT_S = 15.0
# How often it is looked at who is there; so often in a row nobody, and the cluster is given up.
_LOOK_S, _LOOKS = 2.0, 5
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Gone(JobFailed):
    """The cluster cannot be reached any more, or nobody in it works."""


def ensure_address(address: str, settings: ClusterSettings) -> None:
    """Raise UserError for an address that is none, that needs certificates, or that is not encrypted."""
    match = re.fullmatch(r"(tls|tcp)://(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})", address)
    if match is None:
        raise UserError(f"'{address}' is no address of a cluster", "such as tls://scheduler.local:8786")
    if match[1] == "tcp" and match[2] not in _LOOPBACK and not settings.tcp:
        raise UserError(
            f"{address} is not encrypted: whoever is on the network can run code here",
            "tls://…, or /config cluster.tcp true where you trust the network",
        )
    if match[1] == "tls":
        for name in ("ca", "cert", "key"):
            path = getattr(settings, name)
            if not path or not Path(path).expanduser().is_file():
                what = f"there is no file {path}" if path else "it is not set"
                raise UserError(f"cluster.{name}: {what}", f"/config cluster.{name} /path/to/{name}.pem")


class Cluster:
    """Machines that do jobs, as long as `connected` lasts; a `Runner` as the pool of this machine is."""

    def __init__(self, client: Client, address: str) -> None:
        self._client, self.address = client, address
        self._places: dict[str, int] = {}
        self._empty = 0
        self.why_gone = ""

    @property
    def places(self) -> int:
        """Return how many jobs all machines do at once."""
        return sum(self._places.values())

    @property
    def machines(self) -> tuple[str, ...]:
        """Return the addresses of the machines that do jobs."""
        return tuple(self._places)

    async def run(self, kind: Kind, line: bytes, progress: Progress | None = None, part: Part | None = None) -> Words:
        """Return the answer to a line of `context.request`; the files that it made are in its argument `stage`.

        A cancellation kills it where it runs. Raises what `Worker.do` does; Ended when its machine is lost, Gone.
        """
        from hardcore.jobs import clusterwork

        self._ensure_there()
        asked = json.loads(line)
        name, stage = asked["run"].rpartition(":")[2], Path(asked["arguments"]["stage"])
        key = f"{clusterwork.RESOURCE}-{name}-{secrets.token_hex(8)}"
        prints = await beside(clusterwork.fingerprint)
        if progress is not None:
            self._relay(key, progress)
        future = self._client.submit(
            clusterwork.run, key, name, line.decode(), prints, key=key, resources={clusterwork.RESOURCE: 1}, pure=False
        )
        try:
            words: Words = json.loads(await self._answer(future))
            if "unfit" in words:
                raise JobFailed(
                    f"a machine of {self.address} cannot do it: {words['unfit']}", "the same on every machine"
                )
            done = result_of(kind, words)
            for file in words["files"]:
                await self._fetch(words["machine"], key, file["file"], file["bytes"], stage)
            return done
        finally:
            if progress is not None:
                self._client.unsubscribe_topic(key)
            with suppress(Exception):
                await asyncio.shield(asyncio.ensure_future(self._client.cancel([future])))

    def _relay(self, key: str, progress: Progress) -> None:
        def told(event: Any) -> None:
            progress(event[1]["share"], event[1]["words"])

        self._client.subscribe_topic(key, told)

    async def _fetch(self, machine: str, key: str, name: str, size: int, stage: Path) -> None:
        """Write a file of a machine to its place in the stage, a block at a time. Raises JobFailed, Ended, Gone."""
        from hardcore.jobs import clusterwork

        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise JobFailed(f"a machine of {self.address} sent a file called '{name}'")
        path = stage / name
        await beside(path.parent.mkdir, parents=True, exist_ok=True)
        with path.open("wb") as file:
            while file.tell() < size:
                block = self._client.submit(
                    clusterwork.read, key, name, file.tell(), workers=[machine], priority=10, pure=False
                )
                data = await self._answer(block, machine)
                if not data:
                    raise JobFailed(f"{name} of {machine} is shorter than was said")
                await beside(file.write, data)

    async def _answer(self, future: Any, machine: str | None = None) -> Any:
        """Return what a key of Dask's comes to. Raises Ended where its machine is lost, Gone."""
        waiting = asyncio.ensure_future(self._gathered(future, is_large=machine is not None))
        try:
            while not waiting.done():
                await asyncio.wait([waiting], timeout=_LOOK_S / 4)
                self._ensure_there(machine)
            return waiting.result()
        except (JobFailed, asyncio.CancelledError):
            raise
        except Exception as error:  # whatever Dask raises: a machine that died too often, a connection that broke
            self._ensure_there(machine)
            raise Ended(f"{self.address}: {type(error).__name__}: {error}") from error
        finally:
            waiting.cancel()

    async def _gathered(self, future: Any, *, is_large: bool) -> Any:
        """Return what a key comes to; what is large does not go through the scheduler."""
        import distributed

        with self._client.as_current():
            settled = distributed.wait(future)  # type: ignore[no-untyped-call]
        await settled
        return await self._client.gather(future, direct=is_large)

    def _ensure_there(self, machine: str | None = None) -> None:
        if not self.why_gone and self._client.status != "running":
            self.why_gone = "its scheduler has ended"
        if self.why_gone:
            raise Gone(f"{self.address} has gone: {self.why_gone}")
        if machine is not None and machine not in self._places:
            raise Ended(f"{machine} is lost")

    async def look(self) -> bool:
        """Note who is there; return whether anyone is. Raises what Dask does when the scheduler does not answer."""
        from hardcore.jobs.clusterwork import RESOURCE

        found = await asyncio.wait_for(self._client.scheduler.identity(n_workers=-1), _CONNECT_S)
        offered = {address: int(one["resources"].get(RESOURCE, 0)) for address, one in found["workers"].items()}
        self._places = {address: places for address, places in offered.items() if places}
        return bool(offered)

    async def watch(self) -> None:
        """Note who is there until the cluster is gone."""
        while not self.why_gone:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.look()
            except Exception as error:
                self.why_gone = f"its scheduler does not answer ({type(error).__name__})"
                return
            self._empty = 0 if self._places else self._empty + 1
            if self._empty >= _LOOKS:
                self.why_gone = "nobody in it works"


@asynccontextmanager
async def connected(address: str, settings: ClusterSettings) -> AsyncIterator[Cluster]:
    """Yield the cluster whose scheduler is at an address. Raises UserError when it cannot be used."""
    ensure_address(address, settings)
    client = await _client(address, settings)
    cluster = Cluster(client, address)
    try:
        await _ready(cluster, client)
        watching = asyncio.ensure_future(cluster.watch())
        try:
            yield cluster
        finally:
            watching.cancel()
    finally:
        with suppress(Exception):
            await asyncio.wait_for(client.close(), _CONNECT_S)


async def _client(address: str, settings: ClusterSettings) -> Client:
    try:
        dask = await unattended(_loaded)
    except ImportError as error:
        raise without_extra("a cluster", error, "cluster") from error
    places = {name: str(Path(getattr(settings, name)).expanduser()) for name in ("ca", "cert", "key")}
    security = (
        dask.Security(
            tls_ca_file=places["ca"],
            tls_client_cert=places["cert"],
            tls_client_key=places["key"],
            require_encryption=True,
        )
        if address.startswith("tls")
        else None
    )
    client = dask.Client(
        address, asynchronous=True, security=security, timeout=_CONNECT_S, set_as_default=False, name="hardcore"
    )
    try:
        await client
    except Exception as error:
        with suppress(Exception):
            await client.close()
        raise UserError(
            f"no scheduler answers at {address}: {error}", "dask scheduler, with the same certificates"
        ) from error
    return client


def _loaded() -> Any:
    """Return Dask's package; what it has to tell belongs to no screen."""
    import distributed

    for name in list(logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


async def _ready(cluster: Cluster, client: Client) -> None:
    """See who is there, and that they are like this machine. Raises UserError."""
    from hardcore.jobs.clusterwork import RESOURCE, Jobs, fingerprint

    end = time.monotonic() + _CONNECT_S
    while not await cluster.look() and time.monotonic() < end:  # machines may have been started with the scheduler
        await asyncio.sleep(_LOOK_S / 4)
    if not cluster.machines:
        raise UserError(
            f"no machine of {cluster.address} offers the resource {RESOURCE}",
            f"dask worker {cluster.address} --resources {RESOURCE}=2",
        )
    ours = await beside(fingerprint)
    theirs = await client.run(fingerprint, workers=list(cluster.machines), on_error="return")
    for machine, one in theirs.items():
        if isinstance(one, Exception):
            raise UserError(f"{machine} cannot work: {one}", "pip install 'hardcore[cluster]' there")
        if one != ours:
            raise UserError(
                f"{machine} has another version of the program or its data", "the same on every machine, the engine too"
            )
    await client.register_plugin(Jobs())
