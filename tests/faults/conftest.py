"""What the fault tests share."""

from tests.faults.crew import crew

__all__ = ["crew"]
