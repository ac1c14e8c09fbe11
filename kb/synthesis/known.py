"""What a synthesis needs to know beside findings and studies: coverage in words, models, second looks, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.synthesis.profile import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.protocol import Protocol
    from kb.session import Session


class Background(NamedTuple):
    """``models`` holds the words on the model by finding, ``includes`` by review the studies that it covers."""

    known: Known
    models: dict[str, str]
    includes: dict[str, tuple[str, ...]]


def background(session: Session, keys: Iterable[str], protocol: Protocol | None) -> Background:
    """Return what is known of some studies."""
    from kb.studies import more_of, study_documents

    wanted = sorted(set(keys))
    documents = study_documents(session.reader, wanted, findings=False)
    more = more_of(session.reader, wanted)
    twice: frozenset[str] | None = None
    if protocol is not None:
        coders: dict[tuple[str, str], set[str]] = {}
        for coding in protocol.codings:
            coders.setdefault((coding.round, coding.study), set()).add(coding.coder)
        twice = frozenset(study for (_, study), found in coders.items() if len(found) > 1)
    return Background(
        Known(
            {document.key: document.fields.get("coverage", "") for document in documents},
            frozenset(key for key, fields in more.items() if fields.get("verifier")),
            twice,
        ),
        {key: fields["model"] for key, fields in more.items() if fields.get("model")},
        {
            document.key: tuple(part.strip() for part in document.fields["includes"].split(";"))
            for document in documents
            if document.fields.get("includes")
        },
    )


def protocol_of(session: Session) -> Protocol | None:
    """Return the record of how the collection was made, none where there is no such record beside it."""
    from kb.protocol import read_protocol

    if session.collection is None:
        return None
    folder = session.collection.studies[0].parent / "protocol"
    return read_protocol(folder) if folder.is_dir() else None


def last_search(protocol: Protocol | None) -> str:
    """Return the day of the last recorded search; empty where none is recorded."""
    if protocol is None:
        return ""
    dates = [*(search.date for search in protocol.searches), *(route.date for route in protocol.routes)]
    return max(filter(None, dates), default="")
