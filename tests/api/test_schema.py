"""The API describes itself: valid, without warnings, with an example of everything that goes in and out."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # carries no types
import pytest
from django.core.management import call_command
from django.test import Client

from api.v1.documentation import described
from tests.federation_fixture import Federation

KINDS = {"society": "config.urls.society", "headquarters": "config.urls.headquarters"}
OPERATIONS = [
    pytest.param(kind, path, method, id=f"{kind} {method} {path}")
    for kind, urlconf in KINDS.items()
    for path, methods in described(urlconf)["paths"].items()
    for method in methods
]


@pytest.mark.parametrize("kind", KINDS)
def test_valid_and_without_warnings(kind: str, tmp_path: Path) -> None:
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--urlconf", KINDS[kind], "--file", str(tmp_path / "schema")
    )


def test_served_to_everybody(federation: Federation) -> None:
    for society, operations in ((federation.welding, 26), (federation.hq, 52)):
        headers = {"Host": f"{society.slug}.localhost", "Accept": "application/json"}
        answer = Client().get("/api/v1/schema/", headers=headers)
        assert answer.status_code == 200
        served = json.loads(answer.content)
        assert sum(len(methods) for methods in served["paths"].values()) >= operations
        assert served == json.loads(
            json.dumps(described(KINDS["headquarters" if society.number == "100" else "society"]))
        )
    assert "/api/v1/cases/" in served["paths"]


def test_the_page_loads_nothing_from_elsewhere(federation: Federation) -> None:
    answer = Client().get("/api/v1/docs/", headers={"Host": "welding.localhost"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert '"validatorUrl": null' in page
    assert "https://" not in page


@pytest.mark.parametrize(("kind", "path", "method"), OPERATIONS)
def test_each_operation_is_described(kind: str, path: str, method: str) -> None:
    root = described(KINDS[kind])
    operation = root["paths"][path][method]
    assert operation["operationId"] and operation["summary"] and operation["tags"]
    assert f"`{operation['x-scope']}`" in operation["description"]
    answers = operation["responses"]
    assert {"400", "401", "403", "429"} <= set(answers)
    (success,) = [status for status in answers if status < "300"]
    for status, answer in answers.items():
        assert answer["description"]
        for media_type, content in answer["content"].items():
            assert (media_type == "application/problem+json") == (status >= "400")
            _check_examples(root, content, needed=media_type.endswith("json"))
    assert success
    keyed = [each for each in operation.get("parameters", []) if each["name"] == "Idempotency-Key"]
    assert len(keyed) == (1 if method == "post" else 0)
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        _check_examples(root, content, needed=media_type == "application/json")


def _check_examples(root: dict[str, Any], content: dict[str, Any], *, needed: bool) -> None:
    free_form = "$ref" not in content["schema"]
    examples = content.get("examples", {})
    assert examples or free_form or not needed
    validator = jsonschema.Draft202012Validator(_json_schema({**content["schema"], "components": root["components"]}))
    for example in examples.values():
        assert [error.message for error in validator.iter_errors(example["value"])] == []


def _json_schema(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema says `null`."""
    if isinstance(schema, list):
        return [_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _json_schema(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
