"""The embedded server starts, survives a kill, keeps its data, and leaves nothing behind."""

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from config.launcher import orphans
from config.launcher.postgres import EmbeddedPostgres, start_postgres, temporary_postgres
from config.launcher.refusal import CannotStart


def ask(server: EmbeddedPostgres, query: str, **parameters: object) -> object:
    """The one value a query answers, as the superuser."""
    with psycopg.connect(host=server.host, port=server.port, user="postgres", dbname="postgres") as connection:
        row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None


def test_a_temporary_server_answers_and_is_gone_afterwards() -> None:
    with temporary_postgres(settings={"work_mem": "3MB"}) as server:
        assert ask(server, "show work_mem") == "3MB"
        assert ask(server, "show max_connections") == "200"
        assert ask(server, "show fsync") == "off"
        assert ask(server, "show listen_addresses") == ""
        folder, pid = server.folder, server.pid
    assert not folder.parent.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_server_starts_again_with_what_was_committed(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "pg")
    try:
        with psycopg.connect(server.url("postgres", user="postgres"), autocommit=True) as session:
            session.execute("create table kept (n int)")
            session.execute("insert into kept values (7)")
            first = server.pid
            assert server.restart_if_dead() is False
            os.kill(first, signal.SIGKILL)
            wait_until_dead(server)
            assert server.restart_if_dead() is True
        assert server.pid != first
        assert ask(server, "select n from kept") == 7
        assert ask(server, "show fsync") == "on"
    finally:
        server.stop()
    assert not server.is_alive()


def test_it_stops_and_starts_again_under_an_open_session(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "pg")
    session = psycopg.connect(server.url("postgres", user="postgres"))
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    session.close()
    assert not (server.folder / "postmaster.pid").exists()
    again = start_postgres(tmp_path / "pg")
    try:
        assert ask(again, "select 1") == 1
    finally:
        again.stop()


def test_other_roles_need_their_password_and_only_we_are_superuser(tmp_path: Path) -> None:
    with temporary_postgres() as server:
        with psycopg.connect(server.url("postgres", user="postgres"), autocommit=True) as session:
            session.execute("create role wang login password 'right'")
        with psycopg.connect(server.url("postgres", user="wang"), password="right") as session:
            assert session.info.user == "wang"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url("postgres", user="wang"), password="wrong")
        assert (server.folder / "pg_hba.conf").read_text() == (
            "local all postgres peer map=huilian\nlocal all all scram-sha-256\n"
        )
        assert server.folder.stat().st_mode & 0o777 == 0o700


def test_a_long_folder_name_gets_a_short_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    server = start_postgres(folder / "pg")
    try:
        assert server.socket_dir != server.folder
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert ask(server, "select 1") == 1
    finally:
        server.stop()
        server.socket_dir.rmdir()


def test_a_broken_first_start_is_no_hindrance(tmp_path: Path) -> None:
    unfinished = tmp_path / "pg.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    server = start_postgres(tmp_path / "pg")
    server.stop()
    assert not unfinished.exists()


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(CannotStart, match="in the way"):
        start_postgres(folder)
    assert (folder / "thesis.txt").read_text() == "mine"


def wait_until_dead(server: EmbeddedPostgres) -> None:
    """Wait for a killed server's head to be gone."""
    deadline = time.monotonic() + 5
    while server.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_backends_that_outlived_their_head_are_ended_first(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / "pg")
    session = psycopg.connect(server.url("postgres", user="postgres"), autocommit=True)
    orphan = psutil.Process(session.info.backend_pid)
    busy = threading.Thread(target=compute_for_a_minute, args=(session,))
    busy.start()
    deadline = time.monotonic() + 10
    while ask(server, "select state from pg_stat_activity where pid = %(pid)s", pid=orphan.pid) != "active":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(server.pid, signal.SIGKILL)
    wait_until_dead(server)
    assert orphan.is_running()  # it computes, so it has not noticed
    try:
        assert server.restart_if_dead() is True
        assert not orphan.is_running()
        assert ask(server, "select 1") == 1
    finally:
        server.stop()
        busy.join(10)


def compute_for_a_minute(session: psycopg.Connection[tuple[object, ...]]) -> None:
    """A query that never waits for anything, so nothing tells it that its server died."""
    with contextlib.suppress(psycopg.OperationalError):
        session.execute("select sum(sqrt(n)) from generate_series(1, 1000000000) n")


def test_a_database_that_somebody_looks_after_is_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "ENDS_WITHIN", 0.5)
    server = start_postgres(tmp_path / "pg")
    try:
        with pytest.raises(CannotStart, match=rf"already served by process {server.pid}"):
            start_postgres(tmp_path / "pg")
        assert server.is_alive()
        assert ask(server, "select 1") == 1
    finally:
        server.stop()
