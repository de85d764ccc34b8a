"""Certificates for a cluster over TLS, as Dask's configuration names them."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def tls(folder: Path) -> dict[str, str]:
    """Environment variables under which every process of a cluster has a certificate of one authority."""
    authority, certificate, key = certificates(folder)
    own = {f"{who}__CERT": certificate for who in ("SCHEDULER", "WORKER", "CLIENT")}
    own |= {f"{who}__KEY": key for who in ("SCHEDULER", "WORKER", "CLIENT")}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(file) for name, file in {"CA_FILE": authority, **own}.items()}


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
