"""What the module's policy says of a comparison."""

from __future__ import annotations

from pipeline.evaluation import Comparison, Decision
from pipeline.workspace import Workspace


def judged(workspace: Workspace, found: Comparison) -> Decision | None:
    """Apply the policy of the module; None where it has none."""
    return None
