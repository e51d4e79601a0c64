"""A parameter of the wrong kind is refused without showing what is in it."""

from __future__ import annotations

from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.errors import ParameterError
from glomo.types import Beneficiary, BeneficiaryBankAccount, BeneficiaryStatus

ACCOUNT = "030950608975"


@pytest.mark.parametrize(
    "instead",
    [
        {"id": "bene_1", "bank_account": {"account_number": ACCOUNT}},
        [ACCOUNT],
        Beneficiary(
            id="bene_1",
            status=BeneficiaryStatus.ACTIVE,
            bank_account=BeneficiaryBankAccount(account_number=ACCOUNT),
        ),
    ],
)
async def test_an_object_in_place_of_its_id_is_named_by_its_type_only(instead: Any) -> None:
    async with AsyncGlomo("sk-unit") as glomo:
        with pytest.raises(ParameterError, match="must start with 'bene_', not a ") as refused:
            await glomo.payouts.create(
                beneficiary_id=instead,
                source_currency="USD",
                destination_currency="INR",
                source_amount=1,
                purpose_code="S1005",
            )
    assert type(instead).__name__ in str(refused.value)
    assert ACCOUNT not in str(refused.value)


@pytest.mark.parametrize("instead", [{"account_number": ACCOUNT}, [ACCOUNT]])
async def test_nor_is_it_shown_where_nothing_is_checked(instead: Any) -> None:
    async with AsyncGlomo("sk-unit", validate=False) as glomo:
        with pytest.raises(ParameterError, match="must be the text of an id, not a ") as refused:
            await glomo.beneficiaries.retrieve(instead)
    assert ACCOUNT not in str(refused.value)
