"""Applications of all societies at headquarters: under way unless asked otherwise, without names, led to the case."""

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from federation.ledger.projecting import APPLICATIONS, FEES, MEMBERS
from huilian.accounts.models import Role
from tests.federation_fixture import Federation
from tests.ledger.test_projecting import AT, application, fee, member
from tests.portals.console.desk import Desk, at_desk
from tests.portals.console.world import World

PAGE = "/console/federation/applications/"


def handed_in(n: int, society: str, **facts: Any) -> Any:
    report = dataclasses.replace(application(n, AT + timedelta(minutes=n)), reference=f"A-{n}", **facts)
    return report, society, AT


@pytest.fixture
def zhao(federation: Federation) -> Desk:
    with federation.inside(federation.hq), transaction.atomic():
        APPLICATIONS.apply(
            [
                handed_in(1, "101"),
                handed_in(2, "201", step="pay"),
                handed_in(3, "201", category="senior", step="review"),
                handed_in(4, "201", state="refused", step="", ended_at=AT),
            ]
        )
    return at_desk(federation.hq, Role.OFFICER, "赵敏")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["A-3", "A-2", "A-1"]),
        ({"society": "201"}, ["A-3", "A-2"]),
        ({"category": "ordinary"}, ["A-2", "A-1"]),
        ({"step": "pay"}, ["A-2"]),
        ({"state": "refused"}, ["A-4"]),
        ({"state": "refused", "society": "101"}, []),
        ({"state": "nonsense"}, ["A-4", "A-3", "A-2", "A-1"]),
    ],
)
def test_it_is_narrowed_and_counted_by_the_kept_sums(zhao: Desk, query: dict[str, str], found: list[str]) -> None:
    zhao.get(PAGE, query)
    assert re.findall(r'class="mono">(A-\d)', zhao.text) == found
    assert (f"1–{len(found)} of {len(found)}" in zhao.words) == bool(found)


def test_more_than_a_page(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.hq), transaction.atomic():
        APPLICATIONS.apply([handed_in(n, "101") for n in range(100, 160)])
    zhao.get(PAGE, {"society": "101", "page": "3"})
    assert "51–61 of 61" in zhao.words
    zhao.get(PAGE, {"society": "101", "page": "99"})
    assert "51–61 of 61" in zhao.words


def test_one_that_came_to_the_desk_leads_to_its_case(world: World) -> None:
    zhao = Desk(world.federation.hq, world.officer)
    zhao.get(PAGE)
    assert f"/console/cases/{world.case}/" in zhao.text
    chen = at_desk(world.federation.hq, Role.FINANCE, "陈静")
    chen.get(PAGE)
    assert chen.page.status_code == 200 and "/console/cases/" not in chen.text


def test_every_figure_of_the_overview_leads_to_its_rows(federation: Federation, zhao: Desk) -> None:
    with federation.inside(federation.hq), transaction.atomic():
        MEMBERS.apply([(member(n, state="lapsed" if n == 3 else "active"), "101", AT) for n in (1, 2, 3)])
        FEES.apply([(fee(1), "100", AT), (fee(2, state="settled"), "100", AT)])
    zhao.get("/console/federation/")
    for way, found in (
        ("/console/roll/?society=101&state=active", "1–2 of 2"),
        ("/console/roll/?society=101&state=lapsed", "1–1 of 1"),
        ("/console/federation/applications/?society=101", "1–1 of 1"),
        ("/console/federation/applications/?society=201&state=refused", "1–1 of 1"),
        ("/console/federation/applications/?step=pay", "1–1 of 1"),
        ("/console/federation/applications/", "1–3 of 3"),
        ("/console/fees/?society=101&state=open", "1–1 of 1"),
        ("/console/fees/?society=101&state=settled", "1–1 of 1"),
        ("/console/roll/?society=101&code=101-KQ27-M9TX-C", "1–2 of 2"),
    ):
        zhao.get("/console/federation/")
        assert f'href="{way.replace("&", "&amp;")}"' in zhao.text, way
        zhao.get(way)
        assert found in zhao.words, way
