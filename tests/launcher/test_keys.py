"""An installation's secrets are made once, are private, and are never silently replaced."""

import json
import stat

import pytest

from config.launcher.checks import open_data_folder
from config.launcher.keys import MAKERS, installation_keys
from config.launcher.plan import Plan
from config.launcher.refusal import CannotStart


@pytest.fixture(autouse=True)
def data(plan: Plan) -> None:
    open_data_folder(plan)


def test_they_are_made_once_and_only_the_owner_reads_them(plan: Plan) -> None:
    keys = installation_keys(plan)
    assert set(keys) == set(MAKERS)
    assert len(set(keys.values())) == len(MAKERS)
    assert min(len(key) for key in keys.values()) >= 44
    assert stat.S_IMODE((plan.data / "secrets.json").stat().st_mode) == 0o600
    assert installation_keys(plan) == keys


def test_a_new_kind_of_key_is_added_and_the_others_stay(plan: Plan) -> None:
    keys = installation_keys(plan)
    path = plan.data / "secrets.json"
    path.write_text(json.dumps({name: keys[name] for name in list(keys)[:-1]}))
    again = installation_keys(plan)
    assert {name for name in keys if keys[name] != again[name]} == {list(keys)[-1]}


def test_a_file_that_others_can_read_is_refused(plan: Plan) -> None:
    installation_keys(plan)
    (plan.data / "secrets.json").chmod(0o640)
    with pytest.raises(CannotStart, match="chmod 600"):
        installation_keys(plan)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"SECRET_KEY": 1}'])
def test_a_damaged_file_is_named_and_kept(plan: Plan, text: str) -> None:
    path = plan.data / "secrets.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(CannotStart, match="is damaged"):
        installation_keys(plan)
    assert path.read_text() == text


def test_data_without_their_keys_are_not_given_new_ones(plan: Plan) -> None:
    plan.database_folder.mkdir()
    with pytest.raises(CannotStart, match="put it back"):
        installation_keys(plan)
    assert not (plan.data / "secrets.json").exists()
