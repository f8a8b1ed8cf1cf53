"""Records of the tree: departments, sites, who belongs where and who coordinates what."""

from departments.models.department import Department, Site
from departments.models.membership import Coordinator, Membership

__all__ = ["Coordinator", "Department", "Membership", "Site"]
