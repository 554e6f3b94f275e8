"""Existing members from a list: template, upload, preview row by row, confirmation, progress, refused rows."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import User
from huilian.members.importing.template import template_bytes
from huilian.members.models import MemberImport
from huilian.members.services.importing import confirm_import, discard_import, upload_list
from huilian.portals.console.words import actor_name
from huilian.portals.forms.importing import ConfirmImportForm, ListUploadForm
from huilian.portals.shapes import Column, Fact, Link, Row
from huilian.portals.templatetags.huilian_tags import badge, figure, moment
from huilian.portals.views.console.access import staff
from huilian.portals.views.console.pages import act_and_return, attempt, page_of, show_form, show_list
from huilian.schemes.queries import current_scheme
from kit import clock

_STATES = MemberImport.State
_TONES = {"checked": "warn", "running": "info", "done": "good", "discarded": "quiet"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def counted() -> QuerySet[Any]:
    """Lists with how many of their rows stand where."""
    by_state = {state: Count("rows", filter=Q(rows__state=state)) for state in ("ready", "refused", "done")}
    return MemberImport.objects.annotate(**by_state)


@require_safe
@staff("member.import")
def imports(request: HttpRequest, user: User) -> HttpResponse:
    """The lists that were handed in, the newest first."""
    page = page_of(request, counted().order_by("-uploaded_at"))
    actions = [
        Link(_("Hand in a list"), reverse("console_import_new"), look="main", icon="up"),
        Link(_("Template"), reverse("console_import_template"), icon="down"),
    ]
    return show_list(
        request,
        user,
        title=_("Members from a list"),
        lead=_("Members that the society has already, taken over from a spreadsheet."),
        columns=[
            Column(_("File")),
            Column(_("State")),
            Column(_("Handed in")),
            Column(_("Handed in by")),
            Column(_("Taken over"), numeric=True),
            Column(_("To be corrected"), numeric=True),
        ],
        rows=[
            Row(
                [
                    each.file_name,
                    state_badge(each),
                    moment(each.uploaded_at),
                    actor_name(each.uploaded_by),
                    figure(each.done),
                    figure(each.refused),
                ],
                reverse("console_import", args=[each.pk]),
            )
            for each in page
        ],
        page=page,
        actions=actions,
        back=Link(_("Members"), reverse("console_members")),
        empty_title=_("No list yet"),
        empty_text=_("Download the template, fill it in, and hand it in. You see every row before anything is kept."),
        empty_actions=actions,
    )


@require_safe
@staff("member.import")
def template(request: HttpRequest, user: User) -> HttpResponse:
    """The file to begin with."""
    response = HttpResponse(template_bytes(current_scheme()), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="members-template.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff("member.import")
def new_import(request: HttpRequest, user: User) -> HttpResponse:
    """Hand in a list; what is wrong with the file as a whole is said here, what with a row on the preview."""
    form = ListUploadForm(request.POST, request.FILES) if request.method == "POST" else ListUploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        batch = attempt(
            form,
            lambda: upload_list(
                file.read(),
                file_name=str(file.name),
                by_user=user,
                at=clock.now(),
            ),
            otherwise="file",
        )
        if batch is not None:
            return HttpResponseRedirect(reverse("console_import", args=[batch.pk]))
    return show_form(
        request,
        user,
        form,
        title=_("Hand in a list of members"),
        button=_("Look at the list"),
        back=Link(_("Members from a list"), reverse("console_imports")),
        template="import_new.html",
        template_url=reverse("console_import_template"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff("member.import")
def confirm(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """Ask where the list comes from and who is to be written to; then it begins."""
    batch = get_object_or_404(counted(), pk=pk)
    page = reverse("console_import", args=[pk])
    if batch.state != _STATES.CHECKED or not batch.ready:
        return HttpResponseRedirect(page)
    posted = request.POST if request.method == "POST" else None
    form = ConfirmImportForm(posted, initial={"language": "en" if get_language() == "en" else "zh-hans"})
    if form.is_valid():
        done = attempt(form, lambda: confirm_import(batch, **form.cleaned_data, by_user=user, at=clock.now()))
        if done is not None:
            return HttpResponseRedirect(page)
    return show_form(
        request,
        user,
        form,
        title=_("Take over these members?"),
        facts=[
            Fact(_("File"), batch.file_name),
            Fact(_("Members to be taken over"), figure(batch.ready)),
            Fact(_("Rows left out"), figure(batch.refused)),
        ],
        warning=_("Member numbers are given at once, and headquarters is told. A number once given is not taken back."),
        button=_("Take over"),
        back=Link(_("The list"), page),
    )


@require_POST
@staff("member.import")
def discard(request: HttpRequest, user: User, pk: UUID) -> HttpResponseBase:
    """Forget a list that was not confirmed."""
    batch = get_object_or_404(MemberImport, pk=pk)
    return act_and_return(
        request,
        lambda: discard_import(batch, by_user=user, at=clock.now()),
        done=_("The list is discarded; nothing of it was kept."),
        to=reverse("console_imports"),
    )


def state_badge(batch: MemberImport) -> object:
    """Where a list stands."""
    return badge(batch.state, label=_STATES(batch.state).label, tone=_TONES[batch.state])
