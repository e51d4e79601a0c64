"""How the API's ids begin: with the kind of their object. `payout_...` is never an order.

Of several ways to begin, the first is the usual one. Calls check the ids that they are given by
these before anything is sent, and responses those that they show.
"""

from __future__ import annotations

from collections.abc import Mapping

BALANCE_CONVERSION = ("conv_",)
BANK_ACCOUNT_VALIDATION = ("aval_",)
BENEFICIARY = ("bene_", "ben_")
CUSTOMER = ("cust_",)
DOCUMENT = ("doc_",)
INTERNAL_TRANSFER = ("inttransfer_",)
LRS_BANK_ACCOUNT = ("acclrs_",)
MERCHANT = ("merch_",)
ORDER = ("order_",)
PAYIN = ("plink_", "order_", "addfunds_")
PAYMENT = ("payt_",)
PAYMENT_LINK = ("plink_", "payin_", "addfunds_")
PAYOUT = ("payout_", "pout_")
PRICE = ("price_",)
QUOTE = ("quote_", "quo_")
REFUND = ("refund_", "refu_")
RFI = ("rfi_",)
SETTLEMENT = ("setl_",)
SPLIT = ("psplit_",)
SUBSCRIPTION = ("sub_",)
WITHDRAWAL_ACCOUNT = ("accwith_",)

BY_MODEL: Mapping[str, tuple[str, ...]] = {
    "BalanceConversion": BALANCE_CONVERSION,
    "BankAccountValidation": BANK_ACCOUNT_VALIDATION,
    "Beneficiary": BENEFICIARY,
    "BeneficiaryV1": BENEFICIARY,
    "CreatedPayment": PAYMENT,
    "Customer": CUSTOMER,
    "Document": DOCUMENT,
    "InternalTransfer": INTERNAL_TRANSFER,
    "LrsBankAccount": LRS_BANK_ACCOUNT,
    "LrsQuote": QUOTE,
    "Merchant": MERCHANT,
    "Order": ORDER,
    "Payment": PAYMENT,
    "PaymentLink": PAYMENT_LINK,
    "Payout": PAYOUT,
    "Price": PRICE,
    "Refund": REFUND,
    "Rfi": RFI,
    "Settlement": SETTLEMENT,
    "Subscription": SUBSCRIPTION,
    "Withdrawal": PAYOUT,  # these are the same ids
    "WithdrawalAccount": WITHDRAWAL_ACCOUNT,
}
"""By a model's name, how its ids begin. A model that is not here may have any id."""
