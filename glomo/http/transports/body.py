"""A response's body, piece by piece: decoded, and never larger than allowed."""

from __future__ import annotations

import zlib

from glomo.http.transport import LostError, TooLargeError

PIECE = 64 * 1024
"""Bytes that are decompressed at once: what a bomb may cost before it is measured."""


class BodyReader:
    """Collects a body. Sockets and their libraries stay with the caller.

    Only gzip is asked for. Any other encoding is refused: a library that undoes whatever a server
    names lets 2 KB of `gzip, gzip` become gigabytes.
    """

    def __init__(self, status: int, encoding: str, max_bytes: int) -> None:
        """Start a body.

        Args:
            status: the response's.
            encoding: its `content-encoding`, `""` if it has none.
            max_bytes: what the body may measure once it is decoded.

        Raises:
            LostError: the encoding is neither `identity` nor `gzip`.
        """
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip"):
            raise LostError(
                f"the response is encoded as {encoding[:40]!r}, which was not asked for"
            )
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16) if name == "gzip" else None
        self._status = status
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._size = 0
        self._empty = True

    def feed(self, chunk: bytes) -> None:
        """Take what arrived.

        Raises:
            TooLargeError: the body is longer than allowed.
            LostError: it is not gzip.
        """
        if self._inflater is None:
            self._keep(chunk)
            return
        while chunk and not self._inflater.eof:
            self._empty = False
            try:
                self._keep(self._inflater.decompress(chunk, PIECE))
            except zlib.error as error:
                raise LostError(f"the response is not gzip: {error}") from None
            chunk = self._inflater.unconsumed_tail

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            LostError: the compressed body breaks off.
        """
        if self._inflater is not None and not self._inflater.eof and not self._empty:
            raise LostError("the compressed response breaks off")
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise TooLargeError(self._status)
        self._chunks.append(piece)
