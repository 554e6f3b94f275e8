"""The next version of the scheme: dues changed by a form, or a file; looked at first, then in force everywhere."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huilian.accounts.models import Role
from huilian.journal.models import Record
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.queries import forget_schemes, scheme_version
from huilian.schemes.writing import write_scheme
from tests.federation_fixture import Federation
from tests.portals.console.desk import Desk, at_desk

DUES = {
    "category": "ordinary",
    "amount_minor": "80.00",
    "effective_on": "2030-01-01",
    "resolution": "会员代表大会〔2029〕3号",
    "meeting": "第十三次会员代表大会",
    "resolved_on": "2029-11-20",
}


@pytest.fixture
def zhao(federation: Federation) -> Iterator[Desk]:
    """The owner of headquarters; whatever is published is forgotten afterwards, which the suite keeps otherwise."""
    yield at_desk(federation.hq, Role.OWNER, "赵敏")
    for society in (federation.hq, federation.zhejiang, federation.welding):
        with federation.inside(society):
            SchemeVersion.objects.filter(version__gt=1).delete()
            forget_schemes()


def versions(federation: Federation, society: Any) -> list[int]:
    with federation.inside(society):
        return sorted(SchemeVersion.objects.values_list("version", flat=True))


def hidden_document(desk: Desk) -> str:
    return unescape(desk.text.split('name="document" value="')[1].split('"')[0])


def uploaded(text: str, name: str = "cmes.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "application/yaml")


def test_dues_are_looked_at_before_they_count(federation: Federation, zhao: Desk) -> None:
    zhao.get("/console/schemes/")
    assert "Change dues" in zhao.words
    zhao.get("/console/schemes/dues/")
    assert "for example CNY 120.00." in zhao.words  # whoever writes an amount sees in what
    zhao.post("/console/schemes/dues/", DUES)
    assert zhao.page.status_code == 200
    assert "Publish version 2?" in zhao.words
    assert "Ordinary member · Dues from 1 January 2030 · Dues" in zhao.words
    assert "categories.ordinary.dues[2030-01-01].amount — CNY 80.00" in zhao.words
    assert "In force from 1 January 2030" in zhao.words
    assert versions(federation, federation.hq) == [1]
    zhao.post("/console/schemes/publish/", {"document": hidden_document(zhao)}, follow=True)
    assert "Version 2 is published" in zhao.words
    assert "to come" in zhao.words
    federation.settle()
    for society in (federation.hq, federation.welding, federation.zhejiang):
        assert versions(federation, society) == [1, 2]
    with federation.inside(federation.welding):
        scheme = scheme_version(2)
        before = scheme.dues_on("ordinary", date(2029, 12, 31))
        after = scheme.dues_on("ordinary", date(2030, 1, 1))
        assert before is not None and after is not None
        assert (before.amount_minor, after.amount_minor, after.resolution) == (5000, 8000, DUES["resolution"])
        assert after.period_years == before.period_years
    with federation.inside(federation.hq):
        assert Record.objects.get(verb="scheme.published").facts["version"] == 2
    zhao.get("/console/schemes/2/changes/")
    assert "categories.ordinary.dues[2030-01-01].amount — CNY 80.00" in zhao.words
    zhao.get("/console/schemes/")
    assert "Compare with version 1" in zhao.words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "none"}, "category"),
        ({"amount_minor": "-1"}, "amount_minor"),
        ({"amount_minor": "1.005"}, "amount_minor"),
        ({"effective_on": "2010-01-01"}, "__all__"),
        ({"effective_on": "tomorrow"}, "effective_on"),
        ({"resolution": ""}, "resolution"),
    ],
)
def test_dues_that_cannot_be(federation: Federation, zhao: Desk, wrong: dict[str, str], field: str) -> None:
    zhao.post("/console/schemes/dues/", {**DUES, **wrong})
    assert zhao.page.status_code == 422
    assert list(zhao.errors) == [field], zhao.errors
    assert versions(federation, federation.hq) == [1]


def test_a_route_that_changes_is_shown_whole_and_in_words(federation: Federation, zhao: Desk) -> None:
    route, review = "    route:\n    - kind: activate\n", "    - {kind: review, actor: headquarters, role: officer, "
    review += "clock: 5, on_breach: remind, together: yes}\n"
    text = write_scheme(load_preset("cmes"))
    assert text.count(route) == 1
    edited = text.replace(route, route.replace("    - kind", f"{review}    - kind"))
    zhao.post("/console/schemes/upload/", {"file": uploaded(edited), "effective_on": "2030-01-01"})
    whole = "Student member · Route categories.student.route 1. Activation · Automatically 1. Review · Headquarters · "
    whole += "Approvals officer · within 5 working days · several at once · when late: reminded 2. Activation · "
    assert whole in zhao.words
    assert "route[" not in zhao.words


def test_a_file_edited_by_hand(federation: Federation, zhao: Desk) -> None:
    text = write_scheme(load_preset("cmes"))
    page = "/console/schemes/upload/"
    zhao.post(page, {"file": uploaded(text), "effective_on": "2030-01-01"})
    assert "This says the same as version 1." in zhao.words
    broken = text.replace("clock: 3", "clock: soon").replace("rank: 1\n", "rank: 2\n")
    zhao.post(page, {"file": uploaded(broken)})
    assert zhao.page.status_code == 422
    assert "To be corrected" in zhao.words
    assert "categories.ordinary.route" in zhao.words
    for bad in (b"\xff\xfe", b"", b"- 1\n- 2", b"a: [", b"x" * 1_100_000):
        zhao.post(page, {"file": SimpleUploadedFile("cmes.yaml", bad)})
        assert zhao.page.status_code == 422, bad[:9]
    zhao.post(page, {"file": uploaded(text, "cmes.exe")})
    assert "file" in zhao.errors
    edited = text.replace("interests_max: 3", "interests_max: 5")
    zhao.post(page, {"file": uploaded(edited), "effective_on": "2030-01-01"})
    assert "interests_max 3 5" in zhao.words
    assert "Publish version 2?" in zhao.words
    assert versions(federation, federation.hq) == [1]
    document = hidden_document(zhao)
    zhao.post("/console/schemes/publish/", {"document": document}, follow=True)
    assert "Version 2 is published" in zhao.words
    zhao.post("/console/schemes/publish/", {"document": document}, follow=True)
    assert "Version 2 is published already" in zhao.words
    assert versions(federation, federation.hq) == [1, 2]


@pytest.mark.parametrize("document", ["", "{}", "not json", '{"key": "cmes"}', "[" * 2000])
def test_what_was_not_looked_at_is_not_published(federation: Federation, zhao: Desk, document: str) -> None:
    zhao.post("/console/schemes/publish/", {"document": document}, follow=True)
    assert zhao.page.status_code == 200
    assert "is published;" not in zhao.words
    assert versions(federation, federation.hq) == [1]
