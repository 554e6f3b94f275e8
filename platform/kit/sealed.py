"""Personal identifiers: comparable without being readable, and readable only with the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION = "s1"


class SealBroken(Exception):
    """A sealed value was changed, belongs elsewhere, or was sealed with a key that is not here."""


def derive_key(secret: str, purpose: str) -> bytes:
    """Make the key for one purpose out of a long random secret (HKDF-SHA256)."""
    if len(secret) < KEY_BYTES:
        raise ValueError(f"a secret needs at least {KEY_BYTES} characters")
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=f"huilian {purpose}".encode())
    return kdf.derive(secret.encode())


def keyed_hash(kind: str, value: str, key: bytes) -> str:
    """Return the HMAC-SHA256 (64 hex digits) of a normalised value; another `kind` gives another hash."""
    _require_key(key)
    # The length keeps apart what would read the same when put together: ab+c and a+bc.
    message = f"{len(kind)}:{kind}:{value}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


class Sealer:
    """Encrypt text with AES-256-GCM; keys in `retired` still open what they sealed."""

    def __init__(self, key: bytes, *, retired: Iterable[bytes] = ()) -> None:
        self._key_id = _key_id(key)
        self._keys = {_key_id(each): AESGCM(each) for each in (key, *retired)}

    def seal(self, text: str, *, bound_to: str = "") -> str:
        """Return a URL-safe token that opens only with the same `bound_to`, e.g. table, column and row."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys[self._key_id].encrypt(nonce, text.encode(), bound_to.encode())
        return f"{_VERSION}.{self._key_id}.{_encode(nonce + sealed)}"

    def open(self, token: str, *, bound_to: str = "") -> str:
        """Return the text; raises SealBroken."""
        key_id, payload = self._take_apart(token)
        if key_id not in self._keys:
            raise SealBroken(f"no key {key_id} here")
        try:
            text = self._keys[key_id].decrypt(payload[:_NONCE_BYTES], payload[_NONCE_BYTES:], bound_to.encode())
        except InvalidTag:
            raise SealBroken("the sealed value was changed, or belongs elsewhere") from None
        return text.decode()

    def needs_resealing(self, token: str) -> bool:
        """Tell whether a retired key sealed this, so that it can be sealed anew."""
        return self._take_apart(token)[0] != self._key_id

    @staticmethod
    def _take_apart(token: str) -> tuple[str, bytes]:
        parts = token.split(".")
        if len(parts) != 3 or parts[0] != _VERSION:
            raise SealBroken("this is not a sealed value")
        try:
            payload = base64.b64decode(parts[2] + "=" * (-len(parts[2]) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise SealBroken("this is not a sealed value") from None
        # One value has one spelling, so that a token used once cannot come back with idle bits changed.
        if _encode(payload) != parts[2]:
            raise SealBroken("this is not a sealed value")
        if len(payload) < _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken("the sealed value is cut short")
        return parts[1], payload


def _encode(payload: bytes) -> str:
    return base64.urlsafe_b64encode(payload).decode().rstrip("=")


def _key_id(key: bytes) -> str:
    """Name a key without giving it away."""
    _require_key(key)
    return hashlib.sha256(b"huilian key id " + key).hexdigest()[:8]


def _require_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
