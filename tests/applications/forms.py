"""Forms as Li, Chen and a university fill them in, and the few steps that lead to one being handed in."""

import itertools
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huilian.accounts.models import Role, RoleGrant, User
from huilian.applications.channels import ApplyTicket
from huilian.applications.models import Application
from huilian.applications.rules import SHARE_WITH_HEADQUARTERS
from huilian.applications.services import start_application, submit_application
from referrals.facts import Identity, Recommender
from tenants.context import current

# A Monday, 09:30 in Shanghai.
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)

_serial = itertools.count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(born: str = "19900307", serial: int = 12, region: str = "110105") -> str:
    """A resident's number that checks."""
    digits = f"{region}{born}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def person(**changes: Any) -> dict[str, Any]:
    """Li's answers for an ordinary membership; a value of None leaves an answer out."""
    answers = {
        "name": "李明",
        "birth_date": "1990-03-07",
        "id_type": "resident",
        "id_number": identity_number(),
        "school": "清华大学",
        "degree": "master",
        "title": "工程师",
        "employer": "第一机床厂",
        "address": "北京市海淀区首体南路9号",
        "postcode": "100048",
        "email": "li@example.org",
        "mobile": "13800000001",
        **changes,
    }
    return {code: answer for code, answer in answers.items() if answer is not None}


def student(**changes: Any) -> dict[str, Any]:
    kept = {"name", "birth_date", "id_type", "id_number", "school", "email", "mobile"}
    answers = {code: answer for code, answer in person().items() if code in kept}
    answers |= {"major": "机械工程", "student_year": "undergraduate_2", **changes}
    return {code: answer for code, answer in answers.items() if answer is not None}


def senior(**changes: Any) -> dict[str, Any]:
    return person(**{"merits": ["award", "works"], "merits_detail": "省科技进步奖二等奖;论文十篇。", **changes})


def institution(**changes: Any) -> dict[str, Any]:
    answers = {
        "organisation_name": "浙江大学机械工程学院",
        "organisation_type": "university",
        "uscc": "12330000470080253W",
        "representative_name": "陈静",
        "representative_position": "院长",
        "representative_phone": "13900000009",
        "representative_email": "chen@example.org",
        "address": "杭州市西湖区浙大路38号",
        "postcode": "310027",
        **changes,
    }
    return {code: answer for code, answer in answers.items() if answer is not None}


ANSWERS = {"ordinary": person, "student": student, "senior": senior, "institutional": institution}


def pdf(name: str = "证书.pdf") -> SimpleUploadedFile:
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n98\n%%EOF\n"
    )
    return SimpleUploadedFile(name, content, "application/pdf")


def photo(name: str = "me.jpg", size: tuple[int, int] = (120, 160)) -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


PAPERS = {"senior": ("qualification",), "institutional": ("registration",)}


def ticket(category: str = "ordinary", **changes: Any) -> ApplyTicket:
    here = current()
    channel = {"branch": "branch", "province": "province"}.get(here.kind, "headquarters")
    facts = {"society": here.number, "category": category, "channel": channel, "scheme_version": 1, **changes}
    return ApplyTicket(issued_on=TODAY, **facts)


def recommender(category: str = "senior", **changes: Any) -> Recommender:
    """Wang, a member of the welding branch."""
    facts: dict[str, Any] = {
        "society": "101",
        "name": "王伟",
        "kind": "person",
        "category": category,
        "category_name": "",
        "rank": 3,
        "from_on": date(2020, 1, 1),
        "to_on": date(2027, 1, 1),
        "identity": Identity(number="1010000001G", phone_hash="", email_hash=""),
        **changes,
    }
    return Recommender(**facts)


def draft(category: str = "ordinary", *, at: datetime = AT, **changes: Any) -> Application:
    user = changes.pop("user", None)
    language = changes.pop("language", "zh-hans")
    return start_application(ticket(category, **changes), language=language, at=at, user=user)


def submit(
    category: str = "ordinary", answers: dict[str, Any] | None = None, *, at: datetime = AT, **changes: Any
) -> Application:
    """An application handed in, with what the category and the society ask for; the phone or e-mail is confirmed."""
    given = answers if answers is not None else ANSWERS[category]()
    contact = next(
        given[code] for code in ("mobile", "representative_phone", "email", "representative_email") if code in given
    )
    consents = (SHARE_WITH_HEADQUARTERS,) if current().kind == "province" else ()
    return submit_application(
        changes.pop("application", None) or draft(category, at=at, **changes.pop("ticket", {})),
        answers=given,
        papers=changes.pop("papers", {code: pdf() for code in PAPERS.get(category, ())}),
        consents=changes.pop("consents", consents),
        confirmed_contact=changes.pop("confirmed_contact", contact),
        at=at,
        **changes,
    )


def another(category: str = "ordinary") -> dict[str, Any]:
    """Answers of somebody else each time."""
    n = next(_serial)
    return ANSWERS[category](
        id_number=identity_number(serial=100 + n % 900, region=f"{110101 + n // 900}"),
        email=f"p{n}@example.org",
        mobile=f"137{n:08}",
    )


def staff(name: str = "王伟", role: Role = Role.REGISTRAR, **fields: Any) -> User:
    """Wang of the society's office, or somebody else there."""
    n = next(_serial)
    user = User.objects.create_user(name=name, **{"phone": f"+86150{n:08}", **fields})
    RoleGrant.objects.create(user=user, role=role, from_on=date(2020, 1, 1))
    return user
