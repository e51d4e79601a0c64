"""Reading any resource: `glomo orders list`, `glomo payouts retrieve payout_...`.

One pair of functions serves all resources: what differs between them is data, in `tree.READS`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from glomo.cli.connection import ask
from glomo.cli.failures import CommandError
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput, Limit
from glomo.cli.output.console import amount, out
from glomo.cli.output.json_output import print_json
from glomo.cli.output.model_fields import flattened
from glomo.cli.output.tables import show_fields, show_table
from glomo.cli.tree import READS, Reads
from glomo.client import AsyncGlomo
from glomo.money import Money

_PAGING = ("page", "per_page", "options")
_WIDE = ("id", "status", "created_at")


def __getattr__(name: str) -> Any:
    verb, _, resource = name.partition("_")
    reads = next((reads for reads in READS if reads.name == resource), None)
    if reads is None or verb not in reads.verbs:
        raise AttributeError(name)
    return _list_command(reads) if verb == "list" else _retrieve_command(reads)


def _list_command(reads: Reads) -> Callable[..., None]:
    def command(
        *,
        status: Annotated[str | None, Parameter(help="Only those with this status.")] = None,
        after: Annotated[
            datetime | None, Parameter(help="Only those created after this time.")
        ] = None,
        before: Annotated[
            datetime | None, Parameter(help="Only those created before this time.")
        ] = None,
        where: Annotated[
            tuple[str, ...],
            Parameter(help="KEY=VALUE: any other filter that the API has.", negative=()),
        ] = (),
        limit: Limit = 20,
        json_output: JsonOutput = False,
        access: Access = DEFAULT_ACCESS,
    ) -> None:
        given = {"status": status, "after": _aware(after), "before": _aware(before)}
        filters = {name: value for name, value in given.items() if value is not None}
        filters |= _pairs(where)

        async def question(glomo: AsyncGlomo) -> Sequence[Any]:
            resource = getattr(glomo, reads.name)
            _check_filters(reads, resource.list, filters)
            models: Sequence[Any] = await resource.list(**filters).collect(limit=limit)
            return models

        models = ask(access, question)
        if json_output:
            print_json(models)
            return
        columns = dict(map(_column, reads.columns))
        rows = [[_cell(_value(one, path)) for path in columns.values()] for one in models]
        amounts = [
            heading
            for heading, path in columns.items()
            if any(isinstance(_value(one, path), Money) for one in models)
        ]
        headings = [*columns]
        show_table(out(), headings, rows, right=amounts, whole=[*_WIDE, *headings[:1]])

    command.__doc__ = f"The newest {reads.plural}."
    return command


def _retrieve_command(reads: Reads) -> Callable[..., None]:
    def command(
        identifier: Annotated[str, Parameter(name="ID", help="As a list shows it.")],
        /,
        *,
        json_output: JsonOutput = False,
        access: Access = DEFAULT_ACCESS,
    ) -> None:
        model = ask(access, lambda glomo: getattr(glomo, reads.name).retrieve(identifier))
        if json_output:
            print_json(model)
            return
        show_fields(out(), flattened(model))

    command.__doc__ = f"One {reads.noun}; of account numbers the last characters."
    return command


def _pairs(where: Sequence[str]) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for entry in where:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise CommandError(f"--where {entry!r} is not KEY=VALUE", hint="--where currency=USD")
        pairs[key] = value
    return pairs


def _check_filters(reads: Reads, method: Callable[..., Any], filters: Mapping[str, Any]) -> None:
    allowed = [name for name in inspect.signature(method).parameters if name not in _PAGING]
    for name in filters:
        if name not in allowed:
            offer = f"the API filters them by {', '.join(allowed)}"
            raise CommandError(
                f"{reads.plural} cannot be filtered by {name}",
                hint=offer if allowed else "leave the filter out",
            )


def _aware(moment: datetime | None) -> datetime | None:
    """The caller's own time zone where none is written."""
    return moment.astimezone() if moment is not None and moment.tzinfo is None else moment


def _column(column: str) -> tuple[str, str]:
    """The heading of a column, and where its value is."""
    path, _, heading = column.partition(":")
    return heading or path.rpartition(".")[2].strip("_"), path


def _value(model: object, path: str) -> object:
    for name in path.split("."):
        model = getattr(model, name, None)
    return model


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return amount(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
