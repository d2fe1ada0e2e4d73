"""The demo's studies as cohorts of its workspace, so that versions can be compared on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.demo.truth import TruthCase
from pipeline.errors import Code
from pipeline.report.write import write_whole
from pipeline.types import Role, Verdict
from pipeline.workspace import Workspace

TUMOUR = """\
title = "The demo's studies with a known tumour"
module = "tumour"
root = "{root}"
study = "dicom/{{case}}"
reference = "truth/{{case}}/tumour.nii.gz"

[[structures]]
name = "whole"
reference = [1, 2, 3]
segments = ["oedema", "non-enhancing core", "enhancing"]
lesions = true

[[structures]]
name = "core"
reference = [2, 3]
segments = ["non-enhancing core", "enhancing"]

[[structures]]
name = "enhancing"
reference = [3]
segments = ["enhancing"]
"""
BRAIN = """\
title = "The demo's studies with a known brain; it includes sulcal CSF"
module = "brain"
root = "{root}"
study = "dicom/{{case}}"
reference = "truth/{{case}}/tissue.nii.gz"

[[structures]]
name = "brain"
reference = [1, 2, 3]
segments = ["brain"]
"""
TISSUE = """\
title = "The demo's studies with known tissues; CSF includes sulcal CSF"
module = "tissue"
root = "{root}"
study = "dicom/{{case}}"
reference = "truth/{{case}}/tissue.nii.gz"
tolerance_mm = 1.0
"""
STRUCTURE = """
[[structures]]
name = "{name}"
reference = [{label}]
segments = [{segments}]
"""
QUALITY = """\
title = "The demo's studies, one of them spoilt by motion"
module = "quality"
root = "{root}"
study = "dicom/{{case}}"
"""


def write_cohorts(workspace: Workspace, folder: Path, cases: Iterable[TruthCase]) -> None:
    """Write a cohort for each module, demo-tumour and so on, into the workspace.

    Parameters
    ----------
    workspace : Workspace
        Gets the files.
    folder : pathlib.Path
        The cohort's dicom/ and truth/.
    cases : iterable of TruthCase
        Those that can be processed are taken.
    """
    whole = [case for case in cases if case.code is not Code.MISSING_SLICE]
    root = folder.resolve()
    texts = {
        "demo-tumour": TUMOUR.format(root=root) + "".join(_tumour(whole)),
        "demo-tissue": TISSUE.format(root=root) + _structures() + "".join(_tissue(whole)),
        "demo-brain": BRAIN.format(root=root) + "".join(_tissue(whole)),
        "demo-quality": QUALITY.format(root=root) + "".join(_quality(whole)),
    }
    workspace.cohorts.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_whole(workspace.cohorts / f"{name}.toml", text)


def _tumour(cases: Iterable[TruthCase]) -> Iterator[str]:
    for case in cases:
        if {Role.T1C, Role.FLAIR} & set(case.roles):
            size = "none" if not case.tumour_ml.whole else _size(case.tumour_ml.whole)
            yield f'\n[[cases]]\nname = "{case.name}"\nsize = "{size}"\n'


def _tissue(cases: Iterable[TruthCase]) -> Iterator[str]:
    for case in cases:
        tumour = "yes" if case.tumour_ml.whole else "no"
        yield f'\n[[cases]]\nname = "{case.name}"\ntumour = "{tumour}"\n'


def _quality(cases: Iterable[TruthCase]) -> Iterator[str]:
    for case in cases:
        spoilt = int(case.verdict is Verdict.FAIL)
        yield f'\n[[cases]]\nname = "{case.name}"\ntruth = {{ motion_ghosting = {spoilt} }}\n'


def _structures() -> str:
    named = (
        ("CSF", 1, '"CSF", "ventricular CSF", "sulcal CSF"'),
        ("GM", 2, '"GM", "cortical GM", "deep GM"'),
        ("WM", 3, '"WM"'),
    )
    return "".join(STRUCTURE.format(name=n, label=label, segments=s) for n, label, s in named)


def _size(millilitres: float) -> str:
    return "small" if millilitres < 50 else "large"
