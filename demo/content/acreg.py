"""Academic Registry in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

ACREG = DepartmentText(
    code="ACREG",
    who_we_are="We look after every student's record from the day they enrol to the day they cross the "
    "stage. "
    "Sixty of us run enrolment, timetables, examinations, quality review and the cases where something "
    "went wrong. "
    "If a student has a letter that proves something, it probably came from us.",
    visitors_see="How one changed module ripples through timetable, record, fee and visa. "
    "Visitors usually join a live piece of work: an enrolment hall, an examination start, a validation "
    "panel.",
    head="Director of Academic Registry",
    teams=(
        TeamText(
            "ACREG-1",
            "Twelve people keep 27,000 student records true. We enrol, change, suspend, transfer and "
            "certify, "
            "and we read out the right name at graduation because we checked it four times.",
            "A morning in the records office: the queue of changes, the checks behind each, and the "
            "letters that leave us.",
            (
                "Student Records Manager",
                "Senior Records Officer",
                "Records Officer",
                "Graduation Coordinator",
            ),
        ),
        TeamText(
            "ACREG-2",
            "We place nine thousand teaching events in four hundred rooms, then do it again for "
            "examinations. "
            "Half of our craft is software; the other half is knowing which lecturer teaches in which "
            "building on a bad knee.",
            "The clash list being worked down, an examination hall before the doors open, and a term's "
            "rooms on one screen.",
            (
                "Timetabling Manager",
                "Examinations Manager",
                "Timetabling Officer",
                "Examinations Officer",
            ),
        ),
        TeamText(
            "ACREG-3",
            "We make sure a degree from here means what it says. We bring in external examiners, run "
            "approval panels and "
            "turn long reports into three things a programme team can do by Easter.",
            "A panel preparing its questions, an external examiner's report being answered, and how the "
            "regulations are changed.",
            (
                "Quality Manager",
                "Quality Enhancement Officer",
                "Regulations Officer",
                "Quality Administrator",
            ),
        ),
        TeamText(
            "ACREG-4",
            "We handle appeals, complaints, misconduct and fitness to practise. "
            "People meet us on a bad day, so we try to be quick, plain and fair.",
            "How a case is opened, who may read it, how evidence is weighed and how an outcome letter is "
            "written so that it can be understood.",
            (
                "Student Governance Manager",
                "Senior Casework Officer",
                "Casework Officer",
                "Governance Administrator",
            ),
        ),
    ),
    offers=(
        OfferText(
            "ACREG-2",
            "Exam board week: from marks to decisions",
            "You sit beside an examinations officer while marks are locked, profiles printed and the board "
            "prepared. "
            "You follow one programme from the last missing mark to the agreed decision list.",
            "Why a mark that arrives two hours late costs two days, how compensation and condonement work, "
            "and what your own department could send us earlier.",
            "Marks are confidential until published. We ask you to sign our one-page note and to tell us "
            "if a relative studies here.",
            "The part of the board where individual mitigating circumstances are discussed.",
            half_days=2,
            places=2,
            sessions=4,
            month=6,
            topics=("assessment", "student records", "deadlines"),
        ),
        OfferText(
            "ACREG-1",
            "Enrolment hall, first morning",
            "Two thousand new students in one day: identity checks, photographs, the people with the wrong "
            "passport and the "
            "people without one. You walk the whole line, then stand with the trouble desk.",
            "What each document is for, how the queue is kept moving, and what a calm sentence does for a "
            "frightened eighteen-year-old.",
            "You will stand for most of the visit; there is a stool and nobody minds. The hall is step-free.",
            "Interviews at the visa desk, unless the student agrees.",
            kind="hands_on",
            places=3,
            sessions=3,
            month=9,
            starts="08:30",
            topics=("student records", "front-line service", "welcome"),
        ),
        OfferText(
            "ACREG-2",
            "Two days inside the timetable",
            "The week in which the draft timetable is opened to schools. You see clashes come in, watch "
            "rooms being traded and "
            "listen to the phone calls.",
            "How constraints are entered, which requests can be met and which only look easy, and why "
            "rooms with pillars are always empty.",
            "Bring a laptop if you would like to try the viewer yourself. Lunch is at the desk that week, "
            "and shared.",
            "Conversations about an individual member of staff's health adjustments.",
            half_days=4,
            places=1,
            topics=("timetabling", "space", "systems"),
        ),
        OfferText(
            "ACREG-3",
            "Sit in on a programme approval panel",
            "A new degree meets its panel: academics, an external adviser, a student and us. You read the "
            "papers beforehand, hear "
            "the questions and stay for the wording of the conditions.",
            "What a panel listens for, how a condition differs from a recommendation, and how to chair a "
            "room of experts kindly.",
            "About forty pages of papers come a week before. Please read at least the first ten.",
            "The ten minutes in which the panel speaks alone before it gives its result.",
            half_days=2,
            places=2,
            sessions=3,
            topics=("quality", "committees", "governance"),
        ),
        OfferText(
            "ACREG-4",
            "Writing an outcome letter people can read",
            "We take two closed and anonymised cases and write the letter again with you, sentence by "
            "sentence. "
            "Then we compare yours with what was really sent.",
            "How to give a refusal with its reason, which words make people angry, and how we test a "
            "letter before it leaves.",
            "Closed cases only, with every name removed. Some describe bereavement or illness; you may "
            "stop at any time.",
            "Live cases and hearings.",
            kind="critical_friend",
            format="hybrid",
            topics=("plain English", "casework", "fairness"),
        ),
        OfferText(
            "ACREG-1",
            "Name by name: rehearsing graduation",
            "The readers' rehearsal: eight hundred names from sixty countries, phonetic notes, and the "
            "students who rang us to say it for us.",
            "How the list is built from the record, how late resits are handled and how respect is "
            "organised.",
            "It helps to bring a voice: visitors are invited to read one page aloud.",
            "Nothing is closed to you in this visit.",
            kind="observation",
            places=4,
            sessions=2,
            month=7,
            starts="13:30",
            topics=("graduation", "student records", "inclusion"),
        ),
    ),
)
