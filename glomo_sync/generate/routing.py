"""The twin's router of webhooks: the same text for plain functions.

Every replacement must find its place, so that a change of the source cannot pass by unseen.
"""

from __future__ import annotations

import re

from .text import NOTICE

_DOC = '"""From a delivery to the function that handles its event: for plain functions."""\n'

_REPLACEMENTS = (
    (r'\A""".*?"""\n', _DOC),
    (r"\nimport inspect(?=\n)", ""),
    (r"\nimport anyio\nimport anyio\.to_thread\n", ""),
    (r"Callable, Coroutine, Sequence", "Callable, Sequence"),
    (r"AsyncDedupeStore, DedupeStore", "DedupeStore"),
    (r"DedupeStore \| AsyncDedupeStore", "DedupeStore"),
    (r"(?<=import Observer\n)\n(?=from \.)", ""),
    (r"from \.", "from glomo.webhooks."),
    (r"Callable\[\[A\], Coroutine\[Any, Any, T\]\]", "Callable[[A], T]"),
    (r"An asynchronous function of an event", "A function of an event"),
    (r"an `async def`", "a plain function"),
    (
        r" The methods of a store that is not asynchronous\n +run in a thread\."
        r" Without a store, an event is handled at each of its deliveries\.",
        " Without a store, an event is handled at each of\n                its deliveries.",
    ),
    (r"asynchronous=True", "asynchronous=False"),
    (r"\n\n\nasync def _call\(.*\Z", "\n"),
    (r"# Cancelled or not: a claim", "# A claim"),
    (r"( +)with anyio\.CancelScope\(shield=True\):\n +", r"\1"),
    (r"await _call\((\S+), ([^()]*)\)", r"\1(\2)"),
    (r"async def ", "def "),
    (r"await ", ""),
)


def routing_module(text: str) -> str:
    """The twin's text of `glomo/webhooks/routing.py`."""
    for pattern, replacement in _REPLACEMENTS:
        text, places = re.subn(pattern, replacement, text, flags=re.DOTALL)
        if not places:
            raise ValueError(f"glomo/webhooks/routing.py: nothing fits {pattern!r} any more")
    return NOTICE.format(source="glomo/webhooks/routing.py") + text
