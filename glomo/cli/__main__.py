"""`python -m glomo.cli`: the command line without its script."""

from __future__ import annotations

from glomo.cli import main

main()
