"""Two pairs of eyes: a second person approves exactly one plan, and only that is paid.

An approval holds the digest of a plan: of the batch's name and of every row, in order. A row more,
a cent more or another payee is another plan. If the approver had a key, the approval is for its
account and environment only. It can be signed with an Ed25519 key, whose public
half whoever runs the batch has from the approver:

    openssl genpkey -algorithm ed25519 -out approver.pem
    openssl pkey -in approver.pem -pubout -out approver.pub.pem
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, cast

import attrs
from attrs import evolve, frozen

from glomo.money import Money

from .errors import BatchError
from .journal import Identity
from .output_file import replacing
from .plan import Plan
from .rows import canonical

_FORMAT = 1
_FIELDS = {
    "batch": str,
    "file": str,
    "rows": int,
    "totals": dict,
    "digest": str,
    "approved_by": str,
    "approved_at": str,
    "account": str,
}
_OPTIONAL = ("environment", "merchant")


class ApprovalError(BatchError):
    """An approval cannot be used, or is for another plan. Nothing was sent."""


@frozen
class Approval:
    """That somebody has approved exactly one plan.

    Attributes:
        batch: the batch's name.
        file: the payout file's name.
        rows: how many payouts it makes.
        totals: their sums in minor units, by currency.
        digest: the plan's digest, see `plan_digest`.
        approved_by: who has approved it, as they say.
        approved_at: when.
        account: the user and machine on which it was approved.
        environment, merchant: of the key with which the plan was checked: `production` or
            `sandbox`, and whose it is. `None` if there was none, or it does not say: then any will
            do.
        signature: of everything above, in base64; `None` if no key was given.
    """

    batch: str
    file: str
    rows: int
    totals: dict[str, int]
    digest: str
    approved_by: str
    approved_at: datetime
    account: str
    environment: str | None = None
    merchant: str | None = None
    signature: str | None = None

    @classmethod
    def of_plan(
        cls,
        plan: Plan,
        *,
        approved_by: str,
        account: str,
        identity: Identity | None = None,
        now: datetime | None = None,
    ) -> Self:
        """Approve a plan.

        Args:
            plan: what is approved.
            approved_by: the approver's name.
            account: the user and machine on which it happens.
            identity: what the plan is to be paid from; `None` if that is not known.
            now: the time; left out, the machine's.

        Raises:
            ApprovalError: the name is empty or cannot be printed.
        """
        if not approved_by.strip() or not approved_by.isprintable():
            raise ApprovalError(f"{approved_by!r} is not the name of an approver")
        return cls(
            batch=plan.name,
            file=plan.source,
            rows=len(plan),
            totals=_minor_totals(plan),
            digest=plan_digest(plan),
            approved_by=approved_by.strip(),
            approved_at=(now or datetime.now(UTC)).replace(microsecond=0),
            account=account,
            environment=None if identity is None else identity.environment,
            merchant=None if identity is None else identity.subject,
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """The approval in a file.

        Raises:
            ApprovalError: it is not one.
        """
        try:
            document: Any = json.loads(path.read_text(encoding="utf-8"))
            return cls.from_json(document)
        except (OSError, UnicodeDecodeError) as error:
            raise ApprovalError(f"the approval {path} cannot be read: {error}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise ApprovalError(f"{path} is not an approval of payouts ({error})") from None

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """An approval from the mapping that `to_json` gives.

        Raises:
            ValueError: it is something else.
        """
        if not isinstance(document, dict) or cast("dict[str, Any]", document).get("format") != 1:
            raise ValueError(f"format {_FORMAT} is what this version reads")
        fields = cast("dict[str, Any]", document)
        missing = [name for name, kind in _FIELDS.items() if not isinstance(fields.get(name), kind)]
        if missing:
            raise ValueError(f"{', '.join(missing)} missing")
        approved_at = datetime.fromisoformat(fields["approved_at"])
        if approved_at.tzinfo is None:
            raise ValueError("approved_at has no time zone")
        values: dict[str, Any] = {name: fields[name] for name in _FIELDS}
        for name in _OPTIONAL:
            if fields.get(name) is not None:
                values[name] = str(fields[name])
        values["approved_at"] = approved_at
        return cls(**values, signature=fields.get("signature") or None)

    def to_json(self) -> dict[str, Any]:
        """As JSON's own types."""
        fields = attrs.asdict(self, recurse=False)
        return {"format": _FORMAT, **fields, "approved_at": self.approved_at.isoformat()}

    def write(self, path: Path) -> Path:
        """Write it to a file, in the place of one that is there."""
        with replacing(path) as draft:
            text = json.dumps(self.to_json(), indent=2, ensure_ascii=False)
            draft.write_text(text + "\n", encoding="utf-8")
        return path

    def refuse_other_plan(self, plan: Plan) -> None:
        """Raise unless the plan is exactly the one that was approved.

        Raises:
            ApprovalError: it is another one; the message says in what they differ.
        """
        if plan_digest(plan) == self.digest:
            return
        raise ApprovalError(
            f"this is not what {self.approved_by} approved on {self.approved_at:%Y-%m-%d %H:%M}: "
            f"{self._difference(plan)}. Nothing was sent: have the plan approved as it is now"
        )

    def refuse_other_account(self, identity: Identity) -> None:
        """Raise if the plan was approved for another account or environment.

        Args:
            identity: what it is about to be paid from.

        Raises:
            ApprovalError: it was; the message says for which.
        """
        pairs = (
            ("environment", self.environment, identity.environment),
            ("account", self.merchant, identity.subject),
        )
        for kind, approved, current in pairs:
            if approved is not None and approved != current:
                raise ApprovalError(
                    f"{self.approved_by} approved this for the {kind} {approved}, and the key is "
                    f"for {current or 'an unknown one'}. Nothing was sent"
                )

    def _difference(self, plan: Plan) -> str:
        approved = _in_words(self.rows, self.totals)
        current = _in_words(len(plan), _minor_totals(plan))
        if self.batch != plan.name:
            return f"the approval is for the batch {self.batch!r}, this is {plan.name!r}"
        if approved != current:
            return f"approved were {approved}, now there are {current}"
        return f"{current} as approved, but of other rows, payees or details"

    # ----------------------------------------------------------------- signing

    def signed(self, private_key_pem: bytes) -> Self:
        """The same with a signature.

        Raises:
            ApprovalError: the key is not an Ed25519 private key without a password.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - only to sign
            load_pem_private_key,
        )

        try:
            key = load_pem_private_key(private_key_pem, password=None)
        except (ValueError, TypeError) as error:
            raise ApprovalError(f"the key to sign with cannot be read: {error}") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise ApprovalError("the key to sign with is not an Ed25519 private key")
        signature = base64.b64encode(key.sign(self._signed_text())).decode()
        return evolve(self, signature=signature)

    def refuse_unsigned(self, public_key_pem: bytes) -> None:
        """Raise unless the holder of this key has signed it.

        Raises:
            ApprovalError: it is not signed, or by another key, or was changed since.
        """
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only to verify
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PublicKey,
        )
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_public_key,
        )

        if self.signature is None:
            raise ApprovalError("the approval is not signed. Nothing was sent")
        try:
            key = load_pem_public_key(public_key_pem)
        except (ValueError, TypeError) as error:
            raise ApprovalError(f"the approver's public key cannot be read: {error}") from None
        if not isinstance(key, Ed25519PublicKey):
            raise ApprovalError("the approver's key is not an Ed25519 public key")
        try:
            key.verify(base64.b64decode(self.signature, validate=True), self._signed_text())
        except (InvalidSignature, binascii.Error):
            raise ApprovalError(
                "the approval was signed by another key, or was changed since. Nothing was sent"
            ) from None

    def _signed_text(self) -> bytes:
        fields = {name: value for name, value in self.to_json().items() if name != "signature"}
        for name in _OPTIONAL:
            if fields[name] is None:
                del fields[name]
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def plan_digest(plan: Plan) -> str:
    """The digest of exactly this plan: its name, and every row with all that is sent, in order."""
    digest = hashlib.sha256(canonical({"batch": plan.name}).encode())
    for row in plan:
        line = canonical({"reference": row.reference, "payload": row.payload})
        digest.update(b"\n" + line.encode())
    return f"sha256:{digest.hexdigest()}"


def _minor_totals(plan: Plan) -> dict[str, int]:
    totals: dict[str, int] = {}
    for sums in (plan.totals, plan.destination_totals):
        for currency, total in sums.items():
            totals[currency] = totals.get(currency, 0) + total.minor
    return totals


def _in_words(rows: int, totals: dict[str, int]) -> str:
    sums = ", ".join(str(Money(minor, currency)) for currency, minor in sorted(totals.items()))
    return f"{rows:,} {'row' if rows == 1 else 'rows'} ({sums})"
