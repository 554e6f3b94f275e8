"""One render of everything that is asked about."""

from collections.abc import Mapping

import pytest

from tests.chart.engine import render
from tests.chart.matrix import all_combinations, case_of, covering_combinations, named_cases
from tests.chart.release import Release
from tests.chart.thoroughness import WHOLE


@pytest.fixture(scope="session")
def releases() -> Mapping[str, Release]:
    """name → release: the files in ci/, and combinations of the switches."""
    combinations = all_combinations() if WHOLE else covering_combinations()
    cases = {case.name: case for case in (*named_cases(), *map(case_of, combinations))}
    answers = render(cases.values())
    assert [f"{name}: {answer['error']}" for name, answer in answers.items() if "error" in answer] == []
    return {name: Release(cases[name], answer["files"]) for name, answer in answers.items()}


@pytest.fixture
def external(releases: Mapping[str, Release]) -> Release:
    """The least an installation says."""
    return releases["external.yaml"]


@pytest.fixture
def trial(releases: Mapping[str, Release]) -> Release:
    return releases["trial.yaml"]


@pytest.fixture
def everything(releases: Mapping[str, Release]) -> Release:
    """Every switch on."""
    return releases["everything.yaml"]
