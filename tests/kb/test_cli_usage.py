"""Wrong usage of the command line: one plain sentence that helps, and exit code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kb.running import is_one_plain_sentence

if TYPE_CHECKING:
    from tests.kb.running import Line

WRONG = [
    (["evidence", "helth"], 2, "Did you mean health"),
    (["evidence", "--since", "abc"], 2, "four digits"),
    (["evidence", "--format", "doc"], 2, "table"),
    (["evidence", "--nonsense"], 2, "mipex-kb evidence --help"),
    (["evidence", "--outcome"], 2, "mipex-kb evidence --help"),
    (["evidence", "--measure", "nonsense"], 2, "vocab measure"),
    (["show"], 2, "mipex-kb show --help"),
    (["show", "alpha2001trst"], 2, "Did you mean alpha2001trust"),
    (["sparql", "-e", "SELECT * {"], 2, "line 1, column"),
    (["sparql", "-e", "CLEAR ALL"], 2, "Updates are refused"),
    (["sparql", "-e", "ASK {}", "--named", "counts"], 2, "not both"),
    (["sparql", "a.rq", "b.rq"], 2, "one query"),
    (["sparql", "-e", "ASK {}", "a.rq"], 2, "one query"),
    (["sparql", "nowhere.rq"], 2, "nowhere.rq cannot be read"),
    (["sparql", "--named", "nothing"], 2, "There are:"),
    (["sparql", "--named", "counts", "health"], 2, "NAME=VALUE"),
    (["sparql", "--named", "counts", "polcy=health"], 2, "It has: policy"),
    (["sparql", "--named", "counts", "policy=a b"], 2, "is no policy"),
    (["sparql", "--describe"], 2, "Add --named NAME"),
    (["sparql", "-e", "ASK {}", "--timeout", "0"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--timeout", "soon"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--timeout", "nan"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--format", "ttl"], 2, "rows, not a graph"),
    (["vocab", "nothing"], 2, "There are: "),
    (["check", "--format", "xml"], 2, "mipex-kb check --help"),
    (["build", "stray"], 2, "mipex-kb build --help"),
]


@pytest.mark.parametrize(
    ("words", "code", "hint"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage_is_one_plain_sentence_and_a_code(words: list[str], code: int, hint: str, line: Line) -> None:
    done = line(*words)
    assert (done.code, done.out) == (code, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err


@pytest.mark.parametrize(
    ("word", "hint"),
    [("evidnce", "Did you mean evidence?"), ("sparkle", "sparql"), ("xyz", "Commands: evidence"), ("Show", "show")],
)
def test_an_unknown_command_gets_a_suggestion(word: str, hint: str, line: Line) -> None:
    done = line(word, toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err


def test_an_unknown_option_before_the_command_is_refused(line: Line) -> None:
    done = line("--nonsense", "evidence", toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
