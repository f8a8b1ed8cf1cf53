"""Records of the appraisal year."""

from appraisals.models.appraisal import Appraisal, Cycle, Objective

__all__ = ["Appraisal", "Cycle", "Objective"]
