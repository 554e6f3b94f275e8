"""What whoever refuses an application is told before doing so."""

from datetime import date

from django.utils.translation import gettext as _

from federation.ledger.models import Case
from huilian.applications.models import Application
from huilian.applications.rules import reapply_date
from huilian.portals.templatetags.huilian_tags import day
from huilian.schemes.queries import scheme_version


def refusal_warning(found: Application | Case, *, on: date) -> str:
    """That it is for good, and from when the scheme lets the applicant try again."""
    category = scheme_version(found.scheme_version).category(found.category)
    again = reapply_date(category, refused_on=on)
    if again is None:
        return _("A refusal cannot be taken back. The applicant may apply again at any time.")
    return _("A refusal cannot be taken back. The applicant may apply again from %(day)s.") % {"day": day(again)}
