"""The lines of a server: in order, whole, counted where nobody reads, never in its way."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from typing import Any, TextIO

import httpx
import pytest

from glomo.cli.output.line_writer import LineWriter

from .test_sandbox_command import client, exported

PIPE = 1 << 16
"""What a pipe of Linux holds."""


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        yield reading, stream
    os.close(reading)


def dropped(lines: int) -> str:
    return f"dropped {lines}"


def rest_of(reading: int, stream: TextIO) -> list[str]:
    stream.close()
    with os.fdopen(os.dup(reading), encoding="utf-8") as rest:
        return rest.read().splitlines()


def test_what_waits_is_written_at_the_end(pipe: tuple[int, TextIO]) -> None:
    reading, stream = pipe
    with LineWriter(dropped, stream) as writer:
        for number in range(100):
            writer.put(f"Zürich {number}")
    assert rest_of(reading, stream) == [f"Zürich {number}" for number in range(100)]


def test_a_reader_that_comes_late_gets_the_first_lines_and_the_count_of_the_others(
    pipe: tuple[int, TextIO],
) -> None:
    reading, stream = pipe
    lines = [f"{number:0999}" for number in range(300)]
    with LineWriter(dropped, stream, most_lines=150) as writer:
        for line in lines:
            writer.put(line)
        text = b""
        while b"dropped" not in text:
            text += os.read(reading, PIPE)
        writer.put("again")
    shown = text.decode().splitlines() + rest_of(reading, stream)
    kept = shown.index(next(line for line in shown if line.startswith("dropped")))
    assert 150 <= kept < 300
    assert shown == [*lines[:kept], f"dropped {300 - kept}", "again"]


def test_without_a_reader_it_ends_all_the_same(pipe: tuple[int, TextIO]) -> None:
    _, stream = pipe
    with LineWriter(dropped, stream, flush_seconds=0) as writer:
        for _ in range(200):
            writer.put("x" * 1000)
    writer.put("too late")


def test_a_reader_that_went_away_stops_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, LineWriter(dropped, stream, most_lines=3) as writer:
        for number in range(10):
            writer.put(str(number))


def test_a_stream_in_memory() -> None:
    stream = io.StringIO()
    with LineWriter(dropped, stream) as writer:
        writer.put("one")
        writer.put("two")
    assert stream.getvalue() == "one\ntwo\n"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_sandbox_whose_output_nobody_reads_serves_and_stops(
    start: Any, more: tuple[str, ...]
) -> None:
    process = start("sandbox", "--port", 0, *more)
    if more:
        origin = process.line().partition('"base_url": "')[2].partition('"')[0]
        api = httpx.Client(base_url=origin, headers={"Authorization": "Bearer secret"})
    else:
        api = client(exported(process))
    with api:
        for _ in range(2 * PIPE // 1000):
            assert api.get("/v1/" + "x" * 1000).status_code == 404
        assert api.get("/v1/balances").status_code == 200
    process.popen.send_signal(signal.SIGTERM)
    assert process.popen.wait(timeout=60) == 0
    assert process.end().err == ""


def test_a_sandbox_prints_every_request_that_is_read(start: Any) -> None:
    process = start("sandbox", "--port", 0)
    with client(exported(process)) as api:
        for number in range(50):
            api.get(f"/v1/payouts/payout_{number}")
    process.popen.send_signal(signal.SIGINT)
    lines = process.end().out.splitlines()
    requests = [f"404   GET /api/v1/payouts/payout_{number}" for number in range(50)]
    assert lines[1:] == [*requests, "stopped"]
