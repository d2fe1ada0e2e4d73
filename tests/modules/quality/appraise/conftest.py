from __future__ import annotations

import pytest


@pytest.fixture
def parameters(code):
    """Weights under which the network's logit of noise is all that counts."""
    names, outputs = code("judge.evidence").NAMES, code("judge.outputs").OUTPUTS
    found = {f"mean/{name}": 0.0 for name in names} | {f"deviation/{name}": 1.0 for name in names}
    for output in outputs:
        found |= {f"{output}/{name}": 0.0 for name in names}
        found |= {f"{output}/offset": -3.0, f"{output}/slope": 1.0, f"{output}/shift": 0.0}
        found |= {f"{output}_warn": 0.5, f"{output}_fail": 0.8}
    return found | {"noise/network.noise": 2.0, "noise/offset": 0.0}


@pytest.fixture
def trial(code):
    names = code("judge.evidence").NAMES

    def make(person, logit, severity=0.0):
        evidence = dict.fromkeys(names, 0.0) | {"network.noise": logit}
        return code("appraise.trial").Trial(
            person, "t1", True, {"noise": severity} if severity else {}, evidence
        )

    return make
