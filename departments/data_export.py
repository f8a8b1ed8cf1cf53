"""Personal data export of departments: membership, headed departments, coordinated branches, imports."""

from __future__ import annotations

from accounts.protection.columns import not_exported, not_personal
from accounts.protection.data_export import Kind, register
from departments.models import Coordinator, Department, HrImport, Membership

register(
    Kind(
        name="place",
        title="Where I belong",
        model=Membership,
        by=("person",),
        shows={"Department": "department__name", "Site": "site__name"},
    ),
    Kind(
        name="heads",
        title="Departments I head",
        model=Department,
        by=("head",),
        shows={"Department": "name", "Code": "code"},
    ),
    Kind(
        name="coordinates",
        title="Branches I coordinate",
        model=Coordinator,
        by=("person",),
        shows={"Department": "department__name"},
    ),
)
register(
    Kind(
        name="imports",
        title="Staff lists I brought in",
        model=HrImport,
        by=("uploaded_by", "confirmed_by"),
        shows={
            "File": "file_name",
            "Kind": "kind",
            "Came to": "state",
            "Brought in": "uploaded_at",
            "Confirmed": "started_at",
        },
    )
)
not_exported(
    "Lines of a staff list, of many people, kept for a while to mend it; what came in stands above.",
    *("departments.HrImport.samples", "departments.HrImport.findings", "departments.HrImport.remarks"),
    *("departments.HrImport.sentence", "departments.HrImport.leavers_too_many"),
    *("departments.HrImport.outline", "departments.HrImport.dates", "departments.HrImport.chosen"),
    "departments.HrImportPiece.body",
)
not_personal(
    "A count or a checksum.",
    *("departments.HrImport.numbers", "departments.HrImport.digest", "departments.HrImport.plan"),
    "departments.HrImport.header_mark",
)
not_personal("What the organisation says of itself.", "departments.Department", "departments.Site")
