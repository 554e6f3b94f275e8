"""The photo that came with an application is put on the member's card, so that nobody is asked for it twice."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from huilian.applications.models import Application, Paper
from huilian.applications.papers import PHOTO
from huilian.members.models import Member
from huilian.members.services import set_portrait
from kit.errors import Refusal
from kit.portraits import cut_portrait
from tenants.context import on_commit


def put_photo_on_card(application: Application, member: Member, *, by: str, at: datetime) -> None:
    """After the commit: whoever has become a member is one, whatever is the matter with the photo."""
    on_commit(partial(_put, application.pk, member.pk, by=by, at=at))


def _put(application: UUID, member: UUID, *, by: str, at: datetime) -> None:
    """Its middle; the member may choose another part, or another photo.

    One that is too small is left out: it came before `check_paper` refused such photos.
    """
    paper = Paper.objects.filter(application=application, code=PHOTO, replaced_at=None).first()
    if paper is None or not paper.content_type.startswith("image/"):
        return
    card = Member.objects.get(pk=member)
    if card.portrait:
        return
    try:
        with default_storage.open(paper.path) as photo:
            cut = cut_portrait(photo, shape="portrait", max_bytes=settings.UPLOAD_MAX_BYTES)
    except Refusal:
        return
    set_portrait(card, cut, by=by, at=at)
