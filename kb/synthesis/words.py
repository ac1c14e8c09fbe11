"""A synthesis in words: headings, paragraphs, lists and tables, all of them from one template."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.synthesis.block_words import BlockWords, studies_text
from kb.synthesis.model import DIRECT, MODERATOR, PRIMARY, REVIEW
from kb.synthesis.rules import rules
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.synthesis.model import Block, Synthesis


class Part(NamedTuple):
    """One part of a page. ``kind`` is title, section, block, text, list or table.

    ``rows`` of a table begin with its heads; a list has one cell a row.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@cache
def template() -> dict[str, Any]:
    """Return the sentences."""
    return tomllib.loads(Path(__file__).with_name("template.toml").read_text("utf-8"))


def title(synthesis: Synthesis) -> str:
    """Return what a synthesis is called."""
    text: str = template()["title"]
    return text.format(policy=clean_text(synthesis.policy_label), outcome=clean_text(synthesis.outcome_label))


def page(syntheses: Sequence[Synthesis], label: str) -> Iterator[Part]:
    """Yield the parts of a page; ``label`` is the policy, named where there is nothing to say on it."""
    words = template()
    if not syntheses:
        yield Part("text", words["short"]["none"].format(policy=clean_text(label)))
        return
    first = syntheses[0]
    if first.short:
        yield Part("title", words["short"]["head"].format(policy=clean_text(label)))
        yield from _head(first)
    for synthesis in syntheses:
        yield from _short(synthesis) if synthesis.short else _whole(synthesis, head=synthesis is first)
    yield from _end(first)


def _whole(synthesis: Synthesis, *, head: bool) -> Iterator[Part]:
    yield Part("title", title(synthesis))
    if head:
        yield from _head(synthesis)
    if not any(block.everything.number for block in synthesis.blocks):
        yield Part("text", template()["empty"]["nothing"])
    for circle in synthesis.circles:
        yield Part("section", template()["circles"][circle])
        blocks = [block for block in synthesis.blocks if block.circle == circle]
        yield from _circle(synthesis, blocks)
    yield Part("section", template()["hidden"]["head"])
    yield Part("list", rows=tuple((line,) for line in hidden_lines(synthesis)))


def _circle(synthesis: Synthesis, blocks: Sequence[Block]) -> Iterator[Part]:
    empty = template()["empty"]
    if not any(block.everything.number for block in blocks):
        yield Part("text", empty["circle"])
        return
    for block in blocks:
        if block.everything.number:
            yield Part("block", template()["kinds"][f"{block.role}-{block.kind}"])
            yield from BlockWords(synthesis, block, template()).parts(Part)
    missing = [empty[f"{block.role}-{block.kind}"] for block in blocks if not block.everything.number]
    if missing:
        yield Part("text", " ".join(missing))


def _short(synthesis: Synthesis) -> Iterator[Part]:
    words = template()
    yield Part("section", clean_text(synthesis.outcome_label))
    for circle in synthesis.circles:
        blocks = {(block.role, block.kind): block for block in synthesis.blocks if block.circle == circle}
        if not any(block.everything.number for block in blocks.values()):
            continue
        direct = BlockWords(synthesis, blocks[DIRECT, PRIMARY], words)
        level = {name: str(found.number) for name, found in direct.block.profile.levels.items()}
        of = direct.block.everything.number
        sentences = [direct.main(), direct.test(), words["short"]["read"].format(fulltext=level["fulltext"], of=of)]
        if not of:
            sentences = [words["empty"]["direct-primary"]]
        reviews = blocks[DIRECT, REVIEW].everything.number + blocks[MODERATOR, REVIEW].everything.number
        sentences.append(
            words["short"]["reviews"].format(
                reviews=studies_text(reviews, review=True),
                moderators=studies_text(blocks[MODERATOR, PRIMARY].everything.number),
            )
        )
        yield Part("text", f"{words['circles'][circle]}. {' '.join(sentences)}")
    more = words["short"]["more"].format(policy=synthesis.policy, outcome=synthesis.outcomes[0])
    yield Part("text", more)


def _head(synthesis: Synthesis) -> Iterator[Part]:
    words, head = template(), template()["head"]
    search = synthesis.last_search or "not recorded"
    sentences = [head["what"].format(by=words["by"][synthesis.by], version=synthesis.version, search=search)]
    sentences += [head["origin"]] if synthesis.last_search else []
    yield Part("text", " ".join(sentences))
    if synthesis.filters:
        filters = "; ".join(f"{name} {clean_text(value)}" for name, value in synthesis.filters)
        yield Part("text", head["filters"].format(filters=filters))
    if synthesis.by_result:
        yield Part("text", head["by_result"])


def hidden_lines(synthesis: Synthesis) -> list[str]:
    """Return what is not counted: in other circles, behind filters, and on the overall score or on the areas."""
    words, hidden = template()["hidden"], synthesis.hidden
    lines = []
    if hidden.circles:
        values = ", ".join(f"{name} {studies_text(found.number)}" for name, found in hidden.circles.items())
        lines.append(words["circles"].format(values=values))
    lines += [
        words["filters"].format(name=name, values=studies_text(found.number))
        for name, found in hidden.filters.items()
        if found.number
    ]
    if not lines:
        lines.append(words["none"])
    if hidden.other_policy.number:
        name = "areas" if synthesis.policy == "overall" else "overall"
        lines.append(words[name].format(values=studies_text(hidden.other_policy.number)))
    return lines


def _end(synthesis: Synthesis) -> Iterator[Part]:
    words = template()
    yield Part("section", words["limits"]["head"])
    yield Part("list", rows=tuple((sentence,) for sentence in words["limits"]["sentences"]))
    yield Part("section", words["swim"]["head"])
    yield Part("list", rows=tuple((f"{name} {text}",) for name, text in enumerate_swim(synthesis)))


def enumerate_swim(synthesis: Synthesis) -> list[tuple[str, str]]:
    """Return the items of SWiM with what the synthesis answers to each."""
    values = {
        "metric": template()["swim_metric"][synthesis.by], "share": rules().share, "needed": rules().informative,
    }  # fmt: skip
    items = template()["swim"]["items"]
    return [(f"SWiM {number}.", item.format(**values)) for number, item in enumerate(items, start=1)]
