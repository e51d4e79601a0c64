"""How a program ends that never closed its client: promptly, quietly, and with the client closed.

Ends that hang do not always hang, so every script runs three times.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from .service import ROOT, SAFETY_NET, run_script

PRELUDE = """
import atexit, os, sys, threading
from tests.bridge.service import Client, Pages, Service, in_thread

class Telling(Service):
    async def aclose(self):
        await super().aclose()
        print("closed", flush=True)

client = Client(Telling(), grace=5.0)
assert client.echo("hello") == "hello"
"""

thrice = pytest.mark.parametrize("turn", range(3))


def run(script: str, **environment: str) -> str:
    done = run_script(PRELUDE + script, **environment)
    assert done.stderr == ""
    return done.stdout


@thrice
def test_an_idle_client_is_closed_at_exit(turn: int) -> None:
    assert run("") == "closed\n"


@thrice
def test_a_client_in_a_reference_cycle_of_a_function_that_returned(turn: int) -> None:
    assert run("client.myself = client; del client") == "closed\n"


@thrice
def test_sys_exit(turn: int) -> None:
    assert run("sys.exit()") == "closed\n"


@thrice
def test_development_mode_has_nothing_to_say(turn: int) -> None:
    # ... but asyncio's warnings of slow callbacks, which depend on the machine.
    quiet = """import logging; logging.getLogger("asyncio").setLevel("ERROR")\n"""
    done = run_script(quiet + PRELUDE, PYTHONDEVMODE="1")
    assert (done.stdout, done.stderr) == ("closed\n", "")


@thrice
def test_a_call_in_flight_in_a_daemon_thread_may_finish_first(turn: int) -> None:
    out = run("""
in_flight = threading.Event()

async def pay():
    import anyio
    in_flight.set()
    while not _hooks.this_process().exiting:
        await anyio.lowlevel.checkpoint()
    print("paid", flush=True)

from glomo_sync import _hooks
threading.Thread(target=lambda: client.bridge.call(pay), daemon=True).start()
in_flight.wait()
""")
    assert out == "paid\nclosed\n"


@thrice
def test_a_call_that_never_ends_in_a_daemon_thread_is_cancelled(turn: int) -> None:
    out = run("""
client = Client(Telling(), grace=0.05)
in_flight = threading.Event()

async def hang():
    import anyio
    in_flight.set()
    try:
        await anyio.sleep_forever()
    finally:
        print("cancelled", flush=True)

def call():
    try:
        client.bridge.call(hang)
    except BaseException:
        pass

threading.Thread(target=call, daemon=True).start()
in_flight.wait()
""")
    assert out.split().count("cancelled") == 1
    assert out.split()[-1] == "closed"


@thrice
def test_threads_that_outlive_the_main_thread_keep_their_client(turn: int) -> None:
    out = run("""
main = threading.main_thread()

def work():
    main.join()
    print(client.echo("late"), flush=True)

in_thread(work)
""")
    assert out == "late\nclosed\n"


@thrice
def test_threads_that_outlive_the_main_thread_may_open_connections(turn: int) -> None:
    """By then no other thread of Python's own looks names up."""
    out = run("""
import socket
from glomo_sync import Glomo

main = threading.main_thread()
server = socket.create_server(("127.0.0.1", 0))
body = b'{"id": "payout_1", "status": "queued"}'

def serve():
    connection, _ = server.accept()
    with server, connection:
        connection.recv(65536)
        head = b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body)
        connection.sendall(head + body)

def work():
    glomo = Glomo("sk-unit", base_url=f"http://localhost:{server.getsockname()[1]}/api")
    main.join()
    print(glomo.payouts.retrieve("payout_1").id, flush=True)

threading.Thread(target=serve).start()
in_thread(work)
""")
    assert out.split()[0] == "payout_1"


@thrice
def test_exit_handlers_of_the_program_may_still_call(turn: int) -> None:
    assert run("""atexit.register(lambda: print(client.echo("bye"), flush=True))""") == (
        "bye\nclosed\n"
    )


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_a_first_connection_in_an_exit_handler_fails_as_one_that_was_never_made(
    transport: str,
) -> None:
    """Names are looked up in threads, and Python starts none by then; from 3.12 on nor ours."""
    out = run(f"""
from glomo.errors import ClosedError, ConnectError
from glomo_sync import Glomo

def bye():
    glomo = Glomo(
        "sk-unit", base_url="http://localhost:1/api", max_retries=0, transport={transport!r}
    )
    try:
        glomo.payouts.retrieve("payout_1")
    except (ClosedError, ConnectError):
        print("not sent", flush=True)

client.close()
atexit.register(bye)
""")
    assert out == "closed\nnot sent\n"


@thrice
def test_a_call_after_the_exit_handler_is_refused(turn: int) -> None:
    out = run("""
from glomo.errors import ClosedError
from glomo_sync import _hooks

def late():
    try:
        client.echo("too late")
    except ClosedError as error:
        print("refused", flush=True)

# Exit handlers run last come, first served: have this one run after the bridge's.
atexit.unregister(_hooks._at_exit)
atexit.register(late)
atexit.register(_hooks._at_exit)
""")
    assert out == "closed\nrefused\n"


@thrice
def test_a_finaliser_that_calls_during_shutdown_does_not_hang(turn: int) -> None:
    out = run("""
class Last:
    # Names are bound early: by then, modules are being taken apart.
    def __del__(self, client=client, write=os.write):
        write(1, b"asking\\n")
        try:
            client.echo("from __del__")
        except:
            write(1, b"refused\\n")

last = Last()
""")
    assert out == "closed\nasking\nrefused\n"


@thrice
def test_an_iterator_left_halfway(turn: int) -> None:
    assert run("pages = client.bridge.iterate(Pages(300).pages()); next(pages)") == "closed\n"


@thrice
def test_an_error_in_closing_does_not_spoil_the_exit(turn: int) -> None:
    out = run("""
class Stubborn(Telling):
    async def aclose(self):
        await super().aclose()
        raise OSError("socket trouble")

client.close()
client = Client(Stubborn())
client.echo("hello")
""")
    assert out == "closed\nclosed\n"


@thrice
def test_an_unhandled_error_keeps_its_status(turn: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + "raise SystemExit(7)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SAFETY_NET,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "closed\n", "")


@thrice
@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_from_the_terminal_tells_what_became_of_the_call(turn: int) -> None:
    script = """
async def create():
    import anyio
    print("in flight", flush=True)
    await anyio.sleep_forever()

client.bridge.call(create)
"""
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in flight\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SAFETY_NET)
    assert process.returncode == -signal.SIGINT
    assert out == "closed\n"
    assert "KeyboardInterrupt" in err
    assert "create: interrupted while the call was in flight" in err
    assert "_bridge.py" not in err
