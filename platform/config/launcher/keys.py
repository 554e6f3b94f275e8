"""The secrets of one installation: made once, kept in its data folder, readable by its owner alone."""

import base64
import json
import os
import secrets
import stat
from pathlib import Path

from config.launcher.plan import Plan
from config.launcher.refusal import CannotStart


def _key_of_32_bytes() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _long_text() -> str:
    return secrets.token_urlsafe(48)


MAKERS = {
    "SECRET_KEY": _long_text,  # signs sessions and tickets
    "HUILIAN_DATABASE_KEY": _key_of_32_bytes,  # derives the passwords of the societies' roles
    "HUILIAN_FIELD_KEY": _key_of_32_bytes,  # encrypts ID numbers at rest
    "PROVISIONER_PASSWORD": _long_text,  # not derived: the web process must not be able to know it
}


def installation_keys(plan: Plan) -> dict[str, str]:
    """Read `secrets.json`, or make it for an installation without data."""
    path = plan.data / "secrets.json"
    if not path.exists():
        if plan.database_folder.exists():
            raise CannotStart(
                f"{path} is missing: without its keys the data beside it cannot be read; put it back, "
                "or choose another folder with HUILIAN_DATA_DIR."
            )
        _write(path, {})
    kept = _read(path)
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if missing:
        kept |= missing
        _write(path, kept)
    return kept


def _read(path: Path) -> dict[str, str]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CannotStart(f"{path} can be read by others; make it private: chmod 600 {path}")
    try:
        kept = json.loads(path.read_text())
    except ValueError as error:
        raise CannotStart(f"{path} is damaged ({error}); put back a copy of it.") from error
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise CannotStart(f"{path} is damaged (not names with texts); put back a copy of it.")
    return kept


def _write(path: Path, kept: dict[str, str]) -> None:
    """Whole or not at all: the old file stands until the new one is on the disk."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
