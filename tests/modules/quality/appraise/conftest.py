from __future__ import annotations

import numpy as np
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


@pytest.fixture
def made(code):
    """Series whose noise level tells their severity, and nothing else anything."""
    trial, names = code("appraise.trial").Trial, code("judge.evidence").NAMES

    def make(count, seed):
        rng, found = np.random.default_rng(seed), []
        for number in range(count):
            severity = float(rng.uniform(0.2, 1)) if number % 3 == 0 else 0.0
            evidence = dict(zip(names, rng.normal(0, 1, len(names)).tolist(), strict=True))
            evidence["noise_level"] = 6 * severity + float(rng.normal(0, 0.3))
            evidence["qi1"] = float("nan")
            severities = {"noise": severity} if severity else {}
            found.append(trial(f"person {number % 20}", "t1", True, severities, evidence))
        return found

    return make


@pytest.fixture
def trials(made):
    return made(300, seed=0)


@pytest.fixture
def fitted(code, trials):
    """What fit and limits make of the trials."""
    fit = code("appraise.fit")
    weighed = list(fit.held_out(trials))
    meant = fit.chances(weighed)
    limits = code("appraise.limits").limits((trial, {**found, **meant}) for trial, found in weighed)
    return fit.weights(trials) | meant | limits
