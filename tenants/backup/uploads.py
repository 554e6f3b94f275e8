"""The folder of a society's uploads, moved in step with its schema.

In an object store nothing is moved: names are never given twice, so a return only puts back what is missing, before the
schemas are exchanged, and what newer rows named stays there unnamed.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tenants.backup.manifest import MEDIA
from tenants.files import in_bucket


def copy_out(schema: str, to: Path) -> None:
    """Copy the society's uploads into the backup `to`."""
    if in_bucket():
        from tenants.objects import objects_of, read_object

        for name in objects_of(schema):
            place = to / MEDIA / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(read_object(schema, name))
    elif _folder(schema).is_dir():
        shutil.copytree(_folder(schema), to / MEDIA)


def lay_beside(source: Path, schema: str) -> None:
    """Copy the backup's uploads beside the living folder, or to where they are missing in the store."""
    if in_bucket():
        _put_back(source / MEDIA, schema)
        return
    clear_beside(schema)
    beside = _folder(f"{schema}_beside")
    if (source / MEDIA).is_dir():
        shutil.copytree(source / MEDIA, beside)
    else:
        beside.mkdir(parents=True)


def clear_beside(schema: str) -> None:
    shutil.rmtree(_folder(f"{schema}_beside"), ignore_errors=True)


@contextmanager
def swapping(schema: str, kept: str) -> Iterator[Callable[[], None]]:
    """Gives the act that puts the folder beside in place; undone if the block fails after it."""
    living, former, beside = _folder(schema), _folder(kept), _folder(f"{schema}_beside")
    moves: list[tuple[Path, Path]] = []

    def swap() -> None:
        for old, new in ((living, former), (beside, living)):
            if old.exists():
                old.rename(new)
                moves.append((old, new))

    try:
        yield swap
    except BaseException:
        for old, new in reversed(moves):
            new.rename(old)
        raise


@contextmanager
def swapped_back(schema: str, kept: str) -> Iterator[None]:
    """The former folder in its old place again."""
    yield
    if in_bucket():
        return
    living, beside = _folder(schema), _folder(f"{schema}_beside")
    living.rename(beside)
    if kept and _folder(kept).exists():
        _folder(kept).rename(living)


@contextmanager
def laid(media: Path, schema: str) -> Iterator[None]:
    """The uploads of a society that begins with them; gone again if the block fails."""
    files = sorted(path for path in media.rglob("*") if path.is_file())
    try:
        for path in files:
            _lay(schema, path.relative_to(media).as_posix(), path)
        yield
    except BaseException:
        remove_all(schema)
        raise


def _lay(schema: str, name: str, path: Path) -> None:
    if in_bucket():
        from tenants.objects import write_object

        write_object(schema, name, path.read_bytes())
        return
    place = _folder(schema) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)


def remove_all(schema: str) -> None:
    """Remove every upload of a society that is no more."""
    if in_bucket():
        from tenants.objects import objects_of, remove_object

        for name in list(objects_of(schema)):
            remove_object(schema, name)
    shutil.rmtree(_folder(schema), ignore_errors=True)


def drop_kept(schema: str) -> None:
    """Remove former folders that returns have left."""
    former = re.compile(rf"{re.escape(schema)}_before_\d{{12}}\Z")
    for folder in Path(settings.MEDIA_ROOT).glob(f"{schema}_before_*"):
        if former.match(folder.name):
            shutil.rmtree(folder)


def _put_back(media: Path, schema: str) -> None:
    from tenants.objects import objects_of, write_object

    there = set(objects_of(schema))
    for path in sorted(path for path in media.rglob("*") if path.is_file()):
        name = path.relative_to(media).as_posix()
        if name not in there:
            write_object(schema, name, path.read_bytes())


def _folder(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
