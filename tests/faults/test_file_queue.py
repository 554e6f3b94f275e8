"""The embedded default's broker under several writers and readers: no message lost, none seen half-written."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.transport import filesystem

from config import filequeue

QUEUE = "societies"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


def _connection(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    return Connection("filesystem://", transport_options=options)


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    with _connection(folder) as connection:
        yield connection.channel()


def test_filesystem_means_ours(channel: Any) -> None:
    assert type(channel) is filequeue.Channel


def test_a_reader_finds_only_whole_messages(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen_before_it_was_whole: list[object] = []

    def look_first(path: Path, target: Path) -> Path:
        with pytest.raises(Empty) as nothing:
            channel._get(QUEUE)
        seen_before_it_was_whole.append(nothing.type)
        path.replace(target)
        return target

    monkeypatch.setattr(Path, "rename", look_first)
    channel._put(QUEUE, {"task": "deliver"})
    assert seen_before_it_was_whole == [Empty]
    assert channel._get(QUEUE) == {"task": "deliver"}


def test_the_stock_transport_shows_a_message_before_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault this is about, held still: between opening and writing, a reader takes an empty file."""
    with _connection(folder) as connection:
        stock = filesystem.Channel(connection.transport)
        taken: list[Exception] = []

        def a_reader_is_faster(_file: Any, _flags: int) -> None:
            with pytest.raises(ValueError) as broken:
                stock._get(QUEUE)
            taken.append(broken.value)

        monkeypatch.setattr(filesystem, "lock", a_reader_is_faster)
        monkeypatch.setattr(filesystem, "unlock", lambda _file: None)
        stock._put(QUEUE, {"task": "deliver"})
        assert len(taken) == 1
        with pytest.raises(Empty):
            stock._get(QUEUE)  # and the message is lost


def test_four_writers_and_two_readers_lose_nothing(folder: Path) -> None:
    each, writers = 150, 4
    found: list[int] = []
    failed: list[BaseException] = []
    written = threading.Event()

    def write(first: int) -> None:
        with _connection(folder) as connection:
            channel: Any = connection.channel()
            for n in range(first, first + each):
                channel._put(QUEUE, {"n": n})

    def read() -> None:
        with _connection(folder) as connection:
            channel: Any = connection.channel()
            while True:
                over = written.is_set()
                try:
                    found.append(channel._get(QUEUE)["n"])
                except Empty:
                    if over:
                        return
                except BaseException as error:
                    failed.append(error)
                    return

    readers = [threading.Thread(target=read) for _ in range(2)]
    hands = [threading.Thread(target=write, args=(each * n,)) for n in range(writers)]
    for thread in (*readers, *hands):
        thread.start()
    for thread in hands:
        thread.join()
    written.set()
    for thread in readers:
        thread.join()
    assert not failed
    assert sorted(found) == list(range(each * writers))
