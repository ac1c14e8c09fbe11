"""The index of words: it finds what a look at every text finds, also after texts were added and taken away."""

from __future__ import annotations

import marshal

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search_index import NameIndex, TextIndex, numbers_of

WORD = st.text(st.sampled_from("abé"), min_size=1, max_size=4)
TEXT = st.lists(WORD | st.just("|"), max_size=6).map(" ".join)


def numbers(texts: list[str], word: str, how: str) -> set[int]:
    def fits(known: str) -> bool:
        if how == "inside":
            return word in known
        return known == word if how == "whole" else known.startswith(word)

    return {n for n, text in enumerate(texts) if any(fits(known) for known in text.split() if known != "|")}


@settings(max_examples=60)
@given(texts=st.lists(TEXT, max_size=40), added=st.lists(TEXT, max_size=3), gone=st.sets(st.integers(0, 42)), word=WORD)
def test_a_changed_index_finds_what_a_look_at_every_text_finds(
    texts: list[str], added: list[str], gone: set[int], word: str
) -> None:
    index = TextIndex(texts)
    assert index.inside(word) == index.inside(word)
    for text in added:
        index.add(text)
    left = texts + added
    for number in gone & set(range(len(left))):
        index.remove(number)
        left[number] = ""
    kept = TextIndex.of(marshal.loads(marshal.dumps(index.state())))
    for one in (index, kept):
        for how in ("whole", "start", "inside"):
            assert set(numbers_of(getattr(one, how)(word))) == numbers(left, word, how)
        assert one.words == sorted({known for text in left for known in text.split()} - {"|"})
        assert one.containing(word, range(len(left))) == [n for n, text in enumerate(left) if word in text]


@settings(max_examples=60)
@given(texts=st.lists(TEXT, max_size=12), words=st.lists(WORD, min_size=2, max_size=3).map(tuple))
def test_a_phrase_is_found_as_a_whole_and_up_to_a_start(texts: list[str], words: tuple[str, ...]) -> None:
    whole, start = TextIndex(texts).phrase(words)
    wanted = " " + " ".join(words)
    assert set(numbers_of(whole)) == {n for n, text in enumerate(texts) if f"{wanted} " in f" {text} "}
    assert set(numbers_of(whole | start)) == {n for n, text in enumerate(texts) if wanted in f" {text} "}
    assert whole & start == 0


@settings(max_examples=60)
@given(items=st.lists(st.lists(TEXT, max_size=3), max_size=9), gone=st.sets(st.integers(0, 8)), word=WORD)
def test_names_that_items_share_find_the_items(items: list[list[str]], gone: set[int], word: str) -> None:
    index = NameIndex(items)
    dropped = {number for number in gone if number < len(items)}
    index.change(sum(1 << number for number in dropped), {len(items): ["a b", "b"]})
    left = [" | ".join(names) if n not in dropped else "" for n, names in enumerate(items)] + ["a b | b"]
    for one in (index, NameIndex.of(marshal.loads(marshal.dumps(index.state())))):
        for how in ("whole", "start", "inside"):
            assert set(numbers_of(getattr(one, how)(word))) == numbers(left, word, how)
        assert set(numbers_of(one.phrase(("a", "b"))[0])) == {
            n for n, text in enumerate(left) if " a b " in f" {text} "
        }  # fmt: skip


def test_common_and_rare_words_are_found_alike() -> None:
    index = TextIndex(["common" + (" rare" if n == 400 else "") for n in range(500)])
    assert index.whole("common") == (1 << 500) - 1
    assert numbers_of(index.whole("rare")) == [400]
    assert isinstance(index.state()["having"][1], bytes)
