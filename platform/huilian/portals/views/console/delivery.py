"""The delivery record: which letter went where, which failed and why, and sending one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.journal.actors import actor_of
from huilian.notices.catalogue import EVENTS
from huilian.notices.models import Notice
from huilian.notices.queries import letters, queue_state
from huilian.notices.services import send_again
from huilian.portals.console.letter_words import CHANNEL_WORDS, STATE_WORDS, event_words
from huilian.portals.console.words import NOTHING
from huilian.portals.forms.console_filters import DeliveryFilter
from huilian.portals.shapes import Column, Link, Row, Words
from huilian.portals.templatetags.huilian_tags import badge, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, page_of, post_button, show_list
from kit import clock
from kit.contact import mask_email, mask_phone


@require_safe
@staff("letter.see")
def deliveries(request: HttpRequest, user: User) -> HttpResponse:
    """Every letter of this society, newest first; addresses are masked, and nothing of the text is shown."""
    form = DeliveryFilter(request.GET)
    found = letters()
    for name in ("state", "channel", "event"):
        if chosen := form.chosen(name):
            found = found.filter(**{name: chosen})
    page = page_of(request, found)
    may_send = "letter.word" in verbs_of(user)
    state = queue_state()
    return show_list(
        request,
        user,
        title=_("Delivery of letters"),
        lead=_("A letter that cannot be delivered is tried again for a day, and then given up."),
        note=_("%(queued)s waiting, %(failed)s given up.") % {"queued": state.queued, "failed": state.failed},
        columns=[
            Column(_("Letter")),
            Column(_("Sent as")),
            Column(_("Receiver")),
            Column(_("State")),
            Column(_("Attempts"), numeric=True),
            Column(_("When")),
            Column(_("Actions")),
        ],
        rows=[_row(request, each, may_send=may_send) for each in page],
        page=page,
        filters=form,
        actions=[Link(_("Wording of letters"), reverse("console_wordings"))],
        empty_title=_("No letter found") if request.GET else _("No letters yet"),
    )


@require_POST
@staff("letter.word")
def again(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Send a letter once more that was given up."""
    notice = get_object_or_404(Notice, pk=pk)
    return act_and_return(
        request,
        lambda: send_again(notice, by=actor_of(user), at=clock.now()),
        done=_("The letter is on its way again."),
        to=reverse("console_letters"),
    )


def _row(request: HttpRequest, notice: Notice, *, may_send: bool) -> Row:
    receiver = mask_email(notice.address) if notice.channel == "email" else mask_phone(notice.address)
    return Row(
        [
            event_words(notice.event),
            CHANNEL_WORDS.get(notice.channel, notice.channel),
            format_html('<span translate="no">{}</span>', receiver),
            _state(notice),
            notice.attempts,
            moment(notice.sent_at or notice.queued_at),
            _action(request, notice) if may_send else NOTHING,
        ]
    )


def _state(notice: Notice) -> SafeString:
    said = badge(notice.state, label=STATE_WORDS.get(notice.state, notice.state))
    if not notice.error:
        return format_html("{}", said)
    return format_html('{}<br><span class="muted small" lang="en" translate="no">{}</span>', said, notice.error)


def _action(request: HttpRequest, notice: Notice) -> Words:
    described = EVENTS.get(notice.event)
    if notice.state != Notice.State.FAILED or described is None or described.secret:
        return NOTHING
    about = f"{event_words(notice.event)}"
    return post_button(request, reverse("console_letter_again", args=[notice.pk]), label=_("Send again"), about=about)
