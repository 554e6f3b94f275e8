"""The route of a class: which steps may stand where, who may act, which clocks make sense."""

from collections.abc import Iterator

from huilian.schemes.document import Actor, Category, Step, StepKind
from huilian.schemes.problems import Problem
from huilian.schemes.problems import gettext_noop as _

# Who may take which step. A branch or province endorses; only an applicant pays.
ACTORS: dict[StepKind, tuple[Actor, ...]] = {
    "endorse": ("society",),
    "review": ("headquarters", "society"),
    "pay": ("applicant",),
    "confirm": ("headquarters", "society"),
    "activate": ("system", "headquarters", "society"),
}


def route_problems(category: Category, place: str) -> Iterator[Problem]:
    """Everything wrong with the route of one class; `place` is that of the class."""
    route = category.route
    if not route or route[-1].kind != "activate":
        yield Problem(f"{place}.route", _("the last step must be activate: it makes the applicant a member"))
    before: list[StepKind] = []
    for index, step in enumerate(route):
        here = f"{place}.route[{index}]"
        yield from _order_problems(step, before, here)
        yield from _step_problems(step, here)
        yield from _together_problems(category, step, here)
        before.append(step.kind)
    if "pay" in before and "confirm" not in before:
        yield Problem(
            f"{place}.route",
            _("a pay step needs a confirm step after it: somebody checks that the money is there"),
        )


def _order_problems(step: Step, before: list[StepKind], here: str) -> Iterator[Problem]:
    if "activate" in before:
        yield Problem(here, _("no step can follow activate"))
    elif step.kind in before and step.kind in ("pay", "confirm"):
        yield Problem(here, _("%(kind)s stands in this route twice"), {"kind": step.kind})
    if step.kind == "confirm" and "pay" not in before:
        yield Problem(here, _("confirm needs a pay step before it"))


def _step_problems(step: Step, here: str) -> Iterator[Problem]:
    allowed = ACTORS[step.kind]
    if step.actor not in allowed:
        facts = {"kind": step.kind, "actors": ", ".join(allowed)}
        yield Problem(f"{here}.actor", _("%(kind)s can be done by: %(actors)s"), facts, got=f'"{step.actor}"')
    by_staff = step.actor in ("society", "headquarters")
    if by_staff and step.role is None:
        yield Problem(f"{here}.role", _("say which role takes this step: registrar, officer or finance"), missing=True)
    if not by_staff and step.role is not None:
        yield Problem(f"{here}.role", _("only steps of a society or of headquarters have a role"))
    if step.persons > 1 and not by_staff:
        yield Problem(f"{here}.persons", _("only steps of a society or of headquarters take several persons"))
    if step.skip_at_headquarters and step.actor != "society":
        yield Problem(f"{here}.skip_at_headquarters", _("only a step of a society can be left out at headquarters"))
    yield from _clock_problems(step, here)


def _together_problems(category: Category, step: Step, here: str) -> Iterator[Problem]:
    if not step.together:
        return
    if (step.kind, step.actor, step.persons) != ("review", "headquarters", 1):
        yield Problem(
            f"{here}.together", _("only a review by one officer of headquarters can be made for several at once")
        )
    if not category.is_for_students or category.dues:
        yield Problem(
            f"{here}.together",
            _("only students, who pay nothing, can be approved together: others are looked at one by one"),
        )


def _clock_problems(step: Step, here: str) -> Iterator[Problem]:
    if step.kind == "pay":
        if step.clock_days is not None:
            yield Problem(f"{here}.clock", _("the time to pay is payment_days of the category; leave the clock out"))
        if step.on_breach != "expire":
            yield Problem(f"{here}.on_breach", _("an application that is not paid must expire"))
        return
    if step.on_breach == "expire":
        yield Problem(f"{here}.on_breach", _("only an unpaid application expires; staff who are late are reminded"))
    elif step.on_breach != "none" and step.clock_days is None:
        yield Problem(f"{here}.on_breach", _("without a clock there is nothing to be late for"))
    if step.clock_min_days is not None and (step.clock_days is None or step.clock_min_days > step.clock_days):
        yield Problem(f"{here}.clock_min", _("the least time must not be longer than the clock"))
