"""One or more calls for every operation, which together use every parameter."""

from __future__ import annotations

from collections.abc import Mapping

from .call_arguments import CallArguments
from .calls_account import CALLS as ACCOUNT
from .calls_payins import CALLS as PAYINS
from .calls_payouts import CALLS as PAYOUTS

CALLS: Mapping[str, tuple[CallArguments, ...]] = {**ACCOUNT, **PAYINS, **PAYOUTS}
