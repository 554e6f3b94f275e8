"""An application from inside: queries of each request, and what its time is spent on. The product is not changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from tests.bench.applicants import STEPS, Applicant, Letters, address_of
from tests.bench.figures import Aim, record, show_number
from tests.bench.queries import Counted, every_query
from tests.bench.stopwatch import Stopwatch
from tests.bench.visiting import Answer, HandlerDoor

persons = count(600_000)  # whom nobody else here is
MOST_QUERIES = 25
# What is watched, from the bottom of the stack up; the rest is Django's and our own Python.
WATCHED = {
    "django.db.backends.utils.CursorWrapper.execute": "database",
    "django.db.backends.utils.CursorWrapper.executemany": "database",
    "django.db.backends.base.base.BaseDatabaseWrapper._commit": "database",
    "django.db.backends.base.base.BaseDatabaseWrapper.connect": "connecting",
    "django.template.backends.django.Template.render": "templates and widgets",
    "django.http.request.HttpRequest._load_post_and_files": "reading the request",
    "huilian.portals.forms.applying.ApplicationForm.__init__": "making the form",
    "huilian.applications.answers.check_answers": "checking answers",
    "kit.uploads.inspect_upload": "images",
    "federation.tickets.seal_ticket": "hashing and sealing",
    "federation.tickets.open_ticket": "hashing and sealing",
    "huilian.accounts.hashing.contact_hash": "hashing and sealing",
    "huilian.accounts.hashing.code_hash": "hashing and sealing",
    "huilian.accounts.hashing.seal": "hashing and sealing",
    "huilian.journal.services.record": "journal",
    "huilian.notices.services.notify": "letters",
    "federation.outbox.publish": "messages",
    "federation.tasks.kick": "waking the worker",
}


class NotingDoor(HandlerDoor):
    """A door that tells which of an applicant's steps is being taken."""

    def __init__(self, handler: Any, *, address: str, around: Any) -> None:
        super().__init__(handler, address=address)
        self._steps = iter(STEPS)
        self._around = around

    def ask(self, *request: Any) -> Answer:
        with self._around(next(self._steps)):
            return super().ask(*request)


def count_queries(handler: Any, host: str, category: str, letters: Letters) -> None:
    """How many queries form page, code and submission take, with and without BEGIN, SAVEPOINT and COMMIT."""
    counts: dict[str, Counted] = {}

    @contextmanager
    def counted(step: str) -> Iterator[None]:
        with every_query() as counts[step]:
            yield

    for _ in range(2):  # the first warms up
        _join(handler, host, category, letters, counted)
    for step in STEPS:
        show_number(f"{category}: queries, {step}", len(counts[step].queries))
    total = sum(len(counts[step].queries) for step in ("form", "post"))
    show_number(f"{category}: queries, form and post", total, aim=Aim("<=", MOST_QUERIES))
    steps = sum(len(each.transaction) for each in counts.values())
    show_number(f"{category}: BEGIN, SAVEPOINT, COMMIT, all steps", steps)


def start_watching() -> Stopwatch:
    """Watch the functions named above from now on, in this process."""
    watch = Stopwatch()
    for path, name in WATCHED.items():
        watch.watch_everywhere(path, name)
    return watch


def show_breakdown(watch: Stopwatch, handler: Any, host: str, category: str, letters: Letters, *, repeat: int) -> None:
    """Average milliseconds of each step, by what they were spent on."""
    watch.spent.clear()
    watch.busy.clear()

    @contextmanager
    def watched(step: str) -> Iterator[None]:
        watch.phase = step
        with watch.watching("the rest"):
            yield

    for _ in range(repeat):
        _join(handler, host, category, letters, watched)
    for step in STEPS:
        spent, busy = (
            {name: 1000 * seconds / repeat for (phase, name), seconds in sums.items() if phase == step}
            for sums in (watch.spent, watch.busy)
        )
        total = sum(spent.values())
        print(f"{category}: {step}, {total:.2f} ms in process, {sum(busy.values()):.2f} ms of them on a processor")
        for name, part in sorted(spent.items(), key=lambda each: -each[1]):
            print(f"    {name:24s} {part:8.2f} ms {100 * part / total:5.1f} %, on a processor {busy[name]:8.2f} ms")
        record(f"{category}: where the time of {step} goes", unit="ms", parts=spent, on_processor=busy)


def _join(handler: Any, host: str, category: str, letters: Letters, around: Any) -> None:
    number = next(persons)
    applicant = Applicant(host, category, number, letters)
    applicant.ask_for_code(NotingDoor(handler, address=address_of(number), around=around))
    applicant.hand_in()
