"""Models of the department tree (departments, sites, memberships, coordinators) and of HR imports."""

from departments.models.department import Department, Site
from departments.models.hr_import import HrImport, HrImportPiece
from departments.models.membership import Coordinator, Membership

__all__ = ["Coordinator", "Department", "HrImport", "HrImportPiece", "Membership", "Site"]
