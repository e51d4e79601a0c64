"""Over a real socket: an interrupted call leaves nothing behind that a later call meets."""

import asyncio
from collections.abc import Callable

import pytest

from glomo import AsyncGlomo, errors

from .virtual_time import pass_time

RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Server:
    """Answers every request, or keeps quiet while `silent` says so, and lets time pass then."""

    def __init__(self) -> None:
        self.silent = False
        self.seconds_of_silence = 0.0
        self.connections = 0
        self.requests = 0
        self.twenty = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                if self.requests == 20:
                    self.twenty.set()
                if not self.silent:
                    writer.write(RESPONSE)
                elif self.seconds_of_silence:
                    pass_time(self.seconds_of_silence)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def with_server(check: Callable[[Server, AsyncGlomo], object], **settings: float) -> None:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}/api"
    async with AsyncGlomo("sk-x", base_url=address, rate_limit=None, **settings) as glomo:  # type: ignore[arg-type]
        await check(server, glomo)  # type: ignore[misc]
    listening.close()


@pytest.mark.parametrize("turns", range(32))
def test_the_call_after_a_cancelled_one_is_answered(turns: int) -> None:
    async def check(_: Server, glomo: AsyncGlomo) -> None:
        assert await glomo.request("GET", "/v1/balances") == {}
        call = asyncio.create_task(glomo.request("GET", "/v1/balances"))
        for _turn in range(turns):  # from before the request is written until after the answer
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait([call])
        assert await glomo.request("GET", "/v1/balances") == {}

    asyncio.run(with_server(check, max_retries=0, timeout=20))


def test_the_call_after_one_whose_time_ran_out_is_answered() -> None:
    async def check(server: Server, glomo: AsyncGlomo) -> None:
        server.silent, server.seconds_of_silence = True, 60.0
        for _ in range(3):
            with pytest.raises(errors.ResponseLostError, match="no response within"):
                await glomo.request("GET", "/v1/balances")
        server.silent = False
        assert await glomo.request("GET", "/v1/balances") == {}
        assert server.connections >= 2

    asyncio.run(with_server(check, max_retries=0, timeout=20, max_in_flight=1))


def test_nothing_that_was_interrupted_keeps_its_connection() -> None:
    async def check(server: Server, glomo: AsyncGlomo) -> None:
        server.silent = True
        calls = [asyncio.create_task(glomo.request("GET", "/v1/balances")) for _ in range(20)]
        await server.twenty.wait()
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)
        assert all(call.cancelled() for call in calls)
        server.silent = False
        responses = await asyncio.gather(*(glomo.request("GET", "/v1/balances") for _ in range(20)))
        assert responses == [{}] * 20

    asyncio.run(with_server(check, max_retries=0, timeout=20, max_in_flight=20))
