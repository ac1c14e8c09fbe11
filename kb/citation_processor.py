"""One reference in one style of the Citation Style Language, rendered by citeproc-py and mended where it departs.

citeproc-py leaves out some of what the specification asks for, and each shows in common styles: ``initialize="false"``
(Chicago would lose given names), initials of "Soo-yong", variables that stood in for a missing name (they would come
twice), groups and labels whose variables are empty, capitals of labels ("(eds.)"), quotes within quotes, and full
stops that belong inside them. The classes here add it; only the parser of a style uses them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, model  # type: ignore[import-untyped]
from citeproc.frontend import CitationStylesStyle  # type: ignore[import-untyped]
from citeproc.source import VariableError  # type: ignore[import-untyped]
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from kb.errors import CitationStyleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CSL = "http://purl.org/net/xbiblio/csl"
#: Letters of private use that stand in the rendered text where italics and bold begin and end.
ITALIC, ITALIC_END, BOLD, BOLD_END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile("[\ue000-\ue003]")
_END = f"[{ITALIC_END}{BOLD_END}]*"
_REPEATED = re.compile(rf"(?<!\.)(\.{_END})\.(?!\.)")
_AFTER_MARK = re.compile(rf"([?!]{_END}[”’]?{_END})\.")
_AFTER_QUOTED_MARK = re.compile(rf"([?!]{_END}’?”{_END})[.,]")
_BEGINNING = re.compile(
    r"(?:(?<=[?!] )|(?<=[“‘\"(]))[^\W\d_A-Z]+\b"
)  # small words that begin a sentence or a quotation
_OUTSIDE = re.compile(r"(’?”)([.,])")
_INNER = str.maketrans({"“": "‘", "”": "’"})


class _Formatter:
    """Marks italics and bold, and remembers which variables of a reference were rendered, and which stood in."""

    SmallCaps = Superscript = Subscript = Underline = Light = staticmethod(str)

    def __init__(self, macros: dict[str, Any], callers: dict[str, bool]) -> None:
        self.macros = macros  # what is looked up again and again, kept with the style
        self.callers = callers
        self.called = 0
        self.rendered: list[str] = []
        self.substituted: set[str] = set()
        self.is_journal = False

    @staticmethod
    def preformat(text: object) -> str:
        return _MARKS.sub("", str(text))

    @staticmethod
    def Italic(text: object) -> str:  # noqa: N802 - citeproc-py calls it so
        return f"{ITALIC}{text}{ITALIC_END}"

    Oblique = Italic

    @staticmethod
    def Bold(text: object) -> str:  # noqa: N802
        return f"{BOLD}{text}{BOLD_END}"


class _Text(model.Text):  # type: ignore[misc]
    def get_macro(self, name: str) -> Any:  # noqa: ANN401 - of an untyped library
        macros = self.get_formatter().macros
        if name not in macros:
            macros[name] = super().get_macro(name)
        return macros[name]

    def calls_variable(self) -> bool:
        callers, name = self.get_formatter().callers, self.get("macro")
        if name is None:
            return bool(super().calls_variable())
        if name not in callers:
            callers[name] = bool(super().calls_variable())
        return bool(callers[name])

    def _variable(self, item: Any, context: Any) -> Any:  # noqa: ANN401
        formatter, variable = self.get_formatter(), self.get("variable")
        if variable in formatter.substituted or variable == "citation-number":
            return None
        formatter.called += variable not in self.generated_variables
        text = super()._variable(item, context)
        formatter.is_journal = variable == "container-title" and item.reference.type == "article-journal"
        if text:
            formatter.rendered.append(variable)
        return text

    def process(self, item: Any, context: Any = None, **options: Any) -> Any:  # noqa: ANN401
        if self.get("value") == "Preprint":  # Harvard says so of articles whose volume and pages are not on record
            return None, "en"
        return super().process(item, context=context, **options)

    def case(self, text: Any, language: str | None = None) -> Any:  # noqa: ANN401
        if self.get_formatter().is_journal:  # its name is in whatever language, and keeps its letters
            return text
        cased = super().case(text, language)
        if self.get("text-case") == "title" and language == "en" and cased:
            return model.String(_BEGINNING.sub(lambda word: word.group().capitalize(), str(cased)))
        return cased

    def quote(self, string: Any) -> Any:  # noqa: ANN401
        if self.get("quotes") == "true" and self.get_single_term(name="open-quote") == "“":
            string = model.String(str(string).translate(_INNER))
        return super().quote(string)


class _Names(model.Names):  # type: ignore[misc]
    def process(self, item: Any, names_context: Any = None, context: Any = None, **options: Any) -> Any:  # noqa: ANN401
        formatter = self.get_formatter()
        present = [role for role in self.get("variable").split() if role in item.reference]
        if present and formatter.substituted.issuperset(present):
            return None
        formatter.called += 1
        if names_context is None and self.name is None:
            names_context = next(iter(self.xpath_search("./ancestor::cs:substitute[1]/parent::cs:names")), None)
        text = super().process(item, names_context=names_context, context=context, **options)
        formatter.rendered += present
        return text


class _Name(model.Name):  # type: ignore[misc]
    def get_option(self, name: str, context: Any = None, sort_options: Any = None) -> Any:  # noqa: ANN401
        if name == "initialize-with" and self.get("initialize") == "false":
            return None
        return super().get_option(name, context, sort_options)

    def initialize(self, given: str, mark: str, context: Any) -> str:  # noqa: ANN401
        """Return the initials; both of "Soo-yong" count, and a particle stays whole."""
        hyphen = f"{mark.rstrip()}-" if self.get_option("initialize-with-hyphen", context) else mark
        text = ""
        for word in given.replace(".", " ").replace("‐", "-").split():
            if word[0].islower():
                text = f"{text.rstrip()} {word} "
            else:
                text += hyphen.join(part[0] for part in word.split("-") if part) + mark
        return " ".join(text.split())


class _Substitute(model.Substitute):  # type: ignore[misc]
    def render(self, item: Any, context: Any = None, **options: Any) -> Any:  # noqa: ANN401
        formatter = self.get_formatter()
        before = len(formatter.rendered)
        text = super().render(item, context=context, **options)
        if text:
            formatter.substituted.update(formatter.rendered[before:])
        return text

    def add_to_repressed_list(self, child: Any, context: Any) -> None:  # noqa: ANN401
        """Leave it to ``render``, which knows what was rendered inside macros too."""


class _Label(model.Label):  # type: ignore[misc]
    def process(self, item: Any, variable: str | None = None, *values: Any, **options: Any) -> Any:  # noqa: ANN401
        own = self.get("variable")
        if variable is None and own and own.replace("-", "_") not in item.reference:
            return None
        return super().process(item, variable, *values, **options)

    def case(self, text: Any, language: str | None = "en") -> Any:  # noqa: ANN401
        return super().case(text, language)


class _Date(model.Date):  # type: ignore[misc]
    def process(self, item: Any, *values: Any, **options: Any) -> Any:  # noqa: ANN401
        self.get_formatter().called += 1
        text = super().process(item, *values, **options)
        if text:
            self.get_formatter().rendered.append(self.get("variable"))
        return text


class _Number(model.Number):  # type: ignore[misc]
    def process(self, item: Any, *values: Any, **options: Any) -> Any:  # noqa: ANN401
        self.get_formatter().called += 1
        text = super().process(item, *values, **options)
        if text:
            self.get_formatter().rendered.append(self.get("variable"))
        return text


class _Group(model.Group):  # type: ignore[misc]
    def process(self, item: Any, context: Any = None, **options: Any) -> Any:  # noqa: ANN401
        formatter = self.get_formatter()
        called, rendered = formatter.called, len(formatter.rendered)
        text = super().process(item, context=context, **options)
        if formatter.called > called and len(formatter.rendered) == rendered:
            raise VariableError
        formatter.rendered.append("")  # a group that is not empty counts for the one around it
        return text


_OWN = {
    "text": _Text, "names": _Names, "name": _Name, "substitute": _Substitute, "label": _Label, "date": _Date,
    "number": _Number, "group": _Group,
}  # fmt: skip


class Style(CitationStylesStyle):  # type: ignore[misc]
    """A style read from a file. It reads nothing else, and no network.

    Raises:
        CitationStyleError: the file cannot be read, or is no style with a bibliography.
    """

    def __init__(self, path: Path, locale: str = "") -> None:
        lookup = etree.ElementNamespaceClassLookup()
        elements = lookup.get_namespace(_CSL)
        elements[None] = model.CitationStylesElement
        for element in model.CitationStylesElement.__subclasses__():
            elements[element.__name__.replace("_", "-").lower()] = element
        elements.update(_OWN)
        parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False, load_dtd=False)
        parser.set_element_class_lookup(lookup)
        try:
            self.xml = etree.parse(str(path), parser)
        except (OSError, etree.XMLSyntaxError) as error:
            raise CitationStyleError(f"{path} cannot be read as a citation style: {error}.") from None
        self.root = self.xml.getroot()
        if not isinstance(self.root, model.Style):
            raise CitationStyleError(f"{path} is no citation style. Take a .csl file, such as from zotero.org/styles.")
        if self.root.bibliography is None:
            raise CitationStyleError(f"{path} has no bibliography: it points to another style. Take that one.")
        self.root.set_locale_list(locale or self.root.get("default-locale", "en-US"), validate=False)
        self._macros: dict[str, Any] = {}
        self._callers: dict[str, bool] = {}
        self._moves = self.root.get_locale_option("punctuation-in-quote") == "true"

    @property
    def is_numbered(self) -> bool:
        """Say whether the style numbers its entries."""
        categories = self.root.iterfind(f"{{{_CSL}}}info/{{{_CSL}}}category")
        return any(category.get("citation-format") == "numeric" for category in categories)

    def render(self, item: Mapping[str, object]) -> str:
        """Return one reference (a CSL item) on one line, with marks for italics and bold."""
        source = CiteProcJSON([item])
        bibliography = CitationStylesBibliography(self, source, _Formatter(self._macros, self._callers))
        bibliography.register(Citation([CitationItem(item["id"])]))
        text = " ".join(str(entry) for entry in bibliography.bibliography())
        return self._punctuated(" ".join(text.split()))

    def _punctuated(self, text: str) -> str:
        """Return the text with no mark twice, and with full stops inside quotes where the language has it so."""
        if self._moves:
            text = _OUTSIDE.sub(r"\2\1", _AFTER_QUOTED_MARK.sub(r"\1", text))
            text = re.sub(r"([.?!])[.,](’?”)", r"\1\2", text)
        return _REPEATED.sub(r"\1", _AFTER_MARK.sub(r"\1", text))
