"""Li's bill, a voucher, and the finance office."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from huilian.accounts.models import Role, RoleGrant, User
from huilian.billing.models import Bill
from huilian.payments.models import PaymentAttempt
from huilian.payments.services import report_remittance

AT = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 3)


def picture(shade: int = 200, **options: Any) -> BytesIO:
    written = BytesIO()
    Image.new("RGB", (30, 20), (shade, 10, 10)).save(written, "JPEG", **options)
    written.seek(0)
    return written


def reported(bill: Bill, **changes: Any) -> PaymentAttempt:
    facts: dict[str, Any] = {
        "payer_name": "李申请",
        "transferred_on": date(2026, 6, 2),
        "voucher": picture(),
        "at": AT,
    }
    return report_remittance(bill, **{**facts, **changes})


def officer(name: str = "王财务", role: Role | None = Role.FINANCE) -> User:
    user = User.objects.create_user(name=name)
    if role is not None:
        RoleGrant.objects.create(user=user, role=role, from_on=date(2026, 1, 1))
    return user


def kept_files(society: Any) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / society.schema_name / "vouchers"
    return sorted(folder.iterdir()) if folder.exists() else []
