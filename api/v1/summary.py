"""The federation on one page: members, applications, fees and cases, society by society."""

from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.describing import example, operation
from api.v1.fields import Names, names_of
from api.v1.resource import Resource
from federation.ledger.past import summary_of
from federation.ledger.queries import SocietySums, Summary, summary
from huilian.accounts.queries import local_day
from huilian.schemes.queries import current_scheme
from kit import clock
from tenants import registry


class SummaryQuery(serializers.Serializer[Any]):
    months = serializers.IntegerField(
        required=False, default=12, min_value=1, max_value=60, help_text="How many months back to go."
    )
    as_of = serializers.DateField(
        required=False, help_text="How it stood at the end of this day, from 1900 on; now, where it is left out."
    )

    def validate_as_of(self, value: date) -> date:
        if not date(1900, 1, 1) <= value <= local_day(clock.now()):
            raise serializers.ValidationError(_("Choose a day between 1900 and today."))
        return value


class SocietyRow(serializers.Serializer[Any]):
    number = serializers.CharField()
    name = Names()
    state = serializers.CharField()
    members = serializers.IntegerField()
    lapsed = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    refused = serializers.IntegerField()
    fees_open_minor = serializers.IntegerField()
    fees_settled_minor = serializers.IntegerField()


class MonthRow(serializers.Serializer[Any]):
    measure = serializers.CharField(help_text="`joined`, `submitted` or `settled` in that month.")
    month = serializers.DateField()
    count = serializers.IntegerField()
    amount_minor = serializers.IntegerField()


@example(
    {
        "on": "2026-02-03",
        "exact": True,
        "currency": "CNY",
        "members": 1,
        "in_progress": 0,
        "fees_open_minor": 0,
        "fees_settled_minor": 25000,
        "cases_open": 0,
        "cases_overdue": 0,
        "members_by_category": {"ordinary": 1},
        "applications_by_step": {},
        "months": [{"measure": "joined", "month": "2026-02-01", "count": 1, "amount_minor": 0}],
        "societies": [
            {
                "number": "101",
                "name": {"zh": "焊接分会", "en": "Welding Branch"},
                "state": "open",
                "members": 1,
                "lapsed": 0,
                "in_progress": 0,
                "refused": 0,
                "fees_open_minor": 0,
                "fees_settled_minor": 25000,
            }
        ],
    }
)
class SummaryDocument(serializers.Serializer[Any]):
    """What stands now, or stood at the end of a day; amounts are in minor units of `currency`."""

    on = serializers.DateField()
    exact = serializers.BooleanField(
        help_text="False of days before every change was kept: what is told was worked out from later rows."
    )
    currency = serializers.CharField()
    members = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    fees_open_minor = serializers.IntegerField()
    fees_settled_minor = serializers.IntegerField()
    cases_open = serializers.IntegerField()
    cases_overdue = serializers.IntegerField()
    members_by_category = serializers.DictField(child=serializers.IntegerField())
    applications_by_step = serializers.DictField(
        child=serializers.IntegerField(), help_text="Of a past day the steps are not known: empty."
    )
    months = MonthRow(many=True)
    societies = SocietyRow(many=True)


class SummaryView(Resource):
    scopes: ClassVar = {"GET": "summary:read"}

    @operation(
        "read_summary",
        "The federation in figures",
        answer=SummaryDocument,
        query=SummaryQuery,
        description=(
            "A fixed number of queries, however many societies and members there are. Of a past day (`as_of`) the "
            "months are those that were over by then."
        ),
        tag="Summary",
    )
    def get(self, request: Request) -> Response:
        wish = self.read_query(SummaryQuery, paged=False)
        today, months = local_day(clock.now()), wish["months"]
        on = wish.get("as_of") or today
        found = summary(on=on, months=months) if on == today else summary_of(on, months=months)
        return Response(document_of(found, on=on, currency=current_scheme(today).currency))


def document_of(found: Summary, *, on: date, currency: str) -> dict[str, Any]:
    """The summary as it is answered; a society without figures is shown with noughts."""
    known = registry.street_map().by_number
    societies = []
    for number in sorted(known.keys() | found.societies.keys()):
        society = known.get(number)
        sums = asdict(found.societies.get(number) or SocietySums(number))
        societies.append({**sums, "name": names_of(society), "state": society.state if society else ""})
    months = [
        {"measure": measure, "month": month, "count": count, "amount_minor": amount}
        for measure, by_month in found.months.items()
        for month, (count, amount) in by_month.items()
    ]
    document = {
        "on": on,
        "exact": found.exact,
        "currency": currency,
        "members": found.members,
        "in_progress": found.in_progress,
        "fees_open_minor": found.fees_open_minor,
        "fees_settled_minor": found.fees_settled_minor,
        "cases_open": found.cases_open,
        "cases_overdue": found.cases_overdue,
        "members_by_category": found.members_by_category,
        "applications_by_step": found.applications_by_step,
        "months": months,
        "societies": societies,
    }
    return dict(SummaryDocument(document).data)
