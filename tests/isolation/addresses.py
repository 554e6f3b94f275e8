"""Every address of a kind of society, found and not listed: what is new is walked, or fails until one can walk it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from huilian.accounts.rules import RULES
from huilian.accounts.scopes import SCOPES
from huilian.portals.policies import POLICIES

SOCIETY, HEADQUARTERS = "config.urls.society", "config.urls.headquarters"
PLAIN_POLICIES = {"public", "ticket", "applicant", "member"}
# The API's description of itself is for everybody; whatever else is asked there does not exist.
OPEN_API = {"api_schema", "api_docs", "api_reference", "api_nothing_here"}
CATCH_ALL = "api_nothing_here"


@dataclass(frozen=True)
class Address:
    """One URL pattern, and how it can be asked."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Any  # the API's view class; None for a page
    urlconf: str

    @property
    def is_api(self) -> bool:
        return self.view is not None

    @property
    def methods(self) -> tuple[str, ...]:
        """Pages are asked both ways, whatever they take; operations of the API as they are declared."""
        if self.view is None:
            return ("GET", "POST")
        return tuple(getattr(self.view, "scopes", {})) or ("GET",)

    @property
    def policy(self) -> str:
        """What was declared; empty where nothing was."""
        if self.view is None:
            return POLICIES.get(self.name, "")
        if self.name in OPEN_API:
            return "public"
        declared = set(getattr(self.view, "scopes", {}))
        taken = {name.upper() for name in self.view.http_method_names if hasattr(self.view, name)} - {"HEAD", "OPTIONS"}
        return "token" if declared == taken else ""

    def path(self, arguments: dict[str, Any]) -> str:
        if self.name == CATCH_ALL:
            return "/api/v1/nothing-of-the-kind/"
        return reverse(self.name, urlconf=self.urlconf, kwargs=arguments)

    def __str__(self) -> str:
        return f"{self.name} ({self.route})"


def addresses(urlconf: str) -> list[Address]:
    """All patterns of a urlconf, however deep they are included."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", (), urlconf))


def undeclared(found: list[Address]) -> list[str]:
    """Addresses without a policy that means something, and names that stand for two addresses."""
    wrong = [str(each) for each in found if not _is_known(each)]
    names = [each.name for each in found]
    return wrong + [f"{name} twice" for name in sorted(set(names)) if names.count(name) > 1]


def _is_known(address: Address) -> bool:
    policy = address.policy
    if address.is_api:
        return policy == "public" or (policy == "token" and set(address.view.scopes.values()) <= set(SCOPES))
    kind, _colon, verb = policy.partition(":")
    if kind in ("staff", "hq"):
        return verb in RULES and RULES[verb].headquarters == (kind == "hq")
    return policy in PLAIN_POLICIES


def _walk(patterns: Any, prefix: str, arguments: tuple[str, ...], urlconf: str) -> Iterator[Address]:
    for each in patterns:
        route = prefix + str(each.pattern)
        taken = (*arguments, *each.pattern.converters) if hasattr(each.pattern, "converters") else arguments
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route, taken, urlconf)
        elif isinstance(each, URLPattern):
            yield Address(each.name or "", route, taken, getattr(each.callback, "cls", None), urlconf)
