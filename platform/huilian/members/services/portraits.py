"""The member's portrait for the card: one at a time, kept in the society's own folder."""

import uuid
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from huilian.journal.services import record
from huilian.members.models import Member
from kit.uploads import CleanUpload
from tenants.context import on_commit


def set_portrait(member: Member, portrait: CleanUpload, *, by: str, at: datetime) -> Member:
    """Keep a portrait, in place of the one before; if the row does not come to be, neither does the file."""
    name = f"portraits/{member.pk.hex}/{uuid.uuid4().hex}{portrait.suffix}"
    with transaction.atomic():
        before = Member.objects.select_for_update().get(pk=member.pk).portrait
        path = default_storage.save(name, ContentFile(portrait.bytes))
        try:
            _change(member, path, at=at, before=before)
            record("member.portrait_set", member, by=by, at=at, sha256=portrait.sha256)
        except BaseException:
            default_storage.delete(path)
            raise
    return member


def remove_portrait(member: Member, *, by: str, at: datetime) -> Member:
    """Delete the portrait, if there is one."""
    with transaction.atomic():
        before = Member.objects.select_for_update().get(pk=member.pk).portrait
        if before:
            _change(member, "", at=at, before=before)
            record("member.portrait_removed", member, by=by, at=at)
    return member


def read_portrait(member: Member) -> bytes | None:
    """The JPEG, or None where there is none."""
    if not member.portrait or not default_storage.exists(member.portrait):
        return None
    with default_storage.open(member.portrait) as file:
        content: bytes = file.read()
    return content


def _change(member: Member, path: str, *, at: datetime, before: str) -> None:
    # Headquarters' roll holds nothing of this: the version stays.
    Member.objects.filter(pk=member.pk).update(portrait=path, updated_at=at)
    member.portrait = path
    if before:
        on_commit(partial(default_storage.delete, before))
