"""A command beside an installation: only where one is running, in the environment that its launcher gives."""

from pathlib import Path

import pytest

from config.launcher.beside import command_beside
from config.launcher.plan import read_plan
from config.launcher.refusal import CannotStart


def test_where_nothing_was_ever_started(tmp_path: Path) -> None:
    plan = read_plan({"HUILIAN_DATA_DIR": str(tmp_path / "none")})
    with pytest.raises(CannotStart, match=r"There is no installation in .*none; `make run` makes one"):
        command_beside(plan, ["reconcile"], environ={})
    assert not plan.data.exists()


def test_where_it_was_stopped(tmp_path: Path) -> None:
    plan = read_plan({"HUILIAN_DATA_DIR": str(tmp_path)})
    plan.database_folder.mkdir()
    with pytest.raises(CannotStart, match="is not running; start it with `make run`"):
        command_beside(plan, ["reconcile"], environ={})
