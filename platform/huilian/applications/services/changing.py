"""The one way an application's row changes: only if it still is as it was read."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huilian.applications.models import Application
from huilian.applications.refusals import already_decided
from kit.errors import Refusal


def change(application: Application, **columns: object) -> None:
    """UPDATE … WHERE state, step and version are as read; raises Refusal `already_decided` for the loser."""
    as_read = Application.objects.filter(
        pk=application.pk,
        state=application.state,
        step_index=application.step_index,
        version=application.version,
    )
    if not as_read.update(version=application.version + 1, **columns):
        raise already_decided(application)
    application.version += 1
    for name, value in columns.items():
        setattr(application, name, value)


def locked(application_id: UUID) -> Application:
    """The application a message is about, kept still until its handling commits: a message must not lose.

    Raises Refusal `unknown_application`.
    """
    application = Application.objects.select_for_update().filter(pk=application_id).first()
    if application is None:
        raise Refusal(
            "unknown_application",
            _("There is no application %(id)s here."),
            status=404,
            id=str(application_id),
        )
    return application
