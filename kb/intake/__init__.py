"""Intake: BibTeX of any origin into a collection; a plan first, then the deed, safely, with undo."""
