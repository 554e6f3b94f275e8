"""Forgetting what has served its purpose."""

from datetime import datetime, timedelta

from huilian.accounts.models import OneTimeCode, SignInAttempt

KEPT = timedelta(days=2)  # longer than any limit looks back


def forget_spent(*, at: datetime) -> int:
    """Delete old attempts and codes of this society; returns how many rows."""
    attempts, _by_model = SignInAttempt.objects.filter(at__lt=at - KEPT).delete()
    codes, _by_model = OneTimeCode.objects.filter(sent_at__lt=at - KEPT).delete()
    return attempts + codes
