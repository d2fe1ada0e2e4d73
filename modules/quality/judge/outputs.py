"""What a series is judged on, in the order of the network's outputs."""

from __future__ import annotations

FOREIGN = "not_brain_mri"
MOVED = "motion_ghosting"
# As a technologist would say it.
SPOKEN = {
    MOVED: "motion or ghosting",
    "noise": "noise",
    "bias": "uneven intensity",
    "blur": "blur",
    "spikes": "spike noise",
    "field_of_view": "head cut off or wrapped around",
    FOREIGN: "not a structural brain MRI",
}
OUTPUTS = tuple(SPOKEN)
