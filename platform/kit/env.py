"""Settings come from the environment, and a wrong one is named in one sentence."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class BadSetting(Exception):
    """Name the environment variable that keeps the program from starting, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name = name


def text(name: str, default: str | None = None) -> str:
    """Return the variable `name`, or `default`; an empty one counts as absent, no default as required."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadSetting(name, "is not set, and has no default.")
    return default


def flag(name: str, default: bool | None = None) -> bool:
    """Return a yes or no, written 1/0, true/false, yes/no or on/off."""
    value = text(name, None if default is None else str(default)).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise BadSetting(name, f"is {value!r}; write one of 1, true, yes, on, 0, false, no, off.")


def integer(name: str, default: int | None = None, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Return a whole number within the bounds, both inclusive."""
    value = text(name, None if default is None else str(default))
    try:
        number = int(value)
    except ValueError:
        raise BadSetting(name, f"is {value!r}; write a whole number.") from None
    if minimum is not None and number < minimum:
        raise BadSetting(name, f"is {number}; the least allowed is {minimum}.")
    if maximum is not None and number > maximum:
        raise BadSetting(name, f"is {number}; the most allowed is {maximum}.")
    return number


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ()) -> str:
    """Return a URL with one of `schemes` (any, when none are named); errors never repeat its password."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise BadSetting(name, "is not a URL that can be read: check its host and port.") from None
    if not parts.scheme or "://" not in value:
        raise BadSetting(name, "is not a URL: write it as scheme://host/path.")
    if schemes and parts.scheme not in schemes:
        raise BadSetting(name, f"begins with {parts.scheme}://; write one of {', '.join(schemes)}.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Return a secret from `name`, or from the file that `name`_FILE points to; never both."""
    file_name = f"{name}_FILE"
    path = os.environ.get(file_name, "").strip()
    if not path:
        return text(name, default)
    if os.environ.get(name, "").strip():
        raise BadSetting(name, f"and {file_name} are both set; keep one of them.")
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(file_name, f"points to {path}, which cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadSetting(file_name, f"points to {path}, which is not UTF-8 text.") from None
    if not value:
        raise BadSetting(file_name, f"points to {path}, which is empty.")
    return value
