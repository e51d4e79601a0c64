"""Every model, request part, enumeration and status of the API, in one place.

    from glomo.types import Payout, PayoutStatus

A name is imported from its module in `glomo.models` when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models.api_keys import RotatedApiKey
    from .models.balance_conversions import BalanceConversion, BalanceConversionStatus
    from .models.balances import Balances
    from .models.bank_account_validations import BankAccountValidation, BankAccountValidationStatus
    from .models.beneficiaries import (
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
    from .models.beneficiaries_v1 import BeneficiaryV1
    from .models.customers import Customer, CustomerStatus, CustomerType, LrsBankAccount
    from .models.documents import Document
    from .models.internal_transfers import InternalTransfer
    from .models.lrs import LrsBank, LrsBankCode, LrsQuote, LrsQuoteFor
    from .models.merchant_categories import MerchantCategory, MerchantSubCategory
    from .models.orders import LrsParams, Order, OrderStatus
    from .models.payins import (
        BankAccountDetails,
        BankAccountDetailsParams,
        PaymentMethodType,
        Product,
        ProductParams,
        RfiDocument,
    )
    from .models.payment_links import PaymentLink, PaymentLinkStatus
    from .models.payment_methods import (
        BankTransferDetails,
        CardDetails,
        PaymentMethod,
        PayViaBankDetails,
        TransferType,
    )
    from .models.payments import (
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
    from .models.payouts import MockPayoutStatus, PaymentRail, Payout, PayoutErrorCode, PayoutStatus
    from .models.platform import (
        Gender,
        Merchant,
        MerchantAddress,
        MerchantEntityType,
        MerchantStatus,
    )
    from .models.prices import Price, PricingType
    from .models.quotes import (
        Quote,
        QuoteFor,
        QuoteMethod,
        QuoteMethodParams,
        QuotePaymentMethod,
        QuotePaymentMethodParams,
        Quotes,
        QuoteTransfer,
    )
    from .models.refunds import MockRefundStatus, Refund, RefundReason, RefundStatus
    from .models.rfis import Rfi, RfiResponse, RfiStatus
    from .models.settlements import Settlement, SettlementStatus, Transaction
    from .models.shared import (
        AttachedDocument,
        ConversionRate,
        DocumentStatus,
        Fees,
        RfiAnswer,
        TaxLine,
    )
    from .models.subscriptions import IntervalType, Subscription, SubscriptionStatus
    from .models.undocumented import UndocumentedResponse
    from .models.virtual_accounts import (
        VirtualAccount,
        VirtualAccountPaymentType,
        VirtualAccountStatus,
    )
    from .models.withdrawal_accounts import WithdrawalAccount
    from .models.withdrawals import Withdrawal, WithdrawalPaymentMethod, WithdrawalStatus

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
    "UndocumentedResponse",
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

_NAMES = {
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
    "payins": (
        "BankAccountDetails BankAccountDetailsParams PaymentMethodType Product "
        "ProductParams RfiDocument"
    ),
    "payment_links": "PaymentLink PaymentLinkStatus",
    "payment_methods": (
        "BankTransferDetails CardDetails PayViaBankDetails PaymentMethod TransferType"
    ),
    "payments": (
        "ComplianceStatus CreatedPayment EligiblePayin FeeBearer FeeBreakdown "
        "FeeBreakdownEntry FeeCollectionMode MockPaymentMethod PayinType Payment "
        "PaymentErrorCode PaymentFees PaymentRfi PaymentSequence PaymentStatus "
        "RemitterName RfiRequirement"
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
    "shared": "AttachedDocument ConversionRate DocumentStatus Fees RfiAnswer TaxLine",
    "subscriptions": "IntervalType Subscription SubscriptionStatus",
    "undocumented": "UndocumentedResponse",
    "virtual_accounts": "VirtualAccount VirtualAccountPaymentType VirtualAccountStatus",
    "withdrawal_accounts": "WithdrawalAccount",
    "withdrawals": "Withdrawal WithdrawalPaymentMethod WithdrawalStatus",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__package__}.models.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
