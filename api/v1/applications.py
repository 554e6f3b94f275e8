"""Applications of this society: hand in, read, endorse, refuse, withdraw."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.application_documents import ApplicationDocument, ApplicationRow, document_of
from api.v1.application_wishes import (
    ApplicationForm,
    ApplicationQuery,
    ApplicationRefusal,
    ApplicationWish,
    Endorsement,
    SubmitWish,
    take_apart,
)
from api.v1.contact_codes import PURPOSE
from api.v1.describing import operation
from api.v1.idempotency import idempotent
from api.v1.parsers import JsonBody, UploadBody
from api.v1.problems import problem_of
from api.v1.resource import Resource
from api.v1.revealing import may_reveal, note_reveal
from api.v1.tickets import WayIn, ticket_of
from huilian.accounts.models import ApiToken
from huilian.accounts.queries import local_day
from huilian.accounts.services import check_code
from huilian.applications.channels import ApplyTicket, unseal
from huilian.applications.models import Application
from huilian.applications.papers import attach_paper
from huilian.applications.queries import draft_answers, search_applications
from huilian.applications.services import (
    confirm_contact,
    endorse_application,
    refuse_application,
    save_draft,
    start_application,
    submit_application,
    withdraw_application,
    withdraw_draft,
)
from kit import clock
from kit.errors import Refusal

_WAY = tuple(str(name) for name in WayIn().fields)


class Applications(Resource):
    scopes: ClassVar = {"GET": "applications:read", "POST": "applications:write"}
    open_to_all: ClassVar = frozenset({"POST"})
    parser_classes = (JsonBody, UploadBody)

    @operation(
        "list_applications",
        "Applications that were handed in, the newest first",
        answer=ApplicationRow(many=True),
        query=ApplicationQuery,
        tag="Applications",
    )
    def get(self, request: Request) -> Response:
        return self.page(search_applications(**self.read_query(ApplicationQuery)), ApplicationRow)

    @operation(
        "create_application",
        "Apply",
        body={"application/json": ApplicationWish, "multipart/form-data": ApplicationForm},
        answer=ApplicationDocument,
        status=201,
        description="Everything is checked at once, and either all is kept or nothing. Applicants prove their contact "
        "by `contact_code`; the user of a token vouches for it.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body, papers = take_apart(request.data)
        wish = self.read_body(ApplicationWish, body)
        unproven = self.unproven(wish)
        if unproven is not None:
            return unproven
        at = clock.now()
        ticket = self._ticket(wish)
        application = start_application(ticket, language=get_language() or "zh-hans", at=at)
        if wish["submit"]:
            hand_in(application, wish, papers, by=self.actor if request.auth else "")
        else:
            self._keep(application, wish, papers)
        address = reverse("api_application", args=[application.pk])
        return Response(self.document(application), status=201, headers={"Location": address})

    def unproven(self, wish: dict[str, Any]) -> Response | None:
        """The answer to somebody whose contact is not proven; None if it is."""
        if isinstance(self.request.auth, ApiToken):
            return None
        if not wish["submit"]:
            raise Refusal("draft_needs_token", _("Only the user of a token can keep a draft here."), field="submit")
        missing = [name for name in ("contact", "contact_code") if not wish[name]]
        if missing:
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError(dict.fromkeys(missing, required), code="required")
        try:
            check_code(wish["contact"], wish["contact_code"], purpose=PURPOSE, at=clock.now())
        except Refusal as refusal:
            # Answered, not raised: whoever guesses a code has used up one attempt.
            refusal.field = "contact_code" if refusal.field == "code" else refusal.field
            problem = problem_of(refusal)
            if problem is None:
                raise
            return problem.response()
        return None

    def document(self, application: Application) -> dict[str, Any]:
        """An application just written: nobody has looked anything up, so identifiers stay masked."""
        return document_of(application, on=local_day(clock.now()))

    def _ticket(self, wish: dict[str, Any]) -> ApplyTicket:
        if wish["ticket"]:
            return unseal(wish["ticket"], at=clock.now())
        return ticket_of(at=clock.now(), **{name: wish[name] for name in _WAY})

    def _keep(self, application: Application, wish: dict[str, Any], papers: dict[str, "UploadedFile[Any]"]) -> None:
        save_draft(application, wish["answers"], at=clock.now())
        if wish["contact"]:
            confirm_contact(application, contact=wish["contact"], at=clock.now())
        for code, file in papers.items():
            attach_paper(application, code, file, file_name=file.name or "", at=clock.now())


class ApplicationView(Resource):
    scopes: ClassVar = {"GET": "applications:read"}

    @operation(
        "read_application",
        "An application with its answers, papers and way",
        answer=ApplicationDocument,
        description="With scope `members:reveal` identifiers are shown in full, and the look is journalled.",
        tag="Applications",
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        application = get_object_or_404(Application, pk=application_id)
        reveal = may_reveal(request.auth)
        if reveal and isinstance(request.auth, ApiToken):
            note_reveal(application, request.auth, at=clock.now())
        return Response(document_of(application, on=local_day(clock.now()), reveal=reveal))


class ApplicationAct(Resource):
    """Something done to one application."""

    scopes: ClassVar = {"POST": "applications:write"}

    def answer(self, application: Application) -> Response:
        return Response(document_of(application, on=local_day(clock.now())))


class ApplicationSubmission(ApplicationAct):
    @operation(
        "submit_application",
        "Hand in a draft",
        body=SubmitWish,
        answer=ApplicationDocument,
        description="The user of the token vouches for `contact`, unless the draft's is proven already.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request, application_id: UUID) -> Response:
        wish = self.read_body(SubmitWish)
        draft = get_object_or_404(Application, pk=application_id)
        wish["answers"] = {**draft_answers(draft), **wish["answers"]}
        hand_in(draft, wish, {}, by=self.actor)
        return self.answer(draft)


class ApplicationEndorsement(ApplicationAct):
    @operation(
        "endorse_application",
        "Endorse at the step that waits for this society",
        body=Endorsement,
        answer=ApplicationDocument,
        description="Neither the applicant nor the recommender can do it.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request, application_id: UUID) -> Response:
        wish = self.read_body(Endorsement)
        application = get_object_or_404(Application, pk=application_id)
        return self.answer(endorse_application(application, **wish, by_user=self.user, at=clock.now()))


class ApplicationRefusing(ApplicationAct):
    @operation(
        "refuse_application",
        "Refuse at the step that waits for this society",
        body=ApplicationRefusal,
        answer=ApplicationDocument,
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request, application_id: UUID) -> Response:
        wish = self.read_body(ApplicationRefusal)
        application = get_object_or_404(Application, pk=application_id)
        return self.answer(refuse_application(application, **wish, by_user=self.user, at=clock.now()))


class ApplicationWithdrawal(ApplicationAct):
    @operation(
        "withdraw_application",
        "Withdraw for the applicant",
        answer=ApplicationDocument,
        description="A draft is thrown away: its last state is answered, and it is not there any more.",
        tag="Applications",
    )
    @idempotent
    def post(self, request: Request, application_id: UUID) -> Response:
        application = get_object_or_404(Application, pk=application_id)
        if application.state == Application.State.DRAFT:
            answer = self.answer(application)
            withdraw_draft(application)
            return answer
        return self.answer(withdraw_application(application, by=self.actor, at=clock.now()))


def hand_in(draft: Application, wish: dict[str, Any], papers: dict[str, "UploadedFile[Any]"], *, by: str) -> None:
    """Hand in a draft with what was sent; the contact is proven by a code, or by whose token it is."""
    submit_application(
        draft,
        answers=wish["answers"],
        papers=papers,
        consents=wish["consents"],
        confirmed_contact=wish["contact"],
        password=wish["password"] or None,
        at=clock.now(),
        by=by,
    )
