"""The examinations as Django's system checks: `check --deploy` for settings, `--database registry` for the database."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.examining.examination import Examination
from config.examining.table import ALONE, DATABASE, FATAL, REACHABLE


@register(Tags.security, deploy=True)
def settings_are_sound(app_configs: Any, **_: Any) -> list[CheckMessage]:
    return [message for examination in ALONE for message in messages(examination)]


@register(Tags.database)
def database_is_sound(app_configs: Any, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    if "registry" not in (databases or ()):
        return []
    if away := messages(REACHABLE):
        return away
    return [message for examination in DATABASE for message in messages(examination)]


def messages(examination: Examination) -> list[CheckMessage]:
    """One message for each fault, with the remedy as its hint."""
    return [
        (Warning if fault.only_warn else Error)(fault.sentence, hint=fault.remedy, id=examination.id_of(fault))
        for fault in examination.ask().faults
    ]


def refuse_to_serve() -> None:
    """At the start of web and worker: end with the sentences, if there is a mistake with which nothing may begin."""
    found = [each for examination in ALONE if examination.number in FATAL for each in messages(examination)]
    if found:
        raise SystemExit("\n".join(f"huilian: {each.id}: {each.msg} {each.hint}" for each in found))
