from __future__ import annotations

import math
from dataclasses import replace

import numpy as np


def test_detection_counts_people_and_ranks(code, trial, parameters):
    clean = [trial(f"p{i}", -1.0) for i in range(5)]
    noisy = [trial(f"p{i}", 1.0, 0.9) for i in range(5)]
    *_, line = code("appraise.tables").detection([*clean, *noisy], clean, parameters)
    assert line.startswith("| noise | 0.9 | 5 + 5 | 1.000 (1.000 to 1.000) | 1.000 | 100% | 100% |")


def test_alarms_name_the_series(code, trial, parameters):
    lines = list(
        code("appraise.tables").alarms(
            [trial("good", -1.0), trial("bad", 1.0)], parameters, "clean"
        )
    )
    assert "clean, stripped: n=2, fail 1, warn or fail 1" in lines[1]
    assert lines[2] == "  - bad t1: noise"


def test_reliability_tells_what_was_so(code, trial, parameters):
    trials = [trial("p", 0.5, 0.9) for _ in range(73)] + [trial("p", 0.5) for _ in range(27)]
    lines = list(code("appraise.tables").reliability(trials, parameters))
    noise = next(line for line in lines if line.startswith("- noise"))
    error = "- noise: expected calibration error 0.001 (n=100; right chances: "
    least = code("appraise.tables").by_luck(
        np.full(100, trials[0].judged(parameters)["noise"].chance)
    )
    assert noise == f"{error}{least:.3f})"


def test_right_chances_err_by_luck_the_less_the_more_series(code):
    by_luck = code("appraise.tables").by_luck
    rng = np.random.default_rng(0)
    few, many = by_luck(rng.random(50)), by_luck(rng.random(5000))
    assert 0.05 < few < 0.2
    assert many < 0.02
    assert by_luck(np.zeros(50)) == 0


def test_leaving_out_the_doubtful_leaves_fewer_errors(code, trial, parameters):
    rng = np.random.default_rng(0)
    trials = [trial("p", float(rng.normal(1.5, 1)), 0.9) for _ in range(100)]
    trials += [trial("p", float(rng.normal(-1.5, 1))) for _ in range(100)]
    shares = [
        float(line.split("|")[3].strip().rstrip("%"))
        for line in list(code("appraise.tables").abstention(trials, parameters))[2:]
    ]
    assert shares[0] > shares[-1]


def test_a_known_defect_is_set_beside_the_persons_other_series(code, trial, parameters):
    good = [trial("one", -1.0), trial("one", -2.0), trial("two", 3.0)]
    blur = {**parameters, "blur/network.noise": 2.0, "blur/offset": 0.0}
    (line,) = code("appraise.tables").defects([trial("one", 1.0)], good, blur)
    assert line.startswith("- one t1: blur 0.88, siblings at most 0.12, rank 2;")
    assert line.endswith("of n=4, n=2 siblings")


def test_a_series_whose_metrics_are_undefined_has_no_verdict(code, trial, parameters):
    blank = trial("one", 1.0)
    unmeasured = replace(blank, evidence={**blank.evidence, "snr": math.nan})
    *_, told, untold = code("appraise.tables").verdicts([blank, unmeasured], parameters)
    assert told.startswith("| one t1 | fail | noise")
    assert untold == "| one t1 | abstain | cannot be judged: snr undefined |"


def test_made_up_images_are_drawn_one_by_one(code, trial, parameters):
    """Of one head and forty phantoms half of which are seen: as one person they would vary less."""
    tables, phantom = code("appraise.tables"), code("appraise.trial").PHANTOM
    seen = [replace(trial(phantom, 4.0 * (n % 2)), image=str(n), foreign=True) for n in range(40)]
    low, high = tables.interval(seen, [trial("p", 2.0)], "noise", parameters)
    assert low < 0.45
    assert high > 0.55
