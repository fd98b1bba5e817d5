"""Zip files from outside: bounded, and damaged in whatever way, one error."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from trailerflow import zip_files
from trailerflow.outside import OutsideError
from trailerflow.zip_files import member_blocks, open_member, opened_zip, read_member

TEXT = b"many words " * 100  # 1,100 bytes


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read(data: bytes, name: str = "a.txt", most: int = len(TEXT)) -> bytes:
    with opened_zip(io.BytesIO(data)) as archive:
        return read_member(archive, name, most)


def test_a_member_is_read_up_to_its_bound(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": TEXT}))
    with opened_zip(path) as archive:
        assert read_member(archive, "a.txt", len(TEXT)) == TEXT
        assert open_member(archive, "a.txt", len(TEXT)).read(4) == b"many"
        with pytest.raises(OutsideError, match=r"^its member 'a\.txt' is larger than 1,099 bytes$"):
            read_member(archive, "a.txt", len(TEXT) - 1)
    assert read(zipped({"a.txt": TEXT}, zipfile.ZIP_STORED)) == TEXT


def test_a_large_member_comes_in_pieces(monkeypatch):
    monkeypatch.setattr(zip_files, "BLOCK_BYTES", 1000)
    with opened_zip(io.BytesIO(zipped({"a.txt": TEXT}))) as archive:
        assert [len(block) for block in member_blocks(archive, "a.txt", 2000)] == [1000, 100]


def test_a_member_that_holds_more_than_it_says_is_refused():
    bomb = zipped({"a.txt": bytes(5_000_000)})
    small = (5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    with pytest.raises(OutsideError, match="it is not a whole zip file"):
        read(bomb.replace(*small))


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_python_unpacks_without_a_bound_is_refused(how):
    with pytest.raises(OutsideError, match=r"^its member 'a\.txt' is neither stored nor deflated$"):
        read(zipped({"a.txt": TEXT}, how))


def test_a_name_is_shown_cleaned_and_cut():
    name = "../\x1b[31m" + "x" * 200
    with pytest.raises(OutsideError) as caught:
        read(zipped({name: TEXT}), name, most=1)
    assert str(caught.value) == f"its member '../[31m{'x' * 93}' is larger than 1 bytes"


def test_every_damage_is_one_error():
    whole = zipped({"ml/a.txt": TEXT, "ml/ü.txt": b"1\t2\n" * 100})
    draw, refused = random.Random(0), 0
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        try:
            with opened_zip(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    read_member(archive, name, 10_000)
        except OutsideError:
            refused += 1
    assert refused > 1000


def test_an_encrypted_member_and_a_later_form_are_told():
    data = bytearray(zipped({"a.txt": TEXT}))
    data[6] |= 1  # in the member's own head
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(OutsideError, match=r"its member 'a\.txt' cannot be read \(it is encrypted\)"):
        read(bytes(data))
    data = bytearray(zipped({"a.txt": TEXT}))
    data[data.index(b"PK\1\2") + 6] = 99
    with pytest.raises(OutsideError, match=r"it is not a whole zip file \(zip file version 9\.9\)"):
        read(bytes(data))


def test_a_missing_file_stays_a_missing_file(tmp_path: Path):
    with pytest.raises(FileNotFoundError), opened_zip(tmp_path / "gone.zip"):
        pass
