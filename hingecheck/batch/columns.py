"""The fields of a result's records as typed columns of a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from pydantic import BaseModel

__all__ = ["Column", "batch_of", "columns_of", "schema_of"]

Get = Callable[[Any], Any]
"""What a column holds of a row's record; None where nothing was measured."""

_ENDS = ("lo", "hi")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: With its unit, as in `result.json`.
        type: As Arrow knows it, whatever the rows hold.
        of: What it holds of a row's record.
    """

    name: str
    type: pa.DataType
    of: Get


def columns_of(
    record: type[BaseModel], of: Get, prefix: str = "", without: Collection[str] = ()
) -> list[Column]:
    """A record's fields, flat, in their order: `butt_wink.tuck_deg` is `butt_wink_tuck_deg`.

    An interval `ci95_deg` becomes `ci95_lo_deg` and `ci95_hi_deg`; a list of records stays a
    list.

    Args:
        record: The record's class, whose annotations give the types.
        of: Finds the record in what a row is made of; may give None.
        prefix: Before every name.
        without: Fields that are left out.

    Raises:
        TypeError: A field's type has no column, such as a dictionary.
    """
    hints = get_type_hints(record)
    columns: list[Column] = []
    for field in record.model_fields:
        if field in without:
            continue
        name, hint, value = f"{prefix}{field}", _present(hints[field]), _field(of, field)
        if _is_record(hint):
            columns += columns_of(hint, value, f"{name}_")
        elif get_origin(hint) is tuple:
            stem, _, unit = name.partition("ci95")
            columns += [
                Column(f"{stem}ci95_{end}{unit}", arrow_type(hint_of_end), _item(value, i))
                for i, (end, hint_of_end) in enumerate(zip(_ENDS, get_args(hint), strict=True))
            ]
        else:
            columns.append(Column(name, arrow_type(hint), _plain(value)))
    return columns


def arrow_type(hint: Any) -> pa.DataType:
    """The Arrow type of an annotation; enumerations are strings, as in `result.json`."""
    hint = _present(hint)
    if get_origin(hint) is list:
        return pa.list_(arrow_type(get_args(hint)[0]))
    if _is_record(hint):
        hints = get_type_hints(hint)
        return pa.struct([(name, arrow_type(hints[name])) for name in hint.model_fields])
    if get_origin(hint) is Literal:
        kinds = {type(value) for value in get_args(hint)}
    else:
        kinds = {str if _is_enumeration(kind) else kind for kind in _alternatives(hint)}
    if len(kinds) != 1 or not kinds <= _TYPES.keys():
        raise TypeError(f"{hint}: has no column type, expected one of {list(_TYPES)}.")
    return _TYPES[kinds.pop()]


_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """The table's schema, the same for any rows."""
    return pa.schema([(column.name, column.type) for column in columns])


def batch_of(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    """Rows of values in the columns' order as one batch."""
    arrays = [
        pa.array([row[k] for row in rows], type=column.type) for k, column in enumerate(columns)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema_of(columns))


def _present(hint: Any) -> Any:
    """An annotation without its None."""
    kinds = _alternatives(hint)
    return kinds[0] if len(kinds) == 1 else hint


def _alternatives(hint: Any) -> list[Any]:
    """What a value can be, None aside."""
    if get_origin(hint) not in (Union, UnionType):
        return [hint]
    return [kind for kind in get_args(hint) if kind is not NoneType]


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _is_enumeration(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _field(of: Get, field: str) -> Get:
    def value(row: Any) -> Any:
        record = of(row)
        return None if record is None else getattr(record, field)

    return value


def _item(of: Get, index: int) -> Get:
    def value(row: Any) -> Any:
        pair = of(row)
        return None if pair is None else pair[index]

    return value


def _plain(of: Get) -> Get:
    """Records within a list as dictionaries."""

    def value(row: Any) -> Any:
        found = of(row)
        if isinstance(found, list):
            return [one.model_dump() if isinstance(one, BaseModel) else one for one in found]
        return found

    return value
