"""Statements that are compiled once for each kind of database.

SQLAlchemy looks up what it has compiled by a key that it makes anew for every execution. For the
few statements of every booking that takes as long as what SQLite does with them.
"""

from typing import Any, Callable, Mapping, Optional, Sequence

from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.sql.elements import TextClause

_Processors = Mapping[str, Callable[[Any], Any]]


class Compiled:
    """A statement as text, whose results need no conversion.

    Args:
        statement: with types where values must be converted, such as ``core.database.Instant``.
    """

    def __init__(self, statement: TextClause) -> None:
        self._statement = statement
        self._of: dict[str, tuple[str, Optional[Sequence[str]], _Processors]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult:
        """Executes the statement with these values of its parameters."""
        name = connection.dialect.name
        sql, order, processors = self._of.get(name) or self._compile(connection.dialect)
        given = {**values, **{name: of(values[name]) for name, of in processors.items()}}
        return connection.exec_driver_sql(
            sql, tuple([given[one] for one in order]) if order else given
        )

    def _compile(self, dialect: Dialect) -> tuple[str, Optional[Sequence[str]], _Processors]:
        compiled = self._statement.compile(dialect=dialect)
        processors = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        known = {name: of for name, of in processors.items() if of}
        self._of[dialect.name] = str(compiled), compiled.positiontup, known
        return self._of[dialect.name]
