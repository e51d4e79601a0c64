"""One run of one contender. Prints its figures as JSON.

python -m benchmarks.contestant SUBJECT CONTENDER VARIANT SIZE ORIGIN
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from benchmarks.subjects import SUBJECTS


def main() -> None:
    """Hide what the contender does not have, and measure."""
    name, contender, variant, size, origin = sys.argv[1:]
    subject = SUBJECTS[name]
    [competing] = [candidate for candidate in subject.contenders if candidate.name == contender]
    competing.hide()
    module = import_module(f"benchmarks.measure_{name}")
    figures = module.measure(contender, "" if variant == "-" else variant, int(size), origin)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
