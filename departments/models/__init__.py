"""Records of the tree: departments, sites, who belongs where, who coordinates what; and of HR's files."""

from departments.models.department import Department, Site
from departments.models.hr_import import HrImport, HrImportPiece
from departments.models.membership import Coordinator, Membership

__all__ = ["Coordinator", "Department", "HrImport", "HrImportPiece", "Membership", "Site"]
