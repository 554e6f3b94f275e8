"""The web program of the version to come: referral codes have a colour, of which the version before knows nothing."""

from typing import Any

from django.apps import apps
from django.core.wsgi import get_wsgi_application
from django.db import models

application = get_wsgi_application()
_code: Any = apps.get_model("referrals", "ReferralCode")
_code.add_to_class("colour", models.CharField(max_length=9, null=True, default="green"))
