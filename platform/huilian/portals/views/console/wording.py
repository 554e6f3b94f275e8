"""The catalogue of letters: each event in each language as it would arrive, and in the society's own words."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import User
from huilian.accounts.rules import verbs_of
from huilian.journal.actors import actor_of
from huilian.notices.catalogue import EVENTS, LANGUAGES, Event
from huilian.notices.catalogue.examples import example_of
from huilian.notices.html import html_letter
from huilian.notices.queries import letter_of, reworded, wording_of
from huilian.notices.rendering import Rendered, render
from huilian.notices.roads import is_outbox_only
from huilian.notices.services import known_event, reset_letter, reword_letter
from huilian.portals.console.letter_words import LANGUAGE_WORDS, event_words
from huilian.portals.console.words import actor_name
from huilian.portals.forms.wording import WordingForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import badge
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, attempt, show, show_form, show_list
from kit import clock

# A letter carries its style with it, as mail programs want it; it loads nothing and runs nothing.
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox"


@require_safe
@staff("letter.see")
def wordings(request: HttpRequest, user: User) -> HttpResponse:
    """Every letter there is, in both languages."""
    own = reworded()
    return show_list(
        request,
        user,
        title=_("Wording of letters"),
        lead=_("Everything that is written to people: look at it as it would arrive, and word it your own way."),
        columns=[Column(_("Letter")), *(Column(LANGUAGE_WORDS[language]) for language in LANGUAGES)],
        rows=[
            Row([event_words(event), *(_version(event, language, own=own) for language in LANGUAGES)])
            for event in EVENTS
        ],
        back=Link(_("Delivery of letters"), reverse("console_letters")),
    )


@require_safe
@staff("letter.see")
def wording(request: HttpRequest, user: User, event: str, language: str) -> HttpResponse:
    """One letter in one language, with the facts of an example."""
    described = known_event(event, language)
    email, sms = _example(described, "email", language), _example(described, "sms", language)
    own = wording_of(event, language)
    context = {
        "title": event_words(event),
        "event": event,
        "language": language,
        "language_words": LANGUAGE_WORDS[language],
        "others": [(each, LANGUAGE_WORDS[each]) for each in LANGUAGES if each != language],
        "email": email,
        "sms": sms,
        "own": own,
        "changed_by": actor_name(own.changed_by) if own else "",
        "may_word": "letter.word" in verbs_of(user),
        "by_template": not is_outbox_only("sms"),
        "back": Link(_("Wording of letters"), reverse("console_wordings")),
    }
    return show(request, user, "wording.html", context)


@require_safe
@staff("letter.see")
def wording_html(request: HttpRequest, user: User, event: str, language: str) -> HttpResponse:
    """The e-mail as a mail program shows it."""
    email = _example(known_event(event, language), "email", language)
    response = HttpResponse(html_letter(email.subject, email.body, language))
    response["Content-Security-Policy"] = _LETTER_POLICY
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff("letter.word")
def reword(request: HttpRequest, user: User, event: str, language: str) -> HttpResponse:
    """Word a letter anew, within what it knows."""
    described = known_event(event, language)
    form = WordingForm(
        request.POST if request.method == "POST" else None, letter=letter_of(described, language), language=language
    )
    here = reverse("console_wording", args=[event, language])

    def act() -> bool:
        reword_letter(event, language, texts=form.texts(), by=actor_of(user), at=clock.now())
        return True

    if form.is_valid() and attempt(form, act):
        messages.success(request, _("Letters will be sent in these words from now on."))
        return HttpResponseRedirect(here)
    return show_form(
        request,
        user,
        form,
        title=_("Word this letter anew"),
        lead=_("Names in braces are filled in for each receiver. A line whose fact is not known is left out."),
        facts=_facts(described, language),
        button=_("Use these words"),
        back=Link(event_words(event), here),
    )


@require_POST
@staff("letter.word")
def reset(request: HttpRequest, user: User, event: str, language: str) -> HttpResponse:
    """Go back to the usual words."""
    return act_and_return(
        request,
        lambda: reset_letter(event, language, by=actor_of(user), at=clock.now()),
        done=_("The letter has its usual words again."),
        to=reverse("console_wording", args=[event, language]),
    )


def _example(event: Event, channel: str, language: str) -> Rendered:
    return render(event.name, channel, language, example_of(event, language))


def _facts(event: Event, language: str) -> list[Fact]:
    """The names that may stand in braces, each with what the example puts there."""
    words = _example(event, "sms", language).words
    lang = "en" if language == "en" else "zh-Hans"
    return [
        Fact(
            format_html('<span class="mono" translate="no">{{{}}}</span>', name),
            format_html('<span lang="{}">{}</span>', lang, words[name]),
        )
        for name in sorted(event.facts)
    ]


def _version(event: str, language: str, *, own: set[tuple[str, str]]) -> SafeString:
    link = format_html(
        '<a href="{}">{}<span class="vh"> {}</span></a>',
        reverse("console_wording", args=[event, language]),
        _("Look at it"),
        event_words(event),
    )
    if (event, language) not in own:
        return link
    return format_html("{} {}", link, badge("active", label=_("own words")))
