"""What is looked at before a plan is paid, beyond its being well written. Nothing is paid here.

Each file is one question: what it comes to by currency and rail (`breakdown`), whether something is
paid twice (`duplicates`), whether an amount is too large (`limits`), whether the beneficiaries can
be paid (`beneficiaries`), what it costs (`fees`), whether the balances suffice (`funds`), and how
long it takes (`duration`).
"""
