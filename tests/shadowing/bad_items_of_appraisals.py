"""The same for the steps of the appraisal year."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import WaitingItem
from appraisals.enums import AppraisalStatus, AskKind
from appraisals.models import Appraisal, Cycle, CycleExport
from appraisals.workflow import cycle_export, opening
from tests.factories import AppraisalFactory, at
from tests.shadowing.bad_items import AGO, Planted, Plants, refuse


class AllPlants(Plants):
    """All of them."""

    def appraisal(self, **given: Any) -> Appraisal:
        filled = {"filled_at": timezone.now(), **given}
        return AppraisalFactory.create(**{"person": self.visitor(), "appraiser": self.manager, **filled})

    def plant_appraisals_filled(self) -> Planted:
        bad, good = self.visit(32), self.visit(33)
        made = [self.appraisal(person=each.shadow, filled_at=None) for each in (bad, good)]
        refuse(Appraisal._meta.apps.get_model("appraisals", "Activity"), source=bad.pk)
        return Planted(
            "appraisals_filled", lambda: Appraisal.objects.get(pk=made[1].pk).filled_at is not None
        )

    def plant_conversations(self) -> Planted:
        bad, good = self.appraisal(), self.appraisal()
        Cycle.objects.filter(pk=bad.cycle_id).update(talk_from=timezone.localdate())
        refuse(Appraisal, id=bad.pk)
        return Planted("conversations", lambda: Appraisal.objects.get(pk=good.pk).prompted_at is not None)

    def plant_appraisal_reminders(self) -> Planted:
        today = timezone.localdate()
        bad, good = (
            WaitingItem.objects.create(
                owner=self.manager,
                kind=AskKind.SIGN,
                subject_type="appraisals.appraisal",
                subject_id=self.appraisal(prompted_at=timezone.now()).pk,
                plan=[[today.isoformat(), "remind"]],
                next_on=today,
                next_step="remind",
            )
            for _ in range(2)
        )
        refuse(WaitingItem, id=bad.pk)
        done = WaitingItem.objects.filter(pk=good.pk, reminders_sent=1)
        return Planted("appraisal_reminders", done.exists)

    def plant_appraisals_opened(self) -> Planted:
        cycle = Cycle.objects.create(name="Next", starts_on=at(300).date(), ends_on=at(600).date())
        bad = self.visitor()
        opening.start(cycle, by=self.cast.coordinator)
        refuse(Appraisal, person_id=bad.pk, cycle_id=cycle.pk)
        opened = Appraisal.objects.filter(cycle=cycle, person=self.cast.shadow, status=AppraisalStatus.OPEN)
        return Planted("appraisal_opened", opened.exists)

    def plant_rows_exported(self) -> Planted:
        made = []
        for number in range(2):
            first = at(-800 + 300 * number).date()
            cycle = Cycle.objects.create(name=f"Past {number}", starts_on=first, ends_on=first + AGO)
            AppraisalFactory.create(person=self.visitor(), cycle=cycle, filled_at=timezone.now())
            made.append(cycle_export.start(cycle, by=self.cast.coordinator))
        refuse(CycleExport, id=made[0].pk)
        return Planted(
            "rows_exported", lambda: CycleExport.objects.get(pk=made[1].pk).finished_at is not None
        )
