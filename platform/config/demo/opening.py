"""Opening the societies of a preset and giving them their scheme."""

from collections.abc import Callable
from datetime import datetime

from federation import pump
from huilian.schemes.directory import SocietyRow, load_societies
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.services import publish_scheme, send_schemes
from tenants import registry
from tenants.context import headquarters, inside
from tenants.opening import open_society

Progress = Callable[[int, int, str], None]


def open_societies(preset: str, *, everything: bool, at: datetime, progress: Progress) -> int:
    """Open what is not open yet of a preset's list (`everything`, or those marked for the demo); says how many."""
    rows = [row for row in load_societies(preset) if everything or row.demo]
    known = registry.street_map().by_number
    missing = [row for row in rows if row.number not in known]
    for done, row in enumerate(missing):
        progress(done, len(missing), row.name.en)
        _open(row, at=at)
    if missing:
        progress(len(missing), len(missing), "")
    _give_scheme(preset, [row.number for row in missing], at=at)
    return len(missing)


def _open(row: SocietyRow, *, at: datetime) -> None:
    open_society(
        number=row.number,
        slug=row.slug,
        kind=row.kind,
        name_zh=row.name.zh,
        name_en=row.name.en,
        time_zone=row.time_zone,
        at=at,
    )


def _give_scheme(preset: str, opened: list[str], *, at: datetime) -> None:
    scheme = load_preset(preset)
    with inside(headquarters()):
        if SchemeVersion.objects.filter(key=scheme.key).exists():
            for number in opened:
                send_schemes(to=number)
        else:
            publish_scheme(scheme, by="command", at=at)
    pump()
