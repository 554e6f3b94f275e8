"""The ways in which money can arrive: one table, one small interface."""

from django.utils.translation import gettext_lazy as _

from huilian.payments.providers.base import Invitation, Line, Provider
from huilian.payments.providers.remittance import Remittance
from kit.errors import Refusal

__all__ = ["PROVIDERS", "Invitation", "Line", "Provider", "offered_providers", "provider_coded"]

PROVIDERS: dict[str, Provider] = {provider.code: provider for provider in (Remittance(),)}


def provider_coded(code: str) -> Provider:
    """The provider with this code; Refusal `provider_unknown`."""
    try:
        return PROVIDERS[code]
    except KeyError:
        raise Refusal(
            "provider_unknown", _("There is no way of paying called “%(provider)s”."), provider=code
        ) from None


def offered_providers() -> list[Provider]:
    """Those by which the current society can be paid."""
    return [provider for provider in PROVIDERS.values() if provider.is_offered()]
