"""Webhooks: what Glomo tells you, verified, typed and handled once.

    event = webhooks.parse(body, signature, SECRETS)

or with a `Router`, which calls a function for each kind of event.
"""

from . import testing as testing
from .callbacks import sign_callback as sign_callback
from .callbacks import verify_callback as verify_callback
from .dedupe import AsyncDedupeStore as AsyncDedupeStore
from .dedupe import Claim as Claim
from .dedupe import DedupeStore as DedupeStore
from .event import Event as Event
from .event import UnreadableEvent as UnreadableEvent
from .events.amc_folio_transaction import *
from .events.balance import *
from .events.beneficiary import *
from .events.internal_transfer import *
from .events.kyc_journey import *
from .events.merchant import *
from .events.order import *
from .events.payment import *
from .events.payment_link import *
from .events.payout import *
from .events.refund import *
from .events.settlement import *
from .events.subscription import *
from .events.virtual_account import *
from .events.webhook_test import *
from .models import AmcFolioTransaction as AmcFolioTransaction
from .models import FundedBalanceCredit as FundedBalanceCredit
from .models import KycJourney as KycJourney
from .parsing import parse as parse
from .progress import moves_forward as moves_forward
from .reconcile import Reconciliation as Reconciliation
from .reconcile import reconcile as reconcile
from .routing import Router as Router
from .signatures import sign as sign
from .signatures import verify as verify
from .stores import MemoryStore as MemoryStore
from .stores import SQLiteStore as SQLiteStore
