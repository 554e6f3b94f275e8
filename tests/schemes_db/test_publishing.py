"""Schemes are published by headquarters, arrive by message, and every version stays."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from federation.contracts import SchemePublished
from federation.models import OutboxMessage
from huilian.journal.models import Record
from huilian.schemes.document import Scheme
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from huilian.schemes.problems import SchemeProblems
from huilian.schemes.queries import current_scheme, forget_schemes, received_versions, scheme_version
from huilian.schemes.services import publish_scheme, receive_scheme, send_schemes
from kit.errors import Refusal
from tenants.models import Society
from tests.federation_fixture import Federation

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NEXT = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    yield
    from huilian.schemes import queries

    queries._documents.clear()
    queries._holidays.clear()


def cmes(**changes: Any) -> Scheme:
    return msgspec.structs.replace(load_preset("cmes"), **{"version": 2, "effective_on": NEXT, **changes})


def message(scheme: Scheme) -> SchemePublished:
    return SchemePublished(
        key=scheme.key, number=scheme.version, effective_on=scheme.effective_on, document=scheme.to_data()
    )


def test_headquarters_publishes_to_every_society(in_hq: Society) -> None:
    stored = publish_scheme(cmes(), by="user:1 赵", at=AT)
    assert (stored.key, stored.version, stored.effective_on, stored.own) == ("cmes", 2, NEXT, False)
    sent = OutboxMessage.objects.order_by("receiver")
    assert [(m.type, m.receiver, m.payload["number"]) for m in sent] == [
        ("scheme.published", "100", 2),
        ("scheme.published", "101", 2),
        ("scheme.published", "201", 2),
    ]
    entry = Record.objects.get()
    assert (entry.verb, entry.actor, entry.facts) == (
        "scheme.published",
        "user:1 赵",
        {"version": 2, "effective_on": "2026-07-01"},
    )


def test_only_headquarters_publishes(in_zhejiang: Society) -> None:
    with pytest.raises(Refusal) as refused:
        publish_scheme(cmes(), by="user:1", at=AT)
    assert (refused.value.code, refused.value.status) == ("not_headquarters", 403)
    assert SchemeVersion.objects.count() == 1
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"version": 1}, "scheme_version_taken"),
        ({"key": "other"}, "scheme_other_federation"),
        ({"effective_on": date(2018, 1, 1)}, "scheme_out_of_order"),
    ],
)
def test_a_version_must_follow_the_last(in_hq: Society, changes: dict[str, Any], code: str) -> None:
    scheme = cmes(**changes)
    if code == "scheme_out_of_order":  # the dues must be in force when it begins
        categories = tuple(
            msgspec.structs.replace(
                category,
                dues=tuple(msgspec.structs.replace(row, effective_on=date(2018, 1, 1)) for row in category.dues),
            )
            for category in scheme.categories
        )
        scheme = msgspec.structs.replace(scheme, categories=categories)
    with pytest.raises(Refusal) as refused:
        publish_scheme(scheme, by="user:1", at=AT)
    assert refused.value.code == code
    assert SchemeVersion.objects.count() == 1


def test_a_scheme_that_contradicts_itself_is_not_published(in_hq: Society) -> None:
    scheme = cmes()
    ordinary = msgspec.structs.replace(scheme.category("ordinary"), payment_days=None)
    broken = msgspec.structs.replace(
        scheme, categories=tuple(ordinary if c.code == "ordinary" else c for c in scheme.categories)
    )
    with pytest.raises(SchemeProblems) as refused:
        publish_scheme(broken, by="user:1", at=AT)
    assert [problem.place for problem in refused.value.problems] == ["categories.ordinary.payment_days"]


def test_nothing_stands_between_pay_and_confirm(in_hq: Society) -> None:
    scheme = cmes()
    senior = scheme.category("senior")
    endorse, review, pay, confirm, activate = senior.route
    for route, places in (
        ((endorse, pay, review, confirm, activate), ["categories.senior.route[2]"]),
        ((endorse, pay, confirm, review, activate), []),
    ):
        changed = msgspec.structs.replace(senior, route=route)
        categories = tuple(changed if c.code == "senior" else c for c in scheme.categories)
        tried = msgspec.structs.replace(scheme, categories=categories)
        if places:
            with pytest.raises(SchemeProblems) as refused:
                publish_scheme(tried, by="user:1", at=AT)
            assert [problem.place for problem in refused.value.problems] == places
        else:
            assert publish_scheme(tried, by="user:1", at=AT).version == 2


def test_the_version_in_force_depends_on_the_day(in_welding: Society) -> None:
    receive_scheme(message(cmes(interests_max=5)), at=AT)
    assert current_scheme(date(2026, 6, 30)).version == 1
    assert current_scheme(NEXT).version == 2
    assert current_scheme(NEXT).interests_max == 5
    assert scheme_version(1).interests_max == 3
    assert received_versions() == [("cmes", 2, NEXT), ("cmes", 1, date(2019, 1, 1))]


def test_no_scheme_yet_is_a_clear_refusal(in_welding: Society) -> None:
    with pytest.raises(Refusal) as refused:
        current_scheme(date(2018, 12, 31))
    assert (refused.value.code, refused.value.status) == ("scheme_missing", 503)
    with pytest.raises(Refusal) as refused:
        scheme_version(7)
    assert refused.value.code == "scheme_version_unknown"


def test_received_twice_it_is_received_once(in_welding: Society) -> None:
    first = receive_scheme(message(cmes()), at=AT)
    again = receive_scheme(message(cmes()), at=AT)
    assert first.pk == again.pk
    assert Record.objects.filter(verb="scheme.received").count() == 1
    with pytest.raises(Refusal) as refused:
        receive_scheme(message(cmes(interests_max=9)), at=AT)
    assert refused.value.code == "scheme_version_taken"
    assert scheme_version(2).interests_max == 3


def test_an_unreadable_document_is_not_kept(in_welding: Society) -> None:
    broken = dataclasses.replace(message(cmes()), document={"key": "cmes"})
    with pytest.raises(Refusal) as refused:
        receive_scheme(broken, at=AT)
    assert refused.value.code == "scheme_unreadable"
    assert SchemeVersion.objects.count() == 1


def test_a_document_is_read_once_and_kept_once(in_welding: Society, django_assert_num_queries: Any) -> None:
    forget_schemes()
    scheme = scheme_version(1)
    with django_assert_num_queries(0):
        assert scheme_version(1) is scheme
    with django_assert_num_queries(1):
        assert current_scheme(NEXT) is scheme


def test_a_new_society_gets_every_version(in_hq: Society) -> None:
    publish_scheme(cmes(), by="user:1", at=AT)
    OutboxMessage.objects.all().delete()
    assert send_schemes(to="201") == 2
    sent = OutboxMessage.objects.order_by("id")
    assert [(m.receiver, m.payload["number"]) for m in sent] == [("201", 1), ("201", 2)]


def test_it_travels_to_every_society(federation: Federation) -> None:
    societies = (federation.hq, federation.zhejiang, federation.welding)
    try:
        with federation.inside(federation.hq):
            publish_scheme(cmes(interests_max=4), by="user:1 赵", at=AT)
        federation.settle()
        for society in societies:
            with federation.inside(society):
                assert current_scheme(NEXT).interests_max == 4
                assert SchemeVersion.objects.count() == 2
    finally:
        for society in societies:
            with federation.inside(society):
                SchemeVersion.objects.filter(version=2).delete()
                forget_schemes()
