"""The member's photo for the card: chosen, cut and looked at by the member; staff see it too."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huilian.accounts.models import User
from huilian.journal.actors import actor_of
from huilian.members.models import Member
from huilian.members.queries import member_of_user
from huilian.members.services import read_portrait, remove_portrait, set_portrait
from huilian.portals.access import signed_in
from huilian.portals.forms.portrait import PortraitForm
from huilian.portals.refusals import show_on_form
from huilian.portals.uploads import upload_response
from huilian.portals.views.console.access import staff
from kit import clock
from kit.errors import Refusal
from kit.portraits import cut_portrait


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def portrait(request: HttpRequest, user: User) -> HttpResponse:
    """Choose a photo and what of it is kept."""
    member = _own(user)
    form = PortraitForm(request.POST, request.FILES) if request.method == "POST" else PortraitForm()
    if form.is_valid():
        try:
            cut = cut_portrait(
                form.cleaned_data["photo"],
                shape=form.cleaned_data["shape"],
                frame=form.frame,
                max_bytes=settings.UPLOAD_MAX_BYTES,
            )
        except Refusal as refusal:
            show_on_form(form, refusal, otherwise="photo")
        else:
            set_portrait(member, cut, by=actor_of(user), at=clock.now())
            messages.success(request, _("Your photo is on your card."))
            return HttpResponseRedirect(reverse("my"))
    context = {"form": form, "member": member}
    return render(request, "huilian/portrait.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def remove(request: HttpRequest, user: User) -> HttpResponse:
    """Take the photo off the card; it is deleted."""
    remove_portrait(_own(user), by=actor_of(user), at=clock.now())
    messages.success(request, _("Your photo is deleted."))
    return HttpResponseRedirect(reverse("my_portrait"))


@require_safe
@signed_in
def own_portrait(request: HttpRequest, user: User) -> HttpResponse:
    """The photo itself, to its member."""
    return _shown(_own(user))


@require_safe
@staff("member.search")
def portrait_of(request: HttpRequest, user: User, pk: UUID) -> HttpResponse:
    """The photo of any member, to staff who may look members up."""
    return _shown(get_object_or_404(Member, pk=pk))


def _own(user: User) -> Member:
    """The person who signed in; an institution has no face."""
    member = member_of_user(user.pk)
    if member is None or member.kind != Member.Kind.PERSON:
        raise Http404
    return member


def _shown(member: Member) -> HttpResponse:
    content = read_portrait(member)
    if content is None:
        raise Http404
    return upload_response(content, content_type="image/jpeg", file_name=f"{member.number}.jpg")
