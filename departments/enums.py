"""Enumerations of departments and imports."""

from django.db.models import TextChoices


class DepartmentKind(TextChoices):
    """The three levels of the tree."""

    DIVISION = "division", "Division"
    DEPARTMENT = "department", "Department"
    TEAM = "team", "Team"


class ImportKind(TextChoices):
    """What an HR file contains."""

    PEOPLE = "people", "People"
    DEPARTMENTS = "departments", "Departments"


class ImportState(TextChoices):
    """The state of an import."""

    UPLOADED = "uploaded", "Being read"
    CHOOSING = "choosing", "Waits for you to choose its columns"
    JUDGED = "judged", "Waits to be confirmed"
    CONFIRMED = "confirmed", "About to begin"
    RUNNING = "running", "Coming in"
    DONE = "done", "Done"
    REFUSED = "refused", "The file cannot be used"
    STOPPED = "stopped", "Not brought in"
    FAILED = "failed", "Failed"


IN_WORK = (ImportState.UPLOADED, ImportState.CONFIRMED, ImportState.RUNNING)
WAITING = (ImportState.CHOOSING, ImportState.JUDGED)
ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.STOPPED, ImportState.FAILED)
