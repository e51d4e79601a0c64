"""Webhooks for code without await: the same events, with a router for plain functions.

events = webhooks.Router(SECRETS)

@events.on(webhooks.PayoutFailed)
def failed(event: webhooks.PayoutFailed) -> None: ...

@events.otherwise
def ignored(event: webhooks.Event) -> None: ...

events.handle(body, signature)
"""

from glomo.webhooks import testing as testing
from glomo.webhooks.callbacks import sign_callback as sign_callback
from glomo.webhooks.callbacks import verify_callback as verify_callback
from glomo.webhooks.dedupe import Claim as Claim
from glomo.webhooks.dedupe import DedupeStore as DedupeStore
from glomo.webhooks.event import Event as Event
from glomo.webhooks.event import UnreadableEvent as UnreadableEvent
from glomo.webhooks.events.amc_folio_transaction import *
from glomo.webhooks.events.balance import *
from glomo.webhooks.events.beneficiary import *
from glomo.webhooks.events.internal_transfer import *
from glomo.webhooks.events.kyc_journey import *
from glomo.webhooks.events.merchant import *
from glomo.webhooks.events.order import *
from glomo.webhooks.events.payment import *
from glomo.webhooks.events.payment_link import *
from glomo.webhooks.events.payout import *
from glomo.webhooks.events.refund import *
from glomo.webhooks.events.settlement import *
from glomo.webhooks.events.subscription import *
from glomo.webhooks.events.virtual_account import *
from glomo.webhooks.events.webhook_test import *
from glomo.webhooks.models import AmcFolioTransaction as AmcFolioTransaction
from glomo.webhooks.models import FundedBalanceCredit as FundedBalanceCredit
from glomo.webhooks.models import KycJourney as KycJourney
from glomo.webhooks.parsing import parse as parse
from glomo.webhooks.progress import moves_forward as moves_forward
from glomo.webhooks.reconcile import Reconciliation as Reconciliation
from glomo.webhooks.signatures import sign as sign
from glomo.webhooks.signatures import verify as verify
from glomo.webhooks.stores import MemoryStore as MemoryStore
from glomo.webhooks.stores import SQLiteStore as SQLiteStore

from .reconcile import reconcile as reconcile
from .routing import Router as Router
