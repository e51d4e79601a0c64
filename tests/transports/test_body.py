"""Bodies: how long they may be, and how they may be encoded."""

import gzip
import zlib
from collections.abc import Iterable
from typing import Any

import pytest

from glomo.http.transport import LostError, TooLargeError
from glomo.http.transports.body import BodyReader

TEXT = b'{"id": 1}' * 100


def read(chunks: Iterable[bytes], encoding: str = "", cap: int = 10_000) -> bytes:
    reader = BodyReader(200, encoding, cap)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.finish()


@pytest.mark.parametrize("chunks", [[b"x" * 10_001], [b"x" * 5_000] * 3, [b"x"] * 10_001])
def test_a_body_longer_than_the_cap_is_not_read(chunks: list[bytes]) -> None:
    with pytest.raises(TooLargeError) as caught:
        read(chunks)
    assert caught.value.status == 200


def test_a_body_as_long_as_the_cap_is_read() -> None:
    assert len(read([b"x" * 5_000, b"x" * 5_000])) == 10_000
    assert read([]) == b""


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", " Gzip "])
def test_gzip_is_read_however_it_is_cut_and_written(encoding: str) -> None:
    raw = gzip.compress(TEXT)
    for chunks in ([raw], [raw[:7], raw[7:30], b"", raw[30:]], [bytes([b]) for b in raw]):
        assert read(chunks, encoding) == TEXT
    assert read([], encoding) == b""


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_identity_is_no_encoding(encoding: str) -> None:
    assert read([TEXT], encoding) == TEXT


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "GZIP,gzip", "deflate", "br", "zstd", "identity, gzip", "x"]
)
def test_other_encodings_are_refused_before_a_byte_is_read(encoding: str) -> None:
    with pytest.raises(LostError, match="not asked for"):
        BodyReader(200, encoding, 10_000)


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    largest = 0

    class Watched:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal largest
            piece: bytes = self.inner.decompress(data, most)
            largest = max(largest, len(piece))
            return piece

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    make = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", lambda bits: Watched(make(bits)))
    with pytest.raises(TooLargeError):
        read([gzip.compress(bytes(50_000_000))], "gzip")
    assert 0 < largest <= 64 * 1024


def test_a_compressed_body_that_breaks_off_is_lost() -> None:
    raw = gzip.compress(TEXT)
    for chunks in ([raw[:-9]], [raw[:20]], [b"not gzip"]):
        with pytest.raises(LostError):
            read(chunks, "gzip")
