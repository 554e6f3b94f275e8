"""Letters to an applicant: one function, the facts that every letter of this room may name."""

from huilian.applications.models import Application
from huilian.applications.services.walking import Walk
from huilian.notices.services import notify
from tenants.context import current, url_of


def tell(event: str, walk: Walk, **facts: object) -> None:
    """Queue the letter about `event` to the applicant, by every road the form named, in their language."""
    application = walk.application
    notify(
        event,
        to_phone=application.phone,
        to_email=application.email,
        language=application.language,
        at=walk.at,
        **{
            "name": addressee_of(application),
            "reference": application.reference,
            "category": walk.category.name,
            "link": url_of(current(), "/my/"),
            **facts,
        },
    )


def addressee_of(application: Application) -> str:
    """Who is written to: the person, or the one who answers for the institution."""
    return str(application.answers.get("representative_name") or application.name)
