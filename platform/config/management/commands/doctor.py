"""`manage.py doctor`: what was looked at, what is right, what is wrong, and what to do."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from config.examining import running
from config.examining.examination import Answer, Examination, Stage
from config.examining.table import EXAMINATIONS, REACHABLE, WITHOUT_DATABASE

RIGHT, WARNING, WRONG, UNKNOWN = "right", "look", "WRONG", "unknown"


class Command(BaseCommand):
    help = "Examine this installation: settings, database, roles, workers, messages, backups. 1 if something is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        running.forget()
        found = []
        for examination, answer in _examine():
            verdict = _verdict(answer)
            found.append((examination, answer, verdict))
            if not options["json"]:
                self._tell(examination, answer, verdict)
        wrong = sum(verdict == WRONG for *_, verdict in found)
        look = sum(verdict == WARNING for *_, verdict in found)
        if options["json"]:
            self.stdout.write(json.dumps(_document(found, sound=not wrong), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(f"{len(found)} examinations: {wrong} wrong, {look} to look at.")
        if wrong:
            raise SystemExit(1)

    def _tell(self, examination: Examination, answer: Answer | None, verdict: str) -> None:
        found = "not asked, since the database is away" if answer is None else answer.found
        self.stdout.write(f"{verdict:8}{examination.looked_at}: {found}")
        for fault in answer.faults if answer else ():
            self.stdout.write(f"        {examination.id_of(fault)} {fault.sentence}")
            self.stdout.write(f"        → {fault.remedy}")
        self.stdout.flush()


def _examine() -> Iterator[tuple[Examination, Answer | None]]:
    away = False
    for examination in EXAMINATIONS:
        needs_database = examination.stage is not Stage.SETTINGS and examination.number not in WITHOUT_DATABASE
        if away and needs_database:
            yield examination, None
            continue
        answer = examination.ask()
        away = away or (examination is REACHABLE and bool(answer.faults))
        yield examination, answer


def _verdict(answer: Answer | None) -> str:
    if answer is None:
        return UNKNOWN
    if any(not fault.only_warn for fault in answer.faults):
        return WRONG
    return WARNING if answer.faults else RIGHT


def _document(found: list[tuple[Examination, Answer | None, str]], *, sound: bool) -> dict[str, Any]:
    return {
        "sound": sound,
        "examinations": [
            {
                "number": examination.number,
                "looked_at": examination.looked_at,
                "verdict": verdict.lower(),
                "found": answer.found if answer else None,
                "faults": [
                    {
                        "id": examination.id_of(fault),
                        "sentence": fault.sentence,
                        "remedy": fault.remedy,
                        "warning": fault.only_warn,
                    }
                    for fault in (answer.faults if answer else ())
                ],
            }
            for examination, answer, verdict in found
        ],
    }
