"""What the environment asks for: which port, which folder, which federation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.launcher.refusal import CannotStart

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_PRESET = "cmes"


@dataclass(frozen=True)
class Plan:
    """One installation: one federation, one data folder, one port."""

    root: Path
    data: Path
    port: int
    preset: str

    @property
    def database_folder(self) -> Path:
        return self.data / "postgres"

    @property
    def address(self) -> str:
        return f"http://hq.localhost:{self.port}/"


def read_plan(environ: Mapping[str, str], *, root: Path = ROOT) -> Plan:
    """Read HUILIAN_PORT, HUILIAN_PRESET and HUILIAN_DATA_DIR; an empty one counts as absent."""
    preset = environ.get("HUILIAN_PRESET", "").strip() or DEFAULT_PRESET
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", preset):
        raise CannotStart(f"HUILIAN_PRESET is {preset!r}; write the name of a preset, such as {DEFAULT_PRESET}.")
    folder = ".huilian" if preset == DEFAULT_PRESET else f".huilian-{preset}"
    data = Path(environ.get("HUILIAN_DATA_DIR", "").strip() or root / folder).expanduser()
    return Plan(root=root, data=data.absolute(), port=_port(environ), preset=preset)


def _port(environ: Mapping[str, str]) -> int:
    text = environ.get("HUILIAN_PORT", "").strip() or "8000"
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise CannotStart(f"HUILIAN_PORT is {text!r}; write a number from 1 to 65535.")
    return int(text)
