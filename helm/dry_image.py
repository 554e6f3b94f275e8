"""`python helm/dry_image.py`: walk the Dockerfile's steps without an engine, and start what it made.

Each stage is an overlay over this machine's own root (which must be a Debian with the base image's Python), in a mount
namespace of its own: the same commands, run in a root that is thrown away. The last stage is then made read-only and
its CMD is started as its USER, without capabilities, in a network of its own. Needs root and Linux.
"""

import argparse
import ctypes
import fcntl
import os
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parent))
from dockerfile import Stage, fill, is_ignored, read_dockerfile

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE")
PYTHON = "/usr/bin/python3"
NOT_IN_BASE = ("usr/bin/pg_*", "usr/bin/psql", "usr/bin/*redis*")  # this machine may have them
BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
CLONE_NEWNS, CLONE_NEWNET, MS_PRIVATE_REC = 0x00020000, 0x40000000, 0x44000
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Image:
    """A stage that was walked: its root, and how it wants to be started."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": BASE_PATH})
    folder: str = "/"
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Walk, start, ask; the exit code says whether it answered."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--keep", type=Path, help="write the finished root into this folder too")
    options = arguments.parse_args()
    with private_mounts() as scratch:
        image = walk(scratch)
        show_size(image)
        if options.keep:
            subprocess.run(["cp", "-a", "--parents", "app", "opt/venv", str(options.keep)], cwd=image.root, check=True)
        own_network()
        read_only(image)
        return start_and_ask(image)


@contextmanager
def private_mounts() -> Iterator[Path]:
    """A folder in memory that nobody else sees and that is gone afterwards, with all that is mounted in it."""
    _call(LIBC.unshare, CLONE_NEWNS)
    _call(LIBC.mount, b"none", b"/", None, MS_PRIVATE_REC, None)
    scratch = Path("/mnt")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g", "huilian", str(scratch)], check=True)
    yield scratch


def own_network() -> None:
    """From here on this process has a loopback of its own: no port is taken, nothing outside is reached."""
    _call(LIBC.unshare, CLONE_NEWNET)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS: up


def _call(function: "ctypes._NamedFuncPointer", *arguments: object) -> None:
    if function(*arguments) != 0:
        raise SystemExit(f"{function.__name__}: {os.strerror(ctypes.get_errno())}; root on Linux is needed.")


def walk(scratch: Path) -> Image:
    """Carry out every instruction of every stage; the last stage."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    done: dict[str, Image] = {}
    for stage in read_dockerfile((ROOT / "Dockerfile").read_text()):
        image = done[stage.name] = Image(_overlay(scratch / stage.name))
        _carry_out(stage, image, done=done, ignored=ignored)
    return image


def _overlay(folder: Path) -> Path:
    for name in ("upper", "work", "root"):
        (folder / name).mkdir(parents=True)
    root = folder / "root"
    options = f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work"
    subprocess.run(["mount", "-t", "overlay", "-o", options, "overlay", str(root)], check=True)
    for name in ("proc", "dev"):
        subprocess.run(["mount", "--rbind", f"/{name}", str(root / name)], check=True)
    (root / "usr/local/bin").mkdir(parents=True, exist_ok=True)
    python = root / "usr/local/bin/python"  # as in the base image
    python.unlink(missing_ok=True)
    python.symlink_to(PYTHON)
    for program in NOT_IN_BASE:
        for path in root.glob(program):
            path.unlink()
    return root


def _carry_out(stage: Stage, image: Image, *, done: Mapping[str, Image], ignored: Sequence[str]) -> None:
    arguments: dict[str, str] = {}
    for instruction in stage.instructions:
        print(f"[{stage.name}] {instruction.verb} {instruction.rest[:100]}", flush=True)
        known = {**arguments, **image.environment}
        match instruction.verb:
            case "ENV":
                image.environment |= _pairs(fill(instruction.rest, known))
            case "LABEL":
                image.labels |= _pairs(fill(instruction.rest, known))
            case "ARG":
                arguments |= _pairs(instruction.rest)
            case "WORKDIR":
                image.folder = instruction.rest
                _inside(image, image.folder).mkdir(parents=True, exist_ok=True)
            case "USER":
                image.user = instruction.rest
            case "CMD":
                image.command = instruction.words()
            case "COPY":
                _copy(instruction.words(), image, done=done, ignored=ignored)
            case "RUN":
                began = time.monotonic()
                run(image, ["/bin/sh", "-c", instruction.rest], user="0:0", more=_outside())
                print(f"    {time.monotonic() - began:.1f} s", flush=True)
            case "EXPOSE" | "HEALTHCHECK":
                pass
            case other:
                raise SystemExit(f"dry_image does not know {other}.")


def _pairs(text: str) -> dict[str, str]:
    import shlex

    return dict(word.split("=", 1) for word in shlex.split(text))


def _outside() -> dict[str, str]:
    """What a build may know of this machine: how it reaches package indexes."""
    return {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PIP_")}


def _copy(words: list[str], image: Image, *, done: Mapping[str, Image], ignored: Sequence[str]) -> None:
    source = done[words.pop(0).removeprefix("--from=")].root if words[0].startswith("--from=") else ROOT
    *names, target = words
    into = _inside(image, target)
    for name in names:
        origin = source / name.lstrip("/")
        if source is ROOT and is_ignored(name, ignored):
            raise SystemExit(f".dockerignore keeps {name} out, but the Dockerfile copies it.")
        if origin.is_dir():
            shutil.copytree(origin, into, symlinks=True, dirs_exist_ok=True, ignore=_ignoring(source, ignored))
        else:
            shutil.copy2(origin, into)


def _ignoring(source: Path, ignored: Sequence[str]):  # type: ignore[no-untyped-def]
    def which(folder: str, names: list[str]) -> set[str]:
        if source is not ROOT:
            return set()
        return {n for n in names if is_ignored(str((Path(folder) / n).relative_to(ROOT)), ignored)}

    return which


def _inside(image: Image, path: str) -> Path:
    return image.root / (path if path.startswith("/") else f"{image.folder}/{path}").lstrip("/")


def run(image: Image, command: Sequence[str], *, user: str, more: Mapping[str, str]) -> None:
    """Run a command in the image's root to its end."""
    subprocess.run(inside(image, command, user=user), env={**more, **image.environment}, check=True)


def inside(image: Image, command: Sequence[str], *, user: str) -> list[str]:
    """The command line that starts `command` in the image's root, as `user`; another than root has no capability."""
    uid, _, gid = user.partition(":")
    drop = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"] if uid != "0" else []
    who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *drop]
    return ["chroot", str(image.root), *who, "env", f"--chdir={image.folder}", *command]


def show_size(image: Image) -> None:
    size = subprocess.run(["du", "-sm", "app", "opt/venv"], cwd=image.root, capture_output=True, text=True, check=True)
    print("MB: " + ", ".join(" ".join(reversed(line.split())) for line in size.stdout.splitlines()))
    print("labels:", image.labels)


def read_only(image: Image) -> None:
    """The root as Kubernetes gives it to the pod: nothing can be written but what is mounted."""
    subprocess.run(["mount", "-o", "remount,ro", str(image.root)], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "tmp", str(image.root / "tmp")], check=True)


def start_and_ask(image: Image) -> int:
    """Start CMD as USER and ask for its life; a page of a society would need a database."""
    names = ("SECRET_KEY", "HUILIAN_DATABASE_KEY", "HUILIAN_FIELD_KEY")
    keys = {name: secrets.token_urlsafe(48) for name in names}
    environment = {**image.environment, **keys, "BROKER_URL": "memory://"}
    command = inside(image, image.command, user=image.user)
    with subprocess.Popen(command, env=environment) as process:
        try:
            return _ask(process)
        finally:
            process.terminate()


def _ask(process: "subprocess.Popen[bytes]") -> int:
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < 60:
        try:
            with urlopen(Request("http://127.0.0.1:8000/healthz/live"), timeout=2) as answer:
                uid = Path(f"/proc/{process.pid}").stat().st_uid
                print(f"{answer.status} from uid {uid} after {time.monotonic() - began:.1f} s, root read-only.")
                return 0 if uid == 10001 else 1
        except (URLError, OSError):
            time.sleep(0.2)
    print("No answer.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
