"""From a file to located rows: LaTeX, Markdown, notebooks and plain text."""

from truestep.checkers.documents.formats import FORMATS, read_file, read_text
from truestep.checkers.documents.work import DocumentFault, NothingFound, Row, Work

__all__ = ["FORMATS", "DocumentFault", "NothingFound", "Row", "Work", "read_file", "read_text"]
