"""What keeps an installation from starting is said in one sentence, before anything is started."""

import os
import socket
import stat
from dataclasses import replace

import pytest

from config.launcher.checks import (
    check_preset,
    hold_lock,
    loopback_addresses,
    open_data_folder,
    remember_preset,
)
from config.launcher.plan import Plan
from config.launcher.refusal import CannotStart


def test_a_second_instance_on_the_same_folder_is_refused_until_the_first_ends(plan: Plan) -> None:
    open_data_folder(plan)
    first = hold_lock(plan)
    with pytest.raises(CannotStart, match=rf"already runs on .*\(process {os.getpid()}\)"):
        hold_lock(plan)
    os.close(first)
    os.close(hold_lock(plan))


def test_a_taken_port_is_named_and_another_one_proposed(plan: Plan) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", plan.port))
        other.listen(1)
        with pytest.raises(CannotStart, match=rf"Port {plan.port} is taken .*HUILIAN_PORT={plan.port + 1}"):
            loopback_addresses(plan.port)
    assert f"127.0.0.1:{plan.port}" in loopback_addresses(plan.port)


def test_a_folder_that_cannot_be_written_is_named(plan: Plan) -> None:
    (plan.root / "file").write_text("not a folder")
    with pytest.raises(CannotStart, match=r"cannot be written .*HUILIAN_DATA_DIR"):
        open_data_folder(replace(plan, data=plan.root / "file" / "data"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_named(plan: Plan) -> None:
    plan.data.mkdir(mode=0o500)
    with pytest.raises(CannotStart, match="cannot be written"):
        open_data_folder(plan)


def test_papers_and_messages_are_private(plan: Plan) -> None:
    open_data_folder(plan)
    assert {stat.S_IMODE((plan.data / name).stat().st_mode) for name in ("queue", "media", "beat")} == {0o700}


def test_one_folder_is_one_federation(plan: Plan) -> None:
    open_data_folder(plan)
    check_preset(plan)
    remember_preset(plan)
    check_preset(plan)
    with pytest.raises(CannotStart, match="holds the federation 'cmes', not 'aiet'"):
        check_preset(replace(plan, preset="aiet"))
