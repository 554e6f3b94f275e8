"""Members, persons or institutions, and the dated years for which each is entitled."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NumberSerial(models.Model):
    """The last serial used; one row, locked while a number is minted. Numbers are never re-used."""

    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class Member(models.Model):
    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        INSTITUTION = "institution", _("Institution")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        LAPSED = "lapsed", pgettext_lazy("member", "Lapsed")
        ENDED = "ended", pgettext_lazy("member", "Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("member number"), max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    name = models.CharField(_("name"), max_length=100)
    sort_key = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    id_type = models.CharField(max_length=30, blank=True)
    id_number_sealed = models.TextField(blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    id_number_hash = models.CharField(max_length=64, blank=True, db_index=True)
    profile = models.JSONField(default=dict)
    interests = models.JSONField(default=list)
    channel = models.CharField(max_length=20)
    referral_code = models.CharField(max_length=30, blank=True)
    application_id = models.UUIDField(unique=True, null=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="member"
    )
    portrait = models.CharField(max_length=200, blank=True, default="", db_default="")  # path of a JPEG
    joined_on = models.DateField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)  # None: standing without a term
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "category"], name="members_state_category"),
            models.Index(fields=["to_on"], name="members_to_on"),
            models.Index(fields=["sort_key"], name="members_sort_key"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class EntitlementYear(models.Model):
    """One dated, half-open year [from_on, to_on) of membership and what paid for it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="years")
    category = models.CharField(max_length=40)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    application_id = models.UUIDField(null=True)
    bill_id = models.UUIDField(null=True)
    resolution = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["from_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One who changes category may have paid for the same day in both.
            models.UniqueConstraint(fields=["member", "category", "from_on"], name="members_one_year_each")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.from_on} – {self.to_on or '…'}"


class Representative(models.Model):
    """A person who acts for an institutional member, from one date to another."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    position = models.CharField(max_length=100, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """Consent to one purpose in one version, given or withdrawn; each act is a new row."""

    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_id", "purpose", "-at"], name="members_consent_latest")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}: {'given' if self.given else 'withdrawn'}"


class MemberImport(models.Model):
    """A list of existing members, handed in as a file, looked at, and taken over row by row once confirmed."""

    class State(models.TextChoices):
        CHECKED = "checked", _("To be confirmed")
        RUNNING = "running", pgettext_lazy("import", "Being taken over")
        DONE = "done", pgettext_lazy("import", "Taken over")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKED)
    uploaded_by = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    invites = models.BooleanField(default=False)  # a letter to each new member, by the choice of who confirmed
    language = models.CharField(max_length=10, default="zh-hans")  # of these letters
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of such a list; it becomes one member, in the transaction that marks it done, and never a second."""

    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("row", "Ready")
        REFUSED = "refused", pgettext_lazy("row", "To be corrected")
        DONE = "done", pgettext_lazy("row", "Taken over")

    batch = models.ForeignKey(MemberImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()  # in the file, as people count
    state = models.CharField(max_length=10, choices=State.choices)
    name = models.CharField(max_length=100, blank=True)
    sealed = models.TextField(blank=True)  # the cells as they came, encrypted; empty once they have become a member
    problems = models.JSONField(default=list)  # [{column, code, en, zh}]
    member = models.OneToOneField(Member, on_delete=models.PROTECT, null=True, related_name="import_row")

    class Meta:
        ordering: ClassVar[list[str]] = ["line"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "line"], name="members_one_row_each")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "state", "line"], name="members_import_rows")
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.name}"
