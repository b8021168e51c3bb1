"""What every table stands on: names of constraints, aware UTC times, Unicode in one form, JSON as text."""

import json
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    TextClause,
    TypeDecorator,
    bindparam,
    text,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC. A naive one is refused, because nobody could say which hour it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone: give it in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def composed(text: str) -> str:
    """`text` in Unicode NFC, the one form that is stored and searched."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class NfcText(TypeDecorator[str]):
    """Text in Unicode NFC, so that the same Bengali word typed on two keyboards is found as one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else composed(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as compact text. Assign a new value to change it: changes inside are not noticed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return composed(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        return None if value is None else json.loads(value)


# SQLite numbers rows by itself only where the type is exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

RowId = Annotated[int, mapped_column(BigId, primary_key=True)]
Flag = Annotated[bool, mapped_column(default=False)]
StaffRef = Annotated[int, mapped_column(BigId, ForeignKey("staff.id"))]
ComplaintRef = Annotated[int, mapped_column(BigId, ForeignKey("complaint.id"))]


def one_of(column: str, *values: str) -> CheckConstraint:
    """A rule that `column` holds one of `values`."""
    return CheckConstraint(listed(column, values), name=column)


def listed(column: str, values: Collection[str]) -> str:
    """The condition that `column` holds one of `values`, as SQL."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def among(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """The same in a query. The values stand in the statement, or SQLite would not use an index of just these rows."""
    return column.in_(bindparam(None, list(values), expanding=True, literal_execute=True))


class Where(TypedDict):
    """The condition of a partial index, for both databases."""

    sqlite_where: TextClause
    postgresql_where: TextClause


def where(condition: str) -> Where:
    """Keyword arguments that make an index hold only the rows of `condition`."""
    return Where(sqlite_where=text(condition), postgresql_where=text(condition))


class Base(DeclarativeBase):
    """Mother of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        str: NfcText,
        datetime: UtcDateTime,
        dict[str, Any]: JsonText,
        dict[str, str]: JsonText,
        list[str]: JsonText,
    }
