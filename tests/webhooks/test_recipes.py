"""The recipes of docs/webhooks.md, with the real frameworks and over HTTP."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, webhooks
from glomo.errors import SignatureError
from glomo.webhooks import Claim, testing

from ..docs import blocks, run
from ..serving import serve_asgi, serve_wsgi

PAGE = "webhooks.md"
SECRET = "whsec_recipe"


class Shop:
    """What the reader's own functions do, and when they fail."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.broken = False

    def note(self, *call: Any) -> None:
        if self.broken:
            raise LookupError("the database is away")
        self.calls.append(call)

    async def anote(self, *call: Any) -> None:
        self.note(*call)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLOMO_WEBHOOK_SECRET", f"whsec_new,{SECRET}")
    monkeypatch.chdir(tmp_path)  # where the recipes keep their stores


class Endpoint:
    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        return httpx.post(self.url + "/glomo", content=body, headers=headers).status_code

    def deliver(self, cls: type[webhooks.Event], *, secret: str = SECRET, **data: Any) -> int:
        delivery = testing.delivery(cls, secret=secret, **data)
        return self.post(delivery.body, delivery.headers)


def check_signatures(endpoint: Endpoint) -> None:
    """What holds for every endpoint."""
    delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET, id="payout_forged")
    changed = delivery.body.replace(b"250000", b"950000")
    assert endpoint.post(changed, delivery.headers) == 400
    assert endpoint.post(delivery.body, {}) == 400
    with_prefix = {"X-Glomopay-Signature": "sha256=" + delivery.signature}
    assert endpoint.post(delivery.body, with_prefix) == 400
    assert endpoint.deliver(webhooks.PayoutSucceeded, secret="whsec_other") == 400
    assert endpoint.deliver(webhooks.WebhookTest) == 200
    assert endpoint.deliver(webhooks.WebhookTest, secret="whsec_new", x="another") == 200


def check_dedupe(endpoint: Endpoint, set_broken: Callable[[bool], None]) -> None:
    """A handler that fails gets the next delivery; one that does not, gets no other."""
    set_broken(True)
    assert endpoint.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1") == 500
    set_broken(False)
    assert endpoint.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1") == 200
    assert endpoint.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1") == 200


def test_fastapi(shop: Shop) -> None:
    names = run(
        *blocks(PAGE), blocks(PAGE, "In FastAPI")[0], mark_paid=shop.anote, alert=shop.anote
    )
    with serve_asgi(names["app"]) as url:
        endpoint = Endpoint(url)
        check_signatures(endpoint)
        assert shop.calls == []
        check_dedupe(endpoint, lambda broken: setattr(shop, "broken", broken))
        assert endpoint.deliver(webhooks.PayoutFailed, id="payout_2", error_code="E1") == 200
        webhooks.SQLiteStore("webhooks.sqlite").claim("payout:payout_3:failed:failed", "other")
        assert endpoint.deliver(webhooks.PayoutFailed, id="payout_3") == 503
    assert shop.calls == [("payout_1", "U1"), ("payout_2", "E1")]


def test_fastapi_dependency(shop: Shop) -> None:
    names = run(blocks(PAGE, "In FastAPI")[1], mark_paid=shop.anote, alert=shop.anote)
    with serve_asgi(names["app"]) as url:
        endpoint = Endpoint(url)
        check_signatures(endpoint)
        assert shop.calls == []
        assert endpoint.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1") == 200
        assert endpoint.deliver(webhooks.PayoutCancelled, id="payout_2", error_code="E2") == 200
        assert endpoint.deliver(webhooks.PayoutQueued) == 200
    assert shop.calls == [("payout_1", "U1"), ("payout_2", "E2")]


def test_flask(shop: Shop) -> None:
    (code,) = blocks(PAGE, "In Flask")
    names = run(code, mark_paid=shop.note, __name__="flask_recipe")
    with serve_wsgi(names["app"]) as url:
        endpoint = Endpoint(url)
        check_signatures(endpoint)
        assert shop.calls == []
        check_dedupe(endpoint, lambda broken: setattr(shop, "broken", broken))
        webhooks.SQLiteStore("webhooks.sqlite").claim("payout:payout_3:failed:failed", "other")
        assert endpoint.deliver(webhooks.PayoutFailed, id="payout_3") == 503
    assert shop.calls == [("payout_1", "U1")]


# ------------------------------------------------------------------ Django


@pytest.fixture(scope="module")
def django(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A project with one app, `shop`, made of the recipe's two files."""
    import django as framework
    from django.conf import settings

    folder = tmp_path_factory.mktemp("project")
    (folder / "shop").mkdir()
    views, models = blocks(PAGE, "In Django")
    urls = (
        "from django.urls import path\n"
        "from .views import glomo_events\n"
        "urlpatterns = [path('glomo', glomo_events)]\n"
    )
    for name, text in {"__init__": "", "views": views, "models": models, "urls": urls}.items():
        (folder / "shop" / f"{name}.py").write_text(text)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["shop"],
        LOGGING_CONFIG=None,
        ROOT_URLCONF="shop.urls",
        USE_TZ=True,
    )
    sys.path.insert(0, str(folder))
    try:
        framework.setup()
        models_module = importlib.import_module("shop.models")
        from django.db import connection

        with connection.schema_editor() as editor:
            editor.create_model(models_module.WebhookEvent)
            editor.create_model(models_module.Invoice)
        yield models_module
        connection.close()
    finally:
        sys.path.remove(str(folder))


def test_django(django: Any) -> None:
    from django.core.wsgi import get_wsgi_application
    from django.db import close_old_connections

    django.Invoice.objects.create(payout_id="payout_1")
    sys.modules.pop("shop.views", None)  # whose router reads the secret
    with serve_wsgi(get_wsgi_application()) as url:
        endpoint = Endpoint(url)
        check_signatures(endpoint)
        with pytest.MonkeyPatch.context() as patch:

            def fail(*_: Any, **__: Any) -> None:
                raise LookupError("the database is away")

            def set_broken(broken: bool) -> None:
                if broken:
                    patch.setattr(django.Invoice, "objects", SimpleNamespace(filter=fail))
                else:
                    patch.undo()

            check_dedupe(endpoint, set_broken)
        assert django.Invoice.objects.get().utr == "U1"
        django.Invoice.objects.update(utr=None)
        assert endpoint.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1") == 200
        assert django.Invoice.objects.get().utr is None  # not handled again
        django.DjangoStore().claim("payout:payout_3:failed:failed", "another worker")
        assert endpoint.deliver(webhooks.PayoutFailed, id="payout_3") == 503
        assert httpx.get(url + "/glomo").status_code == 405
    # The failed handler's claim was rolled back with everything else.
    keys = django.WebhookEvent.objects.filter(done=True).values_list("key", flat=True)
    assert "payout:payout_1:success:success" in keys
    close_old_connections()


def check_store(store: Any, expire: Callable[[str], None]) -> None:
    assert store.claim("k", "a") is Claim.GRANTED
    assert store.claim("k", "b") is Claim.IN_PROGRESS
    store.release("k", "b")
    assert store.claim("k", "b") is Claim.IN_PROGRESS
    store.release("k", "a")
    assert store.claim("k", "b") is Claim.GRANTED
    expire("k")
    assert store.claim("k", "c") is Claim.GRANTED
    store.release("k", "b")
    assert store.claim("k", "d") is Claim.IN_PROGRESS
    store.complete("k")
    assert store.claim("k", "e") is Claim.DONE
    store.release("k", "c")
    assert store.claim("k", "e") is Claim.DONE
    store.complete("unclaimed")
    assert store.claim("unclaimed", "f") is Claim.DONE


def test_the_django_store(django: Any) -> None:
    def expire(key: str) -> None:
        entry = django.WebhookEvent.objects.get(key=key)
        entry.claimed_at -= django.LEASE
        entry.save()

    check_store(django.DjangoStore(), expire)


def test_the_sqlalchemy_store() -> None:
    from sqlalchemy import create_engine

    names = run(blocks(PAGE, "Once, and in order")[0])
    engine = create_engine("sqlite:///sqlalchemy.sqlite")
    names["metadata"].create_all(engine)

    def expire(key: str) -> None:
        with engine.begin() as db:
            table = names["webhook_event"]
            past = table.c.claimed_at - names["LEASE"]
            db.execute(table.update().where(table.c.key == key).values(claimed_at=past))

    check_store(names["SQLAlchemyStore"](engine), expire)
    engine.dispose()


# ------------------------------------------------------------------ the rest of the page


async def test_apply_and_catch_up() -> None:
    open_row = SimpleNamespace(id="payout_1", status="in_progress", updated_at=None)
    saved: list[Any] = []

    async def load(id: str) -> Any:
        assert id == open_row.id
        return open_row

    async def save(row: Any) -> None:
        saved.append(row.status)

    async def open_rows() -> list[Any]:
        return [open_row]

    async def reconcile(glomo: object, ids: list[str]) -> Any:
        assert ids == ["payout_1"]
        done = testing.event(webhooks.PayoutSucceeded, id="payout_1").data
        late = testing.event(webhooks.PayoutQueued, id="payout_1").data
        return webhooks.Reconciliation((done, late), ())

    stand_in = SimpleNamespace(reconcile=reconcile, moves_forward=webhooks.moves_forward)
    names = run(
        blocks(PAGE, "Once, and in order")[1],
        *blocks(PAGE, "What was missed"),
        AsyncGlomo=AsyncGlomo,
        webhooks=stand_in,
        load=load,
        save=save,
        open_rows=open_rows,
    )
    await names["catch_up"](None)
    assert saved == ["success"]


def test_the_checkouts_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", "sk_recipe")
    signature = webhooks.sign_callback(
        order_id="order_1", payment_id="payt_1", status="success", secret_key="sk_recipe"
    )
    form = {"paymentId": "payt_1", "status": "success", "signature": signature}
    (code,) = blocks(PAGE, "The checkout's result")
    run(code, webhooks=webhooks, session={"order_id": "order_1"}, form=form)
    with pytest.raises(SignatureError):
        run(code, webhooks=webhooks, session={"order_id": "order_2"}, form=form)


async def test_the_tests(shop: Shop) -> None:
    first = run(*blocks(PAGE), mark_paid=shop.anote, alert=shop.anote)
    app = run(blocks(PAGE, "In FastAPI")[0], events=first["events"])["app"]
    (code,) = blocks(PAGE, "In your tests")
    names = run(code, SECRET=SECRET, lost=first["lost"], alerts=shop.calls)
    await names["test_a_payout_that_failed_raises_an_alert"]()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://test"
    ) as client:
        await names["test_the_endpoint"](client)
    assert shop.calls == [("payout_1", "INVALID_BENE_IFSC"), ("payout_1", "U1")]


def test_every_event_of_the_page_exists() -> None:
    text = (Path(__file__).parents[2] / "docs" / PAGE).read_text("utf-8")
    table = [line for line in text.splitlines() if line.startswith("|")]
    entities = "Payment|PaymentLink|Order|Refund|Payout|Beneficiary|Subscription"
    names = set(re.findall(rf"`((?:{entities})[A-Z][A-Za-z]+)`", "\n".join(table)))
    assert len(names) > 20
    assert names <= set(vars(webhooks))
