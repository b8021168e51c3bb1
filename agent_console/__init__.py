"""What staff see: sign-in, the representative's desk, the supervisor's board, the event stream."""

from agent_console.console import register

__all__ = ["register"]
