"""The dashboard's pages and buttons. Every button is a form, so that it works without a script."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from glomo.sandbox.engine.errors import ApiError
from glomo.sandbox.server.access import Access
from glomo.sandbox.server.faults import Fault

from . import pages, records
from .kinds import KINDS, moment
from .live import clock_text, stream
from .steps import call, steps_of

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_FOLDER = Path(__file__).parent
_STATIC = {"dashboard.css": "text/css", "dashboard.js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MOST_NOTICES = 100
Form = Mapping[str, Any]


def routes(sandbox: Sandbox, access: Access) -> list[Route]:
    """The dashboard's routes."""
    return Dashboard(sandbox, access).routes()


class Dashboard:
    """The pages of one sandbox."""

    def __init__(self, sandbox: Sandbox, access: Access) -> None:
        self._sandbox = sandbox
        self._access = access
        self._notices: dict[str, tuple[str, bool]] = {}
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters["words"] = lambda text: str(text).replace("_", " ")
        self._templates.filters["moment"] = moment

    def routes(self) -> list[Route]:
        """Every page and every button."""

        def page(path: str, name: str, read: Callable[[Request], dict[str, Any] | None]) -> Route:
            return Route(path, self._guarded(lambda r: self._page(r, name, read(r))))

        def button(path: str, press: Callable[[Request, Form], str]) -> Route:
            return Route(path, self._guarded(lambda r: self._press(r, press)), methods=["POST"])

        sandbox = self._sandbox
        return [
            page("/", "overview", lambda _: pages.overview(sandbox)),
            page("/records/{kind}", "records", self._records),
            page("/records/{kind}/{id}", "record", self._record),
            page("/webhooks", "webhooks", lambda r: pages.webhooks(sandbox, _number(r))),
            page("/requests", "requests", lambda r: pages.requests(sandbox, _number(r))),
            page("/faults", "faults", lambda _: pages.faults(sandbox)),
            button("/records/{kind}/{id}", self._take_step),
            button("/account", self._account),
            button("/clock", self._clock),
            button("/faults", self._faults),
            button("/webhooks", self._webhooks),
            Route("/live", self._guarded(self._stream)),
            # Where no page names an icon, of an error for example, browsers ask for this one.
            Route("/favicon.ico", self._no_icon),
            Route("/static/{name}", self._guarded(self._static)),
        ]

    def _guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if (problem := self._access.problem(request)) is not None:
                return PlainTextResponse(problem, 403)
            response = await endpoint(request)
            response.headers.update(_HEADERS)
            return response

        return guarded

    # --------------------------------------------------------------------- pages

    async def _page(self, request: Request, name: str, data: dict[str, Any] | None) -> Response:
        status = 200
        if data is None:
            name, data, status = "missing", {}, 404
        with self._sandbox.engine.store.lock:
            html = self._templates.get_template(f"{name}.html.jinja").render(
                page=name,
                path=request.url.path,
                counts=pages.counts(self._sandbox),
                clock=clock_text(self._sandbox),
                frozen=self._sandbox.clock.frozen,
                fault_count=len(self._sandbox.faults.active),
                notice=self._notices.pop(request.query_params.get("notice", ""), None),
                kinds=KINDS,
                **data,
            )
        return HTMLResponse(html, status)

    def _records(self, request: Request) -> dict[str, Any] | None:
        kind = request.path_params["kind"]
        with self._sandbox.engine.store.lock:
            if kind not in KINDS:
                return None
            return pages.listing(self._sandbox, kind, _number(request))

    def _record(self, request: Request) -> dict[str, Any] | None:
        kind, key = request.path_params["kind"], request.path_params["id"]
        with self._sandbox.engine.store.lock:
            return pages.record(self._sandbox, kind, key) if kind in KINDS else None

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("not found", 404)
        return FileResponse(_FOLDER / "static" / name, media_type=_STATIC[name])

    async def _no_icon(self, request: Request) -> Response:
        return Response(status_code=204)

    async def _stream(self, request: Request) -> Response:
        return StreamingResponse(stream(self._sandbox), media_type="text/event-stream")

    # ------------------------------------------------------------------- buttons

    async def _press(self, request: Request, press: Callable[[Request, Form], str]) -> Response:
        form = {name: value for name, value in (await request.form()).items() if value != ""}
        try:
            # Webhooks may be delivered on the way, to a receiver that calls the API.
            text, succeeded = await run_in_threadpool(press, request, form), True
        except ApiError as error:
            text, succeeded = error.message, False
        except KeyError as error:
            text, succeeded = f"{error.args[0]} is missing", False
        except (ValueError, TypeError, OverflowError) as error:
            text, succeeded = str(error), False
        token = secrets.token_urlsafe(8)
        while len(self._notices) >= _MOST_NOTICES:
            self._notices.pop(next(iter(self._notices)))
        self._notices[token] = text, succeeded
        return RedirectResponse(_back(request, token), 303)

    def _take_step(self, request: Request, form: Form) -> str:
        kind, key = request.path_params["kind"], request.path_params["id"]
        with self._sandbox.engine.store.lock:
            owned = records.get(self._sandbox, kind, key) if kind in KINDS else None
            if owned is None:
                raise ValueError(f"there is no {kind} {key}")
            steps = {step.name: step for step in steps_of(self._sandbox, owned[0], kind, owned[1])}
            if form["step"] not in steps:
                raise ValueError(f"{key} cannot take this step any more")
            steps[form["step"]].take()
        self._sandbox.engine.tick()
        return f"{steps[form['step']].label}: done"

    def _account(self, _: Request, form: Form) -> str:
        sandbox, action = self._sandbox, form["action"]
        if action == "settle":
            return f"{sandbox.settle()} payouts succeeded"
        if action == "release":
            sandbox.release()
            return "The queue was released"
        if action == "settlement":
            call(sandbox.account(), "settlements.mock_trigger", {})
            sandbox.engine.tick()
            return "Settlements were triggered"
        raise ValueError(f"there is no action {action!r}")

    def _clock(self, _: Request, form: Form) -> str:
        clock, action = self._sandbox.clock, form["action"]
        if action == "advance":
            clock.advance(seconds=float(form["seconds"]))
        elif action == "set":
            clock.set(datetime.fromisoformat(form["moment"]).replace(tzinfo=UTC))
        elif action == "freeze":
            clock.freeze()
        elif action == "unfreeze":
            clock.unfreeze()
        else:
            raise ValueError(f"there is no action {action!r}")
        return f"It is {clock_text(self._sandbox)}"

    def _faults(self, _: Request, form: Form) -> str:
        if form["action"] == "clear":
            self._sandbox.clear_faults()
            return "Everything works again"
        numbers = {"times": int, "rate": float, "status": int, "seconds": float}
        fault: dict[str, Any] = {name: form[name] for name in ("kind", "operation") if name in form}
        if fault.get("kind") == pages.RANDOM:
            del fault["kind"]
        for name, read in numbers.items():
            if name in form:
                try:
                    fault[name] = read(form[name])
                except ValueError:
                    raise ValueError(f"{name} must be a number, not {form[name]!r}") from None
        fault.setdefault("times", None)
        self._sandbox.faults.add(Fault.from_json(fault))
        return "The fault is in force"

    def _webhooks(self, _: Request, form: Form) -> str:
        webhooks, action = self._sandbox.webhooks, form["action"]
        if action == "resend":
            webhooks.resend(form["id"])
            return f"Event {form['id']} is delivered again"
        if action == "trigger":
            webhooks.trigger(form["event"])
            return f"{form['event']} was sent"
        if action == "endpoint":
            webhooks.add_endpoint(form["url"], events=form.get("events", "*").split())
            return f"Events go to {form['url']}"
        raise ValueError(f"there is no action {action!r}")


def _number(request: Request) -> str:
    """The page of a list that an address asks for."""
    return request.query_params.get("page", "")


def _back(request: Request, notice: str) -> str:
    """The address of the page on which a button was pressed, which will show the notice."""
    referer = urlsplit(request.headers.get("referer", ""))
    path, query = "", list[tuple[str, str]]()
    if referer.netloc == request.headers.get("host"):
        path = referer.path
        query = [(name, value) for name, value in parse_qsl(referer.query) if name != "notice"]
    # Two slashes at the beginning would be another host.
    return f"/{path.lstrip('/')}?{urlencode([*query, ('notice', notice)])}"
