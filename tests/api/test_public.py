"""What anybody may read: societies, schemes, and what an application asks for."""

import json

from huilian.accounts.models import Role
from huilian.schemes.loading import load_preset
from huilian.schemes.models import SchemeVersion
from tests.api.callers import Caller, problem, staff
from tests.federation_fixture import OPENED_AT, Federation

WELDING = {
    "number": "101",
    "kind": "branch",
    "name": {"zh": "焊接分会", "en": "Welding Branch"},
    "state": "open",
    "time_zone": "Asia/Shanghai",
    "url": "http://welding.localhost:8000/",
}


def test_societies(federation: Federation) -> None:
    for society in (federation.hq, federation.welding):
        answer = Caller(society).get("societies/").json()
        assert answer["count"] == 3
        assert (answer["next"], answer["previous"]) == (None, None)
        assert [each["number"] for each in answer["results"]] == ["100", "101", "201"]
        assert answer["results"][1] == WELDING


def test_one_society(federation: Federation) -> None:
    caller = Caller(federation.zhejiang)
    assert caller.get("societies/101/").json() == WELDING
    assert problem(caller.get("societies/102/")) == (404, "not_found")


def test_societies_of_a_kind(federation: Federation) -> None:
    caller = Caller(federation.zhejiang)
    assert caller.get("societies/", kind="province").json()["results"][0]["number"] == "201"
    assert caller.get("societies/", kind="province", state="suspended").json()["count"] == 0


def test_pages(federation: Federation) -> None:
    caller = Caller(federation.zhejiang)
    first = caller.get("societies/", page_size=2).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    assert first["next"] == "http://zhejiang.localhost/api/v1/societies/?page=2&page_size=2"
    second = caller.get("societies/", page_size=2, page=2).json()
    assert [each["number"] for each in second["results"]] == ["201"]
    assert (second["next"], second["previous"]) == (None, "http://zhejiang.localhost/api/v1/societies/?page_size=2")


def test_schemes(federation: Federation) -> None:
    caller = Caller(federation.welding)
    scheme = json.loads(load_preset("cmes").to_json())
    assert caller.get("schemes/").json()["results"] == [
        {"key": "cmes", "version": 1, "effective_on": "2019-01-01", "in_force": True}
    ]
    assert caller.get("schemes/current/").json() == scheme
    assert caller.get("schemes/1/").json() == scheme
    assert problem(caller.get("schemes/2/")) == (404, "not_found")


def test_a_form(federation: Federation) -> None:
    form = Caller(federation.welding).get("schemes/current/forms/student/").json()
    assert (form["category"], form["kind"], form["scheme_version"], form["consents"]) == ("student", "person", 1, [])
    assert form["fields"][0] == {
        "code": "name",
        "label": {"zh": "姓名", "en": "Name"},
        "kind": "text",
        "required": True,
        "choices": [],
        "max_length": 100,
    }
    years = next(asked for asked in form["fields"] if asked["code"] == "student_year")
    assert next(choice["code"] for choice in years["choices"]) == "undergraduate_2"
    assert form["papers"] == [
        {
            "code": "photo",
            "label": {"zh": "个人照片", "en": "Portrait photo"},
            "required": False,
            "max_mb": 5,
            "accepts": ["jpeg", "png"],
        }
    ]


def test_a_province_asks_for_consent(federation: Federation) -> None:
    form = Caller(federation.zhejiang).get("schemes/current/forms/ordinary/").json()
    assert form["consents"] == ["share.headquarters"]


def test_no_form_for_what_nobody_applies_for(federation: Federation) -> None:
    assert problem(Caller(federation.welding).get("schemes/current/forms/duke/")) == (404, "not_found")


def test_headquarters_publishes_a_scheme(federation: Federation) -> None:
    caller = staff(federation.hq, Role.OWNER, "schemes:write")
    document = {**load_preset("cmes").to_data(), "version": 2, "effective_on": "2099-01-01"}
    try:
        answer = caller.post("schemes/", document, key="k-1")
        assert answer.status_code == 201
        assert answer.json() == {"key": "cmes", "version": 2, "effective_on": "2099-01-01", "in_force": False}
        assert answer["Location"] == "/api/v1/schemes/2/"
        federation.settle()
        versions = Caller(federation.welding).get("schemes/").json()["results"]
        assert [(each["version"], each["in_force"]) for each in versions] == [(2, False), (1, True)]
        assert problem(caller.post("schemes/", document)) == (409, "scheme_version_taken")
    finally:
        _forget_version(federation, 2)


def test_a_scheme_that_is_none(federation: Federation) -> None:
    caller = staff(federation.hq, Role.OWNER, "schemes:write")
    assert problem(caller.post("schemes/", {"key": "cmes"})) == (422, "scheme_unreadable")
    assert problem(caller.post("schemes/", [1])) == (400, "invalid")
    wrong = load_preset("cmes").to_data()
    wrong["version"] = 2
    wrong["categories"][1]["route"] = wrong["categories"][1]["route"][:1]
    answer = caller.post("schemes/", wrong)
    assert problem(answer) == (422, "scheme_invalid")
    assert any(place.startswith("categories.") for place in answer.json()["errors"])
    with federation.inside(federation.hq):
        assert SchemeVersion.objects.count() == 1


def test_only_headquarters_publishes(federation: Federation) -> None:
    caller = staff(federation.welding, Role.OWNER, "schemes:read")
    assert problem(caller.post("schemes/", {})) == (405, "method_not_allowed")


def _forget_version(federation: Federation, version: int) -> None:
    from huilian.schemes.queries import forget_schemes

    for society in (federation.hq, federation.welding, federation.zhejiang):
        with federation.inside(society):
            SchemeVersion.objects.filter(version=version).exclude(published_at=OPENED_AT).delete()
            forget_schemes()
