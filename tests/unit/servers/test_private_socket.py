"""A socket for its owner alone: whoever else listens gets nothing, and nothing else is ever removed."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from trailerflow.servers import private_socket
from trailerflow.servers.private_socket import (
    SOCKET_NAME,
    PrivateConnection,
    is_private,
    make_socket_place,
    remove_socket,
)
from unit.sites import head, local_site


@pytest.fixture
def place() -> Iterator[Path]:
    """A place for a socket, removed whatever a test made of it."""
    place = make_socket_place()
    yield place
    for path in (place, place.parent):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
        else:
            path.rmdir()


def ask(place: Path) -> bytes:
    connection = PrivateConnection(place, timeout=5)
    try:
        connection.request("GET", "/x", headers={"Authorization": "Bearer secret"})
        return connection.getresponse().read()
    finally:
        connection.close()


def bind(place: Path) -> None:
    """Make a socket that nobody listens on."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))


def test_a_place_is_in_a_fresh_folder_of_its_own(place):
    assert place.name == "model.sock"
    assert place.parent.parent == Path(tempfile.gettempdir())
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert list(place.parent.iterdir()) == []
    other = make_socket_place()
    assert other != place
    remove_socket(other)


def test_a_socket_fits_in_where_the_folder_for_temporary_files_has_a_long_path(tmp_path, monkeypatch):
    monkeypatch.setattr(private_socket, "SHORT_FOLDER", str(tmp_path))
    longest = 100  # of Linux's 107 and macOS' 103
    rest = len("/trailerflow-12345678/model.sock")
    for more, is_long in ((-1, False), (0, False), (1, True)):
        length = longest - rest + more
        folder = tempfile.mkdtemp(dir="/tmp") + "/"
        folder += "d" * (length - len(folder))
        Path(folder).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", folder)
        made = make_socket_place()
        assert (made.parent.parent == tmp_path) == is_long
        if not is_long:
            assert len(str(made)) == longest + more
            bind(made)
        remove_socket(made)
        assert not made.parent.exists()
        Path(folder).rmdir()
        Path(folder).parent.rmdir()


def test_a_socket_of_ours_is_asked(place):
    with local_site(place, {"/x": [head(b"yes")]}) as came:
        assert is_private(place)
        assert ask(place) == b"yes"
        assert b"Authorization: Bearer secret" in came[0]


def test_there_is_none_before_somebody_listens(place):
    assert not is_private(place)
    with pytest.raises(OSError, match="is no socket of this user's alone"):
        ask(place)
    place.write_text("a file")
    assert not is_private(place)
    assert not is_private(Path("/nowhere/at/all/model.sock"))


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o770, 0o777])
def test_a_folder_that_others_may_enter_is_refused(place, mode):
    with local_site(place, {"/x": [head(b"yes")]}) as came:
        place.parent.chmod(mode)
        with pytest.raises(ConnectionRefusedError):
            ask(place)
        assert came == []


def test_a_link_to_another_folder_is_refused(place, tmp_path):
    other = make_socket_place()
    with local_site(other, {"/x": [head(b"yes")]}) as came:
        place.parent.rmdir()
        place.parent.symlink_to(other.parent)
        with pytest.raises(ConnectionRefusedError):
            ask(place)
        place.parent.unlink()
        place.parent.mkdir(0o700)
        place.symlink_to(other)
        with pytest.raises(ConnectionRefusedError):
            ask(place)
        assert came == []
    remove_socket(other)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("which", ["socket", "folder"])
def test_what_belongs_to_another_user_is_refused(place, which):
    with local_site(place, {"/x": [head(b"yes")]}) as came:
        os.chown(place if which == "socket" else place.parent, 12345, -1)
        with pytest.raises(ConnectionRefusedError):
            ask(place)
        assert came == []
        os.chown(place.parent, os.geteuid(), -1)


def test_what_belongs_to_another_user_is_refused_by_its_number(place, monkeypatch):
    with local_site(place, {}):
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        assert not is_private(place)
        remove_socket(place)
        assert place.exists()


def test_what_somebody_puts_in_its_place_while_we_connect_gets_nothing(place, monkeypatch):
    looks = iter([True, False])
    monkeypatch.setattr(private_socket, "is_private", lambda looked: next(looks))
    with local_site(place, {"/x": [head(b"yes")]}) as came:
        with pytest.raises(ConnectionRefusedError):
            ask(place)
        assert came == []


def test_a_server_that_is_silent_is_left(place):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        connection = PrivateConnection(place, timeout=0.1)
        connection.request("GET", "/x")
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()


def test_a_socket_and_its_folder_are_removed():
    place = make_socket_place()
    bind(place)
    remove_socket(place)
    assert not place.parent.exists()
    remove_socket(place)  # again: nothing is there
    place = make_socket_place()
    remove_socket(place)  # nobody ever listened
    assert not place.parent.exists()


@pytest.mark.parametrize(
    ("folder", "name", "mode"),
    [
        ("other-abcd_123", SOCKET_NAME, 0o700),
        ("trailerflow-abcd_1234", SOCKET_NAME, 0o700),
        ("trailerflow-ABCD_123", SOCKET_NAME, 0o700),
        ("trailerflow-abcd_123", "data.sock", 0o700),
        ("trailerflow-abcd_123", SOCKET_NAME, 0o755),
    ],
)
def test_nothing_is_removed_that_was_not_made_for_a_socket(tmp_path, monkeypatch, folder, name, mode):
    def made(folder: Path, name: str, mode: int) -> Path:
        folder.mkdir()
        folder.chmod(mode)
        monkeypatch.chdir(folder)  # a socket's path has no room for the test's folder
        bind(Path(name))
        return folder / name

    other = made(tmp_path / folder, name, mode)
    remove_socket(other)
    assert other.exists()
    (tmp_path / "own").mkdir()
    own = made(tmp_path / "own" / "trailerflow-abcd_123", SOCKET_NAME, 0o700)
    remove_socket(own)
    assert not own.parent.exists()


def test_a_file_of_the_sockets_name_is_not_removed(tmp_path):
    place = tmp_path / "trailerflow-abcd_123" / SOCKET_NAME
    place.parent.mkdir(mode=0o700)
    place.write_text("data")
    remove_socket(place)
    assert place.read_text() == "data"


def test_a_folder_that_holds_more_stays():
    place = make_socket_place()
    bind(place)
    (place.parent / "notes.txt").write_text("mine")
    remove_socket(place)
    assert [path.name for path in place.parent.iterdir()] == ["notes.txt"]
    (place.parent / "notes.txt").unlink()
    place.parent.rmdir()


def test_a_link_to_a_folder_is_not_followed(tmp_path):
    place = make_socket_place()
    bind(place)
    link = tmp_path / "trailerflow-abcd_123"
    link.symlink_to(place.parent)
    remove_socket(link / SOCKET_NAME)
    assert place.exists()
    remove_socket(place)
