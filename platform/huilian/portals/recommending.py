"""A recommender named by an applicant, as headquarters' roll knows them."""

from federation.ledger.queries import find_member
from huilian.members.recommending import is_same_name, recommender_from
from huilian.schemes.document import Scheme
from referrals.facts import ChannelChoice, Recommender


def recommender_on_roll(choice: ChannelChoice, scheme: Scheme) -> Recommender | None:
    """The member of any society with this number and this name; one without the other tells nothing.

    Only at headquarters, which alone has the roll.
    """
    entry = find_member(choice.recommender_number)
    if entry is None or not is_same_name(entry.name, choice.recommender_name):
        return None
    return recommender_from(entry, scheme, society=entry.society)
