"""Users of one society, their roles, and the ways they prove who they are."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kit import clock
from tenants.context import current


class Role(models.TextChoices):
    """What a member of staff may do; the table itself is in `rules.py`."""

    OWNER = "owner", _("Owner")
    REGISTRAR = "registrar", _("Registrar")
    PROMOTER = "promoter", _("Promoter")
    VIEWER = "viewer", _("Viewer")
    OFFICER = "officer", _("Approvals officer")
    FINANCE = "finance", _("Finance officer")


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, name: str = "", password: str | None = None, **fields: Any) -> "User":
        user = self.model(name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, **fields: Any) -> "User":
        return self.create_user(is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in to this society: applicant, member, representative or staff."""

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, unique=True, null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email or self.phone or str(self.handle)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must know to be this user's: good in this society, until the password changes."""
        return self._session_proof(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (self._session_proof(retired) for retired in settings.SECRET_KEY_FALLBACKS)

    def _session_proof(self, secret: str | bytes | None) -> str:
        salt = f"huilian.accounts session of {current().schema_name}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class RoleGrant(models.Model):
    """An office held from one date to another; offices are dated, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(to_on=None), name="accounts_one_open_grant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.from_on}–{self.to_on or ''}"


class Invitation(models.Model):
    """An offer of a role by e-mail or phone, taken up once with a secret link."""

    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}".strip()


class OneTimeCode(models.Model):
    """A six-digit code sent to a phone or an e-mail to prove that it is reached."""

    purpose = models.CharField(max_length=20)
    contact = models.CharField(max_length=254)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contact", "purpose", "-sent_at"], name="accounts_code_lookup")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A double click sends one code: the newest is the only one that counts.
            models.UniqueConstraint(
                fields=["contact", "purpose"],
                condition=models.Q(used_at=None, replaced_at=None),
                name="accounts_one_open_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.sent_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A bearer token of this society: stored hashed, scoped, and never without an end."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class SignInAttempt(models.Model):
    """A failed sign-in, counted per identifier and address to slow down guessing."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["key", "at"], name="accounts_attempts")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%d %H:%M}"
