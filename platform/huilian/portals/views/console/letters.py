"""The outbox: letters that this installation keeps instead of sending; the embedded default has no other post."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.notices.queries import has_outbox
from huilian.notices.queries import outbox as kept_letters
from huilian.portals.console.letter_words import CHANNEL_WORDS, STATE_WORDS
from huilian.portals.forms.console_filters import LetterFilter
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import page_of, show


@require_safe
@staff("journal.see")
def outbox(request: HttpRequest, user: User) -> HttpResponse:
    """The letters, newest first, as their receivers would read them."""
    if not has_outbox():
        raise Http404
    form = LetterFilter(request.GET)
    found = kept_letters()
    if channel := form.chosen("channel"):
        found = found.filter(channel=channel)
    if address := form.chosen("address"):
        found = found.filter(address__icontains=address)
    page = page_of(request, found)
    letters = [
        {
            "notice": notice,
            "channel": CHANNEL_WORDS.get(notice.channel, notice.channel),
            "state_words": STATE_WORDS.get(notice.state, notice.state),
            "body": _readable(notice.body),
        }
        for notice in page
    ]
    context = {"letters": letters, "page": page, "filters": form, "reset_url": request.path if request.GET else ""}
    return show(request, user, "outbox.html", context)


def _readable(body: str) -> SafeString:
    """The text with its links to follow; everything else is escaped."""
    linked = urlize(body, nofollow=True, autoescape=True)
    return format_html("{}", mark_safe(linked.replace("\n", "<br>")))  # noqa: S308  # escaped by urlize
