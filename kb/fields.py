"""The fields of the coding format in their canonical order, and which scheme each concept field draws on."""

from __future__ import annotations

STUDY_FIELDS: tuple[str, ...] = (
    "author", "editor", "title", "booktitle", "journal", "institution", "publisher", "school", "type", "year",
    "volume", "number", "pages", "doi", "url", "crossref",
    "measure", "measurestatus", "design", "data", "countries", "coverage", "period", "n",
    "bibstatus", "bibsource", "unconfirmed", "includes", "related", "note",
)  # fmt: skip

#: Fields of biblatex that are read in place of the BibTeX ones.
BIBLATEX_FIELDS: tuple[str, ...] = ("journaltitle", "subtitle", "date", "issue", "organization")

FINDING_FIELDS: tuple[str, ...] = (
    "study", "policy", "outcome", "population", "role", "relation", "direction", "appraisal", "measure",
    "estimate", "se", "p", "n", "model", "statement", "source", "sourcelevel", "locator",
    "coder", "coded", "verifier", "verified", "note",
)  # fmt: skip

#: Fields whose values are concepts: field -> kind of concept.
CONCEPT_FIELDS: dict[str, str] = {
    "policy": "policy",
    "outcome": "outcome",
    "population": "population",
    "role": "role",
    "direction": "direction",
    "appraisal": "appraisal",
    "sourcelevel": "source-level",
    "measure": "measure",
    "design": "design",
    "data": "data",
    "countries": "country",
}

#: Fields that quote a publication at length; they are never stored (coding manual, "A finding").
FORBIDDEN_FIELDS: frozenset[str] = frozenset({"abstract", "annote", "annotation"})

MEASURE_STATUS: tuple[str, ...] = ("seen", "believed")
BIB_STATUS: tuple[str, ...] = ("confirmed", "unconfirmed")
FINDING = "finding"

#: Entry types of BibTeX and the BIBO class of each.
BIBO_CLASSES: dict[str, str] = {
    "article": "AcademicArticle",
    "book": "Book",
    "collection": "EditedBook",
    "inbook": "Chapter",
    "incollection": "Chapter",
    "inproceedings": "Article",
    "conference": "Article",
    "mastersthesis": "Thesis",
    "phdthesis": "Thesis",
    "thesis": "Thesis",
    "techreport": "Report",
    "report": "Report",
    "proceedings": "Proceedings",
    "unpublished": "Manuscript",
    "misc": "Document",
    "online": "Webpage",
    "electronic": "Webpage",
    "www": "Webpage",
    "mvbook": "Book",
    "booklet": "Book",
    "manual": "Manual",
    "bookinbook": "Chapter",
    "suppbook": "Chapter",
    "suppcollection": "Chapter",
    "inreference": "Chapter",
    "reference": "ReferenceSource",
    "mvreference": "ReferenceSource",
    "mvcollection": "EditedBook",
    "mvproceedings": "Proceedings",
    "periodical": "Periodical",
    "suppperiodical": "Article",
    "patent": "Patent",
    "dataset": "Document",
    "software": "Document",
    "standard": "Standard",
    "audio": "AudioDocument",
    "video": "AudioVisualDocument",
    "movie": "Film",
    "letter": "Letter",
    "legislation": "Legislation",
    "jurisdiction": "LegalCaseDocument",
}
