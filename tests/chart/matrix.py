"""The switches of the chart, and the sets of them that are rendered."""

import itertools
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import yaml

from tests.chart.engine import CHART, Case

Values = dict[str, Any]

EXTERNAL: Values = yaml.safe_load((CHART / "ci" / "external.yaml").read_text())
TRIAL: Values = {
    "image": EXTERNAL["image"],
    "federation": {"domain": "members.example.org", "open": {"demo": True}},
    "trial": {"enabled": True, "seed": "sixteen-or-more-characters"},
}

# Each of them is on or off, independently of all others; `trial` and `upgrade` are seen to in `case_of`.
SWITCHES: Mapping[str, Values] = {
    "trial": {},
    "upgrade": {},
    "ingress": {"ingress": {"enabled": True, "className": "traefik"}},
    "route": {"httpRoute": {"enabled": True, "parentRefs": [{"name": "public", "namespace": "gateways"}]}},
    "certificates": {"tls": {"certManager": {"enabled": True, "issuer": {"name": "dns01"}}}},
    "domains": {
        "federation": {
            "extraDomains": [{"host": "join.welding.example.net", "tlsSecret": "welding-tls"}, {"host": "a.example.cn"}]
        }
    },
    "autoscaling": {"web": {"autoscaling": {"enabled": True}}, "worker": {"autoscaling": {"enabled": True}}},
    "outside": {
        "mail": {"host": "smtp.example.org", "user": "office", "existingSecret": "huilian-mail"},
        "sms": {"provider": "aliyun", "keyId": "a", "existingSecret": "huilian-sms", "signName": "学会"},
        "media": {"s3": {"bucket": "uploads", "keyId": "a", "existingSecret": "huilian-s3"}},
    },
    "metrics": {"metrics": {"enabled": True} | {name: {"enabled": True} for name in ("monitor", "rules", "dashboard")}},
    "claims": {"media": {"existingClaim": "uploads"}, "backup": {"existingClaim": "backups"}},
    "open network": {"networkPolicy": {"enabled": False}},
    "no backup": {"backup": {"enabled": False}},
}
NAMED = ("external", "trial", "everything")


def merged(base: Values, *patches: Mapping[str, Any]) -> Values:
    """`base` with the patches laid over it, maps into maps."""
    result = deepcopy(base)
    for patch in patches:
        for name, value in patch.items():
            mixed = isinstance(value, Mapping) and isinstance(result.get(name), dict)
            result[name] = merged(result[name], value) if mixed else deepcopy(value)
    return result


def case_of(switches: frozenset[str]) -> Case:
    """The values of an operator who turned these on."""
    base = TRIAL if "trial" in switches else EXTERNAL
    values = merged(base, *(SWITCHES[name] for name in sorted(switches)))
    return Case("+".join(sorted(switches)) or "nothing", values, "upgrade" in switches, switches)


def named_cases() -> Iterator[Case]:
    """The files in ci/, installed and upgraded."""
    for name in NAMED:
        values = yaml.safe_load((CHART / "ci" / f"{name}.yaml").read_text())
        yield Case(f"{name}.yaml", values)
        yield Case(f"{name}.yaml, upgrade", values, upgrade=True)


def all_combinations() -> list[frozenset[str]]:
    """Every set of switches."""
    return [frozenset(itertools.compress(SWITCHES, bits)) for bits in itertools.product((0, 1), repeat=len(SWITCHES))]


def covering_combinations() -> list[frozenset[str]]:
    """Few sets in which every three switches meet in all eight ways; found greedily, the same each time."""
    triples = list(itertools.combinations(SWITCHES, 3))
    seen_in = {
        chosen: sum(
            1 << (8 * place + sum((name in chosen) << bit for bit, name in enumerate(triple)))
            for place, triple in enumerate(triples)
        )
        for chosen in all_combinations()
    }
    unseen = (1 << (8 * len(triples))) - 1
    few: list[frozenset[str]] = []
    while unseen:
        best = max(seen_in, key=lambda chosen: (seen_in[chosen] & unseen).bit_count())
        few.append(best)
        unseen &= ~seen_in[best]
    return few
