"""The demo's sign-ins are printed; a file that cannot be read stops nothing."""

import json
from pathlib import Path

import pytest

from config.launcher.welcome import demo_lines


def test_hosts_and_users_get_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    wang = {"society": "welding", "role": "officer", "user": "wang@example.org", "password": "pine-tree"}
    path.write_text(json.dumps({"hosts": {"hq": "http://hq.localhost:8000/"}, "users": [wang]}))
    assert [line.split() for line in demo_lines(path)] == [
        ["hq", "http://hq.localhost:8000/"],
        ["welding", "officer", "wang@example.org", "pine-tree"],
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"hosts": 1, "users": []}', '{"hosts": {}, "users": [1]}'])
def test_what_cannot_be_read_is_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "demo.json"
    assert demo_lines(path) == []
    path.write_text(text)
    assert demo_lines(path) == []
