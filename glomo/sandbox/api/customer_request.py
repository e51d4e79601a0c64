"""The body of `POST /customer`, read and checked."""

from __future__ import annotations

import re
from datetime import date

from glomo.sandbox.engine.errors import ApiError, bad_request
from glomo.sandbox.engine.store import Record

from . import fields
from .endpoint import Json

TYPES = ("individual", "business")
# The countries that need one are not documented; these have one everywhere.
PINCODE_COUNTRIES = frozenset({"IND", "USA", "GBR"})
_NAME = re.compile(r"[A-Za-z0-9 &.,'-]{2,128}")
_LRS_NAME = re.compile(r"[A-Za-z0-9 ]{2,128}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,20}")
_COUNTRY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAN = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")


def read(body: Json, today: date) -> Record:
    """The customer in a body, without what was left out; raises the first 400 it deserves."""
    tax_number = _tax_number(body)
    country = _country(body)
    customer: Record = {
        "name": _name(body, lrs=tax_number is not None),
        "customer_type": _choice(body),
        "email": _email(body),
        "phone": _phone(body, needed=tax_number is not None),
        "dob": _birthday(body, today),
        "nationality": _nationality(body),
        "tax_identification_number": tax_number,
        "address": _filled(body, "address", "Address"),
        "city": _filled(body, "city", "City"),
        "state": _filled(body, "state", "State"),
        "country": country,
        "pincode": _pincode(body, country),
    }
    return {key: value for key, value in customer.items() if value is not None}


def pan(value: str) -> str:
    """A PAN in capitals; raises a 400 if it is none."""
    number = value.strip().upper()
    if not _PAN.fullmatch(number):
        raise bad_request("tax_identification_number is invalid")
    return number


def _name(body: Json, *, lrs: bool) -> str:
    name = _filled(body, "name", "Customer name")
    if not (_LRS_NAME if lrs else _NAME).fullmatch(name):
        raise bad_request("Validation failed: Name is invalid")
    return name


def _choice(body: Json) -> str:
    kind = fields.text(body, "customer_type")
    if kind not in TYPES:
        raise bad_request("Customer type must be either Individual or Business.")
    return kind


def _email(body: Json) -> str:
    email = fields.text(body, "email")
    if email is None or not _EMAIL.fullmatch(email):
        raise bad_request("Email address is not valid.")
    return email


def _phone(body: Json, *, needed: bool) -> str | None:
    phone = fields.text(body, "phone")
    if phone is None and needed:
        raise bad_request("Validation failed: Phone can't be blank")
    if phone is not None and not _PHONE.fullmatch(phone):
        raise bad_request("Phone number format is invalid.")
    return phone


def _birthday(body: Json, today: date) -> str | None:
    day = fields.text(body, "dob")
    if day is None:
        return None
    try:
        past = bool(_DAY.fullmatch(day)) and date.fromisoformat(day) < today
    except ValueError:
        past = False
    if not past:
        raise bad_request("Date of birth must be in the past.")
    return day


def _country(body: Json) -> str:
    country = fields.text(body, "country")
    if country is None or not _COUNTRY.fullmatch(country):
        raise bad_request("Country code must be a valid 3-letter ISO code (e.g., IND, USA).")
    return country


def _nationality(body: Json) -> str | None:
    nationality = fields.text(body, "nationality")
    if nationality is not None and not _COUNTRY.fullmatch(nationality):
        raise bad_request("Nationality code must be valid 3-letter ISO.")
    return nationality


def _pincode(body: Json, country: str) -> str | None:
    pincode = fields.text(body, "pincode")
    if pincode is None and country in PINCODE_COUNTRIES:
        raise bad_request("Pincode is required for the selected country.")
    return pincode


def _tax_number(body: Json) -> str | None:
    kyc = fields.part(body, "kyc")
    number = fields.text(kyc, "pan_number") if kyc else None
    number = number or fields.text(body, "tax_identification_number")
    try:
        return None if number is None else pan(number)
    except ApiError as error:
        raise bad_request("Validation failed: Pan number is invalid") from error


def _filled(body: Json, name: str, label: str) -> str:
    value = fields.text(body, name)
    if value is None:
        raise bad_request(f"{label} cannot be blank.")
    return value
