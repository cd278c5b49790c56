"""Runs migrations on the connection that event_mgmt.core.schema hands over."""

from alembic import context
from sqlalchemy import Enum

from event_mgmt import wiring  # noqa: F401 - its rooms fill the metadata
from event_mgmt.core.database import Base
from event_mgmt.core.localized import LocalizedText
from event_mgmt.core.types import UtcDateTime


def plain_types(kind, item, _autogen_context):
    """Keep migrations free of the package's own types: they must run long after those changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LocalizedText):
        return "sa.JSON()"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain_types,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
