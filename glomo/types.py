"""Every model, request part, enumeration and status of the API, in one place.

    from glomo.types import Payout, PayoutStatus

A name is imported from its resource when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .resources._payins import (
        BankAccountDetails,
        BankAccountDetailsParams,
        PaymentMethodType,
        Product,
        ProductParams,
        RfiDocument,
    )
    from .resources._shared import (
        AttachedDocument,
        ConversionRate,
        DocumentStatus,
        Fees,
        RfiAnswer,
        TaxLine,
    )
    from .resources._subscription_plan import IntervalType
    from .resources._undocumented import UndocumentedAnswer
    from .resources.api_keys import RotatedApiKey
    from .resources.balance_conversions import BalanceConversion, BalanceConversionStatus
    from .resources.balances import Balances
    from .resources.bank_account_validations import (
        BankAccountValidation,
        BankAccountValidationStatus,
    )
    from .resources.beneficiaries import (
        Address,
        AddressParams,
        BankAccountParams,
        Beneficiary,
        BeneficiaryBankAccount,
        BeneficiaryCategory,
        BeneficiaryParams,
        BeneficiaryStatus,
        BeneficiaryType,
        IntermediateBank,
        IntermediateBankParams,
        ReviewAction,
        UpiAccount,
        UpiAccountParams,
    )
    from .resources.beneficiaries_v1 import BeneficiaryV1
    from .resources.customers import Customer, CustomerStatus, CustomerType, LrsBankAccount
    from .resources.documents import Document
    from .resources.internal_transfers import InternalTransfer
    from .resources.lrs import LrsBank, LrsBankCode, LrsQuote, LrsQuoteFor
    from .resources.merchant_categories import MerchantCategory, MerchantSubCategory
    from .resources.orders import LrsParams, Order, OrderStatus
    from .resources.payment_links import PaymentLink, PaymentLinkStatus
    from .resources.payment_methods import (
        BankTransferDetails,
        CardDetails,
        PaymentMethod,
        PayViaBankDetails,
        TransferType,
    )
    from .resources.payment_models import (
        ComplianceStatus,
        CreatedPayment,
        EligiblePayin,
        FeeBearer,
        FeeBreakdown,
        FeeBreakdownEntry,
        FeeCollectionMode,
        MockPaymentMethod,
        PayinType,
        Payment,
        PaymentErrorCode,
        PaymentFees,
        PaymentRfi,
        PaymentSequence,
        PaymentStatus,
        RemitterName,
        RfiRequirement,
    )
    from .resources.payouts import (
        MockPayoutStatus,
        PaymentRail,
        Payout,
        PayoutErrorCode,
        PayoutStatus,
    )
    from .resources.platform import (
        Gender,
        Merchant,
        MerchantAddress,
        MerchantEntityType,
        MerchantStatus,
    )
    from .resources.prices import Price, PricingType
    from .resources.quotes import (
        Quote,
        QuoteFor,
        QuoteMethod,
        QuoteMethodParams,
        QuotePaymentMethod,
        QuotePaymentMethodParams,
        Quotes,
        QuoteTransfer,
    )
    from .resources.refunds import MockRefundStatus, Refund, RefundReason, RefundStatus
    from .resources.rfis import Rfi, RfiResponse, RfiStatus
    from .resources.settlements import Settlement, SettlementStatus, Transaction
    from .resources.subscriptions import Subscription, SubscriptionStatus
    from .resources.virtual_accounts import (
        VirtualAccount,
        VirtualAccountPaymentType,
        VirtualAccountStatus,
    )
    from .resources.withdrawal_accounts import WithdrawalAccount
    from .resources.withdrawals import Withdrawal, WithdrawalPaymentMethod, WithdrawalStatus

__all__ = [
    "Address",
    "AddressParams",
    "AttachedDocument",
    "BalanceConversion",
    "BalanceConversionStatus",
    "Balances",
    "BankAccountDetails",
    "BankAccountDetailsParams",
    "BankAccountParams",
    "BankAccountValidation",
    "BankAccountValidationStatus",
    "BankTransferDetails",
    "Beneficiary",
    "BeneficiaryBankAccount",
    "BeneficiaryCategory",
    "BeneficiaryParams",
    "BeneficiaryStatus",
    "BeneficiaryType",
    "BeneficiaryV1",
    "CardDetails",
    "ComplianceStatus",
    "ConversionRate",
    "CreatedPayment",
    "Customer",
    "CustomerStatus",
    "CustomerType",
    "Document",
    "DocumentStatus",
    "EligiblePayin",
    "FeeBearer",
    "FeeBreakdown",
    "FeeBreakdownEntry",
    "FeeCollectionMode",
    "Fees",
    "Gender",
    "IntermediateBank",
    "IntermediateBankParams",
    "InternalTransfer",
    "IntervalType",
    "LrsBank",
    "LrsBankAccount",
    "LrsBankCode",
    "LrsParams",
    "LrsQuote",
    "LrsQuoteFor",
    "Merchant",
    "MerchantAddress",
    "MerchantCategory",
    "MerchantEntityType",
    "MerchantStatus",
    "MerchantSubCategory",
    "MockPaymentMethod",
    "MockPayoutStatus",
    "MockRefundStatus",
    "Order",
    "OrderStatus",
    "PayViaBankDetails",
    "PayinType",
    "Payment",
    "PaymentErrorCode",
    "PaymentFees",
    "PaymentLink",
    "PaymentLinkStatus",
    "PaymentMethod",
    "PaymentMethodType",
    "PaymentRail",
    "PaymentRfi",
    "PaymentSequence",
    "PaymentStatus",
    "Payout",
    "PayoutErrorCode",
    "PayoutStatus",
    "Price",
    "PricingType",
    "Product",
    "ProductParams",
    "Quote",
    "QuoteFor",
    "QuoteMethod",
    "QuoteMethodParams",
    "QuotePaymentMethod",
    "QuotePaymentMethodParams",
    "QuoteTransfer",
    "Quotes",
    "Refund",
    "RefundReason",
    "RefundStatus",
    "RemitterName",
    "ReviewAction",
    "Rfi",
    "RfiAnswer",
    "RfiDocument",
    "RfiRequirement",
    "RfiResponse",
    "RfiStatus",
    "RotatedApiKey",
    "Settlement",
    "SettlementStatus",
    "Subscription",
    "SubscriptionStatus",
    "TaxLine",
    "Transaction",
    "TransferType",
    "UndocumentedAnswer",
    "UpiAccount",
    "UpiAccountParams",
    "VirtualAccount",
    "VirtualAccountPaymentType",
    "VirtualAccountStatus",
    "Withdrawal",
    "WithdrawalAccount",
    "WithdrawalPaymentMethod",
    "WithdrawalStatus",
]

# Where each name is at home, for those that run rather than read.
_NAMES = {
    "_payins": (
        "BankAccountDetails BankAccountDetailsParams PaymentMethodType Product ProductParams "
        "RfiDocument"
    ),
    "_shared": "AttachedDocument ConversionRate DocumentStatus Fees RfiAnswer TaxLine",
    "_subscription_plan": "IntervalType",
    "_undocumented": "UndocumentedAnswer",
    "api_keys": "RotatedApiKey",
    "balance_conversions": "BalanceConversion BalanceConversionStatus",
    "balances": "Balances",
    "bank_account_validations": "BankAccountValidation BankAccountValidationStatus",
    "beneficiaries": (
        "Address AddressParams BankAccountParams Beneficiary BeneficiaryBankAccount "
        "BeneficiaryCategory BeneficiaryParams BeneficiaryStatus BeneficiaryType "
        "IntermediateBank IntermediateBankParams ReviewAction UpiAccount UpiAccountParams"
    ),
    "beneficiaries_v1": "BeneficiaryV1",
    "customers": "Customer CustomerStatus CustomerType LrsBankAccount",
    "documents": "Document",
    "internal_transfers": "InternalTransfer",
    "lrs": "LrsBank LrsBankCode LrsQuote LrsQuoteFor",
    "merchant_categories": "MerchantCategory MerchantSubCategory",
    "orders": "LrsParams Order OrderStatus",
    "payment_links": "PaymentLink PaymentLinkStatus",
    "payment_methods": (
        "BankTransferDetails CardDetails PayViaBankDetails PaymentMethod TransferType"
    ),
    "payment_models": (
        "ComplianceStatus CreatedPayment EligiblePayin FeeBearer FeeBreakdown "
        "FeeBreakdownEntry FeeCollectionMode MockPaymentMethod PayinType Payment "
        "PaymentErrorCode PaymentFees PaymentRfi PaymentSequence PaymentStatus RemitterName "
        "RfiRequirement"
    ),
    "payouts": "MockPayoutStatus PaymentRail Payout PayoutErrorCode PayoutStatus",
    "platform": "Gender Merchant MerchantAddress MerchantEntityType MerchantStatus",
    "prices": "Price PricingType",
    "quotes": (
        "Quote QuoteFor QuoteMethod QuoteMethodParams QuotePaymentMethod "
        "QuotePaymentMethodParams QuoteTransfer Quotes"
    ),
    "refunds": "MockRefundStatus Refund RefundReason RefundStatus",
    "rfis": "Rfi RfiResponse RfiStatus",
    "settlements": "Settlement SettlementStatus Transaction",
    "subscriptions": "Subscription SubscriptionStatus",
    "virtual_accounts": "VirtualAccount VirtualAccountPaymentType VirtualAccountStatus",
    "withdrawal_accounts": "WithdrawalAccount",
    "withdrawals": "Withdrawal WithdrawalPaymentMethod WithdrawalStatus",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__package__}.resources.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
