"""Known column names: the documented ones, and the names that HR systems use for the same fields."""

from __future__ import annotations

from departments.imports.fields import Field, Fields


def _field(name: str, label: str, synonyms: str = "") -> Field:
    split = tuple(each.strip() for each in synonyms.split(",") if each.strip())
    return Field(name, label, (name.replace("_", " "), *split))


PEOPLE = Fields(
    fields=(
        _field(
            "email",
            "Email",
            "email address, e mail address, work email, work e mail, work email address, work e mail "
            "address, email work, e mail, mail, business email, business email address, email primary "
            "work, contact e mail, contact email, office email, corporate email, university email, "
            "user principal name, userprincipalname, upn, email id, emailaddress, internet e mail, "
            "smtp address, primary smtp address",
        ),
        _field(
            "first_name",
            "First name",
            "forename, forenames, given name, given names, givenname, preferred first name, known as, "
            "preferred forename, first forename, forename 1, christian name, first, fname, firstname",
        ),
        _field(
            "last_name",
            "Last name",
            "surname, family name, familyname, sn, preferred last name, preferred surname, last, "
            "lname, lastname",
        ),
        _field(
            "job_title",
            "Job title",
            "post title, position title, jobtitle, business title, role title, job, position, role, "
            "position name, post, job role, job name, job profile, position description, post name, "
            "occupation",
        ),
        _field(
            "department_code",
            "Department (code or name)",
            "dept code, department, dept, department name, dept name, department id, unit code, unit, "
            "unit name, org unit code, org unit, organisational unit, organizational unit, "
            "organisation unit, orgunit, org unit name, cost centre, cost center, cost centre code, "
            "cost center code, costcentre, costcenter, supervisory organisation, supervisory "
            "organization, service, service name, directorate, school, faculty, division, section, "
            "section name, team, team name, business unit, cost centre name, cost center name, cost "
            "centre description, organisation, organization",
        ),
        _field(
            "line_manager_email",
            "Line manager’s email",
            "line manager e mail, line manager email address, line manager e mail address, manager "
            "email, manager e mail, manager email address, manager e mail address, managers email, "
            "line manager work email, manager work email, reports to email, reports to e mail, "
            "reports to email address, supervisor email, supervisor email address, reporting manager "
            "email, reporting to email, manager upn, manager mail",
        ),
        _field(
            "grade",
            "Grade",
            "grade band, band, pay grade, pay band, salary grade, job grade, grade name, grade code, "
            "grade or equivalent, compensation grade, payscale grade, spine grade, salary band",
        ),
        _field(
            "site",
            "Site",
            "location, work location, office, office location, campus, building, location name, site "
            "name, work base, base, physical delivery office name, physicaldeliveryofficename, "
            "workplace, place of work, work site, base location",
        ),
        _field(
            "working_pattern",
            "Working pattern",
            "work pattern, time type, full part time, ft pt, full time part time, full or part time, "
            "working time, employment basis, basis, hours basis, contract type, employment type",
        ),
        _field(
            "start_date",
            "Start date",
            "date of joining, hire date, date joined, joining date, commencement date, employment "
            "start date, employee hire date, original hire date, continuous service date, date "
            "started, started, joined, contract start date, position start date, start, date of "
            "commencement, latest start date",
        ),
        _field(
            "probation_end",
            "End of probation",
            "probation end date, end of probation, probation review date, probationary end date, "
            "probation period end, probation end of, probation date, probationary period end date",
        ),
        _field(
            "active",
            "Works here (yes or no)",
            "active status, account enabled, accountenabled, enabled, employment status, employee "
            "status, worker status, status, is active, current employee, assignment status",
        ),
        _field(
            "staff_number",
            "Staff number",
            "staff no, staff id, staffid, payroll number, payroll no, payroll id, employee number, "
            "employee no, employee id, employeeid, employee code, employee reference, emp no, emp id, "
            "personnel number, personnel no, pers no, person number, person id, personal reference "
            "number, personal reference, personal ref, worker id, works number, staff reference, "
            "assignment number, hr id",
        ),
        _field(
            "line_manager_staff_number",
            "Line manager’s staff number",
            "line manager staff no, line manager staff id, line manager payroll number, line manager "
            "payroll no, line manager employee number, line manager employee no, line manager "
            "employee id, line manager id, line manager number, line manager no, manager payroll no, "
            "manager payroll number, manager payroll id, manager staff number, manager staff no, "
            "manager staff id, manager employee number, manager employee no, manager employee id, "
            "manager id, manager number, manager no, manager personal reference, manager personal "
            "ref, reporting manager id, reporting manager personal reference, reports to staff "
            "number, reports to payroll number, reports to employee number, reports to employee id, "
            "reports to id, supervisor id, supervisor employee id, manager worker id, manager "
            "personnel number, supervisor staff number",
        ),
        _field(
            "full_name",
            "Full name (first and last in one)",
            "name, display name, displayname, employee name, worker, worker name, employee, staff "
            "name, staff member, person name, post holder, postholder, name of post holder, known "
            "name, cn, legal name, preferred name, person",
        ),
        _field(
            "line_manager",
            "Line manager (name, email or number)",
            "manager, manager name, line manager name, reports to, reporting to, supervisor, "
            "supervisor name, reporting manager, reporting manager name, managed by, manages by, "
            "reports to name, worker manager, line manager full name, reporting line",
        ),
        _field(
            "post_number",
            "Post number",
            "post unique reference, post reference, post id, post no, position id, position number, "
            "position no, position code, post code id, post ref, position reference",
        ),
        _field(
            "line_manager_post_number",
            "Post number of the line manager",
            "reports to senior post, reports to post, reports to post number, reports to post id, "
            "reports to position, reports to position id, reports to position number, manager post "
            "number, manager position id, line manager post number, line manager position id, parent "
            "post, parent position id, senior post",
        ),
    ),
    needed=(("email",), ("first_name", "full_name"), ("last_name", "full_name"), ("department_code",)),
    yields={
        "full_name": ("first_name", "last_name"),
        "line_manager": ("line_manager_email", "line_manager_staff_number", "line_manager_post_number"),
    },
)

DEPARTMENTS = Fields(
    fields=(
        _field(
            "code",
            "Code",
            "department code, dept code, unit code, org unit code, department id, dept id, cost "
            "centre, cost centre code, cost center, cost center code, team code, id, organisation "
            "code, reference",
        ),
        _field(
            "name",
            "Name",
            "department name, dept name, unit name, org unit name, department, dept, unit, team name, "
            "organisational unit, org unit, cost centre name, title, description of unit, "
            "organisation name",
        ),
        _field(
            "kind",
            "Kind",
            "type, level, department type, unit type, department kind",
        ),
        _field(
            "parent_code",
            "Code of the department above",
            "parent, parent department, parent department code, parent unit, parent unit code, part "
            "of, parent dept, parent dept code, reports to, reports to code, superior unit, belongs "
            "to, parent id, parent org unit, parent name, parent department name",
        ),
        _field(
            "summary",
            "Who they are",
            "description, about, who we are, purpose, function, remit",
        ),
        _field(
            "contact_email",
            "Contact email",
            "contact e mail, email, e mail, email address, e mail address, contact, mailbox, shared "
            "mailbox, contact email address",
        ),
        _field(
            "site",
            "Site",
            "location, office, campus, building, base, site name, location name",
        ),
        _field(
            "visitors_see",
            "What a visitor can see",
            "what a visitor can see, what visitors see",
        ),
    ),
    needed=(("code",), ("name",)),
    yields={},
)
