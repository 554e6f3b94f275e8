"""Papers of an application: added to a draft, and opened with a trace in the journal."""

from pathlib import PurePosixPath
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.application_documents import PaperRow
from api.v1.application_wishes import PaperUpload
from api.v1.describing import operation
from api.v1.idempotency import idempotent
from api.v1.parsers import UploadBody
from api.v1.resource import Resource
from huilian.applications.models import Application
from huilian.applications.papers import attach_paper, open_paper, papers_of
from kit import clock


class Papers(Resource):
    scopes: ClassVar = {"GET": "applications:read", "POST": "applications:write"}
    parser_classes = (UploadBody,)

    @operation("list_papers", "The papers of an application", answer=PaperRow(many=True), tag="Applications")
    def get(self, request: Request, application_id: UUID) -> Response:
        return self.page(papers_of(get_object_or_404(Application, pk=application_id)), PaperRow)

    @operation(
        "add_paper",
        "Add a paper to a draft",
        body={"multipart/form-data": PaperUpload},
        answer=PaperRow,
        status=201,
        description="Believed by its content only: images are written anew, PDF files are searched. One sent before "
        "under the same code is replaced.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request, application_id: UUID) -> Response:
        upload = self.read_body(PaperUpload)
        draft = get_object_or_404(Application, pk=application_id)
        file = upload["file"]
        paper = attach_paper(draft, upload["code"], file, file_name=file.name or "", at=clock.now())
        return Response(PaperRow(paper).data, status=201)


class PaperFile(Resource):
    scopes: ClassVar = {"GET": "applications:read"}

    @operation(
        "open_paper",
        "The file of a paper",
        answer=OpenApiTypes.BINARY,
        media_types=("image/jpeg", "image/png", "application/pdf"),
        description="Who looked is journalled.",
        tag="Applications",
    )
    def get(self, request: Request, application_id: UUID, paper_id: UUID) -> HttpResponse:
        paper = get_object_or_404(Application, pk=application_id).papers.filter(pk=paper_id)
        get_object_or_404(paper)
        found, content = open_paper(paper_id, by=self.actor, at=clock.now())
        response = HttpResponse(content, content_type=found.content_type)
        response["Content-Disposition"] = f'attachment; filename="{found.code}{PurePosixPath(found.path).suffix}"'
        response["Cache-Control"] = "private, no-store"
        return response
