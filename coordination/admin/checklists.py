"""Checklists in the admin. An item that was ticked is retired instead of changed or deleted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin.base import TabularInline
from shadowing.models import ChecklistItem, Scheme


class _Lists(BaseInlineFormSet):  # type: ignore[type-arg]  # Django's class takes no parameter at run time
    """Save the checklists without changing items that were ticked."""

    def delete_existing(self, obj: ChecklistItem, commit: bool = True) -> None:
        """Delete an item, or retire it if it was ticked, so that visits keep it."""
        if obj.ticks.exists():
            self._retire(obj)
        elif commit:
            obj.delete()

    def save_existing(self, form: Any, obj: ChecklistItem, commit: bool = True) -> ChecklistItem:
        """Save an item; when a ticked item gets another text or side, retire it and add a new one."""
        if {"text", "side"} & set(form.changed_data) and ChecklistItem(pk=obj.pk).ticks.exists():
            self._retire(obj)
            form.instance.pk = None
            form.instance._state.adding = True  # noqa: SLF001  # the documented way to copy a record
        saved: ChecklistItem = form.save(commit=commit)
        return saved

    def _retire(self, obj: ChecklistItem) -> None:
        ChecklistItem.objects.filter(pk=obj.pk).update(retired_at=timezone.now())


class ChecklistInline(TabularInline[ChecklistItem, Scheme]):
    """The checklist of each side, in the order of the positions."""

    model = ChecklistItem
    formset = _Lists
    extra = 0
    fields = ("side", "position", "text")
    verbose_name_plural = "Checklists (what visits have ticked off stays on their pages)"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChecklistItem]:
        """Return the items that are not retired."""
        on_list: QuerySet[ChecklistItem] = super().get_queryset(request).filter(retired_at=None)
        return on_list

    def get_formset(self, request: HttpRequest, obj: Scheme | None = None, **kwargs: Any) -> Any:
        """Let ticked items be deleted too; they are retired instead, so protected ticks are no obstacle."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = type("ItemForm", (formset.form,), {"hand_clean_DELETE": lambda form: None})
        return formset
