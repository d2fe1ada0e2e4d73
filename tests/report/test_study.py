from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import REMEDIES, Code, OutputError
from pipeline.report.study import study_page, write_study
from pipeline.result import CaseResult
from pipeline.types import Concept, Finding, Measurement, Prediction, Role

from .phantom import CANARY, UID, WHITE, on_grid, result, tissues

VOID = {"meta", "img", "br", "link", "rect"}


class Page(HTMLParser):
    """Reads a page as a browser would: tags in pairs, attributes, visible text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def source(finished: CaseResult) -> str:
    return study_page(finished)


def test_the_page_says_what_was_found(source: str) -> None:
    text = Page(source).text
    for said in (
        "tessera-4f1c",
        "motion is likely (0.62)",
        "14.0, −10.0, 10.0",
        "whole tumour volume 61.2 ml",
        "Brain with CSF 1 364 ml",
        "GM volume 655.2 ml",
        "brain with CSF volume 1 364 ml",
        "bars are probabilities from 0 to 1",
        "Probability of noise 0.04 0.04",
        "Signal-to-noise ratio 31.40 31.40",
        "moved by at most 2.4 mm",
        "60 × 72 × 56",
        "no series is clearly FLAIR",
        "Research software, not a medical device.",
    ):
        assert said in text
    assert "What is missing" not in text
    assert 'style="width: 62.0%"' in source


def test_a_fraction_says_of_what(finished: CaseResult) -> None:
    fraction = result("fraction", Prediction(measurements=(WHITE,)))
    text = Page(study_page(replace(finished, outcomes=(*finished.outcomes, fraction)))).text
    assert "WM fraction 0.40 Fractions are of brain with CSF." in text


def test_the_page_is_whole_and_stands_alone(source: str) -> None:
    page = Page(source)
    assert page.open == []
    assert ("html", {"lang": "en-GB"}) in page.attributes
    for tag, attributes in page.attributes:
        assert tag not in ("script", "link", "iframe")
        assert "href" not in attributes
        assert attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
    assert not re.search(r"https?://|url\(|@import", source)


def test_every_picture_has_words(source: str) -> None:
    pictures = [attributes for tag, attributes in Page(source).attributes if tag == "img"]
    # Three planes, two contrasts, one mosaic.
    assert len(pictures) == 6
    assert all(len(picture["alt"] or "") > 20 for picture in pictures)


def test_digests_are_short_and_whole_where_pointed_at(source: str) -> None:
    titles = [a["title"] for tag, a in Page(source).attributes if tag == "abbr"]
    assert "sha256:" + "ab" * 32 in titles
    assert "ab" * 32 not in Page(source).text


@pytest.mark.parametrize("study", ["finished", "broken"])
def test_no_name_path_or_uid_reaches_the_page(study: str, request: pytest.FixtureRequest) -> None:
    page = study_page(request.getfixturevalue(study)).lower()
    for secret in (CANARY, CANARY.split("^")[0], UID, "/archive", "scan2.dcm", "Prisma"):
        assert secret.lower() not in page


def test_the_same_study_gives_the_same_page(source: str, finished: CaseResult) -> None:
    assert study_page(finished) == source


def test_failures_come_with_code_sentence_and_remedy(broken: CaseResult) -> None:
    text = Page(study_page(broken)).text
    for said in ("Tissue failed", "module_failed", "Tumour was skipped", "tissue gave no result"):
        assert said in text
    assert REMEDIES[Code.MODULE_FAILED] in text
    assert "three planes through the middle of the brain" in text


def test_a_role_that_stayed_undecided_is_among_what_is_missing(finished: CaseResult) -> None:
    why = "FLAIR: series 3, 4 fit equally well, none was taken."
    case = replace(finished.case, undecided={Role.FLAIR: why})
    text = Page(study_page(replace(finished, case=case))).text
    for said in ("What is missing", "FLAIR is missing", "undecided", why):
        assert said in text


def test_markup_in_a_reason_is_text(broken: CaseResult) -> None:
    *others, failure, skipped = broken.outcomes
    evil = replace(failure, message="<script>alert(1) & `<b>`")
    page = study_page(replace(broken, outcomes=(*others, evil, skipped)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1) &amp; <code>&lt;b&gt;</code>" in page


def test_a_fourth_module_has_its_section(finished: CaseResult) -> None:
    age = Measurement("brain age", 61.0, "a", Concept("x", "99T", "Brain age"))
    fourth = result("age", Prediction(measurements=(age,)))
    text = Page(study_page(replace(finished, outcomes=(*finished.outcomes, fourth)))).text
    assert "Age version 1.0.0" in text
    assert "brain age 61.0 a" in text


def test_small_lesions_are_summed_up(finished: CaseResult) -> None:
    tumour = finished.results[-1]
    many = tuple(Finding(n, 2.0, 5.0, (0.0, 0.0, 0.0), 0.5) for n in range(1, 26))
    spread = replace(tumour, prediction=replace(tumour.prediction, findings=many))
    text = Page(study_page(replace(finished, outcomes=(spread,)))).text
    assert "And 5 smaller, 10.0 ml together." in text


def test_undefined_figures_are_dashes(finished: CaseResult) -> None:
    nowhere = Measurement("brain volume", float("nan"), "mL", Concept("x", "99T", "Volume"))
    page = study_page(
        replace(
            finished,
            outcomes=(result("tissue", Prediction(tissues().array, (nowhere,))),),
            seconds={},
        )
    )
    assert "brain with CSF volume – ml" in Page(page).text
    assert "nan" not in Page(page).text.lower()


def test_a_black_study_is_drawn_all_the_same(finished: CaseResult) -> None:
    black = on_grid(np.zeros((20, 20, 20), np.float32))
    empty = replace(
        finished, volumes={finished.reference: black}, labels={}, outcomes=finished.outcomes[:1]
    )
    assert "Overview" in Page(study_page(empty)).text


def test_writing_replaces_the_page_whole(
    tmp_path: Path, finished: CaseResult, broken: CaseResult
) -> None:
    path = tmp_path / "report.html"
    write_study(path, finished)
    write_study(path, broken)
    assert path.read_text(encoding="utf-8") == study_page(broken)
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError):
        write_study(tmp_path / "nowhere" / "report.html", finished)
