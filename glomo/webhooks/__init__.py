"""Webhooks: what Glomo tells you, verified, typed and handled once.

    event = webhooks.parse(body, signature, SECRETS)

or with a `Router`, which calls a function for each kind of event.
"""

from . import events, testing
from .callbacks import sign_callback, verify_callback
from .dedupe import AsyncDedupeStore, Claim, DedupeStore
from .event import Event, UnreadableEvent
from .events import *
from .parsing import parse
from .progress import moves_forward
from .reconcile import Reconciliation, reconcile
from .routing import Router
from .signatures import sign, verify
from .stores import MemoryStore, SQLiteStore

__all__ = [
    "AsyncDedupeStore",
    "Claim",
    "DedupeStore",
    "Event",
    "MemoryStore",
    "Reconciliation",
    "Router",
    "SQLiteStore",
    "UnreadableEvent",
    "moves_forward",
    "parse",
    "reconcile",
    "sign",
    "sign_callback",
    "testing",
    "verify",
    "verify_callback",
]
__all__ += events.__all__
