from collections.abc import Callable
from pathlib import Path

import pytest

from kit import env


def test_text_is_read_or_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUILIAN_PRESET", " aiet ")
    assert env.text("HUILIAN_PRESET", "cmes") == "aiet"
    monkeypatch.setenv("HUILIAN_PRESET", "")
    assert env.text("HUILIAN_PRESET", "cmes") == "cmes"
    assert env.text("HUILIAN_PRESET", "") == ""
    with pytest.raises(env.BadSetting, match=r"^HUILIAN_PRESET is not set, and has no default\.$"):
        env.text("HUILIAN_PRESET")


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)]
)
def test_flags_are_written_in_words_or_digits(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("HUILIAN_DEBUG", written)
    assert env.flag("HUILIAN_DEBUG", not meant) is meant


def test_a_flag_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUILIAN_DEBUG", raising=False)
    assert env.flag("HUILIAN_DEBUG", True) is True
    assert env.flag("HUILIAN_DEBUG", False) is False


def test_integers_have_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.integer("HUILIAN_PORT", 8000) == 8000
    monkeypatch.setenv("HUILIAN_PORT", "65535")
    assert env.integer("HUILIAN_PORT", 8000, minimum=1, maximum=65535) == 65535


@pytest.mark.parametrize(
    ("written", "read", "sentence"),
    [
        ("80a", lambda: env.integer("X"), "X is '80a'; write a whole number."),
        ("0", lambda: env.integer("X", minimum=1), "X is 0; the least allowed is 1."),
        ("70000", lambda: env.integer("X", maximum=65535), "X is 70000; the most allowed is 65535."),
        ("maybe", lambda: env.flag("X"), "X is 'maybe'; write one of 1, true, yes, on, 0, false, no, off."),
        ("nowhere", lambda: env.url("X"), "X is not a URL: write it as scheme://host/path."),
        (
            "redis://h:port/0",
            lambda: env.url("X"),
            "X is not a URL that can be read: check its host and port.",
        ),
        (
            "mysql://u:hunter2@h/d",
            lambda: env.url("X", schemes=("postgresql", "postgres")),
            "X begins with mysql://; write one of postgresql, postgres.",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, written: str, read: Callable[[], object], sentence: str
) -> None:
    monkeypatch.setenv("X", written)
    with pytest.raises(env.BadSetting) as caught:
        read()
    assert str(caught.value) == sentence
    assert caught.value.name == "X"


def test_urls_pass_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgresql://huilian:p%40ss@db:5432/huilian?sslmode=require")
    assert env.url("X", schemes=("postgresql",)) == "postgresql://huilian:p%40ss@db:5432/huilian?sslmode=require"
    monkeypatch.delenv("X")
    assert env.url("X", "filesystem://") == "filesystem://"


def test_a_secret_comes_from_the_variable_or_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("X", "hunter2")
    assert env.secret("X") == "hunter2"
    file = tmp_path / "x"
    file.write_text("hunter3\n", encoding="utf-8")
    monkeypatch.setenv("X_FILE", str(file))
    with pytest.raises(env.BadSetting, match=r"^X and X_FILE are both set; keep one of them\.$"):
        env.secret("X")
    monkeypatch.delenv("X")
    assert env.secret("X") == "hunter3"


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot be read"), (b"", "is empty"), (b"\xff\xfe", "is not UTF-8 text")]
)
def test_a_secret_file_that_gives_nothing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "x"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.delenv("X", raising=False)
    monkeypatch.setenv("X_FILE", str(file))
    with pytest.raises(env.BadSetting, match=reason):
        env.secret("X", "a default must not hide a lost secret")
