"""PostgreSQL keeps what was changed or deleted as dead rows until somebody vacuums the table.

Its own daemon does so when a fifth of a table has died, which may be never. So the worker does it
after each erasure, table by table, beside everybody's work and outside of any transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text

from event_mgmt.core.database import db
from event_mgmt.privacy.models import Erasure, RetentionRecord

_PATIENCE: Final = timedelta(days=1)
_TABLES_WITH_DEAD_ROWS: Final = text(
    "SELECT quote_ident(relname) FROM pg_stat_user_tables"
    " WHERE schemaname = current_schema() AND n_dead_tup > 0"
    " AND coalesce(greatest(last_vacuum, last_autovacuum), '-infinity') < :erased_at"
    " ORDER BY relname"
)
_LONGEST: Final = "10min"


def after_erasure(now: datetime) -> int:
    """Background job: vacuum the tables with dead rows of the last day's erasures; how many.

    A table that somebody holds is left to the next round.
    """
    if db.engine.dialect.name != "postgresql":
        return 0
    erased_at = _last_erasure()
    if erased_at is None or erased_at < now - _PATIENCE:
        return 0
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = connection.execute(_TABLES_WITH_DEAD_ROWS, {"erased_at": erased_at}).scalars()
        names = list(tables)
        if names:
            connection.execute(text(f"SET statement_timeout = '{_LONGEST}'"))
            for name in names:
                connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED) {name}")
            connection.execute(text("RESET statement_timeout"))
    return len(names)


def _last_erasure() -> datetime | None:
    moments = (
        select(func.max(Erasure.erased_at)).scalar_subquery(),
        select(func.max(RetentionRecord.completed_at)).scalar_subquery(),
    )
    found = [moment for moment in db.session.execute(select(*moments)).one() if moment]
    db.session.rollback()
    return max(found, default=None)
