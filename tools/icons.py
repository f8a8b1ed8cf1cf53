"""Builds the icon sprite: the few icons the templates name, out of the package's single files."""

from pathlib import Path

from defusedxml import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ICONS = (
    "archive", "arrow-left", "arrow-left-right", "arrow-repeat", "arrow-right", "bell",
    "book", "box-arrow-in-right", "box-arrow-right", "briefcase", "building", "buildings",
    "calendar-event", "calendar-plus", "calendar-x", "chat-left-text", "check-circle", "check-lg",
    "chevron-down", "clock", "clock-history", "copy", "diagram-3", "door-open", "download", "envelope",
    "exclamation-circle", "exclamation-triangle", "eye", "flag", "funnel", "gear",
    "geo-alt", "heart", "hourglass-split", "house", "inbox", "info-circle",
    "journal-check", "key", "laptop", "lightbulb", "link-45deg", "list",
    "lock", "list-task", "mortarboard", "pause-circle", "pencil", "people", "person",
    "person-check", "person-circle", "play-circle", "plus-lg", "printer", "question-circle",
    "search", "send", "shield-lock", "signpost-split", "sliders", "telephone",
    "trash", "universal-access", "x-circle", "x-lg",
)  # fmt: skip


def sprite(folder: Path) -> str:
    """The sprite's text, one symbol an icon, from the package's folder of single icons."""
    symbols = "".join(_symbol(folder / f"{name}.svg") for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(path: Path) -> str:
    drawing = ElementTree.parse(path).getroot()
    shapes = "".join(_path(shape.attrib) for shape in drawing.iter(f"{SVG}path"))
    return f'<symbol id="{path.stem}" viewBox="{drawing.attrib["viewBox"]}">{shapes}</symbol>'


def _path(attributes: dict[str, str]) -> str:
    return "<path " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"
