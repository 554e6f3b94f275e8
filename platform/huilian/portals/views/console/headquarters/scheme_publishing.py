"""Publishing the next version of the scheme: put together, looked at place by place, then put into force."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huilian.accounts.models import User
from huilian.applications.deciding import publish_scheme
from huilian.portals.console.next_scheme import Preview, from_file, latest_scheme, preview, with_dues
from huilian.portals.console.scheme_differences import difference_columns, difference_rows
from huilian.portals.forms.console_headquarters import DuesForm, PublishForm, SchemeUploadForm
from huilian.portals.refusals import show_on_form
from huilian.portals.shapes import Fact, Link
from huilian.portals.templatetags.huilian_tags import day
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import attempt, show_form
from huilian.schemes.document import Scheme
from huilian.schemes.problems import SchemeProblems
from kit import clock
from kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@staff("scheme.publish")
def change_dues(request: HttpRequest, user: User) -> HttpResponse:
    """A new row of dues, with the resolution that set it; nothing is published before it was looked at."""
    before = latest_scheme()
    form = DuesForm(request.POST if request.method == "POST" else None, before)
    problems: list[str] = []
    if form.is_valid():
        found = _look(form, problems, lambda: with_dues(before, **form.cleaned_data), before)
        if found is not None:
            return _show_preview(request, user, found)
    return show_form(
        request,
        user,
        form,
        title=_("Change dues"),
        lead=_("Dues are set by the members' congress and named with its resolution. What was billed before stays."),
        button=_("Look at the change"),
        back=Link(_("Membership scheme"), reverse("console_schemes")),
        template="scheme_next.html",
        problems=problems,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("scheme.publish")
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """A file, edited by hand: everything that is wrong with it is named with its place."""
    before = latest_scheme()
    posted = request.method == "POST"
    form = SchemeUploadForm(request.POST, request.FILES) if posted else SchemeUploadForm()
    problems: list[str] = []
    if form.is_valid():
        text, effective_on = form.cleaned_data["file"], form.cleaned_data["effective_on"]
        found = _look(form, problems, lambda: from_file(before, text, effective_on=effective_on), before)
        if found is not None:
            return _show_preview(request, user, found)
    return show_form(
        request,
        user,
        form,
        title=_("Publish a file"),
        lead=_("Download the present version, edit it, and hand it in here. You see every change before it counts."),
        button=_("Look at the changes"),
        back=Link(_("Membership scheme"), reverse("console_schemes")),
        template="scheme_next.html",
        problems=problems,
    )


@require_POST
@staff("scheme.publish")
def publish(request: HttpRequest, user: User) -> HttpResponse:
    """Put into force what was looked at: checked anew, and sent to every society."""
    form = PublishForm(request.POST)
    back = HttpResponseRedirect(reverse("console_schemes"))
    if not form.is_valid():
        messages.error(request, gettext("The preview was not complete. Please begin again."))
        return back
    done = attempt(
        form,
        lambda: publish_scheme(Scheme.from_json(form.cleaned_data["document"]), by_user=user, at=clock.now()),
    )
    if done is None:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
        return back
    message = gettext("Version %(version)s is published; every society is being told.")
    messages.success(request, message % {"version": done.version})
    return HttpResponseRedirect(reverse("console_scheme", args=[done.version]))


def _look(form: Form, problems: list[str], make: Callable[[], Scheme], before: Scheme) -> Preview | None:
    """What would be published; or None, with what stands against it on the form and, place by place, in `problems`."""
    try:
        return preview(make(), before)
    except SchemeProblems as refusal:
        problems += [f"{each.place}: {each.in_active_language()}" for each in refusal.problems]
        form.add_error(None, gettext("The scheme cannot be used yet. What has to be corrected is listed above."))
    except Refusal as refusal:
        show_on_form(form, refusal)
    return None


def _show_preview(request: HttpRequest, user: User, found: Preview) -> HttpResponse:
    return show_form(
        request,
        user,
        PublishForm(initial={"document": found.scheme.to_json()}),
        title=_("Publish version %(version)s?") % {"version": found.scheme.version},
        facts=[
            Fact(_("In force from"), day(found.scheme.effective_on)),
            Fact(_("Changes against"), _("Version %(version)s") % {"version": found.before.version}),
        ],
        warning=_("A published version is never changed or taken back; only a later one can follow it."),
        button=_("Publish"),
        back=Link(_("Membership scheme"), reverse("console_schemes")),
        template="scheme_preview.html",
        columns=difference_columns(),
        rows=difference_rows(found.differences, found.before, found.scheme),
        action=reverse("console_scheme_publish"),
    )
