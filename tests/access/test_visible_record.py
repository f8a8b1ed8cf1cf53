"""Test that ``visible_record`` shows each person exactly the records that ``visible_to`` shows them."""

from __future__ import annotations

import pytest

from shadowing.models import Placement, Request
from tests.access.world import World


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Request, Placement])
def test_one_record_is_visible_to_those_whose_list_has_it(
    world: World, model: type[Request | Placement]
) -> None:
    counts = set[int]()
    for person in filter(None, world.roles.values()):
        listed = set(model.objects.visible_to(person).values_list("pk", flat=True))
        keys = list(model.objects.values_list("pk", flat=True))
        opened = {pk for pk in keys if model.objects.visible_record(pk, person).exists()}
        assert opened == listed, person.email
        counts.add(len(listed))
    assert len(counts) > 1, "the world no longer tells people apart"
