from __future__ import annotations

from PIL import Image


def test_both_curves_are_drawn(code, trial, parameters, tmp_path):
    trials = [
        trial(f"p{i}", logit, 0.9 if logit > 0 else 0.0) for i in range(5) for logit in (1, -1)
    ]
    paths = code("appraise.curves").draw(tmp_path / "new", trials, trials, parameters)
    assert [path.name for path in paths] == ["reliability.png", "abstention.png"]
    for path in paths:
        with Image.open(path) as picture:
            colours = picture.convert("RGB").getcolors(1 << 24)
        assert len(colours) > 20, "more than an empty frame"
