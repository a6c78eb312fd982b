"""The shop's signing key: Ed25519 (RFC 8032), in a file outside the database, made when it is first needed.

It signs heads and receipts; what is signed begins in another way for each, so that neither is ever taken for the other.
"""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(Exception):
    """A key file that cannot be used; the message says why and what to do."""


class SigningKey:
    """Signs and checks; `id` tells keys apart, `public` is what others check by: 32 bytes."""

    def __init__(self, secret: Ed25519PrivateKey) -> None:
        self._secret = secret
        self._public = secret.public_key()
        self.public = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(self.public).hexdigest()[:16]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the key. Raises KeyFileError."""
        try:
            mode, content = file.stat().st_mode, file.read_bytes()
        except OSError as error:
            raise KeyFileError(f"{file}: the signing key cannot be read: {error.strerror}") from error
        if mode & OTHERS:
            raise KeyFileError(f"{file}: others may read the signing key. Run: chmod 600 {file}")
        try:
            secret = load_pem_private_key(content, password=None)
        except (ValueError, TypeError) as error:
            raise KeyFileError(f"{file}: expected an Ed25519 key as PEM, got something else") from error
        if not isinstance(secret, Ed25519PrivateKey):
            raise KeyFileError(f"{file}: expected an Ed25519 key, got another kind")
        return cls(secret)

    @classmethod
    def load_or_make(cls, file: Path) -> Self:
        """Read the key, or make one where there is none. Raises KeyFileError."""
        if not file.exists():
            _make(file)
        return cls.load(file)

    def sign(self, content: bytes) -> str:
        """The signature, in hex."""
        return self._secret.sign(content).hex()

    def has_signed(self, content: bytes, signature: str) -> bool:
        """Whether the signature is this key's, of this content."""
        try:
            self._public.verify(bytes.fromhex(signature), content)
        except (InvalidSignature, ValueError):
            return False
        return True


def _make(file: Path) -> None:
    """Whole or not at all; of two who make one at a time, one is kept."""
    secret = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as opened:  # noqa: PTH123 - the descriptor has its mode from the start
            opened.write(secret)
            os.fsync(descriptor)
        with suppress(FileExistsError):
            file.hardlink_to(draft)
    except OSError as error:
        raise KeyFileError(f"{file}: the signing key cannot be made: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
