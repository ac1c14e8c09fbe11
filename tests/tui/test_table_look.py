"""How a table looks: which columns have room, how wide they are, how rows are sorted, and what is kept of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.table_look import LEAST_SHARE, NARROWEST, UNASKED, WIDEST, Column, Look, by_number, look_of

COLUMNS = (
    Column[str]("A", lambda row: row[:1], 10),
    Column[str]("B", lambda row: row[1:2], 0),
    Column[str]("C", lambda row: row[2:3], 0, 60),
    Column[str]("D", lambda row: row[3:], 5, UNASKED, key=lambda row: by_number(row[3:])),
)
LOOKS = st.builds(
    Look,
    st.lists(st.sampled_from("ABCD"), unique=True).map(tuple),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(NARROWEST, WIDEST)).map(lambda found: tuple(found.items())),
    st.tuples(st.sampled_from(["", *"ABCD"]), st.booleans()),
)


def laid(look: Look, width: int) -> list[tuple[str, int]]:
    """Return titles and widths."""
    return [(column.title, size) for column, size in look.laid_out(COLUMNS, width)]


def test_at_first_columns_come_with_the_width_of_the_table() -> None:
    assert laid(Look(), 40) == [("A", 10), ("B", 27)]
    assert laid(Look(), 60) == [("A", 10), ("B", 23), ("C", 23)]
    assert "D" not in dict(laid(Look(), 500))


def test_chosen_columns_stand_in_their_order_whatever_the_width() -> None:
    assert laid(Look(("D", "A")), 40) == [("D", 5), ("A", 32)]
    assert laid(Look(("C", "A"), (("C", 6),)), 30) == [("C", 6), ("A", 21)]
    assert laid(Look(("gone", "A")), 40) == [("A", 38)]


def test_the_last_of_the_chosen_columns_give_way_where_there_is_no_room() -> None:
    look = Look(("A", "D", "B", "C"))
    assert laid(look, 40) == [("A", 10), ("D", 5), ("B", 10), ("C", 10)]
    assert laid(look, 12 + 6 + LEAST_SHARE + 1) == [("A", 10), ("D", 5), ("B", LEAST_SHARE)]
    assert [title for title, _ in laid(look, 5)] == ["A"]
    assert [column.title for column in look.in_order(COLUMNS, 5)] == ["A", "D", "B", "C"]


@given(look=LOOKS, width=st.integers(12, 300))
def test_columns_never_overlap_the_table(look: Look, width: int) -> None:
    found = laid(look, width)
    assert found or not look.in_order(COLUMNS, width)
    if len(found) > 1:
        assert sum(size + 1 for _, size in found) <= max(width - 1, 12)
    if (look.shown or look.widths) and len(found) > 1:
        assert sum(size + 1 for _, size in found) == width - 1


@given(look=LOOKS)
def test_a_look_comes_back_as_it_was(look: Look) -> None:
    kept = json.loads(json.dumps(look.kept()))
    assert look_of(kept, COLUMNS) == look._replace(widths=tuple(sorted(look.widths)))


@given(memory=st.recursive(st.none() | st.integers() | st.text() | st.booleans(), lambda inner: st.lists(inner) |
       st.dictionaries(st.sampled_from(["columns", "widths", "order", "A"]), inner)))  # fmt: skip
def test_any_rubbish_is_a_look(memory: object) -> None:
    look = look_of(memory, COLUMNS)
    assert laid(look, 80)
    assert all(NARROWEST <= width <= WIDEST for _, width in look.widths)


def test_widths_stay_within_reason() -> None:
    assert Look().wide("A", -5).width_of(COLUMNS[0]) == NARROWEST
    assert Look().wide("A", 5000).width_of(COLUMNS[0]) == WIDEST
    assert Look().wide("A", 7).wide("A", 9).widths == (("A", 9),)


@pytest.mark.parametrize("reverse", [False, True])
def test_empty_cells_come_last_in_both_directions(reverse: bool) -> None:
    column = Column[str]("x", lambda row: row, 3)
    found = column.sorted(["b", "", "Á", "c"], reverse=reverse)
    assert found == (["c", "b", "Á", ""] if reverse else ["Á", "b", "c", ""])


def test_numbers_are_sorted_by_their_value() -> None:
    texts = ["12,345", "<0.05", "-0.2", "−0.3", "about 7", "unknown", ".5"]
    assert sorted(texts, key=by_number) == ["−0.3", "-0.2", "<0.05", ".5", "about 7", "12,345", "unknown"]
