"""Customers: those who pay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Unpack

from glomo.errors import AlreadyTakenError, OutcomeUnknownError
from glomo.http.operation import CallOptions, Operation, Replay
from glomo.id_prefixes import CUSTOMER
from glomo.models.customers import Customer, CustomerType, KycParams, LrsBankAccount
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import parties

_NAME = re.compile(r"[A-Za-z0-9 &.,'-]{2,128}\Z")
_LRS_NAME = re.compile(r"[A-Za-z0-9 ]{2,128}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


CREATE = Operation(
    "customers.create",
    "POST",
    "/v1/customer",
    Customer,
    Replay.NONE,
    find_out="Look for it in customers.list(email_address=...) before creating it again.",
    check=parties.check_customer,
    echoes=same_names("email"),
)
LIST = ListOperation(
    "customers.list", "/v1/customer", Customer, check=parties.check_customer_filters
)
RETRIEVE = Operation("customers.retrieve", "GET", "/v1/customer/{id}", Customer)
CREATE_BANK_ACCOUNT = Operation(
    "customers.create_bank_account",
    "POST",
    "/v1/customer/{id}/bank-accounts",
    UndocumentedResponse,
    Replay.NONE,
    find_out=(
        "A customer has one active account and a new one replaces it: "
        "registering the same account again does no harm."
    ),
    check=parties.check_bank_account,
    echoes=same_names("account_number"),
)
CREATE_LRS_BANK_ACCOUNT = Operation(
    "customers.create_lrs_bank_account",
    "POST",
    "/v1/customer/{id}/bank_account",
    LrsBankAccount,
    Replay.NONE,
    find_out="No call reads LRS accounts: the dashboard shows them.",
    check=parties.check_lrs_bank_account,
    echoes=same_names("account_number", "bank_code"),
)


class CustomersResource(Resource):
    """Customers of the account."""

    id_prefixes = CUSTOMER

    async def create(
        self,
        *,
        name: str,
        customer_type: CustomerType | Literal["individual", "business"],
        email: str,
        address: str,
        city: str,
        state: str,
        country: str,
        pincode: str | Omit = OMIT,
        phone: str | Omit = OMIT,
        dob: date | str | Omit = OMIT,
        nationality: str | Omit = OMIT,
        tax_identification_number: str | Omit = OMIT,
        kyc: KycParams | Mapping[str, Any] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Customer:
        """Add a customer.

        A customer is unique by email and country; later only email and phone can change. The API
        has no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createCustomer` (`POST /customer`).

        Args:
            name: 2 to 128 letters, digits, spaces and `& . , ' -`; for LRS no punctuation.
            customer_type: `individual` or `business`.
            email: where payment links and reminders go.
            address: street address.
            city: city.
            state: state or province.
            country: ISO 3166-1 alpha-3 code (`IND`, `USA`).
            pincode: postal code; countries that have them need it.
            phone: with country code (`+91-9023456789`); LRS needs it.
            dob: date of birth, as a `date` or `YYYY-MM-DD`.
            nationality: ISO 3166-1 alpha-3 code.
            tax_identification_number: the PAN under the name that responses give it; LRS takes it
                in `kyc`.
            kyc: for LRS, `{"pan_number": ...}`.

        Returns:
            The customer.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field, or the email is taken.
            OutcomeUnknownError: the customer may exist.
        """
        body = {
            "name": name,
            "customer_type": customer_type,
            "email": email,
            "address": address,
            "city": city,
            "state": state,
            "country": country,
            "pincode": pincode,
            "phone": phone,
            "dob": dob,
            "nationality": nationality,
            "tax_identification_number": tax_identification_number,
            "kyc": kyc,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        customer_type: CustomerType | Literal["individual", "business"] | Omit = OMIT,
        email_address: str | Omit = OMIT,
        tax_identification_number: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Customer]:
        """List customers, newest first.

        API operation: `getCustomers` (`GET /customer`).

        Args:
            customer_type: only persons, or only companies.
            email_address: only customers with this email.
            tax_identification_number: only the LRS customer with this whole PAN, in any case.
            before: only customers created at or before this time.
            after: only customers created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for customer in glomo.customers.list(): ...`.
        """
        filters = {
            "customer_type": customer_type,
            "email_address": email_address,
            "tax_identification_number": tax_identification_number,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Customer:
        """Read one customer.

        API operation: `getCustomerById` (`GET /customer/{id}`).

        Args:
            id: the customer (`cust_...`).

        Raises:
            NotFoundError: no such customer in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def create_bank_account(
        self,
        id: str,
        *,
        account_number: str,
        bic_primary: str | Omit = OMIT,
        bic_secondary: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> UndocumentedResponse:
        """Register the account that a customer pays from, where accounts are verified.

        A customer has one active account: a new one replaces it. The operation is documented in
        part: `extra_body` takes further fields, and the response's fields are in `extra`.

        API operation: `createCustomerBankAccount` (`POST /customer/{id}/bank-accounts`).

        Args:
            id: the customer (`cust_...`).
            account_number: the account.
            bic_primary: its SWIFT code; this or `bic_secondary`.
            bic_secondary: its local routing code, such as an IFSC.

        Returns:
            What the API responded; its shape is not documented.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            NotFoundError: no such customer.
            OutcomeUnknownError: the account may be registered.
        """
        body = {
            "account_number": account_number,
            "bic_primary": bic_primary,
            "bic_secondary": bic_secondary,
        }
        return await self._send(CREATE_BANK_ACCOUNT, options, path={"id": id}, body=body)

    async def create_lrs_bank_account(
        self,
        id: str,
        *,
        bank_code: str,
        account_number: str,
        bank_customer_id: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> LrsBankAccount:
        """Register the Indian account that a customer's LRS remittances come from.

        A customer can have several. These are other accounts than those of `create_bank_account`.

        API operation: `createLrsCustomerBankAccount` (`POST /customer/{id}/bank_account`).

        Args:
            id: the customer (`cust_...`).
            bank_code: a bank of `lrs.list_banks` (`hdfc`).
            account_number: the account at that bank, in digits.
            bank_customer_id: the customer's id at that bank, in digits.

        Returns:
            The account; orders take its `id` in `lrs`. Its `account_number` is whole, though a repr
            shows it masked.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: no such customer (this call does not respond 404), no such bank, or the
                account is registered already.
            OutcomeUnknownError: the account may be registered.
        """
        body = {
            "bank_code": bank_code,
            "account_number": account_number,
            "bank_customer_id": bank_customer_id,
        }
        return await self._send(CREATE_LRS_BANK_ACCOUNT, options, path={"id": id}, body=body)

    async def find_or_create(
        self,
        *,
        name: str,
        customer_type: CustomerType | Literal["individual", "business"],
        email: str,
        address: str,
        city: str,
        state: str,
        country: str,
        pincode: str | Omit = OMIT,
        phone: str | Omit = OMIT,
        dob: date | str | Omit = OMIT,
        nationality: str | Omit = OMIT,
        tax_identification_number: str | Omit = OMIT,
        kyc: KycParams | Mapping[str, Any] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Customer:
        """Give the customer with this email and country; add one if there is none.

        One that exists is returned as it is, whatever the other parameters say. Two calls at once
        give the same customer.

        API operations: `getCustomers` (`GET /customer`) and `createCustomer` (`POST /customer`).

        Args:
            name: 2 to 128 letters, digits, spaces and `& . , ' -`; for LRS no punctuation.
            customer_type: `individual` or `business`.
            email: where payment links and reminders go; its case does not matter.
            address: street address.
            city: city.
            state: state or province.
            country: ISO 3166-1 alpha-3 code (`IND`, `USA`).
            pincode: postal code; countries that have them need it.
            phone: with country code (`+91-9023456789`); LRS needs it.
            dob: date of birth, as a `date` or `YYYY-MM-DD`.
            nationality: ISO 3166-1 alpha-3 code.
            tax_identification_number: the PAN under the name that responses give it.
            kyc: for LRS, `{"pan_number": ...}`.

        Returns:
            The customer.

        Raises:
            ParameterError: a rule of the API is broken; no customer was added.
            AlreadyTakenError: the account keeps something else unique, and it is another's.
            OutcomeUnknownError: the customer may exist, though it cannot be found yet.
        """
        existing = await self._find(email, country, options)
        if existing is not None:
            return existing
        try:
            return await self.create(
                name=name,
                customer_type=customer_type,
                email=email,
                address=address,
                city=city,
                state=state,
                country=country,
                pincode=pincode,
                phone=phone,
                dob=dob,
                nationality=nationality,
                tax_identification_number=tax_identification_number,
                kyc=kyc,
                **options,
            )
        except (AlreadyTakenError, OutcomeUnknownError):
            existing = await self._find(email, country, options)
            if existing is None:
                raise
            return existing

    async def _find(self, email: str, country: str, options: CallOptions) -> Customer | None:
        if not isinstance(email, str) or not email:  # pyright: ignore[reportUnnecessaryIsInstance]
            return None  # it would filter nothing; `create` says what is wrong with it
        about_the_call: CallOptions = {}
        if "timeout" in options:
            about_the_call["timeout"] = options["timeout"]
        if "extra_headers" in options:
            about_the_call["extra_headers"] = options["extra_headers"]
        async for customer in self.list(email_address=email, **about_the_call):
            is_same = (customer.email or "").casefold() == email.casefold()
            if is_same and customer.country == country:
                return customer
        return None
