"""Clusters for tests: a scheduler of Dask's and its workers, with certificates made for them."""

import asyncio
import datetime
import ipaddress
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from tests.forking import Popen

PATIENCE_S = 60.0


def certificates(folder: Path) -> dict[str, str]:
    """Return the files of an authority, a certificate and its key, made in a folder, by the names of the settings."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder.mkdir()
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey) -> bytes:
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        )
        return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    files = {
        "ca": certificate("authority", authority, "authority", authority),
        "cert": certificate("machine", own, "authority", authority),
        "key": own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    }
    for name, data in files.items():
        (folder / f"{name}.pem").write_bytes(data)
    return {name: str(folder / f"{name}.pem") for name in files}


def trusts(monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> None:
    """Let the studios of a test use certificates."""
    for name, path in files.items():
        monkeypatch.setenv(f"HARDCORE_CLUSTER_{name.upper()}", path)


@contextmanager
def inside(
    files: dict[str, str], machines: int = 1, offers: str = "hardcore"
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the address of a scheduler whose machines are in this process, in a thread, and what ends them all."""
    import distributed

    security = distributed.Security(
        tls_ca_file=files["ca"], require_encryption=True,
        **{f"tls_{who}_{what}": files[what] for who in ("scheduler", "worker", "client") for what in ("cert", "key")},
    )  # fmt: skip
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    address: list[str] = []

    async def serve() -> None:
        async with AsyncExitStack() as held:
            scheduler = await held.enter_async_context(
                distributed.Scheduler(host="127.0.0.1", port=0, security=security, protocol="tls://", dashboard=False)
            )
            for _ in range(machines):
                await held.enter_async_context(
                    distributed.Worker(
                        scheduler.address, security=security, nthreads=2, resources={offers: 1}, dashboard=False
                    )
                )
            address.append(scheduler.address)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield address[0], lambda: (loop.call_soon_threadsafe(done.set), thread.join())
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(done.set)
            thread.join()
        loop.close()


@contextmanager
def processes(
    files: dict[str, str], folder: Path, machines: int
) -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """Yield the address of a scheduler, and the processes: its own and those of the machines."""
    keys = [word for name, path in files.items() for word in (f"--tls-{'ca-file' if name == 'ca' else name}", path)]
    begun: list[subprocess.Popen[str]] = []

    def start(*words: str) -> None:
        log = (folder / f"dask-{len(begun)}.log").open("w")
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        with log:
            begun.append(
                Popen([sys.executable, "-m", "dask", *words, *keys], env=env, stdout=log, stderr=log, text=True)
            )

    found = folder / "scheduler.json"
    try:
        start("scheduler", "--host", "tls://127.0.0.1:0", "--no-dashboard", "--scheduler-file", str(found))
        end = time.monotonic() + PATIENCE_S
        while not found.exists() or not found.read_text():
            assert begun[0].poll() is None and time.monotonic() < end, (folder / "dask-0.log").read_text()
            threading.Event().wait(0.05)
        address = json.loads(found.read_text())["address"]
        for number in range(machines):
            start(
                "worker", address, "--nthreads", "2", "--no-nanny", "--no-dashboard", "--resources", "hardcore=1",
                "--local-directory", str(folder / f"machine{number}"), "--name", f"machine{number}",
            )  # fmt: skip
        yield address, begun
    finally:
        for process in begun:
            process.kill()
            process.wait()
