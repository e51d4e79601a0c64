"""Pricing splits: the merchant's share of a dynamic rule's fee; the customer bears the rest.

The API serves no operation that creates one, so `Sandbox.add_split` puts them in place. A split
(`psplit_...`) points at a dynamic rule (`price_...`) of a payment method; all rules of one method
must be declared together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .account import Account
from .errors import ApiError, bad_request
from .store import Record

KIND = "split"


def resolve(account: Account, split_ids: Sequence[str], methods: Collection[str]) -> list[Record]:
    """The splits with these ids, for a payin with these methods; raises the 400 they deserve."""
    if not split_ids:
        if account.options.require_splits:
            raise _invalid("are required when dynamic fee splits are enforced")
        return []
    splits = live(account, split_ids)
    declared = {split["price_id"] for split in splits}
    for other in account.store.all(KIND):
        duplicate = any(other["payment_method"] == split["payment_method"] for split in splits)
        if other["live"] and duplicate and other["price_id"] not in declared:
            raise _invalid(
                "must be declared for every dynamic rule on the dimension, "
                f"missing rules: {other['price_id']}"
            )
    for split in splits:
        if split["payment_method"] not in methods:
            raise _invalid(
                f"are not valid for any enabled payment method: {split['payment_method']}"
            )
    return splits


def live(account: Account, split_ids: Sequence[str]) -> list[Record]:
    """The splits with these ids; raises the 400 of one that does not exist or is stale."""
    splits: list[Record] = []
    for split_id in split_ids:
        split = account.store.get(KIND, split_id)
        if split is None or not split["live"]:
            raise _invalid(f"are invalid or no longer point at a dynamic rule: {split_id}")
        splits.append(split)
    return splits


def add(
    account: Account,
    payment_method: str,
    *,
    merchant_share_bps: int,
    price_id: str | None,
    live: bool,
) -> Record:
    """Put a split in place; without `price_id` it points at a rule of its own."""
    split_id = account.new_id("psplit", KIND)
    split = {
        "id": split_id,
        "payment_method": payment_method,
        "merchant_share_bps": merchant_share_bps,
        "price_id": price_id or account.engine.ids.make("price", split_id),
        "live": live,
        **account.stamps(),
    }
    return account.store.put(KIND, split_id, split)


def _invalid(problem: str) -> ApiError:
    return bad_request(f"Validation failed: Split ids {problem}")
