"""Everything the federation writes to people: event × channel × language, in one table."""

from huilian.notices.catalogue import access, dues, joining, taking_over
from huilian.notices.catalogue.event import ALWAYS, Event, Letter, is_english

__all__ = ["ALWAYS", "CHANNELS", "EVENTS", "LANGUAGES", "Event", "Letter", "is_english"]

CHANNELS = ("email", "sms")
LANGUAGES = ("zh-hans", "en")

EVENTS: dict[str, Event] = {
    event.name: event
    for event in (
        access.CODE_SENT,
        access.ACCOUNT_INVITED,
        access.CONTACT_CHANGED,
        joining.ACKNOWLEDGED,
        joining.APPROVED,
        joining.REFUSED,
        joining.EXPIRED,
        joining.WITHDRAWN,
        joining.WELCOME,
        taking_over.TAKEN_OVER,
        dues.PLEASE_PAY,
        dues.RECEIVED,
        dues.REJECTED,
    )
}
