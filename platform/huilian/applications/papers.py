"""Uploaded papers: checked by content, kept in this society's folder, opened only with a trace in the journal."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from federation.tickets import mint, read
from huilian.applications.models import Application, Paper
from huilian.applications.refusals import already_decided
from huilian.journal.services import record
from huilian.schemes.document import Category
from huilian.schemes.document import Paper as PaperAsked
from huilian.schemes.queries import scheme_version
from kit.clean_text import is_unprintable
from kit.errors import Refusal
from kit.portraits import check_portrait
from kit.uploads import CleanUpload, Upload, inspect_upload
from tenants.context import on_commit, society_numbered, url_of

PURPOSE = "paper"
PHOTO = "photo"  # the code under which a scheme asks for what is put on the card
# Long enough to look at one paper, too short to pass a link around.
LIFETIME = timedelta(minutes=10)
_NAME_LENGTH = 120


class NamedUpload(Upload, Protocol):
    """An uploaded file as Django has it: bytes, and the applicant's name for it."""

    name: str | None


def field_of(code: str) -> str:
    """The name under which a paper is sent and its problems are shown: `paper:cv`."""
    return f"paper:{code}"


def check_paper(category: Category, code: str, file: Upload) -> CleanUpload:
    """The file as it may be kept; for `paper:<code>`, refuses `paper_unknown`, `photo_small`, as `kit.uploads`."""
    asked = _asked(category, code)
    if asked is None:
        raise Refusal("paper_unknown", _("This category does not ask for this paper."), field=field_of(code[:40]))
    field = field_of(code)
    clean = inspect_upload(file, accepts=asked.accepts, max_bytes=asked.max_mb * 1024 * 1024, field=field)
    if code == PHOTO and clean.content_type.startswith("image/"):
        check_portrait(clean, field=field)  # now, while whoever sends it can choose another one
    return clean


def attach_paper(application: Application, code: str, file: Upload, *, file_name: str, at: datetime) -> Paper:
    """Keep a paper with a draft; one sent before under the same code is replaced."""
    if application.state != Application.State.DRAFT:
        raise already_decided(application)
    scheme = scheme_version(application.scheme_version)
    clean = check_paper(scheme.category(application.category), code, file)
    return keep_paper(application, code, clean, file_name=file_name, at=at)


def keep_paper(application: Application, code: str, clean: CleanUpload, *, file_name: str, at: datetime) -> Paper:
    """Write a checked file and its row; if the row does not come to be, neither does the file."""
    paper = Paper(
        application=application,
        code=code,
        file_name=_shown_name(file_name, clean.suffix),
        content_type=clean.content_type,
        size=clean.size,
        sha256=clean.sha256,
        uploaded_at=at,
    )
    name = f"papers/{application.pk.hex}/{paper.pk.hex}{clean.suffix}"
    with transaction.atomic(savepoint=False):
        Paper.objects.filter(application=application, code=code, replaced_at=None).update(replaced_at=at)
        paper.path = default_storage.save(name, ContentFile(clean.bytes))
        try:
            paper.save(force_insert=True)
        except BaseException:
            default_storage.delete(paper.path)
            raise
    return paper


def missing_papers(category: Category, present: Collection[str]) -> list[Refusal]:
    """A Refusal for each paper that the category requires and that is not there."""
    return [
        Refusal("paper_missing", _("Please upload this paper."), field=field_of(asked.code))
        for asked in category.papers
        if asked.required and asked.code not in present
    ]


def papers_of(application: Application) -> list[Paper]:
    """The papers as they stand, in the order of their codes."""
    return list(Paper.objects.filter(application=application, replaced_at=None).order_by("code", "uploaded_at"))


def codes_of(application: Application) -> set[str]:
    """The codes of the papers that are there."""
    return set(Paper.objects.filter(application=application, replaced_at=None).values_list("code", flat=True))


def open_paper(paper_id: uuid.UUID, *, by: str, at: datetime) -> tuple[Paper, bytes]:
    """A paper and its bytes for somebody who may see it; who looked is journalled first.

    Raises Refusal `paper_gone`, status 404. Whether `by` may look is for the caller to ask.
    """
    paper = Paper.objects.select_related("application").filter(pk=paper_id).first()
    if paper is None or not default_storage.exists(paper.path):
        raise Refusal("paper_gone", _("This paper is not kept here."), status=404)
    record("paper.opened", paper.application, by=by, at=at, paper=paper.pk, code=paper.code)
    with default_storage.open(paper.path) as file:
        return paper, file.read()


def paper_url(society: str, paper_id: str, *, officer: str, at: datetime) -> str:
    """At headquarters: where an officer opens a paper that lies in another society; for one use."""
    payload = {"paper": paper_id, "officer": officer}
    token = mint(PURPOSE, to=society, payload=payload, lifetime=LIFETIME, once=True, at=at)
    return f"{url_of(society_numbered(society), '/papers/')}?{urlencode({'t': token})}"


def open_by_ticket(token: str, *, at: datetime) -> tuple[Paper, bytes]:
    """In the society: the paper that an officer of headquarters came for; Refusals as in `open_paper`."""
    payload: dict[str, Any] = read(token, purpose=PURPOSE, at=at, once=True)
    try:
        paper_id, officer = uuid.UUID(str(payload["paper"])), str(payload["officer"])
    except (KeyError, ValueError):
        raise Refusal("bad_ticket", _("This link is not valid here. Please begin again."), status=403) from None
    return open_paper(paper_id, by=f"hq:{officer}", at=at)


def forget_papers(application: Application) -> None:
    """Delete the papers of a draft, rows and files; the files go after the commit."""
    paths = list(application.papers.values_list("path", flat=True))
    application.papers.all().delete()
    for path in paths:
        on_commit(partial(default_storage.delete, path))


def _asked(category: Category, code: str) -> PaperAsked | None:
    return next((asked for asked in category.papers if asked.code == code), None)


def _shown_name(file_name: str, suffix: str) -> str:
    """The applicant's own name for the file, for display only: no folders, no control characters."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = "".join(symbol for symbol in last.rsplit(".", 1)[0] if not is_unprintable(symbol)).strip()
    return f"{stem[:_NAME_LENGTH] or 'file'}{suffix}"
