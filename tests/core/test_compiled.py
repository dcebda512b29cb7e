"""Statements that are compiled once do what SQLAlchemy's own execution of them does."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import TextClause

from actions.feedback.store import FEEDBACK
from core.compiled import Compiled
from core.database import Instant, transaction

LEAVE = Compiled(
    text(
        "INSERT INTO feedback (id, sender, text, said_at) VALUES (:id, :sender, :text, :said_at) "
        "RETURNING sender, id"
    ).bindparams(bindparam("said_at", type_=Instant))
)
SAID_AT = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8)))
ROW = {"id": 1, "sender": "someone", "text": "100 % :text ?", "said_at": SAID_AT}


def test_values_go_where_they_belong_and_are_converted(engine):
    with transaction(engine) as connection:
        assert LEAVE.run(connection, ROW).one() == ("someone", 1)
        kept = connection.execute(select(FEEDBACK)).mappings().one()
    assert {**ROW, "said_at": kept["said_at"]} == dict(kept)
    assert kept["said_at"] == SAID_AT


def test_it_is_compiled_once_for_each_kind_of_database(engine, monkeypatch):
    times = []
    compiled = TextClause.compile
    monkeypatch.setattr(
        TextClause, "compile", lambda *args, **named: times.append(1) or compiled(*args, **named)
    )
    count = Compiled(text("SELECT count(*) FROM feedback WHERE id < :id"))
    with transaction(engine) as connection:
        assert [count.run(connection, {"id": n}).scalar() for n in range(3)] == [0] * 3
    assert len(times) == 1


def test_a_parameter_without_a_value_is_a_defect(engine):
    with pytest.raises(KeyError), transaction(engine) as connection:
        LEAVE.run(connection, {"id": 1, "said_at": SAID_AT})


def test_an_error_does_not_tell_what_was_to_be_stored(engine):
    with pytest.raises(IntegrityError) as error, transaction(engine) as connection:
        for _ in range(2):
            LEAVE.run(connection, {**ROW, "text": "secret"})
    assert "secret" not in str(error.value)
