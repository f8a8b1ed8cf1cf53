"""The command ``open_cycle``, and its error messages."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from appraisals.enums import AppraisalStatus
from appraisals.models import Appraisal, Cycle, Opening
from appraisals.workflow import opening
from tests.cast import Cast
from tests.factories import CycleFactory

pytestmark = pytest.mark.django_db
COORDINATOR = "coordinator@example.ac.uk"


@pytest.fixture
def cycle(db: None) -> Cycle:
    return CycleFactory.create()


def run(*words: str, by: str = COORDINATOR) -> str:
    out = StringIO()
    call_command("open_cycle", *words, "--by", by, stdout=out)
    return out.getvalue()


def test_command_opens_and_says_the_numbers(cast: Cast, cycle: Cycle) -> None:
    number = Person.objects.count()
    assert run(cycle.name).startswith(f"{number} opened, 0 exempt, 0 there already.")
    assert run(cycle.name).startswith(f"0 opened, 0 exempt, {number} there already.")
    assert Appraisal.objects.count() == number


def test_command_goes_on_with_what_was_begun(cast: Cast, cycle: Cycle) -> None:
    opening.start(cycle, by=cast.coordinator)
    run(cycle.name)
    assert Opening.objects.get().finished_at is not None


def test_command_exempts_people_in_file(cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    away = tmp_path / "away.txt"
    away.write_text("\ufeffhost@example.ac.uk\r\nstranger@example.ac.uk\r\n", encoding="utf-8")
    assert "2 exempt" in run(cycle.name, "--absent", str(away))
    exempt = Appraisal.objects.filter(status=AppraisalStatus.EXEMPT)
    assert set(exempt.values_list("person", flat=True)) == {cast.host.pk, cast.stranger.pk}


def test_command_reports_wrong_names_and_files(cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(b"\xff\xfe\x00")
    typo = tmp_path / "typo.txt"
    typo.write_text("nobody@example.ac.uk")
    for words, sentence in (
        (("Nowhere",), "There is no cycle called “Nowhere”."),
        ((cycle.name, "--absent", str(wrong)), "cannot be read as text"),
        ((cycle.name, "--absent", str(tmp_path / "none")), "cannot be read as text"),
        ((cycle.name, "--absent", str(typo)), "“nobody@example.ac.uk”"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(*words)
    with pytest.raises(CommandError, match="Nobody has the email"):
        run(cycle.name, by="nobody@example.ac.uk")
    with pytest.raises(CommandError, match="may not open cycles"):
        run(cycle.name, by="shadow@example.ac.uk")
    assert not Opening.objects.exists()


def test_command_refuses_cycle_that_is_over(cast: Cast) -> None:
    CycleFactory.create(name="Old", starts_on="2001-08-01", ends_on="2002-07-31")
    with pytest.raises(CommandError, match="Old ended on"):
        run("Old")
