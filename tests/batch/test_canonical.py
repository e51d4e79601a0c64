"""What is written directly, for speed, is what the long way gives."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from glomo import request_id_for
from glomo.batch import RowResult, RowStatus, SQLiteJournal
from glomo.batch.rows import Row, canonical

from .test_journal import IDENTITY, entry

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
AMOUNT = st.none() | st.integers(0, 10**15)
ROWS = st.builds(
    Row,
    number=st.integers(2, 10**6),
    reference=TEXT,
    beneficiary_id=TEXT,
    purpose_code=TEXT,
    source_currency=TEXT,
    destination_currency=TEXT,
    source_amount=AMOUNT,
    destination_amount=AMOUNT,
    payment_rail=st.none() | TEXT,
    invoice_number=st.none() | TEXT,
    documents=st.lists(TEXT, max_size=3).map(tuple),
    notes=st.dictionaries(TEXT, TEXT, max_size=3).map(lambda notes: tuple(notes.items())),
)


@given(ROWS)
def test_the_payload_of_a_row_has_one_text(row: Row) -> None:
    assert row.canonical == canonical(row.payload)


@given(TEXT.filter(bool), TEXT.filter(bool))
def test_a_request_id_is_the_digest_of_batch_and_reference_as_json(batch: str, name: str) -> None:
    pair = json.dumps([batch, name], ensure_ascii=False).encode()
    assert request_id_for(batch, name)[-32:] == hashlib.sha256(pair).hexdigest()[:32]


async def test_a_result_is_read_as_its_entry_would_be(journal: Path) -> None:
    """All columns, with and without values in them."""
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    full = evolve(
        entry("full", RowStatus.REJECTED, 7),
        generation=3,
        earlier_attempt_unknown=True,
        payout_id="payout_1",
        payout_status="failed",
        payout_created_at=datetime(2026, 11, 24, 10, 0, 0, 250_000, UTC),
        payout_details='{"utr": "1"}',
        error_code="PAYOUT_FAILED",
        error="the payout is failed",
    )
    entries = [full, entry("bare")]
    await book.write(entries)
    results = await book.results(["full", "bare", "absent"])
    await book.close()
    assert results == {one.reference: RowResult.of_entry(one) for one in entries}
