"""What a rendered chart says, read as objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import yaml

from tests.chart.engine import Case

Object = dict[str, Any]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache  # most files are the same in many cases
def _read(text: str) -> tuple[Object, ...]:
    return tuple(one for one in yaml.load_all(text, Loader=LOADER) if one)


@dataclass(frozen=True)
class Pod:
    """A pod as some object would make it: whose it is, its labels and its spec."""

    owner: Object
    labels: Mapping[str, str]
    spec: Object

    @property
    def name(self) -> str:
        return f"{self.owner['kind']}/{self.owner['metadata']['name']}"

    @property
    def component(self) -> str:
        return self.labels["app.kubernetes.io/component"]

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def ports(self) -> set[str]:
        return {port["name"] for container in self.containers for port in container.get("ports", [])}

    @property
    def is_ours(self) -> bool:
        return not self.component.startswith("trial-")


@dataclass(frozen=True)
class Release:
    """All objects of one case."""

    case: Case
    files: Mapping[str, str]

    @cached_property
    def objects(self) -> list[Object]:
        return [one for path, text in self.files.items() if not path.endswith("NOTES.txt") for one in _read(text)]

    @cached_property
    def notes(self) -> str:
        return next(text for path, text in self.files.items() if path.endswith("NOTES.txt"))

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Object]:
        return {(one["kind"], one["metadata"]["name"].removeprefix("rel-huilian-")): one for one in self.objects}

    def __getitem__(self, name: tuple[str, str]) -> Object:
        return self.by_name[name]

    def of(self, kind: str) -> list[Object]:
        return [one for one in self.objects if one["kind"] == kind]

    @cached_property
    def pods(self) -> list[Pod]:
        return list(_pods(self.objects))

    def pod(self, component: str) -> Pod:
        return next(pod for pod in self.pods if pod.component == component)


def _pods(objects: list[Object]) -> Iterator[Pod]:
    for one in objects:
        spec = one.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if one["kind"] == "Pod":
            template = {"metadata": one["metadata"], "spec": spec}
        if template:
            yield Pod(one, template["metadata"]["labels"], template["spec"])


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector (or a plain map of labels) means something with these labels."""
    if not {"matchLabels", "matchExpressions"} & set(selector):
        selector = {"matchLabels": selector}
    for expression in selector.get("matchExpressions", []):
        assert expression["operator"] == "In"
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return bool(selector.get("matchLabels", {}).items() <= labels.items())


def hooks(one: Object) -> set[str]:
    """When Helm runs the object by itself; empty: it belongs to the release."""
    text = one["metadata"].get("annotations", {}).get("helm.sh/hook", "")
    return {word.strip() for word in text.split(",") if word}
