"""Certificates for the simulated CRM's port: one signed by a private CA, and each kind that a client must refuse."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TlsMode = Literal["private-ca", "self-signed", "expired", "wrong-host"]
TLS_MODES: tuple[TlsMode, ...] = ("private-ca", "self-signed", "expired", "wrong-host")
_HOSTS = ("localhost", "127.0.0.1")
_WRONG_HOSTS = ("another-crm.example",)


def prepare(mode: TlsMode, directory: Path) -> tuple[ssl.SSLContext, Path]:
    """The server's TLS context, and the file a client may trust: `ca.pem`, in each mode but self-signed the private CA.

    Writes `ca.pem`, `server.pem` and `server.key` into the directory, anew at each start. Where they can be, the kinds
    that a client must refuse are signed by the same CA, so that a refusal shows the one thing that is wrong.
    """
    directory.mkdir(parents=True, exist_ok=True)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("Postcall simulator CA", ca_key.public_key(), "Postcall simulator CA", ca_key, authority=True)
    if mode == "self-signed":
        server = ca = _certificate("BPMSoft simulator", key.public_key(), "BPMSoft simulator", key, hosts=_HOSTS)
    else:
        server = _certificate(
            "BPMSoft simulator",
            key.public_key(),
            "Postcall simulator CA",
            ca_key,
            hosts=_WRONG_HOSTS if mode == "wrong-host" else _HOSTS,
            expired=mode == "expired",
        )
    ca_file, server_file, key_file = directory / "ca.pem", directory / "server.pem", directory / "server.key"
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    server_file.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_file, key_file)
    return context, ca_file


def _certificate(
    subject: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: str,
    signing_key: ec.EllipticCurvePrivateKey,
    *,
    hosts: tuple[str, ...] = (),
    authority: bool = False,
    expired: bool = False,
) -> x509.Certificate:
    begins = datetime.now(UTC) - timedelta(days=30)
    ends = begins + timedelta(days=29 if expired else 395)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(_usage(authority=authority), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
