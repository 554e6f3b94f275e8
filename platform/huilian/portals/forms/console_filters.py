"""What narrows the lists of the console. A filter is a GET form: its address can be kept and sent on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huilian.members.models import Member
from huilian.payments.models import PaymentAttempt
from huilian.portals.console.history import VERB_WORDS
from huilian.portals.console.letter_words import CHANNEL_WORDS, EVENT_WORDS, STATE_WORDS
from huilian.portals.console.words import (
    APPLICATION_STATES,
    BILL_STATES,
    KIND_WORDS,
    STEP_WORDS,
    category_names,
    channel_names,
    society_names,
)
from huilian.portals.forms.widgets import DayInput, LongSelect
from huilian.schemes.document import Scheme

_LONGEST = 100
_EARLIEST = date(1900, 1, 1)


def _choice(label: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices.items()], widget=LongSelect)


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=_LONGEST, widget=forms.TextInput(attrs={"type": "search"})
    )


class Filter(forms.Form):
    """A filter as it stands in the address; what cannot be read is shown and narrows nothing."""

    def chosen(self, name: str) -> str:
        """What was chosen, or nothing."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class SchemeFilter(Filter):
    """A filter with the categories (and channels) of the scheme."""

    def __init__(self, data: Any, scheme: Scheme) -> None:
        super().__init__(data)
        if "category" in self.fields:
            self.fields["category"] = _choice(_("Category"), category_names(scheme))
        if "channel" in self.fields:
            self.fields["channel"] = _choice(_("Channel"), channel_names(scheme))
        if "society" in self.fields:
            self.fields["society"] = _choice(_("Society"), society_names())


class MemberFilter(SchemeFilter):
    text = _text(_("Name, pinyin, number, phone or e-mail"))
    category = forms.ChoiceField()
    state = _choice(_("State"), dict(Member.State.choices))
    kind = _choice(_("Kind"), KIND_WORDS)
    channel = forms.ChoiceField()
    code = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)


class ApplicationFilter(SchemeFilter):
    text = _text(_("Reference, name, phone or e-mail"))
    state = _choice(_("State"), dict(APPLICATION_STATES.choices[1:]))
    step = _choice(_("Step"), {kind: word for kind, word in STEP_WORDS.items() if kind != "submit"})
    category = forms.ChoiceField()
    channel = forms.ChoiceField()
    code = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)


class CodeFilter(Filter):
    text = _text(_("Campaign or code"))
    over = _choice(_("Validity"), {"live": _("In use"), "over": _("Over or withdrawn")})


class ActField(forms.ChoiceField):
    """One of the acts that are known; an address may also name a family of them, such as `application`."""

    def valid_value(self, value: Any) -> bool:
        families = {verb.partition(".")[0] for verb in VERB_WORDS}
        return str(value) in families or super().valid_value(value)


class JournalFilter(Filter):
    verb = ActField(label=_("Act"), required=False, choices=[("", _("All")), *sorted(VERB_WORDS.items())])
    actor = _text(_("Who"))
    from_on = forms.DateField(label=_("From"), required=False, widget=DayInput)
    to_on = forms.DateField(label=_("Up to and including"), required=False, widget=DayInput)
    subject = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class LetterFilter(Filter):
    channel = _choice(_("Sent as"), {"email": _("E-mail"), "sms": _("SMS")})
    address = _text(_("Receiver"))


class DeliveryFilter(Filter):
    event = _choice(_("Letter"), EVENT_WORDS)
    channel = _choice(_("Sent as"), CHANNEL_WORDS)
    state = _choice(_("State"), STATE_WORDS)


class CaseFilter(SchemeFilter):
    whose = _choice(_("Whose"), {"free": _("Nobody's"), "mine": _("Mine"), "others": _("Colleagues'")})
    clock = _choice(_("Clock"), {"late": _("Late"), "running": _("In time")})
    society = forms.ChoiceField()
    category = forms.ChoiceField()


class PaymentFilter(Filter):
    text = _text(_("Payer, bill number or payment reference"))
    state = _choice(_("State"), dict(PaymentAttempt.State.choices))


class RollFilter(SchemeFilter):
    text = _text(_("Number, or beginning of the name or its pinyin"))
    society = forms.ChoiceField()
    category = forms.ChoiceField()
    state = _choice(_("State"), dict(Member.State.choices))
    code = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)


class FederationApplicationFilter(SchemeFilter):
    """Those under way, unless others are asked for."""

    state = forms.ChoiceField(label=_("State"), choices=APPLICATION_STATES.choices[1:])
    step = _choice(_("Step"), {kind: word for kind, word in STEP_WORDS.items() if kind != "submit"})
    society = forms.ChoiceField()
    category = forms.ChoiceField()

    def __init__(self, data: Any, scheme: Scheme) -> None:
        given = data.dict()
        super().__init__({**given, "state": given.get("state") or APPLICATION_STATES.IN_PROGRESS.value}, scheme)


class InstitutionFilter(RollFilter):
    """The roll's filter with the categories that institutions have."""

    def __init__(self, data: Any, scheme: Scheme) -> None:
        super().__init__(data, scheme)
        names = category_names(scheme)
        theirs = {each.code: names[each.code] for each in scheme.by_rank() if each.is_institution}
        self.fields["category"] = _choice(_("Category"), theirs)


class FeeFilter(SchemeFilter):
    society = forms.ChoiceField()
    category = forms.ChoiceField()
    state = _choice(_("State"), dict(BILL_STATES.choices))


class PastFilter(Filter):
    as_of = forms.DateField(label=_("Day"), required=False, widget=DayInput)

    def __init__(self, data: Any, *, today: date) -> None:
        given = data.dict()
        super().__init__({**given, "as_of": given.get("as_of") or today.isoformat()})
        self.today = today
        self.fields["society"] = _choice(_("Society"), society_names())
        self.fields["as_of"].widget.attrs.update(min=_EARLIEST.isoformat(), max=today.isoformat())

    @property
    def day(self) -> date:
        """The day that was asked for; today where none was, or none that can be."""
        chosen = self.cleaned_data.get("as_of") if self.is_valid() else None
        return chosen or self.today

    def clean_as_of(self) -> date | None:
        chosen: date | None = self.cleaned_data["as_of"]
        if chosen is not None and not _EARLIEST <= chosen <= self.today:
            raise forms.ValidationError(_("Choose a day between 1900 and today."))
        return chosen


class PastMembersFilter(PastFilter):
    category = forms.ChoiceField()

    def __init__(self, data: Any, scheme: Scheme, *, today: date) -> None:
        super().__init__(data, today=today)
        self.fields["category"] = _choice(_("Category"), category_names(scheme))
        self.order_fields(["as_of", "society", "category"])
