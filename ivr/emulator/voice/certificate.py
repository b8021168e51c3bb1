"""The certificate of this machine, signed by itself, so that browsers can be asked once to trust it."""

import ipaddress
import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LASTS = timedelta(days=800)
_RENEWED_BEFORE = timedelta(days=14)
_HOSTS = ("127.0.0.1", "::1")


class BadCertificate(ValueError):
    """The file in the folder is no certificate with its key. The message names it, and the mend."""


def server_context(folder: Path) -> ssl.SSLContext:
    """What a server of this machine shows. The certificate is made where there is none, and kept: a browser that was
    told to trust it knows it again. Raises OSError where the folder cannot be written, and BadCertificate."""
    path = folder / "local-voice.pem"
    try:
        if path.exists() and _ends(path) > datetime.now(UTC) + _RENEWED_BEFORE:
            return _context_of(path)
    except (ValueError, ssl.SSLError) as error:
        raise BadCertificate(f"{path} is no certificate with its key. Delete it: a new one is made.") from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(_make())
    draft.replace(path)
    return _context_of(path)


def _context_of(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _ends(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _make() -> bytes:
    """Key and certificate, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Local voice of this machine")])
    hosts = [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(host)) for host in _HOSTS)]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(serialization.Encoding.PEM)
