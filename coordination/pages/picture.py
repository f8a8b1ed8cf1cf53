"""The picture of the year: departments on a ring and a line for each pair that visits or asks to visit.

It is drawn as the crossing is: two coloured ends, a line in both colours; dotted while asked for, solid once
a visit is agreed or took place, doubled where visits go both ways. The more visits, the thicker the line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shadowing.offers.filters import Node

WIDTH, HEIGHT = 400, 320
RADIUS_X, RADIUS_Y = 172, 134
END = 20  # radius of a department
BEND = 0.72  # how near the middle of a line comes to the middle of the ring, from 0 (straight) to 1
THINNEST, THICKEST = 3.0, 9.0


@dataclass(frozen=True)
class End:
    """A department in the picture."""

    node: Node
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """The line between two departments; ``state`` is a state of the crossing."""

    key: str
    first: End
    second: End
    path: str
    state: str
    thick: float
    gap: float
    sentence: str


@dataclass(frozen=True)
class Picture:
    """The picture with its size."""

    width: int
    height: int
    ends: list[End]
    lines: list[Line]


def picture_of(ways: Sequence[Sequence[int]], known: Mapping[int, Node]) -> Picture | None:
    """Return the picture of the directions ``ways``, whose departments are ``known``; None without any."""
    keys = dict.fromkeys(key for way in ways for key in way[:2])
    nodes = sorted((known[key] for key in keys), key=lambda node: node.name)
    if not nodes:
        return None
    ends = {node.pk: _end(node, place, len(nodes)) for place, node in enumerate(nodes)}
    pairs: dict[tuple[int, int], list[Sequence[int]]] = {}
    for way in ways:
        first, second = sorted((way[0], way[1]))
        pairs.setdefault((first, second), []).append(way)
    most = max(sum(map(_total, both)) for both in pairs.values())
    lines = [_line(both, ends, most, f"way-{number}") for number, both in enumerate(pairs.values(), start=1)]
    return Picture(WIDTH, HEIGHT, list(ends.values()), lines)


def _end(node: Node, place: int, number: int) -> End:
    angle = 2 * math.pi * place / number - math.pi / 2
    x, y = WIDTH / 2 + RADIUS_X * math.cos(angle), HEIGHT / 2 + RADIUS_Y * math.sin(angle)
    return End(node, round(x, 1), round(y, 1))


def _total(way: Sequence[int]) -> int:
    return sum(way[2:])


def _line(both: list[Sequence[int]], ends: Mapping[int, End], most: int, key: str) -> Line:
    first, second = ends[both[0][0]], ends[both[0][1]]
    number = sum(map(_total, both))
    met = [way for way in both if way[2] + way[3]]
    state = "returned" if len(met) > 1 else "agreed" if met else "asked"
    thick = round(THINNEST + (THICKEST - THINNEST) * math.sqrt(number / most), 1)
    sentence = " ".join(_sentence(way, ends) for way in both)
    return Line(key, first, second, _path(first, second), state, thick, round(thick / 3, 1), sentence)


def _path(first: End, second: End) -> str:
    """Return the curve between two departments, bent towards the middle of the ring."""
    middle_x, middle_y = (first.x + second.x) / 2, (first.y + second.y) / 2
    x = middle_x + (WIDTH / 2 - middle_x) * BEND
    y = middle_y + (HEIGHT / 2 - middle_y) * BEND
    return f"M{first.x} {first.y}Q{x:.1f} {y:.1f} {second.x} {second.y}"


def _sentence(way: Sequence[int], ends: Mapping[int, End]) -> str:
    origin, destination, kept, agreed, asked = way
    numbers = ((kept, "took place"), (agreed, "agreed"), (asked, "asked for"))
    said = ", ".join(f"{number} {words}" for number, words in numbers if number)
    return f"From {ends[origin].node.name} to {ends[destination].node.name}: {said}."
