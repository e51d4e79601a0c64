"""One tree of errors: each pickles, and says what the API said whatever its shape."""

import copy
import inspect
import pickle
from typing import Any

import pytest

from glomo import Money, errors
from glomo.errors import GlomoError, StatusError

from .fakes import NEW, ScriptedTransport, client, payout, wire_response

CLASSES = sorted(
    (c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, GlomoError)),
    key=lambda c: c.__name__,
)


def example(cls: type[GlomoError]) -> GlomoError:
    """An error with every argument that its constructor takes."""
    samples: dict[str, Any] = {
        "status": 418,
        "attempts": 3,
        "headers": {"retry-after": "5"},
        "body": b"\xff",
        "differences": {"source_amount": (1, 2)},
        "existing": {"id": "payout_1"},
        "last_seen": Money(5, "USD"),
    }
    parameters = inspect.signature(cls.__init__).parameters
    keywords = [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY]
    return cls("said", **{name: samples.get(name, name.upper()) for name in keywords})


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_every_error_pickles_and_keeps_what_it_says(cls: type[GlomoError], again: Any) -> None:
    error = example(cls)
    for name in ("additional_required", "object", "request_id"):
        if hasattr(error, name):
            setattr(error, name, Money(7, "USD"))
    error.add_note("seen at noon")
    twin = again(error)
    assert type(twin) is cls
    kept = {n: v for n, v in vars(error).items() if n != "body" or cls is not errors.DecodingError}
    assert vars(twin) == {**vars(twin), **kept}
    assert vars(twin).keys() == vars(error).keys()
    assert (str(twin), twin.args) == (str(error), error.args)
    assert twin.__notes__ == ["seen at noon"]


async def test_a_pickle_does_not_hold_a_new_key() -> None:
    transport = ScriptedTransport(wire_response(200, b'{"secret_key": "sk_live_NEW", '))
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        await client(transport).api_keys.rotate(expire_after_in_seconds=60)
    error = caught.value.__cause__
    assert isinstance(error, errors.DecodingError)
    assert b"sk_live_NEW" in error.body
    assert b"sk_live_NEW" not in pickle.dumps(error) + pickle.dumps(caught.value)


def test_all_errors_are_exported_and_in_the_tree_of_the_docs() -> None:
    names = {cls.__name__ for cls in CLASSES}
    assert names == set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)
    assert errors.__doc__
    assert all(name in errors.__doc__ for name in names)


def test_errors_are_also_what_python_code_expects() -> None:
    assert issubclass(errors.ParameterError, ValueError)
    assert issubclass(errors.DeadlineError, TimeoutError)
    assert issubclass(errors.WaitTimeoutError, TimeoutError)
    assert issubclass(errors.InsufficientBalanceError, errors.BadRequestError)


async def failing(raw: Any, **parameters: Any) -> StatusError:
    glomo = client(ScriptedTransport(raw), max_retries=0)
    with pytest.raises(StatusError) as caught:
        await glomo.payouts.create(**{**NEW, **parameters})
    return caught.value


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (402, errors.PaymentRequiredError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (418, StatusError),
        (422, errors.UnprocessableError),
        *[(status, errors.RedirectError) for status in (300, 301, 302, 304, 307, 308)],
    ],
)
async def test_each_status_has_its_class(status: int, cls: type[StatusError]) -> None:
    error = await failing(
        wire_response(status, {"error": "E", "message": "M", "code": "C"}, x_a="1")
    )
    assert type(error) is cls
    assert (error.status, error.message, error.code, error.error) == (status, "M", "C", "E")
    assert (error.operation, error.method, error.path) == (
        "payouts.create",
        "POST",
        "/api/v1/payouts",
    )
    assert (error.attempts, error.headers) == (1, {"x-a": "1"})
    assert str(error.request_id).startswith("glomo-")
    assert b'"M"' in error.body
    assert str(error) == f"{status} from POST /api/v1/payouts: M [C]"


@pytest.mark.parametrize(
    ("body", "message", "code", "error_text"),
    [
        ({"error": "Not Found", "message": "No payout"}, "No payout", None, "Not Found"),
        ({"error": {"code": "invalid", "message": "Bad"}}, "Bad", "invalid", None),
        ({"message": "only"}, "only", None, None),
        ({"error": "only"}, "", None, "only"),
        ({"message": ["a", "b"]}, "a, b", None, None),
        ({"message": {"a": 1}, "code": 5, "error": 7}, "", None, None),
        ({"error": {"code": None, "message": None}}, "", None, None),
        ({"error": []}, "", None, None),
        ({}, "", None, None),
        ([], "[]", None, None),
        (["Name is invalid"], '["Name is invalid"]', None, None),
        ("oops", '"oops"', None, None),
        (None, "", None, None),
        (b"null", "null", None, None),
        (b"<html><h1>403</h1>\n Forbidden</html>", "403 Forbidden", None, None),
        (b"\xff\xfe", "\ufffd\ufffd", None, None),
        (b"   ", "", None, None),
        (b'{"message": "cut', '{"message": "cut', None, None),
        (b'{"message": 1e999999999999999999999}', None, None, None),
        (b"[" * 100_000, None, None, None),
    ],
    ids=range(20),
)
async def test_every_shape_of_body_is_understood(
    body: Any, message: str | None, code: str | None, error_text: str | None
) -> None:
    error = await failing(wire_response(403, body))
    if message is not None:
        assert error.message == message
    assert (error.code, error.error) == (code, error_text)
    assert len(str(error)) < 400
    assert pickle.loads(pickle.dumps(error)).body == error.body


async def test_attempts_are_counted_in_the_message() -> None:
    transport = ScriptedTransport(
        wire_response(429), wire_response(429), wire_response(404, {"message": "gone"})
    )
    with pytest.raises(errors.NotFoundError, match=r"gone.*\(after 3 attempts\)"):
        await client(transport).payouts.retrieve("payout_1")


async def test_a_422_may_carry_the_object_itself() -> None:
    failed = payout(status="failed", error_code="QUOTE_EXPIRED", request_id=None)
    error = await failing(wire_response(422, failed))
    assert isinstance(error, errors.UnprocessableError)
    assert error.object.status == "failed"
    assert error.object.error_code == "QUOTE_EXPIRED"
    assert pickle.loads(pickle.dumps(error)).object == error.object
    for other in ({"error": "x", "message": "y"}, {}, [], {"id": 1.5, "status": "failed"}):
        plain = await failing(wire_response(422, other))
        assert isinstance(plain, errors.UnprocessableError)
        assert plain.object is None


SHORT = "Account has insufficient balance to process this transaction. "


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"message": f"{SHORT}Additional amount required: 5500."}, Money(5500, "USD")),
        ({"message": f"{SHORT}Additional amount required: 5,500."}, Money(5500, "USD")),
        ({"message": f"{SHORT}Additional amount required 7"}, Money(7, "USD")),
        ({"message": f"{SHORT}Additional amount required: 12.50"}, None),
        ({"message": f"{SHORT}Additional amount required: ,"}, None),
        ({"message": f"{SHORT}Additional amount required: " + "9" * 50}, None),
        ({"message": f"{SHORT}Additional amount required: " + "9" * 5000}, None),
        ({"message": f"{SHORT}Additional amount required: ٣"}, None),
        ({"message": SHORT}, None),
        ({"message": "short", "code": "INSUFFICIENT_BALANCE"}, None),
        ({"error": "Insufficient balance"}, None),
        ({"error": {"code": "INSUFFICIENT_BALANCE", "message": "short"}}, None),
    ],
    ids=range(12),
)
async def test_a_short_balance_says_what_is_missing_or_nothing(
    body: Any, missing: Money | None
) -> None:
    error = await failing(wire_response(400, body))
    assert isinstance(error, errors.InsufficientBalanceError)
    assert error.additional_required == missing
    assert pickle.loads(pickle.dumps(error)).additional_required == missing


async def test_a_short_balance_without_a_currency_is_still_that_error() -> None:
    raw = wire_response(400, {"message": f"{SHORT}Additional amount required: 5500."})
    glomo = client(ScriptedTransport(raw), validate=False)
    with pytest.raises(errors.InsufficientBalanceError) as caught:
        await glomo.payouts.create(**{**NEW, "source_currency": "dollars"})
    assert caught.value.additional_required is None


async def test_another_400_is_no_short_balance() -> None:
    assert type(await failing(wire_response(400, {"message": "no"}))) is errors.BadRequestError
    assert (
        type(await failing(wire_response(402, {"message": SHORT}))) is errors.PaymentRequiredError
    )


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, {"message": "bad token Bearer sk_4f1f0b9a7c2d6e8031"}, "bad token Bearer ***"),
        (401, {"message": "eyJhbGciOi.eyJzdWIiOi.c2ln-_ is unknown"}, "*** is unknown"),
        (401, {"error": {"message": "Bearer eyJhbGciOi.e.c"}}, "Bearer ***"),
        (401, b"<h1>no eyJhbGciOi.eyJz.c2ln</h1>", "no ***"),
        (401, {"message": "Bearer token is missing"}, "Bearer token is missing"),
        (400, {"message": "card 4532491111111111 is expired"}, "card …1111 is expired"),
        (400, {"message": "card 3466 241111 11111: no"}, "card …1111: no"),
        (400, {"message": "card 4532 4911 1111 1111"}, "card … 1111"),
        (400, {"message": "no order 145324911111"}, "no order 145324911111"),
    ],
)
async def test_what_a_server_repeats_of_the_request_is_masked(
    status: int, body: Any, message: str
) -> None:
    error = await failing(wire_response(status, body))
    assert isinstance(error, errors.StatusError)
    assert error.message == message
    assert f": {message}" in str(error)
