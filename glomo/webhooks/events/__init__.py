"""A class for every event that Glomo documents, one file an entity.

A new event is a new class in the file of its entity; a new entity is a new file, named here.
"""

from . import (
    amc_folio_transaction,
    balance,
    beneficiary,
    internal_transfer,
    kyc_journey,
    merchant,
    order,
    payment,
    payment_link,
    payout,
    refund,
    settlement,
    subscription,
    virtual_account,
    webhook_test,
)
from .amc_folio_transaction import *
from .balance import *
from .beneficiary import *
from .internal_transfer import *
from .kyc_journey import *
from .merchant import *
from .order import *
from .payment import *
from .payment_link import *
from .payout import *
from .refund import *
from .settlement import *
from .subscription import *
from .virtual_account import *
from .webhook_test import *

__all__: list[str] = []
__all__ += amc_folio_transaction.__all__
__all__ += balance.__all__
__all__ += beneficiary.__all__
__all__ += internal_transfer.__all__
__all__ += kyc_journey.__all__
__all__ += merchant.__all__
__all__ += order.__all__
__all__ += payment.__all__
__all__ += payment_link.__all__
__all__ += payout.__all__
__all__ += refund.__all__
__all__ += settlement.__all__
__all__ += subscription.__all__
__all__ += virtual_account.__all__
__all__ += webhook_test.__all__
