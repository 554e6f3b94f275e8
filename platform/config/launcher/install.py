"""`python install.py LOCK`: install a lock file with this Python's pip, showing how far it is.

Run as a plain script before anything is installed, so it imports nothing of ours.
"""

import re
import subprocess
import sys
from pathlib import Path

PIP = [
    sys.executable,
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "install",
    "--progress-bar=off",
]
ONE_MORE = ("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied: ")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def install(lock: Path) -> int:
    """pip's exit code; what pip complains of is shown, what it does is counted."""
    total = len(PINNED.findall(lock.read_text()))
    # The lock is complete, so nothing is resolved; each file must have the hash written there.
    command = [*PIP, "--no-deps", "--require-hashes", "--requirement", str(lock)]
    found = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            if line.startswith(ONE_MORE):
                found += 1
                show(f"[{found}/{total}] {name_in(line)}")
            elif line.startswith("Installing collected packages"):
                show("writing the files (about 15 s) ...")
    show("done" if pip.returncode == 0 else "failed", end="\n")
    return pip.returncode


def name_in(line: str) -> str:
    """The package that a line of pip's is about: after the verb, before a version; or a file's name."""
    word = line.replace("Requirement already satisfied:", "Present").split()[1]
    return re.split(r"==|:|-\d", word.rpartition("/")[2])[0]


def show(text: str, *, end: str = "") -> None:
    """On a terminal in place; in a log, line by line would be noise, so only the end."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end=end, flush=True)
    elif end:
        print(f"  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(install(Path(sys.argv[1])))
