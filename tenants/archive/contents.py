"""What an archive says of itself, and what stays out of it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kit.errors import Refusal
from kit.sealed import derive_key, keyed_hash
from tenants.backup.manifest import digest_of_file

FORMAT = 1
KIND = "huilian society archive"
MANIFEST, ROWS, MEDIA = "manifest.json", "rows", "media"

# table → why it stays behind
LEFT_OUT = {
    "django_migrations": "the same in every society",
    "django_content_type": "the same in every society",
    "auth_permission": "the same in every society",
    "django_session": "as good as a password",
    "accounts_apitoken": "as good as a password",
    "accounts_invitation": "as good as a password",
    "accounts_onetimecode": "as good as a password",
    "accounts_signinattempt": "of the hour",
    "api_idempotentrequest": "of the hour",
    "federation_usedticket": "of the hour",
    "notices_notice": "letters hold secret links and codes; what waited to be sent is not sent by another",
    "federation_outboxmessage": "said under another number, and not to be said twice",
    "federation_outboxhead": "said under another number, and not to be said twice",
    "federation_inboxmessage": "said to another number",
    "federation_inboxhead": "said to another number",
}
# table → what stands in these columns instead of what stood there
BLANKED: dict[str, dict[str, Any]] = {"accounts_user": {"password": "!", "last_login": None}}


@dataclass(frozen=True)
class Contents:
    """Whose archive it is and of when; rows of each table by the model's name, and each file's SHA-256."""

    number: str
    schema: str
    slug: str
    society_kind: str
    name_zh: str
    name_en: str
    time_zone: str
    taken_at: str
    key_print: str
    migrations: list[str]
    tables: dict[str, dict[str, Any]]  # table → {model, rows, columns}
    files: dict[str, str]
    left_out: list[str]
    blanked: dict[str, list[str]]
    kind: str = KIND
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def file_of(model: str) -> str:
    return f"{ROWS}/{model}.jsonl"


def key_print() -> str:
    """Tells installations with another field key apart, and nothing of the key."""
    return keyed_hash("key print", "archive", derive_key(str(settings.FIELD_KEY), "archives"))


def read_contents(folder: Path) -> Contents:
    """What a folder holds whose files are all there, unchanged and no more; else a Refusal."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        kind, version = told["kind"], told["format"]
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise damaged(f"no readable {MANIFEST} ({type(problem).__name__})") from None
    if kind != KIND:
        raise damaged("it is the archive of something else")
    if not isinstance(version, int) or version > FORMAT:
        raise Refusal("newer_archive", _("The archive was written by a newer version. Install that version first."))
    try:
        contents = Contents(**told)
        wanted = {file_of(str(table["model"])) for table in contents.tables.values()}
        whole = wanted <= contents.files.keys() and contents.rows >= 0
    except (TypeError, ValueError, KeyError, AttributeError):
        raise damaged(f"its {MANIFEST} is incomplete") from None
    if not whole:
        raise damaged("a table has no file")
    _check_files(folder, contents)
    return contents


def _check_files(folder: Path, contents: Contents) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {MANIFEST}
    if strangers := sorted(found - contents.files.keys()):
        raise damaged(f"{strangers[0]} does not belong to it")
    for name, digest in sorted(contents.files.items()):
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute() or path.is_symlink():
            raise damaged(f"{name} lies outside")
        if name not in found:
            raise damaged(f"{name} is missing")
        if digest_of_file(path) != digest:
            raise damaged(f"{name} is not what was written")


def damaged(problem: str) -> Refusal:
    return Refusal("bad_archive", _("This is no whole archive of a society: %(problem)s."), problem=problem)
