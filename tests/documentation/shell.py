"""The shell commands of the documentation, read as a shell reads them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from tests.docs import fences, sections

_INLINE = re.compile(r"`(glomo [^`]+)`")
_OPERATORS = {"&&", ";", "|", "&"}


@dataclass(frozen=True)
class Command:
    """One command: its words, and the file that takes what it prints."""

    words: tuple[str, ...]
    output: str | None = None


def commands(page: str, heading: str | None = None) -> Iterator[Command]:
    """What the blocks of a page tell the reader to type, in order."""
    for name, text in sections(page).items():
        if heading in (None, name):
            for block in fences(text, "console"):
                typed = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
                yield from (command for line in typed for command in split(line))
            for block in fences(text, "sh"):
                yield from (command for line in block.splitlines() for command in split(line))


def inline_commands(page: str) -> Iterator[Command]:
    """The commands that a page names in its sentences."""
    for text in sections(page).values():
        for match in _INLINE.finditer(text):
            yield from split(match[1])


def split(line: str) -> Iterator[Command]:
    """The commands of a line of a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|>")
    lexer.whitespace_split = True
    words: list[str] = []
    output: str | None = None
    for word in lexer:
        if word in _OPERATORS:
            yield Command(tuple(words), output)
            words, output = [], None
        elif word == ">":
            output = next(lexer)
        else:
            words.append(word)
    if words:
        yield Command(tuple(words), output)
