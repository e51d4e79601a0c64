"""Calls around the account: balances, settlements, platform, keys, documents."""

from __future__ import annotations

from collections.abc import Mapping

from .call_arguments import PAGE, SPAN, CallArguments, arguments

_RFI = [{"rfi_doc_id": "rfidoc_6a72a39b38jDD", "doc_id": "doc_67fc2f42468Bw"}]

CALLS: Mapping[str, tuple[CallArguments, ...]] = {
    "api_keys.rotate": (arguments(expire_after_in_seconds=3600),),
    "balance_conversions.create": (
        arguments(source_currency="USD", target_currency="EUR", source_amount=1000),
        arguments(source_currency="USD", target_currency="EUR", target_amount=1000),
    ),
    "balance_conversions.list": (arguments(source_currency="USD", target_currency="EUR", **SPAN),),
    "balances.retrieve": (arguments(),),
    "documents.create": (
        arguments(
            file=b"%PDF-1.7 invoice",
            document_name="invoice",
            file_name="invoice.pdf",
            content_type="application/pdf",
            on_progress=lambda sent, size: None,
        ),
    ),
    "documents.list": (arguments(**SPAN),),
    "internal_transfers.create": (
        arguments(
            amount=10000,
            currency="AED",
            reference="sample-reference",
            from_merchant_id="merch_68cc1216xPrdU",
            to_merchant_id="merch_68cc0571y5S4h",
        ),
    ),
    "platform.mock_update_merchant_status": (
        CallArguments(
            ("merch_68c777fcOOMpl",),
            {"target_status": "success"},
            in_body={"merchant_id": "merch_68c777fcOOMpl"},
        ),
    ),
    "platform.onboard_merchant": (
        arguments(
            name="Child Business Name",
            address_line1="456 Commerce Street",
            address_line2="Suite 101",
            city="Mumbai",
            state="Maharashtra",
            pincode="400001",
            registration_number="REG123456",
            registration_country="IND",
            entity_type="individual",
            category="Agricultural Services",
            sub_category="Veterinary Services",
            operation_countries=["IND", "USA"],
            date_of_birth="2001-08-04",
            gender="male",
        ),
    ),
    "platform.retrieve_merchant": (arguments("merch_68c777fcOOMpl"),),
    "rfis.list": (arguments(**PAGE),),
    "rfis.respond": (
        arguments(
            "rfi_6a72a39b38jDD",
            documents=_RFI,
            fields={"remark": "as asked"},
        ),
        CallArguments(
            ("rfi_6a72a39b38jDD",),
            {
                "documents": [
                    {"rfi_doc_id": "rfidoc_6a72a39b38jDD", "doc_id": "doc_67fc2f42468Bw"}
                ],
                "documents_key": "responses",
            },
            in_body={
                "documents": None,
                "documents_key": None,
                "responses": _RFI,
            },
        ),
    ),
    "rfis.retrieve": (arguments("rfi_6a72a39b38jDD"),),
    "settlements.create": (
        arguments(amount=1000, balance_currency="USD"),
        arguments(payment_ids=["payt_E602dMzgjpDC", "payt_F703eMahkqED"]),
    ),
    "settlements.list": (arguments(**SPAN),),
    "settlements.list_transactions": (arguments("setl_6878e266jt1P3", **SPAN),),
    "settlements.mock_trigger": (arguments(),),
    "settlements.retrieve": (arguments("setl_6878e266jt1P3"),),
    "virtual_accounts.close": (arguments(payment_type="local", currency="USD"),),
    "virtual_accounts.create": (arguments(payment_type="local", currency="AED"),),
    "virtual_accounts.list": (arguments(currency="USD", **SPAN),),
    "withdrawal_accounts.list": (arguments(**SPAN),),
    "withdrawal_accounts.retrieve": (arguments("accwith_5JU9yv0lGSUP"),),
    "withdrawals.create": (
        arguments(
            amount=1000, balance_currency="USD", withdrawal_account_id="accwith_5JU9yv0lGSUP"
        ),
    ),
    "withdrawals.list": (
        arguments(withdrawal_account_id="accwith_162843c10333", status="in_progress", **SPAN),
    ),
}
