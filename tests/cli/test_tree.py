"""The tables from which the command line is built."""

from __future__ import annotations

import sys
import typing
from importlib import import_module
from typing import Any

import pytest

from glomo.cli.tree import READS, Command, all_commands
from glomo.client import AsyncGlomo
from glomo.lazy import LazyResource


@pytest.mark.parametrize("command", list(all_commands()), ids=lambda command: command.words)
def test_every_command_exists_and_explains_itself(cli: Any, command: Command) -> None:
    module, _, name = command.target.partition(":")
    assert hasattr(import_module(f"glomo.cli.commands.{module}"), name)
    ended = cli(*command.words.split(), "--help")
    assert ended.status == 0, ended.text
    assert ended.out.startswith(f"Usage: glomo {command.words}")


def test_every_resource_that_can_be_read_is_in_the_table() -> None:
    glomo = AsyncGlomo("sk-unit")
    resources = [
        name for name, value in vars(AsyncGlomo).items() if isinstance(value, LazyResource)
    ]
    readable = {
        name: tuple(verb for verb in ("list", "retrieve") if hasattr(getattr(glomo, name), verb))
        for name in resources
    }
    # Balances have no id and a command of their own.
    expected = {name: verbs for name, verbs in readable.items() if verbs and name != "balances"}
    assert {reads.name: reads.verbs for reads in READS} == expected


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.name)
def test_the_columns_of_a_list_are_attributes_of_its_model(reads: Any) -> None:
    glomo = AsyncGlomo("sk-unit")
    method = getattr(glomo, reads.name).list
    hints = typing.get_type_hints(method, include_extras=True, localns=_names(method))
    (model,) = typing.get_args(hints["return"])
    for column in reads.columns:
        path = column.partition(":")[0]  # behind it is the heading
        assert hasattr(model, path.partition(".")[0]), column


def _names(method: Any) -> dict[str, Any]:
    return vars(sys.modules[method.__func__.__module__])
