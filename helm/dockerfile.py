"""Reading a Dockerfile and a .dockerignore: as much of their language as ours use."""

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Instruction:
    """One instruction: `RUN` and what follows it, continued lines joined."""

    verb: str
    rest: str

    def words(self) -> list[str]:
        """The rest as words; a JSON list is taken as one."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return shlex.split(self.rest)


@dataclass
class Stage:
    """`FROM base AS name` and what is done on it."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def read_dockerfile(text: str) -> list[Stage]:
    """The stages, with the ARGs before the first FROM already put in."""
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    given: dict[str, str] = {}
    stages: list[Stage] = []
    for line in joined.splitlines():
        verb, _, rest = line.partition(" ")
        rest = rest.strip()
        if verb == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(fill(base, given), name))
        elif not stages:
            name, _, value = rest.partition("=")
            given[name] = value
        else:
            stages[-1].instructions.append(Instruction(verb, rest))
    return stages


def fill(text: str, known: dict[str, str]) -> str:
    """Put known variables into `$NAME` and `${NAME}`."""
    return re.sub(r"\$\{?(\w+)\}?", lambda found: known.get(found[1], ""), text)


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """Whether .dockerignore keeps this path out of the build: the last pattern that matches decides."""
    out = False
    for pattern in patterns:
        wanted, pattern = pattern.startswith("!"), pattern.removeprefix("!")
        if any(_matches(part, pattern) for part in (path, *_parents(path))):
            out = not wanted
    return out


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(path).parents if str(parent) != "."]


def _matches(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(PurePosixPath(path).name, pattern[3:])
    return "/" not in path and fnmatch(path, pattern) if "/" not in pattern else fnmatch(path, pattern)
