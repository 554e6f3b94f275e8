"""How much of what is worth knowing of a member is known, and what is left to tell."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huilian.applications.services.completing import known_answers, open_questions
from huilian.members.models import Member
from huilian.portals.forms.applying import PAPER
from huilian.portals.shapes import Link
from huilian.portals.wording import in_readers_language
from huilian.schemes.document import Category


@dataclass(frozen=True, slots=True)
class Completion:
    """`known` of `total` are filled in; `open` leads to each of the rest."""

    known: int
    total: int
    open: list[Link]


def completion_of(member: Member, category: Category, *, papers: Collection[str]) -> Completion:
    """Everything that the member may complete: the answers, the photo for the card, the papers asked for."""
    answers, here = known_answers(member), reverse("my_profile")
    points: list[tuple[bool, Link]] = []
    if member.kind == Member.Kind.PERSON:
        points.append((bool(member.portrait), Link(_("Photo for your card"), reverse("my_portrait"))))
    for field, _required in open_questions(category):
        label = in_readers_language(field.label)
        points.append((bool(answers.get(field.code)), Link(label, f"{here}#id_{field.code}")))
    if member.application_id is not None:
        for paper in category.papers:
            if paper.code != "photo" or member.kind != Member.Kind.PERSON:  # the card's photo takes its place
                label = in_readers_language(paper.name)
                points.append((paper.code in papers, Link(label, f"{here}#id_{PAPER}{paper.code}")))
    return Completion(
        known=sum(known for known, _link in points),
        total=len(points),
        open=[link for known, link in points if not known],
    )
