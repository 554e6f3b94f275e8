"""The cast of societies, opened once per run."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

OPENED_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
WHO = {
    "hq": ("100", "hq", "headquarters", "中国机械工程学会工作总部", "CMES Headquarters"),
    "zhejiang": ("201", "zhejiang", "province", "浙江省机械工程学会", "Zhejiang Society of Mechanical Engineering"),
    "welding": ("101", "welding", "branch", "焊接分会", "Welding Branch"),
}


@dataclass
class Federation:
    """The three societies, and the means to let messages travel."""

    hq: Any
    zhejiang: Any
    welding: Any

    def inside(self, society: Any) -> AbstractContextManager[Any]:
        from tenants.context import inside

        return inside(society)

    def settle(self) -> None:
        """Deliver and handle until nothing is on its way."""
        from federation import pump

        pump()


def open_cast() -> dict[str, Any]:
    from tenants.opening import open_society

    cast = {}
    for key, (number, slug, kind, zh, en) in WHO.items():
        cast[key] = open_society(number=number, slug=slug, kind=kind, name_zh=zh, name_en=en, at=OPENED_AT)
    _publish_scheme(cast)
    return cast


def _publish_scheme(cast: dict[str, Any]) -> None:
    """Put the preset's scheme where the message would have put it."""
    import json

    from huilian.schemes.loading import load_preset
    from huilian.schemes.models import SchemeVersion
    from tenants.context import inside

    scheme = load_preset("cmes")
    for society in cast.values():
        with inside(society):
            SchemeVersion.objects.create(
                key=scheme.key,
                version=scheme.version,
                effective_on=scheme.effective_on,
                document=json.loads(scheme.to_json()),
                published_at=OPENED_AT,
            )
