"""From a file to located rows: LaTeX, Markdown, notebooks and plain text."""

from truestep.checkers.documents.formats import FORMATS, read_file, read_text
from truestep.checkers.documents.work import DocumentFault, Row, Work

__all__ = ["FORMATS", "DocumentFault", "Row", "Work", "read_file", "read_text"]
