"""The environment says which installation is meant."""

from pathlib import Path

import pytest

from config.launcher.plan import read_plan
from config.launcher.refusal import CannotStart

ROOT = Path("/clone")


def test_an_empty_environment_means_the_demo_of_cmes() -> None:
    plan = read_plan({"HUILIAN_PORT": "", "HUILIAN_PRESET": " "}, root=ROOT)
    assert (plan.port, plan.preset, plan.data) == (8000, "cmes", ROOT / ".huilian")


def test_another_preset_has_another_folder() -> None:
    assert read_plan({"HUILIAN_PRESET": "aiet"}, root=ROOT).data == ROOT / ".huilian-aiet"


def test_port_and_folder_can_be_chosen() -> None:
    plan = read_plan({"HUILIAN_PORT": "9000", "HUILIAN_DATA_DIR": "/srv/huilian"}, root=ROOT)
    assert (plan.port, plan.data) == (9000, Path("/srv/huilian"))
    assert plan.address == "http://hq.localhost:9000/"


@pytest.mark.parametrize("port", ["0", "65536", "80k", "-1", "٨٠", "1e3"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(CannotStart, match=r"HUILIAN_PORT is .*; write a number from 1 to 65535"):
        read_plan({"HUILIAN_PORT": port}, root=ROOT)


@pytest.mark.parametrize("preset", ["../x", "A", "a b"])
def test_a_preset_cannot_name_a_path(preset: str) -> None:
    with pytest.raises(CannotStart, match="HUILIAN_PRESET"):
        read_plan({"HUILIAN_PRESET": preset}, root=ROOT)
