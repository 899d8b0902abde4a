"""What the tests of the page share: works, statements, and an answer taken apart into its elements."""

from __future__ import annotations

from html.parser import HTMLParser

from reporting import ALLOWED, ATTRIBUTES

PROBLEM = "softmax-jacobian"
RIGHT = "$$ \\frac{\\partial s_i}{\\partial z_j} = s_i (\\delta_{ij} - s_j) $$\n\n"
SLIP = "$$ = s_i \\delta_{ij} + s_i s_j $$\n"
STATEMENT = "find = '\\frac{d f}{d x}'\ngiven = ['f = x^2']\n\n[symbols]\nx = 'scalar'\nf = 'scalar'\n"
EMPTY = frozenset("input link meta".split())
OF_PAGE = ALLOWED | frozenset("button form input label link script textarea".split())
ATTRIBUTES_OF_PAGE = ATTRIBUTES | frozenset(
    "accept action aria-describedby aria-label aria-live autocapitalize autocomplete data-address data-problem "
    "data-reveal defer for method name rel role rows spellcheck src tabindex type value wrap".split()
)
TARGETS = ("/", "#", "./")


class Tree(HTMLParser):
    """The elements of a page in their order, each with its attributes; the texts of some; all that may not be there."""

    def __init__(self, source: str, cut: str = "report") -> None:
        super().__init__()
        self.cut = cut
        self.open: list[tuple[str, str]] = []
        self.elements: list[tuple[int, str, tuple[tuple[str, str], ...]]] = []  # without what is in the cut one
        self.texts: dict[str, str] = {}
        self.strange: list[str] = []
        self.feed(source)
        self.close()
        self.strange += [f"open: {tag}" for tag, _ in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = tuple((name, value or "") for name, value in attrs)
        self.strange += [tag] if tag not in OF_PAGE else []
        self.strange += [f"{tag} {name}" for name, _ in given if name not in ATTRIBUTES_OF_PAGE]
        self.strange += [
            f"{tag} {name}={value}"
            for name, value in given
            if name in ("href", "src", "action") and value and not value.startswith(TARGETS)
        ]
        if self.cut not in (name for _, name in self.open):
            self.elements.append((len(self.open), tag, given))
        if tag not in EMPTY:
            self.open.append((tag, dict(given).get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop()[0] != tag:
            self.strange.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        for _, name in self.open:
            if name:
                self.texts[name] = self.texts.get(name, "") + data


def skeleton(source: str) -> list[tuple[int, str]]:
    """The elements of a page with their depths, without the report."""
    return [(depth, tag) for depth, tag, _ in Tree(source).elements]
