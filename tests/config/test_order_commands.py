"""The commands that open, suspend and resume: plain English in a terminal, journalled like an order from the page."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from huilian.journal.models import Record
from tests.federation_fixture import Federation


def run(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue().strip()


def test_suspended_and_resumed(federation: Federation) -> None:
    host = "zhejiang.localhost:8000"
    assert run("suspend_society", "201", reason="Books are being examined") == "Suspended."
    try:
        assert Client(headers={"host": host}).get("/").status_code == 503
    finally:
        assert run("resume_society", "201", reason="They are in order") == "Open again."
    assert Client(headers={"host": host}).get("/").status_code == 200
    with federation.inside(federation.hq):
        told = Record.objects.filter(subject_type="society", subject_id="201").order_by("seq")
        assert list(told.values_list("verb", "reason", "actor")) == [
            ("society.suspend", "Books are being examined", "command"),
            ("society.resume", "They are in order", "command"),
        ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("suspend_society", "999"), "There is no society with this number."),
        (("resume_society", "201"), "is not in the state for this."),
        (("suspend_society", "100"), "Headquarters"),
    ],
)
def test_refused_in_plain_english(federation: Federation, command: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*command, reason="A test")


def test_an_opening_that_cannot_be(federation: Federation) -> None:
    options = {"kind": "branch", "slug": "other", "name_zh": "另", "name_en": "Other"}
    options |= {"owner_name": "O", "owner_email": "o@example.org"}
    with pytest.raises(CommandError, match="The number of this kind of society lies between"):
        run("open_society", "999", reason="A test", **options)
