"""What a type of publication is called in each format."""

from __future__ import annotations

from typing import NamedTuple


class Type(NamedTuple):
    """The names of one type. ``thesis``: what kind of thesis it is, in words."""

    bibtex: str
    biblatex: str
    ris: str
    csl: str
    thesis: str = ""


_OTHER = Type("misc", "misc", "GEN", "document")
#: Type as coded (see ``kb.fields.BIBO_CLASSES``) -> its names.
TYPES = {
    "article": Type("article", "article", "JOUR", "article-journal"),
    "suppperiodical": Type("article", "suppperiodical", "JOUR", "article-journal"),
    "periodical": Type("misc", "periodical", "JFULL", "periodical"),
    "book": Type("book", "book", "BOOK", "book"),
    "mvbook": Type("book", "mvbook", "BOOK", "book"),
    "collection": Type("book", "collection", "BOOK", "book"),
    "mvcollection": Type("book", "mvcollection", "BOOK", "book"),
    "reference": Type("book", "reference", "BOOK", "book"),
    "mvreference": Type("book", "mvreference", "BOOK", "book"),
    "booklet": Type("booklet", "booklet", "PAMP", "pamphlet"),
    "manual": Type("manual", "manual", "BOOK", "book"),
    "inbook": Type("incollection", "inbook", "CHAP", "chapter"),
    "bookinbook": Type("incollection", "bookinbook", "CHAP", "chapter"),
    "suppbook": Type("incollection", "suppbook", "CHAP", "chapter"),
    "incollection": Type("incollection", "incollection", "CHAP", "chapter"),
    "suppcollection": Type("incollection", "suppcollection", "CHAP", "chapter"),
    "inreference": Type("incollection", "inreference", "CHAP", "entry"),
    "inproceedings": Type("inproceedings", "inproceedings", "CONF", "paper-conference"),
    "conference": Type("inproceedings", "inproceedings", "CONF", "paper-conference"),
    "proceedings": Type("proceedings", "proceedings", "CONF", "book"),
    "mvproceedings": Type("proceedings", "mvproceedings", "CONF", "book"),
    "mastersthesis": Type("mastersthesis", "thesis", "THES", "thesis", "Master's thesis"),
    "phdthesis": Type("phdthesis", "thesis", "THES", "thesis", "PhD thesis"),
    "thesis": Type("phdthesis", "thesis", "THES", "thesis", "Thesis"),
    "techreport": Type("techreport", "report", "RPRT", "report"),
    "report": Type("techreport", "report", "RPRT", "report"),
    "unpublished": Type("unpublished", "unpublished", "UNPB", "manuscript"),
    "online": Type("misc", "online", "ELEC", "webpage"),
    "electronic": Type("misc", "online", "ELEC", "webpage"),
    "www": Type("misc", "online", "ELEC", "webpage"),
    "dataset": Type("misc", "dataset", "DATA", "dataset"),
    "software": Type("misc", "software", "COMP", "software"),
    "patent": Type("misc", "patent", "PAT", "patent"),
    "standard": Type("misc", "standard", "STAND", "standard"),
    "legislation": Type("misc", "legislation", "STAT", "legislation"),
    "jurisdiction": Type("misc", "jurisdiction", "CASE", "legal_case"),
    "letter": Type("misc", "letter", "PCOMM", "personal_communication"),
    "audio": Type("misc", "audio", "SOUND", "song"),
    "video": Type("misc", "video", "VIDEO", "motion_picture"),
    "movie": Type("misc", "movie", "MPCT", "motion_picture"),
    "misc": _OTHER,
}


def type_of(name: str) -> Type:
    """Return the names of a type as coded; a type that nobody knows is a document of some kind."""
    return TYPES.get(name, _OTHER)
