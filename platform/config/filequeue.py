"""The broker of the embedded default, files in a folder, made safe: a message is found only when it is whole.

Celery's own transport writes into the file that readers already see. A reader that is faster finds it empty, and
the whole worker ends with a JSONDecodeError.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes beside its place and moves there: on one file system a move is all or nothing."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unseen = folder / f".{name}"  # readers want names that end in exactly `.<queue>.msg` after the first dot
        unseen.write_text(dumps(payload))
        unseen.rename(folder / name)


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
