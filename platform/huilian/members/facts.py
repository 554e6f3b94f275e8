"""What becoming a member needs to know of an application; its room is above this one and hands it over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """An approved application, as far as a member is made of it; hashes and seal are the application's."""

    application_id: UUID
    kind: str  # person | institution
    name: str
    channel: str
    referral_code: str = ""
    user_id: int | None = None  # who signs in: the person, or the one who represents the institution
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number_sealed: str = ""
    phone_hash: str = ""
    email_hash: str = ""
    id_number_hash: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    interests: tuple[str, ...] = ()
    representative_name: str = ""
    representative_position: str = ""
    consents: tuple[tuple[str, str], ...] = ()  # (purpose, version) of what was consented to
