"""What a fresh installation must be able to do, by HTTP alone; and that it keeps what was done."""

import re

import pytest

from tests.journeys.installation import READY, Installation
from tests.journeys.office import Offices
from tests.journeys.walks import WALKS

pytestmark = pytest.mark.slow
SECOND_START = 10.0  # seconds


@pytest.fixture(scope="module")
def offices(cmes: Installation) -> Offices:
    return Offices(cmes.demo)


@pytest.mark.parametrize("name", WALKS["cmes"])
def test_a_stranger_becomes_a_member(cmes: Installation, offices: Offices, name: str) -> None:
    print(WALKS["cmes"][name](cmes.demo, offices))


@pytest.mark.parametrize("name", WALKS["aiet"])
def test_a_stranger_at_the_second_preset(aiet: Installation, name: str) -> None:
    print(WALKS["aiet"][name](aiet.demo, Offices(aiet.demo)))
    assert agreed(aiet) == 1


def test_headquarters_is_the_sum_of_its_societies(cmes: Installation) -> None:
    assert agreed(cmes) == 9


def test_the_sign_ins_are_nobody_elses(cmes: Installation) -> None:
    assert (cmes.data / "demo.json").stat().st_mode & 0o777 == 0o600


def test_a_second_start_is_quick_and_keeps_everything(cmes: Installation) -> None:
    before = _books(cmes)
    cmes.stop()
    assert "Everything has ended" in cmes.words()[-500:]
    ended = len(cmes.words().encode())
    seconds = cmes.start()
    said = READY.search(cmes.words(since=ended))
    assert said
    print(f"second start: {seconds:.1f} s by our clock, {said[1]} s by its own")
    assert _books(cmes) == before
    # The same on a machine of its own is asserted by what it says; here others may be at work.
    assert float(said[1]) < 3 * SECOND_START


def agreed(installation: Installation) -> int:
    """How many societies were compared, none of them with a difference."""
    compared = installation.manage("reconcile")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    found = re.search(r"^(\d+) societies compared, 0 differences\.$", compared.stdout, re.MULTILINE)
    assert found, compared.stdout
    return int(found[1])


def _books(installation: Installation) -> tuple[object, ...]:
    """Everything headquarters knows that a restart must not change."""
    officer = installation.demo.program("hq", "officer")
    roll = list(officer.all_rows("roll/"))
    fees = list(installation.demo.program("hq", "finance").all_rows("fees/"))
    assert roll and fees
    return roll, fees, officer.get("summary/").data
