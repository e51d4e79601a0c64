"""The test of the test: with any one rule broken, some sequence breaks the promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from glomo.errors import GlomoError, OutcomeUnknownError
from glomo.http import meaning, protocol
from glomo.http.matching import pick
from glomo.http.meaning import Failed, Interpreter, Meaning, Refused
from glomo.http.protocol import CallProtocol
from glomo.http.transport import LostError, TooLargeError, WireResponse

from .exhaustion import SCENARIOS, first_violation, walks

Patch = pytest.MonkeyPatch


def _changed(patch: Patch, change: Callable[[Any, Meaning], Meaning]) -> None:
    """Read every outcome of a call's own request in another way."""
    of_call = Interpreter.of_call

    def changed(self: Interpreter, outcome: Any, attempts: int) -> Meaning:
        return change(outcome, of_call(self, outcome, attempts))

    patch.setattr(Interpreter, "of_call", changed)


def _harmless(meaning: Meaning) -> Meaning:
    return evolve(meaning, maybe_done=False) if isinstance(meaning, Failed) else meaning


def _new(refused: Refused) -> Refused:
    return evolve(refused, response=evolve(refused.response, is_duplicate=False))


def _status(outcome: Any) -> int:
    return outcome.status if isinstance(outcome, WireResponse) else 0


def send_again_without_a_key(patch: Patch) -> None:
    patch.setattr(CallProtocol, "_may_send_again", lambda *_: True)


def a_lost_response_means_nothing_happened(patch: Patch) -> None:
    _changed(patch, lambda o, m: _harmless(m) if isinstance(o, LostError) else m)


def a_5xx_means_nothing_happened(patch: Patch) -> None:
    _changed(patch, lambda o, m: _harmless(m) if _status(o) >= 500 else m)


def a_408_is_a_refusal(patch: Patch) -> None:
    _changed(patch, lambda o, m: Refused(m.error, m.response) if _status(o) == 408 else m)  # type: ignore[union-attr,arg-type]


def a_response_too_large_means_nothing_happened(patch: Patch) -> None:
    _changed(patch, lambda o, m: _harmless(m) if isinstance(o, TooLargeError) else m)


def an_unreadable_2xx_means_nothing_happened(patch: Patch) -> None:
    _changed(patch, lambda o, m: _harmless(m) if 200 <= _status(o) < 300 else m)


def any_2xx_is_believed(patch: Patch) -> None:
    patch.setattr(meaning, "mismatch", lambda *_: "")


def connections_out_of_step_are_kept(patch: Patch) -> None:
    _changed(patch, lambda _, m: evolve(m, distrust=False) if isinstance(m, Failed) else m)


def a_2xx_that_does_not_fit_is_an_ordinary_error(patch: Patch) -> None:
    patch.setattr(CallProtocol, "_carried_out", lambda _, cause: cause)


def the_last_error_is_raised_as_it_is(patch: Patch) -> None:
    patch.setattr(CallProtocol, "_final", lambda _, error: error)


def a_refusal_after_an_unknown_attempt_is_believed(patch: Patch) -> None:
    wants_lookup = CallProtocol._wants_lookup

    def changed(self: CallProtocol, refusal: Any) -> bool:
        self.outcome_unknown = self.outcome_unknown and refusal is None
        return wants_lookup(self, refusal)

    patch.setattr(CallProtocol, "_wants_lookup", changed)


def a_key_of_the_caller_s_is_new(patch: Patch) -> None:
    patch.setattr(protocol, "is_generated", lambda _: True)
    _changed(patch, lambda _, m: _new(m) if isinstance(m, Refused) else m)


def a_list_that_ignores_the_filter_is_empty(patch: Patch) -> None:
    rows_of = meaning.rows_of
    patch.setattr(
        meaning,
        "rows_of",
        lambda value: [r for r in rows_of(value) or [] if r["request_id"] != "r-9"],
    )
    patch.setattr(CallProtocol, "_final", lambda _, error: error)


def any_object_of_the_list_is_taken(patch: Patch) -> None:
    patch.setattr(meaning, "pick", lambda rows, key: pick(rows, key) or next(iter(rows), None))
    patch.setattr(meaning, "differences", lambda *_: {})


def what_exists_is_not_compared(patch: Patch) -> None:
    patch.setattr(meaning, "differences", lambda *_: {})


def a_lookup_that_fails_proves_that_nothing_exists(patch: Patch) -> None:
    def certain(self: CallProtocol, cause: GlomoError) -> GlomoError:
        return cause

    patch.setattr(CallProtocol, "_unknown", certain)


def an_interrupted_call_says_nothing(patch: Patch) -> None:
    patch.setattr(CallProtocol, "interrupted", lambda *_, **__: None)


def a_state_that_is_not_reached_was_refused(patch: Patch) -> None:
    """Whatever the object shows, a refusal after a lost attempt is believed."""
    probe = CallProtocol._probe

    def changed(self: CallProtocol, state_probe: Any, refusal: Any) -> Any:
        try:
            return (yield from probe(self, state_probe, refusal))
        except OutcomeUnknownError:
            raise refusal from None

    patch.setattr(CallProtocol, "_probe", changed)


def a_429_may_have_been_carried_out(patch: Patch) -> None:
    _changed(patch, lambda o, m: evolve(m, maybe_done=True) if _status(o) == 429 else m)  # type: ignore[arg-type]


MUTATIONS = [
    send_again_without_a_key,
    a_lost_response_means_nothing_happened,
    a_5xx_means_nothing_happened,
    a_408_is_a_refusal,
    a_response_too_large_means_nothing_happened,
    an_unreadable_2xx_means_nothing_happened,
    any_2xx_is_believed,
    connections_out_of_step_are_kept,
    a_2xx_that_does_not_fit_is_an_ordinary_error,
    the_last_error_is_raised_as_it_is,
    a_refusal_after_an_unknown_attempt_is_believed,
    a_key_of_the_caller_s_is_new,
    a_list_that_ignores_the_filter_is_empty,
    any_object_of_the_list_is_taken,
    what_exists_is_not_compared,
    a_lookup_that_fails_proves_that_nothing_exists,
    an_interrupted_call_says_nothing,
    a_state_that_is_not_reached_was_refused,
    a_429_may_have_been_carried_out,
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_rule_breaks_the_promise(
    mutation: Callable[[Patch], None], monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", logger="glomo")
    mutation(monkeypatch)
    for scenario in SCENARIOS:
        if first_violation(walks(scenario, 3)) is not None:
            return
    pytest.fail("every sequence still keeps the promise")
