"""Requests from the description's schemas, as Hypothesis strategies."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.contract.description import Described, Schema, kind, merged

from .samples import Sample

Pool = dict[str, list[str]]
"""Ids that exist, by their prefix."""

_PREFIXES = {
    "customer_id": ("cust",),
    "payin_id": ("plink", "order"),
    "order_id": ("order",),
    "subscription_id": ("sub",),
    "document_id": ("doc",),
    "doc_id": ("doc",),
    "documents": ("doc",),
    "rfi_doc_id": ("rfidoc",),
    "quote_id": ("quote",),
    "lrs_quote_id": ("quote",),
    "bank_account_id": ("ba", "acclrs"),
    "beneficiary_id": ("bene",),
    "payment_id": ("payt",),
    "payment_ids": ("payt",),
    "price_id": ("price",),
    "merchant_id": ("merch",),
    "id": ("doc", "payout"),
}
_PLACES = {
    "orders": "order",
    "payin": "plink",
    "payment": "payt",
    "payouts": "payout",
    "refunds": "refund",
    "customer": "cust",
    "prices": "price",
    "rfis": "rfi",
    "subscriptions": "sub",
    "settlements": "setl",
    "beneficiaries": "bene",
    "merchants": "merch",
}
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_ODD_TEXT = st.sampled_from(
    ["", " ", "x" * 300, "é\u0000\u202e", "-1", "null", "2026-13-45", "INR"]
)
_CODES = ["P0103", "P1401", "S1005", "S0001"]


@dataclass(frozen=True)
class FuzzRequest:
    """One request."""

    operation: Described
    path: str
    query: dict[str, str]
    body: Any = None
    raw: bytes | None = None

    def __repr__(self) -> str:
        sent = self.body if self.raw is None else self.raw
        return f"{self.operation.method} {self.path} {self.query} {json.dumps(str(sent))[:500]}"


def requests(
    operation: Described, pool: Pool, sample: Sample | None = None
) -> st.SearchStrategy[FuzzRequest]:
    """Requests for one operation: mostly valid, in part, or not at all."""
    if operation.multipart:
        return _uploads(operation)
    anything = st.builds(
        FuzzRequest,
        operation=st.just(operation),
        path=_path(operation, pool),
        query=_query(operation, pool),
        **_body(operation, pool),
    )
    if sample is None:
        return anything
    place, body = sample
    path = _path(operation, pool) if place is None else st.just(_filled(operation, place))
    good = st.builds(
        FuzzRequest,
        operation=st.just(operation),
        path=path,
        query=st.just(dict[str, str]()),
        body=st.just(body) | _spoilt(st.just(body)) if body else st.none(),
    )
    return good | anything


def _uploads(operation: Described) -> st.SearchStrategy[FuzzRequest]:
    """Forms that are whole, cut off, or none."""
    names = st.sampled_from(["a.pdf", "a.exe", "", "x" * 200 + ".png"])
    valid_form = st.builds(_form, names, st.sampled_from(["invoice", "", "x" * 200]), st.binary())
    cut = st.builds(lambda form, at: form[:at], valid_form, st.integers(0, 150))
    return st.builds(
        FuzzRequest,
        operation=st.just(operation),
        path=st.just(operation.path),
        query=st.just(dict[str, str]()),
        raw=valid_form | cut | st.binary(max_size=40),
    )


def _form(file_name: str, document_name: str, content: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        (head.format("document_name"), document_name.encode()),
        (head.format("file") + f'; filename="{file_name}"', content),
    ]
    body = b"".join(b"--b\r\n%s\r\n\r\n%s\r\n" % (one.encode(), two) for one, two in parts)
    return body + b"--b--\r\n"


def _path(operation: Described, pool: Pool) -> st.SearchStrategy[str]:
    names = [one.name for one in operation.parameters if one.place == "path"]
    if not names:
        return st.just(operation.path)
    before = operation.path.split("{")[0].strip("/").split("/")
    existing = pool.get(_PLACES.get(before[-1], ""), []) or ["nothing_1"]
    ids = st.sampled_from(existing) | st.sampled_from(
        ["order_unknown", "x", f"{existing[0].split('_')[0]}_unknown"]
    )
    return ids.map(lambda one: _filled(operation, one))


def _filled(operation: Described, identifier: str) -> str:
    """The path with its one parameter."""
    return re.sub(r"\{\w+\}", identifier, operation.path)


def _query(operation: Described, pool: Pool) -> st.SearchStrategy[dict[str, str]]:
    parameters = [one for one in operation.parameters if one.place == "query"]
    optional = {
        one.name: (_value(one.schema, pool, one.name) | _ODD_TEXT).map(_text) for one in parameters
    }
    return st.fixed_dictionaries({}, optional=optional)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _body(operation: Described, pool: Pool) -> dict[str, st.SearchStrategy[Any]]:
    if operation.body is None:
        return {}
    valid = _variants(operation.body, pool)
    return {
        "body": valid | valid | valid | _spoilt(valid) | _JSON,
        "raw": st.none() | st.none() | st.none() | st.none() | st.binary(max_size=40),
    }


@st.composite
def _spoilt(draw: st.DrawFn, valid: st.SearchStrategy[Any]) -> Any:
    """A valid body with one field too few, too many, or of another kind."""
    body = dict(draw(valid))
    if body:
        name = draw(st.sampled_from(sorted(body)))
        how = draw(st.sampled_from(["drop", "spoil", "null"]))
        if how == "drop":
            del body[name]
        else:
            body[name] = None if how == "null" else draw(_JSON | _ODD_TEXT)
    return body


def _variants(schema: Schema, pool: Pool) -> st.SearchStrategy[Any]:
    merged_schema = merged(schema)
    variants = merged_schema.get("variants")
    if not variants:
        return _object(merged_schema, pool)
    return st.one_of([_object({**merged_schema, **one}, pool) for one in variants])


def _object(schema: Schema, pool: Pool) -> st.SearchStrategy[dict[str, Any]]:
    required, fields = set(schema.get("required", ())), dict[str, Any]()
    for name, inner in schema.get("properties", {}).items():
        if not merged(inner).get("readOnly"):
            fields[name] = _value(inner, pool, name)
    return st.fixed_dictionaries(
        {name: one for name, one in fields.items() if name in required},
        optional={name: one for name, one in fields.items() if name not in required},
    )


def _value(schema: Schema, pool: Pool, name: str) -> st.SearchStrategy[Any]:
    """A value that a field may have, most often its example, or an id that exists."""
    schema = merged(schema)
    ids = [one for prefix in _PREFIXES.get(name, ()) for one in pool.get(prefix, ())]
    values: list[st.SearchStrategy[Any]] = []
    match kind(schema):
        case "object" if "properties" in schema:
            return _object(schema, pool)
        case "object":
            return st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2)
        case "array":
            return st.lists(_value(schema.get("items", {}), pool, name), max_size=2)
        case "string" if ids:
            return st.sampled_from(ids)
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            values = [st.sampled_from([1, 100, 6_623, 10_000]), st.integers(-1, 10**9)]
        case _:
            values = [st.text(max_size=12)]
    enum = [one for one in schema.get("enum", ()) if one is not None]
    if enum:
        return st.sampled_from(enum)
    if name == "purpose_code":
        return st.sampled_from(_CODES)
    if "example" in schema:
        values.insert(0, st.just(schema["example"]))
    if schema.get("format") in ("date", "date-time") or name in ("before", "after"):
        values.append(st.sampled_from(["2026-10-09", "2026-10-09T00:00:00Z", "2026-09-09"]))
    return st.one_of(values)
