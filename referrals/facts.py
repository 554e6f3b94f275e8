"""What the rules need to know of people; whoever asks brings it, so that this room reads no member's row."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """By what one person or body is told to be the same as another: number and keyed hashes, where known."""

    number: str = ""
    phone_hash: str = ""
    email_hash: str = ""
    id_number_hash: str = ""

    def is_same_as(self, other: "Identity") -> bool:
        """Whether they share the number or any hash; what is unknown on either side proves nothing."""
        pairs = (
            (self.number, other.number),
            (self.phone_hash, other.phone_hash),
            (self.email_hash, other.email_hash),
            (self.id_number_hash, other.id_number_hash),
        )
        return any(mine and mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommender:
    """A member who recommends, as it stands on the day; `category_name` is what the applicant reads."""

    society: str
    name: str
    kind: str  # person | institution
    category: str
    category_name: object
    rank: int | None
    from_on: date
    to_on: date | None  # half-open; None: without an end
    ended: bool = False
    identity: Identity

    @property
    def number(self) -> str:
        return self.identity.number

    def in_standing(self, on: date) -> bool:
        return not self.ended and self.from_on <= on and (self.to_on is None or on < self.to_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChoice:
    """What an applicant filled in about the way in which they come; nothing of it is believed yet."""

    channel: str
    society: str = ""  # number of the branch or province chosen from the list
    recommender_number: str = ""
    recommender_name: str = ""
    code: str = ""  # a referral code fixes the channel
