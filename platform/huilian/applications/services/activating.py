"""The last step: the applicant becomes a member, in the same transaction as whatever led here."""

from huilian.applications.models import Application, StepRecord
from huilian.applications.route import entitlement
from huilian.applications.services.picturing import put_photo_on_card
from huilian.applications.services.telling import addressee_of, tell
from huilian.applications.services.walking import Walk
from huilian.members.facts import ApplicationFacts
from huilian.members.services import activate_member
from referrals.services import count_member


def activate(walk: Walk) -> None:
    """Mint the member, end the application, welcome; asked again for the same one, it is the same member."""
    application = walk.application
    if application.referral_code:
        count_member(application.referral_code, walk.at)  # before the serial and the journal: see `submitting`
    years = entitlement(
        walk.category,
        paid_units=application.bill_years if application.dues_unit_minor is not None else None,
        period_years=application.dues_period_years,
        from_on=walk.on,
    )
    member = activate_member(
        application=facts_of(application),
        category=walk.category,
        years=tuple((year.from_on, year.to_on) for year in years),
        bill_id=application.bill_id,
        at=walk.at,
        by=walk.by,
    )
    if walk.has_papers:
        put_photo_on_card(application, member, by=walk.by, at=walk.at)
    walk.end(Application.State.MEMBER, StepRecord.Outcome.DONE, user_id=application.user_id)
    tell("membership.welcome", walk, number=member.number, from_on=member.from_on, to_on=member.to_on)


def facts_of(application: Application) -> ApplicationFacts:
    """What a member is made of."""
    answers = application.answers
    is_institution = application.kind == "institution"
    return ApplicationFacts(
        application_id=application.pk,
        kind=application.kind,
        name=application.name,
        channel=application.channel,
        referral_code=application.referral_code,
        user_id=application.user_id,
        phone=application.phone,
        email=application.email,
        id_type=application.id_type,
        id_number_sealed=application.id_number_sealed,
        phone_hash=application.phone_hash,
        email_hash=application.email_hash,
        id_number_hash=application.id_number_hash,
        profile=answers,
        interests=tuple(application.interests),
        representative_name=addressee_of(application) if is_institution else "",
        representative_position=str(answers.get("representative_position", "")) if is_institution else "",
        consents=tuple((purpose, version) for purpose, version in application.consents),
    )
