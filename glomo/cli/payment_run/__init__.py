"""Paying a file: check, ask, pay, reconcile, write the results.

`options.py` holds what can be asked for, `preparation.py` what comes before the first payment,
`run.py` the payment itself, `ending.py` what comes after it and the exit status.
"""
