"""The commands of the operator's guide: its blocks that say `# tried`, in their order."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "platform" / "docs" / "operating.md"
_BLOCK = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TRIED = re.compile(r"# tried(?:: (?P<program>\w+))?\n")


@dataclass(frozen=True)
class Block:
    """Commands for a shell; `program` names one that goes on running."""

    text: str
    program: str


def blocks() -> list[Block]:
    """All of them; a block that does not say so is a fault of the guide."""
    found = []
    for match in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        tried = _TRIED.match(match["text"])
        if tried is None:
            raise AssertionError(f"nobody tries this: {match['text'][:80]}")
        found.append(Block(match["text"], tried["program"] or ""))
    return found
