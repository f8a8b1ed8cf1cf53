"""Records of the appraisal year."""

from appraisals.models.activity import Activity, EvidenceNote
from appraisals.models.appraisal import Addition, Appraisal, Objective
from appraisals.models.cycle import Cycle
from appraisals.models.work import CycleExport, ExportChunk, Opening

__all__ = [
    "Activity",
    "Addition",
    "Appraisal",
    "Cycle",
    "CycleExport",
    "EvidenceNote",
    "ExportChunk",
    "Objective",
    "Opening",
]
