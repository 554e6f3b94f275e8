"""The member's own data: the questions of the category that may be answered anew, and papers that may follow."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from huilian.applications.services.completing import open_questions
from huilian.portals.forms.answering import PaperField, answer_field
from huilian.portals.forms.applying import PAPER
from huilian.schemes.document import Category, Scheme


class ProfileForm(forms.Form):
    """What a member may complete after joining; what is right is the services' question."""

    def __init__(
        self,
        scheme: Scheme,
        category: Category,
        *,
        answers: Mapping[str, Any],
        handed_in: Iterable[str],
        data: Any = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files, initial=dict(answers))
        self.questions = [field.code for field, _required in open_questions(category)]
        here = set(handed_in)
        for asked, required in open_questions(category):
            self.fields[asked.code] = answer_field(asked, required, category, most=scheme.interests_max)
        self.codes = [paper.code for paper in category.papers]
        for paper in category.papers:
            self.fields[PAPER + paper.code] = PaperField(paper, handed_in=paper.code in here)
            self.fields[PAPER + paper.code].required = False

    def given(self) -> dict[str, Any]:
        """The answers as they were typed."""
        return {code: self[code].value() for code in self.questions}

    def papers(self) -> dict[str, Any]:
        """The files that came along, by the code of the paper."""
        sent = {code: self.files.get(PAPER + code) for code in self.codes}
        return {code: file for code, file in sent.items() if file}
