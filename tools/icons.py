"""Build the icon sprite from the single files of the icon package: only the icons that the templates use."""

from pathlib import Path

from defusedxml import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ICONS = (
    "arrow-left", "arrow-right", "bell", "box-arrow-in-right", "box-arrow-right", "buildings",
    "calendar-event", "calendar-plus", "chat-left-text", "check-circle", "check-lg", "clock", "compass",
    "copy", "door-open", "download", "envelope", "exclamation-circle", "exclamation-triangle", "gear",
    "geo-alt", "hourglass-split", "house", "info-circle", "journal-check", "key", "laptop", "list",
    "pause-circle", "pencil", "people", "person", "person-check", "person-circle", "plus-lg", "search",
    "shield-lock", "signpost-split", "x-lg",
)  # fmt: skip


def sprite(folder: Path) -> str:
    """Return the text of the sprite, with one symbol for each icon in ``folder``."""
    symbols = "".join(_symbol(folder / f"{name}.svg") for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(path: Path) -> str:
    drawing = ElementTree.parse(path).getroot()
    shapes = "".join(_path(shape.attrib) for shape in drawing.iter(f"{SVG}path"))
    return f'<symbol id="{path.stem}" viewBox="{drawing.attrib["viewBox"]}">{shapes}</symbol>'


def _path(attributes: dict[str, str]) -> str:
    return "<path " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"
