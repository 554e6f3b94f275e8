"""Whatever stands at whatever place, a scheme loads or says what is wrong; it never falls over."""

import copy
from typing import Any

import pytest

from huilian.schemes.document import Scheme
from huilian.schemes.loading import build_scheme
from huilian.schemes.problems import SchemeProblems
from tests.schemes.conftest import GONE, place_in

WRONG: tuple[Any, ...] = (
    GONE, None, "", "x", "%(x)s", "\x00", -1, 10**17, True, [], [[]], {}, {"zh": 1}, "9999-99-99",
)  # fmt: skip
# One class with everything is enough; the others have the same keys.
ALIKE = ("categories.student", "categories.ordinary", "categories.institutional")


def _places(data: Any, place: str = "") -> list[str]:
    rows = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = []
    for key, inner in rows:
        here = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}".lstrip(".")
        found += [here, *_places(inner, here)]
    return found


def _refused(data: dict[str, Any]) -> bool:
    try:
        scheme = build_scheme(data)
    except SchemeProblems as problems:
        assert problems.problems and str(problems)
        return True
    assert Scheme.from_json(scheme.to_json()) == scheme
    return False


@pytest.mark.parametrize("preset", ["cmes_data", "aiet_data"])
def test_one_wrong_value_anywhere(preset: str, request: pytest.FixtureRequest) -> None:
    data = copy.deepcopy(request.getfixturevalue(preset))
    refused = 0
    for place in _places(data):
        if place.startswith(ALIKE) and place not in ALIKE:
            continue
        container, last = place_in(data, place)
        kept = container[last]
        for value in WRONG:
            if value == GONE:
                del container[last]
            else:
                container[last] = value
            refused += _refused(data)
            if value == GONE and isinstance(container, list):
                container.insert(int(last), kept)
            else:
                container[last] = kept
    assert refused > 1000
    assert not _refused(data)
