"""An HTML page as a person without a browser reads it: headings, links, forms, facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col hr img input link meta source wbr".split())  # noqa: SIM905


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """With single spaces, as it is shown."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.inside:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """In the order of the page; `class_` asks for `class`, `aria_label` for `aria-label`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self._elements()
            if element.tag in tags and wanted.items() <= element.attributes.items()
        ]

    def _elements(self) -> Iterator["Element"]:
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part._elements()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Element:
    """Every element must be closed: our pages leave no end tag out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (document,) = reader.open
    return document


@dataclass(frozen=True)
class Form:
    action: str
    method: str
    fields: dict[str, str]
    """What is in it when nobody has typed, the pressed button's own value included."""


def form_of(document: Element, button: str) -> Form:
    """The first form that has a button of this label."""
    for form in document.all("form"):
        for pressed in form.all("button"):
            if pressed.text == button:
                return _filled(form, pressed)
    labels = [found.text for found in document.all("button")]
    raise AssertionError(f"There is no button {button!r} but {labels}.")


def _filled(form: Element, pressed: Element) -> Form:
    fields = {each.attributes["name"]: each.attributes["value"] for each in _typed(form)}
    fields |= {each.attributes["name"]: _chosen(each) for each in form.all("select")}
    if "name" in pressed.attributes:
        fields[pressed.attributes["name"]] = pressed.attributes["value"]
    return Form(
        action=pressed.attributes.get("formaction", form.attributes["action"]),
        method=form.attributes.get("method", "get").lower(),
        fields=fields,
    )


def _chosen(select: Element) -> str:
    """As a browser has it: what is marked, or the first."""
    options = select.all("option")
    marked = [each for each in options if "selected" in each.attributes]
    (value, *_) = [each.attributes["value"] for each in [*marked, *options]]
    return value


def _typed(form: Element) -> Iterator[Element]:
    for each in form.all("input"):
        each.attributes.setdefault("value", "")
        choice = each.attributes.get("type") in {"radio", "checkbox"}
        if not choice or "checked" in each.attributes:
            yield each


def rows_of(document: Element, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, without its head."""
    for table in document.all("table"):
        if [each.text for each in table.all("caption")] == [caption]:
            return [
                [cell.text for cell in row.all("td", "th")]
                for body in table.all("tbody")
                for row in body.all("tr")
            ]
    return []


def facts_of(document: Element) -> dict[str, str]:
    """Every term of the page's lists of facts with what it says."""
    terms = [each.text for each in document.all("dt")]
    return dict(zip(terms, [each.text for each in document.all("dd")], strict=True))
