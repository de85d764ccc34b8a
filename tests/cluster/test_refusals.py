"""What cannot work is refused in plain words: another release, nobody there, an open road. Nothing is fetched from here instead."""

from __future__ import annotations

import datetime
import ipaddress
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cluster.land import ROOT, Land, Loopback

pytest.importorskip("distributed", reason="the extra watcher[cluster] is not installed")


@pytest.fixture
def here(tmp_path: Path, unused_tcp_port_factory: object) -> Iterator[Land]:
    assert callable(unused_tcp_port_factory)
    made = Land(tmp_path, Loopback(), 1, 1, unused_tcp_port_factory(), unused_tcp_port_factory())
    yield made
    made.stop()


def watcher(here: Land, *words: str, **env: str) -> tuple[int, str]:
    """Runs a command to its end: its status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "watcher", "--lang", "en", "--sources", str(here.folder / "sources.yaml"), *words],
        cwd=ROOT, env={**os.environ, **here.secrets(), **env}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def other_release(folder: Path) -> str:
    """A folder before which Python finds watcher 9.9.9."""
    (folder / "other" / "watcher-9.9.9.dist-info").mkdir(parents=True)
    (folder / "other" / "watcher-9.9.9.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: watcher\nVersion: 9.9.9\n"
    )
    return str(folder / "other")


def test_a_scheduler_that_is_not_there_is_an_error_and_no_reason_to_go_oneself(here: Land) -> None:
    here.write_sources(every="1h", delay="0s", timeout="2s")
    here.portal(latency=0)
    status, said = watcher(here, "check")
    assert status == 2
    assert f"the scheduler {here.scheduler} cannot be reached" in said
    assert "Traceback" not in said
    assert here.asked() == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("worker", "dask://8.8.8.8:8786"), "dask+tls://"),
        (("scheduler", "dask://0.0.0.0:8786"), "dask+tls://"),
        (("worker", "dask+tls://127.0.0.1:8786"), "certificates"),
        (("worker", "tcp://127.0.0.1:8786"), "a scheduler is written dask://HOST:PORT"),
    ],
)
def test_an_open_road_is_refused_with_what_to_do(here: Land, words: tuple[str, ...], expected: str) -> None:
    status, said = watcher(here, *words)
    assert (status, expected in said, "Traceback" in said) == (2, True, False)


def test_another_release_is_refused_with_both_versions_and_what_to_do(here: Land) -> None:
    here.write_sources(every="1h", delay="0s", timeout="2s")
    here.portal(latency=0)
    here.run_scheduler()
    here.start(
        "old", 1, "watcher", "worker", here.scheduler, "--name", "old-one", PYTHONPATH=other_release(here.folder)
    )
    here.wait(lambda: "worker.joined" in here.log("old"))
    status, said = watcher(here, "check")
    assert status == 2
    assert "old-one is not of the same release as this machine: watcher 9.9.9 there, " in said
    assert "Install the same watcher[cluster]" in said
    assert here.asked() == []
    status, said = watcher(here, "check", PYTHONPATH=str(here.folder / "other"))
    assert "the scheduler dask://" in said, "and a scheduler is looked at first"
    assert status == 2


def test_over_tls_work_is_done_and_nobody_without_a_certificate_comes_in(here: Land) -> None:
    files = certificates(here.folder)
    tls = {
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(files[0]),
        **{f"DASK_DISTRIBUTED__COMM__TLS__{who}__CERT": str(files[1]) for who in ("SCHEDULER", "WORKER", "CLIENT")},
        **{f"DASK_DISTRIBUTED__COMM__TLS__{who}__KEY": str(files[2]) for who in ("SCHEDULER", "WORKER", "CLIENT")},
    }
    here.tls = True
    here.write_sources(every="1h", delay="0s", timeout="2s")
    here.portal(latency=0)
    here.start("scheduler", 0, "watcher", "scheduler", here.scheduler, **tls)
    here.start("worker1", 1, "watcher", "worker", here.scheduler, **tls)
    here.wait(lambda: "worker.joined" in here.log("worker1"))
    assert watcher(here, "check", **tls)[0] == 0
    assert any(one["knows"] for one in here.asked())
    status, said = watcher(here, "check")
    assert (status, "certificates" in said) == (2, True)


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority, a certificate of it for loopback, and its key."""
    now = datetime.datetime.now(datetime.UTC)
    issuer, machine = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)]) for who in ("authority", "machine"))
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(public: ec.EllipticCurvePublicKey, *, ca: bool) -> bytes:
        place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(issuer if ca else machine)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(place, critical=False)
            .sign(authority, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    files = (folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    files[0].write_bytes(signed(authority.public_key(), ca=True))
    files[1].write_bytes(signed(key.public_key(), ca=False))
    files[2].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
