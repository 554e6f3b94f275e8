"""What the law and custom allow each kind of society: one table."""

from dataclasses import dataclass

HEADQUARTERS, PROVINCE, BRANCH = "headquarters", "province", "branch"


@dataclass(frozen=True, slots=True)
class Law:
    """The powers of one kind of society (architecture, section 3)."""

    legal_person: bool  # own bank and merchant account, own receipts
    own_scheme: bool  # may publish dues for its own members
    decides: bool  # decides applications finally; others endorse
    separate_controller: bool  # sharing personal data needs the person's consent
    aggregates: bool  # keeps the ledger of the federation
    numbers: range  # the society numbers of this kind


LAW: dict[str, Law] = {
    HEADQUARTERS: Law(
        legal_person=True,
        own_scheme=True,
        decides=True,
        separate_controller=False,
        aggregates=True,
        numbers=range(100, 101),
    ),
    PROVINCE: Law(
        legal_person=True,
        own_scheme=True,
        decides=False,
        separate_controller=True,
        aggregates=False,
        numbers=range(201, 300),
    ),
    BRANCH: Law(
        legal_person=False,
        own_scheme=False,
        decides=False,
        separate_controller=False,
        aggregates=False,
        numbers=range(101, 200),
    ),
}

HEADQUARTERS_NUMBER = "100"
