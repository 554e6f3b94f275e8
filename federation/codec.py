"""A contract as JSON and back, strictly: what arrives has the shape that was agreed, or it is not let in."""

from typing import Any

import msgspec

from federation.contracts import CONTRACTS, Contract
from kit.shapes import learn

learn(*CONTRACTS.values())


class UnreadableMessage(Exception):
    """A message of unknown type or version, or of another shape than agreed; tells nothing of its content."""


def encode(contract: Contract) -> dict[str, Any]:
    """The payload as plain JSON values: dates and times as ISO 8601, ids as text."""
    payload: dict[str, Any] = msgspec.to_builtins(contract)
    return payload


def decode(name: str, version: int, payload: Any) -> Contract:
    """The contract that this payload is, or UnreadableMessage; fields a newer sender added are ignored."""
    contract = CONTRACTS.get(name)
    if contract is None:
        raise UnreadableMessage(f"no message is called {name}")
    if contract.version != version:
        raise UnreadableMessage(f"{name} is read here in version {contract.version}, not {version}")
    try:
        return msgspec.convert(payload, type=contract)
    except msgspec.ValidationError as error:
        raise UnreadableMessage(f"{name} has another shape than agreed: {error}") from None
