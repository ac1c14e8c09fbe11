"""One block of a synthesis in words: the split, the sign test and what it leaves out, and the kind of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kb.synthesis.model import MODERATOR, PRIMARY, REVIEW
from kb.synthesis.rules import DIRECTION, rules
from kb.terminal import SIGNS
from kb.text import clean_text, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kb.synthesis.model import Block, Counted, Member, SignTest, Synthesis

PartT = TypeVar("PartT")
_VALENCES = {1: "good", -1: "bad", 0: "neither", None: "unknown"}


def studies_text(number: int, *, review: bool = False) -> str:
    """Return a number of studies, or of reviews, with its noun."""
    return counted(number, "review") if review else counted(number, "study", "studies")


class BlockWords:
    """Puts one block into words; ``words`` is the template."""

    def __init__(self, synthesis: Synthesis, block: Block, words: Mapping[str, Any]) -> None:
        self.block = block
        self._synthesis = synthesis
        self._words = words
        self._scale = rules().scales[synthesis.by]
        self._review = block.kind == REVIEW

    def parts(self, part: Callable[..., PartT]) -> Iterator[PartT]:
        """Yield the block; ``part`` makes a part of a page from its kind, text and rows."""
        block = self.block
        yield part("text", self.main())
        yield part("table", "", self.table())
        if block.kind == PRIMARY:
            yield part("text", f"{self.test()} {self.sensitivity()}")
        unit = "reviews" if self._review else "studies"
        yield part("table", self._words["outcomes"][block.role].format(unit=unit), self.outcomes())
        yield part("list", "", tuple((line,) for line in self.profile()))
        if block.kind == PRIMARY and block.role != MODERATOR:
            lines = self.causal()
            yield part("text", self._words["causal"]["head" if lines else "none"])
            if lines:
                yield part("list", "", tuple((line,) for line in lines))
        for line in self.numbers():
            yield part("text", line)
        if self._review:
            yield part("text", self.included())
        yield part("text", self._words["studies"]["head"])
        yield part("list", "", tuple((self.member(member),) for member in block.members))

    def main(self) -> str:
        """Return the sentence with the whole split, no class left out."""
        block, words = self.block, self._words["sentence"]
        held = words["held"].format(
            findings=counted(len(block.everything.findings), "finding"), bases=self._bases(len(block.bases.members))
        )
        if block.unknown.number:
            held += words["unknown"].format(unknown=studies_text(block.unknown.number, review=self._review))
        studies = studies_text(block.everything.number, review=self._review)
        split = {name: found.number for name, found in block.classes.items()}
        text: str = words[f"{self._synthesis.by}-{block.role}"].format(studies=studies, held=held, **split)
        return text

    def table(self) -> tuple[tuple[str, ...], ...]:
        """Return the split as a table: studies, findings in brackets, evidence bases."""
        rows = []
        for name in self._scale.classes:
            found = self.block.classes[name]
            row = [rules().labels[name], str(found.number), f"({len(found.findings)})"]
            rows.append((*row, *([] if self._review else [str(len(self.block.by_base[name].members))])))
        header = self._words["table"]["header_review" if self._review else "header"]
        return (tuple(header), *rows)

    def test(self) -> str:
        """Return the sign test and what it leaves out, or why there is none."""
        block, words, classes = self.block, self._words["test"], self.block.classes
        names = {"good": rules().labels[self._scale.good], "bad": rules().labels[self._scale.bad]}
        if block.untested:
            return str(words[block.untested])
        if block.test is None:
            informative = classes[self._scale.good].number + classes[self._scale.bad].number
            text = f"{studies_text(informative)} {'is' if informative == 1 else 'are'}"
            return str(words["few"].format(informative=text, needed=rules().informative, **names))
        left_out = words["left_out"].format(**{name: found.number for name, found in classes.items()})
        if "unappraised" in classes:
            left_out += words["left_out_unappraised"].format(unappraised=classes["unappraised"].number)
        done = words["done"].format(
            **_numbers(block.test, "study", "studies"), **names, left_out=left_out,
            bases=self._bases(len(block.bases.members)), unknown=studies_text(block.unknown.number),
        )  # fmt: skip
        if block.base_test is None:
            return str(done)
        return f"{done} {words['by_base'].format(**_numbers(block.base_test, 'base'), **names)}"

    def sensitivity(self) -> str:
        """Return the split with one count for each evidence base."""
        block, words = self.block, self._words["test"]
        if not block.bases.members:
            return str(words["sensitivity_none"])
        split = ", ".join(f"{rules().labels[name]} {len(of.members)}" for name, of in block.by_base.items())
        unknown = ""
        if block.unknown.number:
            unknown = words["sensitivity_unknown"].format(unknown=studies_text(block.unknown.number))
        bases = self._bases(len(block.bases.members))
        return str(words["sensitivity"].format(bases=bases, split=split, unknown=unknown))

    def outcomes(self) -> tuple[tuple[str, ...], ...]:
        """Return each outcome with its studies by raw direction."""
        words = self._words["outcomes"]
        rows = [
            (
                clean_text(split.label), words[_VALENCES[split.valence]],
                *(str(split.directions[name].number) for name in rules().scales[DIRECTION].classes),
            )
            for split in self.block.outcomes
        ]  # fmt: skip
        return (tuple(words["header"]), *rows)

    def profile(self) -> list[str]:
        """Return what kind of studies these are, a sentence each; what is not known is said."""
        profile, words = self.block.profile, self._words["profile"]
        of = self.block.everything.number
        lines = [words["designs"].format(values=_listed(profile.designs, "design not known"))]
        for name, spread in (("countries", profile.countries), ("years", profile.years)):
            if spread is None:
                lines.append(words[f"{name}_unknown"])
            else:
                values = {"median": f"{spread.median:g}", "low": spread.low, "high": spread.high}
                lines.append(words[name].format(**values, known=spread.known.number, of=of))
        edition = words["edition"] if "mipex" in profile.measures else ""
        lines.append(words["measures"].format(values=_listed(profile.measures, "not recorded"), edition=edition))
        lines.append(words["populations"].format(values=_listed(profile.populations, "not recorded")))
        if profile.sources:
            lines.append(words["sources"].format(values=_listed(profile.sources, "")))
        else:
            lines.append(words["sources_unknown"])
        levels = {name: found.number for name, found in profile.levels.items() if name}
        lines.append(words["levels"].format(**levels, of=of))
        second = words["verified"].format(
            verified=len(profile.verified.findings), findings=len(self.block.everything.findings)
        )
        if profile.coded_twice is not None:
            second += " " + words["coded_twice"].format(twice=profile.coded_twice.number, of=of)
        return [*lines, second, words["quality"].format(of=of)]

    def causal(self) -> list[str]:
        """Return for each study whose design allows it what happened after a change of policy, by outcome."""
        labels = {split.notation: split.label for split in self.block.outcomes}
        words = self._words["causal"]
        overall = self._synthesis.policy == "overall"
        policy = words["on_overall" if overall else "on"].format(
            policy=_lower(clean_text(self._synthesis.policy_label))
        )
        lines = []
        for member in self.block.members:
            design = " and ".join(words["designs"][name] for name in member.causal)
            for outcome, direction in dict.fromkeys(member.directions) if design else ():
                name = direction if direction in SIGNS else "unclear"
                values = {"policy": policy, "outcome": _lower(clean_text(labels[outcome]))}
                lines.append(words[name].format(key=member.study, design=design, **values))
        return lines

    def numbers(self) -> list[str]:
        """Return what numbers sum up to, or why nothing is summed up."""
        found, words = self.block.numbers, self._words["numbers"]
        if found is None:
            return []
        if not found.pooled:
            return [
                words["none"].format(
                    printed=len(found.printed.findings), with_error=len(found.with_error.findings),
                    findings=len(self.block.everything.findings), needed=rules().estimates,
                )
            ]  # fmt: skip
        return [
            words["pooled"].format(
                outcome=pooled.outcome, scale=clean_text(pooled.scale), keys=", ".join(pooled.findings),
                **{
                    name: f"{value:.3g}" if isinstance(value, float) else value
                    for name, value in pooled.summary._asdict().items()
                },
            )
            for pooled in found.pooled
        ]  # fmt: skip

    def included(self) -> str:
        """Return how many of the primary studies here the reviews name as theirs."""
        words = self._words["studies"]
        primary = {
            study for block in self._synthesis.blocks if block.kind == PRIMARY for study in block.everything.studies
        }
        number = len(primary.intersection(self.block.included.studies))
        return str(words["included"].format(included=number) if number else words["not_included"])

    def member(self, member: Member) -> str:
        """Return one line on a study: its class, raw signs, design, countries, data, and where it was read."""
        words = self._words["studies"]
        raw = [direction for _, direction in member.directions]
        signs = " ".join(f"{sign}{raw.count(name)}" for name, sign in SIGNS.items() if name in raw)
        return str(
            words["item"].format(
                key=member.study, author=clean_text(member.author), year=member.year,
                result=rules().labels[member.result], signs=signs,
                designs=clean_text(", ".join(member.designs)) or words["unknown_design"],
                countries=counted(member.countries, "country", "countries")
                if member.countries is not None
                else words["unknown_countries"],
                data=clean_text(member.data) or words["unknown_data"], level=member.level or words["unknown_level"],
            )
        )  # fmt: skip

    def _bases(self, number: int) -> str:
        return counted(number, "evidence base")


def _numbers(test: SignTest, one: str, many: str = "") -> dict[str, object]:
    share = f"{test.good / test.informative:.0%}"
    informative = counted(test.informative, one, many)
    p = f"{test.p:.4f}" if test.p >= 0.0001 else "below 0.0001"
    values = {"number": test.good, "informative": informative, "p": p, "share": share}
    return {**values, "low": f"{test.low:.0%}", "high": f"{test.high:.0%}"}


def _listed(values: Mapping[str, Counted], nothing: str) -> str:
    return ", ".join(f"{clean_text(name)} {found.number}" for name, found in values.items()) or nothing


def _lower(label: str) -> str:
    """Return a label inside a sentence: its first letter is small unless it begins an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
