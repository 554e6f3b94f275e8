"""An archive as a folder, or as one tar file: written aside and renamed when whole, read without trusting its names."""

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenants.archive.contents import damaged
from tenants.backup.taking import written_aside

ENDINGS = (".tar", ".tar.gz", ".tgz")


def is_tar(path: Path) -> bool:
    return path.name.endswith(ENDINGS)


@contextmanager
def written(to: Path) -> Iterator[Path]:
    """A private folder to write into; it becomes the folder `to`, or the tar file of that name."""
    with written_aside(to) as aside:
        if not is_tar(to):
            yield aside
            return
        folder = aside.with_name(f"{aside.name}.rows")
        folder.mkdir(mode=0o700)
        try:
            yield folder
            aside.rmdir()
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _pack(folder, file, compressed=not to.name.endswith(".tar"))
        except BaseException:
            aside.unlink(missing_ok=True) if aside.is_file() else None
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _pack(folder: Path, file: object, *, compressed: bool) -> None:
    with tarfile.open(fileobj=file, mode="w:gz" if compressed else "w") as tar:  # type: ignore[call-overload]
        for path in sorted(folder.rglob("*")):
            tar.add(path, arcname=path.relative_to(folder).as_posix(), recursive=False)


@contextmanager
def opened(source: Path) -> Iterator[Path]:
    """The archive as a folder; Refusal `bad_archive` for a tar that is cut off or reaches out of its folder."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="huilian-archive-") as folder:
        try:
            with tarfile.open(source) as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, EOFError, OSError) as problem:
            raise damaged(f"{source.name} cannot be read ({type(problem).__name__})") from None
        yield Path(folder)
