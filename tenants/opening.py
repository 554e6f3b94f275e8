"""Opening, suspending and resuming a society: the provisioner's work."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier, Literal

from kit.errors import Refusal
from tenants import registry
from tenants.grants import CONNECTION_LIMIT, ROLE_SETTINGS, society_grants
from tenants.kinds import LAW
from tenants.models import Domain, Society
from tenants.roles import check_schema_name, scram_verifier, societies_group, society_login
from tenants.templates import replay_script


def schema_of(slug: str) -> str:
    return check_schema_name("s_" + slug.replace("-", "_"))


def open_society(
    *,
    number: str,
    slug: str,
    kind: str,
    name_zh: str,
    name_en: str,
    at: datetime,
    time_zone: str = "Asia/Shanghai",
) -> Society:
    """Open a society: schema, role, grants, street map row and host, in one transaction or not at all."""
    _check_wish(number=number, slug=slug, kind=kind, time_zone=time_zone)
    schema = schema_of(slug)
    script = replay_script(kind, schema)
    connection = connections["provisioner"]
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    with transaction.atomic(using="provisioner"):
        society = Society(
            schema_name=schema,
            kind=kind,
            number=number,
            slug=slug,
            name_zh=name_zh,
            name_en=name_en,
            time_zone=time_zone,
            state=Society.State.OPEN,
            opened_at=at,
            upgraded_at=at,
        )
        society.save(using="provisioner")
        # Not by save(): django-tenants' opens a transaction on the default connection, which is nobody's here.
        Domain.objects.using("provisioner").bulk_create(
            [Domain(domain=f"{slug}.{settings.SITE_DOMAIN}", tenant=society, is_primary=True)]
        )
        raw = connection.connection
        raw.execute(script)
        create_role(schema, society.role_epoch)
        raw.execute(society_grants(schema, tables_of(schema)))
    registry.forget()
    return society


def suspend_society(society: Society) -> None:
    """Close a society to everyone; its messages wait."""
    _change_state(society, Society.State.OPEN, Society.State.SUSPENDED)


def resume_society(society: Society) -> None:
    _change_state(society, Society.State.SUSPENDED, Society.State.OPEN)


def _change_state(society: Society, old: str, new: str) -> None:
    changed = Society.objects.using("provisioner").filter(pk=society.pk, state=old).update(state=new)
    registry.forget()
    if not changed:
        raise Refusal("wrong_state", _("%(name)s is not in the state for this."), status=409, name=society.name)


def _check_wish(*, number: str, slug: str, kind: str, time_zone: str) -> None:
    if kind not in LAW:
        raise Refusal("unknown_kind", _("There is no kind of society called %(kind)s."), field="kind", kind=kind)
    if not (number.isascii() and number.isdigit() and len(number) == 3 and int(number) in LAW[kind].numbers):
        raise Refusal(
            "bad_number",
            _("The number of this kind of society lies between %(first)s and %(last)s."),
            field="number",
            first=LAW[kind].numbers[0],
            last=LAW[kind].numbers[-1],
        )
    try:
        ZoneInfo(time_zone)
        schema_of(slug)
    except (Refusal, KeyError, ValueError, OSError):
        raise Refusal("bad_society", _("The host label or the time zone cannot be used."), field="slug") from None
    taken = Society.objects.using("provisioner").filter(number=number).exists()
    if taken or Society.objects.using("provisioner").filter(slug=slug).exists():
        raise Refusal(
            "society_exists", _("A society with this number or host label exists already."), field="number", status=409
        )


def create_role(schema: str, epoch: int) -> None:
    """A society's role with its password and settings; made, or put right if it exists."""
    raw = connections["provisioner"].connection
    role, password = society_login(schema, epoch)
    verifier = scram_verifier(raw, role, password)
    exists = raw.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    raw.execute(
        SQL("{verb} ROLE {role} LOGIN CONNECTION LIMIT {limit} PASSWORD {verifier}").format(
            verb=SQL("ALTER" if exists else "CREATE"),
            role=Identifier(role),
            limit=Literal(CONNECTION_LIMIT),
            verifier=Literal(verifier),
        )
    )
    raw.execute(SQL("GRANT {} TO {}").format(Identifier(societies_group()), Identifier(role)))
    _pin(role, schema)


def pin_role(society: Society) -> None:
    """Give a society's role its settings again, whatever somebody made of them."""
    connections["provisioner"].ensure_connection()
    _pin(society_login(society.schema_name, society.role_epoch)[0], society.schema_name)


def _pin(role: str, schema: str) -> None:
    raw = connections["provisioner"].connection
    raw.execute(SQL("ALTER ROLE {} RESET ALL").format(Identifier(role)))
    raw.execute(SQL("ALTER ROLE {} SET search_path = {}").format(Identifier(role), Identifier(schema)))
    for name, value in ROLE_SETTINGS.items():
        raw.execute(SQL("ALTER ROLE {} SET {} = {}").format(Identifier(role), SQL(name), Literal(value)))


def tables_of(schema: str) -> frozenset[str]:
    rows = connections["provisioner"].connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
    )
    return frozenset(row[0] for row in rows)
