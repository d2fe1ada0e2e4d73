from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.versions.ledger.chain import Damage, chained, check
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.line import entry_hash, render
from tests.versions.ledger.conftest import NOON, content, entries, promotion

MODULES = st.text("tuq", min_size=1, max_size=8)


def found(text: bytes) -> list[tuple[Damage, int]]:
    return [(fault.damage, fault.place) for fault in check(text).faults]


def rehashed(entry: Entry, **change: object) -> Entry:
    """What somebody writes who knows how hashes are made."""
    forged = replace(entry, move=replace(entry.move, **change))
    return replace(forged, hash=entry_hash(forged))


@given(MODULES)
def test_an_untouched_ledger_has_no_fault(modules: str) -> None:
    made = entries(modules)
    chain = check(content(made))
    assert (chain.entries, chain.faults) == (made, ())
    assert {entry.move.module for entry in chain.entries} == set(modules)
    assert [entry.sequence for entry in chain.of(modules[0])] == list(
        range(1, modules.count(modules[0]) + 1)
    )


@settings(max_examples=400)
@given(MODULES, st.data())
def test_any_single_altered_byte_is_found_on_its_line(modules: str, data: st.DataObject) -> None:
    text = bytearray(content(entries(modules)))
    at = data.draw(st.integers(0, len(text) - 1))
    place = bytes(text[:at]).count(b"\n") + 1
    text[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[at]))
    faults = found(bytes(text))
    assert faults
    assert faults[0][1] == place
    assert {damage for damage, _ in faults} <= {Damage.ALTERED, Damage.CUT_SHORT}


def test_cohorts_left_out_are_written_where_there_are_any() -> None:
    plain, less = entries("t"), entries("t", left_out=("tumour-real",))
    assert "left_out" not in render(plain[0])
    assert '"left_out":["tumour-real"]' in render(less[0])
    assert check(content(less)).entries == less
    hidden = content(less).replace(b'"left_out":["tumour-real"],', b"")
    assert found(hidden) == [(Damage.ALTERED, 1)]


@given(MODULES, st.data())
def test_a_ledger_cut_within_a_line_says_which(modules: str, data: st.DataObject) -> None:
    text = content(entries(modules))
    at = data.draw(st.integers(1, len(text) - 1).filter(lambda at: text[at - 1 : at] != b"\n"))
    assert found(text[:at]) == [(Damage.CUT_SHORT, text[:at].count(b"\n") + 1)]


@given(MODULES, st.data())
def test_a_removed_line_is_found_where_it_stood(modules: str, data: st.DataObject) -> None:
    made = entries(modules)
    at = data.draw(st.integers(0, len(made) - 1))
    later = [n for n in range(at + 1, len(made)) if modules[n] == modules[at]]
    # Nothing in the file tells of a module's last entry: its mirror in MLflow does.
    expected = [(Damage.REMOVED, later[0])] if later else []
    assert found(content(made[:at] + made[at + 1 :])) == expected


@given(MODULES, st.data())
def test_a_line_written_anew_breaks_the_next_one(modules: str, data: st.DataObject) -> None:
    made = list(entries(modules))
    at = data.draw(st.integers(0, len(made) - 1))
    made[at] = rehashed(made[at], actor="somebody else")
    more = modules[at] in modules[at + 1 :]
    assert found(content(tuple(made))) == ([(Damage.ALTERED, at + 1)] if more else [])


@given(MODULES, st.data())
def test_an_inserted_line_is_found(modules: str, data: st.DataObject) -> None:
    made = entries(modules)
    at = data.draw(st.integers(0, len(made) - 1))
    where = data.draw(st.integers(0, len(made)))
    forged = data.draw(st.sampled_from([made[at], rehashed(made[at], actor="x")]))
    faults = found(content((*made[:where], forged, *made[where:])))
    assert [damage for damage, _ in faults] == [Damage.INSERTED]
    if forged != made[at] and modules[at] in modules[at + 1 :]:
        assert faults[0][1] == where + 1


def test_lines_of_a_module_that_changed_places_are_found() -> None:
    first, other, second = entries("tut")
    assert found(content((second, other, first))) == [(Damage.MOVED, 1)]
    assert found(content((other, first, second))) == []


@pytest.mark.parametrize(
    ("edit", "faults"),
    [
        (lambda lines: [*lines[:1], b"", *lines[1:]], [(Damage.ALTERED, 2)]),
        (lambda lines: [lines[0] + b"\r", *lines[1:]], [(Damage.ALTERED, 1)]),
        (lambda lines: [lines[0].replace(b",", b", "), *lines[1:]], [(Damage.ALTERED, 1)]),
        (lambda lines: [b"<<<<<<< HEAD", *lines], [(Damage.ALTERED, 1)]),
        (lambda lines: [b"[" * 100_000, *lines], [(Damage.ALTERED, 1)]),
        (lambda lines: [b'{"sequence":1}', *lines], [(Damage.ALTERED, 1)]),
        (lambda lines: [lines[0], b"x", lines[3]], [(Damage.ALTERED, 2), (Damage.REMOVED, 3)]),
    ],
)
def test_faults_do_not_hide_one_another(edit: object, faults: object) -> None:
    lines = content(entries("tttt")).splitlines()
    assert found(b"".join(line + b"\n" for line in edit(lines))) == faults  # type: ignore[operator]


def test_an_entry_follows_its_module_alone() -> None:
    first, other = entries("tu")
    second = chained(promotion("t", 1), first, NOON)
    assert (second.sequence, second.previous) == (2, first.hash)
    assert (other.sequence, other.previous) == (1, "")
    assert second.time.microsecond == 123000
    assert '"actor":"räumer"' in render(second)


@pytest.mark.parametrize("change", [{"reason": "\x1b[2J"}, {"actor": "a\nb"}, {"runs": ("\x07",)}])
def test_no_line_can_command_a_terminal(change: dict[str, object]) -> None:
    (first,) = entries("t")
    assert found(content((rehashed(first, **change),))) == [(Damage.ALTERED, 1)]
