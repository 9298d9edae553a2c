"""What is packed comes back, is small where it says what every call says, and can be read tomorrow."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from isal import isal_zlib

from postcall.aws import packing
from postcall.aws.packing import pack, pack_json, pack_text, unpack, unpack_json, unpack_text
from tests.support.builders import SAMPLES

BODY = (SAMPLES / "elevenlabs" / "wire-ru-utf8.raw").read_bytes()
DICTIONARY = Path(packing.__file__).with_name("packing_dictionary.txt")
KEPT = bytes.fromhex("787deb55c4a5435fb0500b00354b0565")  # of `{"landingId": ""}`, as the first version wrote it


@pytest.mark.parametrize("data", [b"", b"x", BODY, bytes(range(256)) * 500])
def test_bytes_come_back(data: bytes) -> None:
    assert unpack(pack(data)) == data


@pytest.mark.parametrize("text", ["", "Иван", "x" * 100_000])
def test_a_text_comes_back(text: str) -> None:
    assert unpack_text(pack_text(text)) == text


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert unpack_text(pack_text("a\ud800")) == "a?"


def test_json_comes_back() -> None:
    value = {"a": [1, 2.5, None, True], "b": {"Имя": "Иван"}}
    assert unpack_json(pack_json(value)) == value


def test_a_body_takes_three_tenths_less_room_than_without_the_dictionary() -> None:
    assert len(pack(BODY)) * 10 < len(isal_zlib.compress(BODY, 2)) * 7


def test_what_is_cut_off_is_no_text() -> None:
    with pytest.raises(zlib.error):
        unpack(pack(BODY)[:-9])


@pytest.mark.parametrize("data", [b"", b"x", BODY, bytes(range(256)) * 500])
def test_what_is_kept_today_is_read_by_plain_zlib_as_the_first_version_did(data: bytes) -> None:
    unpacker = zlib.decompressobj(zdict=DICTIONARY.read_bytes())
    assert unpacker.decompress(pack(data)) + unpacker.flush() == data
    assert unpacker.eof


def test_a_body_takes_at_most_a_tenth_more_room_than_zlib_needs_at_its_third_level() -> None:
    packer = zlib.compressobj(3, zdict=DICTIONARY.read_bytes())
    assert len(pack(BODY)) * 10 < len(packer.compress(BODY) + packer.flush()) * 11


def test_what_was_kept_can_still_be_read() -> None:
    assert json.loads(unpack(KEPT)) == {"landingId": ""}
