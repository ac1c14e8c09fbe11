"""The exceptions of the knowledge base: one hierarchy; each message says what to do next."""

from __future__ import annotations


class KnowledgeBaseError(Exception):
    """Any error that a user can act on. ``exit_code`` is what the command line ends with (1 problem, 2 wrong usage)."""

    exit_code = 1


class UsageError(KnowledgeBaseError):
    """The request itself is wrong: an unknown option value, a missing argument."""

    exit_code = 2


class UnknownConceptError(UsageError):
    """A policy, outcome or other concept was named that no scheme holds, or that is ambiguous."""


class UnknownStudyError(UsageError):
    """A citation key was named that is not in the collection."""


class CollectionError(UsageError):
    """A folder of studies or an ontology cannot be read."""


class StoreError(KnowledgeBaseError):
    """The store cannot be written or opened."""


class EndpointError(KnowledgeBaseError):
    """A store elsewhere cannot be reached, does not let one in, or gives no whole answer."""


class QueryError(UsageError):
    """A SPARQL query is malformed or names a result format that does not fit it.

    ``line`` and ``column`` say where in its text, counted from 1; both are 0 where nobody knows.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefusedError(QueryError):
    """A SPARQL query would reach outside the store or change it."""


class AnswerTooLargeError(QueryRefusedError):
    """The answer to a SPARQL query is larger than the server gives out."""


class QueryTimeoutError(KnowledgeBaseError):
    """A SPARQL query ran longer than its time limit and was stopped."""


class QueryCancelledError(KnowledgeBaseError):
    """A SPARQL query was stopped by whoever asked it."""


class ExportError(KnowledgeBaseError):
    """A file cannot be written."""


class ProtocolError(UsageError):
    """A record of how the collection was made is missing or malformed."""


class IntakeError(KnowledgeBaseError):
    """Studies or findings cannot be brought into a collection."""


class CitationStyleError(UsageError):
    """A citation style does not exist or cannot be read."""


class UserFolderError(KnowledgeBaseError):
    """Baskets, saved queries or what the program remembers cannot be read or written."""


class MissingExtraError(KnowledgeBaseError):
    """Something was asked for that needs a library which is only installed on request."""
