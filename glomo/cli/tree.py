"""Every command: its words, where it lives, what it does. Data alone, so that help is instant.

`app.py` builds the command line from these tables, `output/front_page.py` the page that `glomo`
shows. A command's module is imported when that command is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Command(NamedTuple):
    """A command.

    Attributes:
        words: what is typed after `glomo`.
        target: module under `glomo.cli.commands` and function.
        summary: one line.
        example: what one types, after `glomo`.
    """

    words: str
    target: str
    summary: str
    example: str


class Section(NamedTuple):
    """Commands that belong together on the front page."""

    title: str
    commands: tuple[Command, ...]


class Reads(NamedTuple):
    """What can be read of one resource.

    Attributes:
        name: the resource, as the client names it.
        noun: what one of them is called.
        columns: what a list shows: attributes of the model, or of a model in it; a heading of its
            own stands behind a colon.
        verbs: the client's methods that are offered.
    """

    name: str
    noun: str
    columns: tuple[str, ...]
    verbs: tuple[str, ...] = ("list", "retrieve")

    @property
    def plural(self) -> str:
        """What several of them are called."""
        return self.name.replace("_v1", "").replace("_", " ")

    @property
    def word(self) -> str:
        """The resource as it is typed."""
        return self.name.replace("_", "-")


SECTIONS = (
    Section(
        "Pay a file",
        (
            Command(
                "payouts sample",
                "payouts.sample:sample",
                "Write an example payout file.",
                "payouts sample --rows 20 > november.csv",
            ),
            Command(
                "payouts template",
                "payouts.template:template",
                "Write a workbook to fill in.",
                "payouts template november.xlsx",
            ),
            Command(
                "payouts plan",
                "payouts.plan:plan",
                "Check it, and show what it comes to.",
                "payouts plan november.xlsx --quote --max-amount USD=50000.00",
            ),
            Command(
                "payouts run",
                "payouts.run:run",
                "Pay it: each row once, however often run.",
                "payouts run november.xlsx --approval november.approval.json",
            ),
            Command(
                "payouts status",
                "payouts.status:status",
                "How far it is, from its journal.",
                "payouts status november.xlsx",
            ),
            Command(
                "payouts track",
                "payouts.track:track",
                "Follow it until the money arrived.",
                "payouts track november.xlsx --timeout 3600",
            ),
            Command(
                "payouts report",
                "payouts.report:report",
                "Write the report to forward.",
                "payouts report november.xlsx",
            ),
        ),
    ),
    Section(
        "Pay it from many machines",
        (
            Command(
                "worker",
                "worker:worker",
                "Pay slices of files: as many as you like.",
                "worker --postgres postgresql://db/payouts",
            ),
            Command(
                "payouts move",
                "payouts.move:move",
                "Go on with a file that was begun here.",
                "payouts move november.xlsx --postgres postgresql://db/payouts",
            ),
        ),
    ),
    Section(
        "Look things up",
        (
            Command("balances", "balances:balances", "What is available, by currency.", "balances"),
            Command(
                "purpose-codes search",
                "purpose_codes:search",
                "Find the code for what a payment is for.",
                "purpose-codes search software consulting",
            ),
            Command(
                "request",
                "request:request",
                "Call any operation: METHOD PATH.",
                "request GET /v1/payouts --query status=failed",
            ),
        ),
    ),
    Section(
        "Set up",
        (
            Command(
                "whoami", "whoami:whoami", "Whether the key works, where, and for what.", "whoami"
            ),
            Command(
                "config",
                "config:app",
                "Profiles: keys and addresses by name.",
                "config",
            ),
            Command(
                "sandbox",
                "sandbox:sandbox",
                "Serve a local Glomo to try things with.",
                "sandbox --open --forward-to http://127.0.0.1:8000/glomo",
            ),
            Command(
                "webhooks trigger",
                "webhooks:trigger",
                "Have a sandbox send an event.",
                "webhooks trigger payout.failed --set error_code=INVALID_BENE_IFSC",
            ),
            Command(
                "webhooks resend",
                "webhooks:resend",
                "Have a sandbox send one again.",
                "webhooks resend",
            ),
            Command(
                "webhooks verify",
                "webhooks:verify",
                "Check the signature of a webhook.",
                "webhooks verify body.json --signature SIGNATURE",
            ),
            Command(
                "completion",
                "completion:completion",
                "Set up Tab completion in the shell.",
                "completion --install",
            ),
        ),
    ),
)

_LIST = ("list",)

GROUPS = {
    "webhooks": "Try out webhooks: with a sandbox that is running, or with a file.",
    "payouts": "Pay files of payouts; read payouts.",
    "purpose-codes": "Why money moves: Glomo's purpose codes.",
}

READS = (
    Reads(
        "balance_conversions", "conversion", ("id", "status", "from_", "to", "created_at"), _LIST
    ),
    Reads(
        "bank_account_validations",
        "validation of a bank account",
        ("id", "status", "validation_message", "fee_charged"),
        _LIST,
    ),
    Reads(
        "beneficiaries",
        "beneficiary",
        ("id", "status", "name", "bank_account.currency", "bank_account.name:bank"),
    ),
    Reads(
        "beneficiaries_v1",
        "beneficiary of the API's first version",
        ("id", "holder_name", "bank_name", "country", "created_at"),
    ),
    Reads("customers", "customer", ("id", "status", "name", "customer_type", "country")),
    Reads("documents", "document", ("id", "status", "document_name", "created_at"), _LIST),
    Reads("orders", "order", ("id", "status", "money:amount", "customer_id", "created_at")),
    Reads(
        "payment_links",
        "payment link",
        ("id", "status", "money:amount", "customer_id", "created_at"),
    ),
    Reads(
        "payments",
        "payment",
        ("id", "status", "payment:amount", "customer_id", "error_code", "created_at"),
    ),
    Reads(
        "payouts",
        "payout",
        ("id", "status", "source", "destination", "beneficiary_id", "error_code", "created_at"),
    ),
    Reads("prices", "price", ("id", "pricing_type", "fees", "bps", "created_at")),
    Reads("refunds", "refund", ("id", "status", "money:amount", "payment_id", "created_at")),
    Reads(
        "rfis",
        "request for information",
        ("id", "status", "reason_code", "response_deadline"),
    ),
    Reads("settlements", "settlement", ("id", "status", "money:amount", "utr", "created_at")),
    Reads(
        "subscriptions", "subscription", ("id", "status", "money:amount", "plan_name", "start_date")
    ),
    Reads(
        "virtual_accounts",
        "virtual account",
        ("account_id", "status", "currency", "name", "created_at"),
        _LIST,
    ),
    Reads("withdrawal_accounts", "withdrawal account", ("id", "holder_name", "currency")),
    Reads("withdrawals", "withdrawal", ("id", "status", "money:amount", "created_at"), _LIST),
)


def all_commands() -> Iterator[Command]:
    """Every command, those of the resources too."""
    for section in SECTIONS:
        yield from section.commands
    for reads in READS:
        for verb in reads.verbs:
            summary = f"The newest {reads.plural}." if verb == "list" else f"One {reads.noun}."
            words, target = f"{reads.word} {verb}", f"resources:{verb}_{reads.name}"
            arguments = "--limit 5 --json" if verb == "list" else "ID --json"
            yield Command(words, target, summary, f"{words} {arguments}")
