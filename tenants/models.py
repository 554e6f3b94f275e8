"""The street map: societies and their host names. No person, no money, no user is in these tables."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin


class Society(TenantMixin):  # type: ignore[misc]
    """One society of the federation: a schema, a database role, a place in the street map."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        PROVINCE = "province", _("Provincial society")
        BRANCH = "branch", _("Branch")

    class State(models.TextChoices):
        OPENING = "opening", _("Being opened")
        OPEN = "open", pgettext_lazy("society", "Open")
        SUSPENDED = "suspended", _("Suspended")

    auto_create_schema = False

    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=3, unique=True)
    slug = models.CharField(_("host label"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=160)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPENING)
    role_epoch = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(null=True, blank=True)
    upgraded_at = models.DateTimeField(null=True, blank=True)
    upgrade_error = models.TextField(blank=True)
    backed_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to a society."""


class RenderedMigration(models.Model):
    """A migration as SQL, rendered once on the template and replayed in every society."""

    template = models.CharField(max_length=63)
    position = models.PositiveIntegerField()
    app = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    statements = models.JSONField(null=True)  # None: has Python code, goes through Django in each society
    rendered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["template", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "app", "name"], name="tenants_rendered_once")
        ]
