"""The form is made from the scheme: every question once, a contact that can be proven, papers, in each preset."""

import pytest
from django.utils import translation

from huilian.portals.forms.applying import ApplicationForm
from huilian.portals.offer import benefit_table, comparison
from huilian.schemes.document import Category, Scheme
from huilian.schemes.fields import fields_of
from huilian.schemes.loading import load_preset
from tests.applications.forms import TODAY

SCHEMES = [load_preset("cmes"), load_preset("aiet")]
CASES = [(scheme, category) for scheme in SCHEMES for category in scheme.open_categories()]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("scheme", "category"), CASES, ids=lambda value: getattr(value, "code", ""))
def test_every_question_stands_once(cast: object, scheme: Scheme, category: Category, language: str) -> None:
    with translation.override(language):
        form = ApplicationForm(scheme, category, consents=())
        shown = [bound.name for bound in form.contact_section()]
        for section in (form.other_contacts(), *form.sections()):
            shown += [bound.name for bound in (*section.fields, *section.extras)]
        assert sorted(shown) == sorted(field.code for field, _required in fields_of(category))
        assert form.provable
        assert [bound.name for bound in form.paper_section()] == [f"paper:{paper.code}" for paper in category.papers]
        for field, required in fields_of(category):
            assert form.fields[field.code].required is required
            assert form.fields[field.code].label == field.label.in_language(language)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.key)
def test_what_is_offered(scheme: Scheme) -> None:
    with translation.override("en"):
        columns, rows = comparison(scheme, on=TODAY)
        assert len(columns) == 1 + len(scheme.categories)
        titles = [row.cells[0] for row in rows]
        # A federation without dues says nothing of dues or receipts.
        assert ("Dues" in titles, "Receipt for dues" in titles) == (scheme.key == "cmes",) * 2
        _columns, benefits = benefit_table(scheme)
        assert len(benefits) == len(scheme.benefits)


def test_the_days_that_others_take() -> None:
    with translation.override("en"):
        for scheme, days in ((SCHEMES[0], ["at once", "up to 3", "up to 18", "up to 18"]), (SCHEMES[1], None)):
            _columns, rows = comparison(scheme, on=TODAY)
            last = next(list(row.cells[1:]) for row in rows if row.cells[0] == "Working days it takes")
            if days:
                assert last == days
            else:
                assert last[:2] == ["up to 10", "up to 10"]
