"""Doctoral Academy in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

DOCTORAL = DepartmentText(
    code="DOCTORAL",
    who_we_are="Eleven hundred people are writing a thesis here, and we walk beside them from the first "
    "enquiry to the last correction. "
    "We know the regulations by heart and the people by name.",
    visitors_see="The day of a viva, a progress panel, a writing retreat at its quietest hour, and how a "
    "stipend is paid on time.",
    head="Director of the Doctoral Academy",
    teams=(
        TeamText(
            "DOCTORAL-1",
            "We register, extend, suspend and congratulate. A doctorate has nineteen milestones and we "
            "remember all of them so that nobody else must.",
            "A progress review being arranged, and a suspension handled with kindness and the right form.",
            (
                "Research Degrees Manager",
                "Senior Research Degrees Officer",
                "Research Degrees Officer",
                "Research Degrees Administrator",
            ),
        ),
        TeamText(
            "DOCTORAL-2",
            "Workshops, writing retreats, supervisor training, and a kettle. We believe that a doctorate "
            "makes a researcher as well as a book.",
            "A workshop in which strangers explain their theses to each other, and a supervisor learning "
            "to say less.",
            (
                "Researcher Development Manager",
                "Researcher Developer",
                "Training Coordinator",
                "Development Assistant",
            ),
        ),
        TeamText(
            "DOCTORAL-3",
            "We find and appoint examiners, arrange vivas on three continents and count corrections. We "
            "keep tissues and fizz in the same cupboard.",
            "A room made ready for a viva, an examiner's claim form, and the sentence that says you passed.",
            (
                "Examinations Lead",
                "Senior Vivas Officer",
                "Vivas Officer",
                "Examinations Administrator",
            ),
        ),
        TeamText(
            "DOCTORAL-4",
            "Studentships, stipends, training grants. We make five funders' rules fit into one month's "
            "payment run.",
            "The payment run, an allocation panel, and a budget in four colours.",
            (
                "Funding Manager",
                "Senior Funding Officer",
                "Scholarships Officer",
                "Funding Administrator",
            ),
        ),
    ),
    offers=(
        OfferText(
            "DOCTORAL-3",
            "A viva day",
            "You prepare the room, meet the examiners off the train, sit outside for two hours with the "
            "supervisor, and are there when the door opens.",
            "What is decided in a viva and by whom, how we look after everyone in the corridor, and what "
            "corrections mean.",
            "The candidate has agreed to a visitor on the day. If the result is hard, you leave quietly "
            "with us.",
            "The examination itself.",
            half_days=2,
            places=1,
            sessions=5,
            starts="09:00",
            topics=("research", "assessment", "student wellbeing"),
        ),
        OfferText(
            "DOCTORAL-2",
            "The quietest room: a writing retreat",
            "Twenty-five people write in silence, in four blocks. You write something of your own and help "
            "to run the breaks.",
            "How structure helps people who are stuck, what a facilitator does by doing little, and how "
            "far you get without email.",
            "Bring a piece of writing that has been waiting: a report, a procedure, a reference.",
            "Nothing is closed to you in this visit.",
            kind="hands_on",
            half_days=2,
            places=3,
            sessions=3,
            topics=("writing", "research", "wellbeing"),
        ),
        OfferText(
            "DOCTORAL-1",
            "Nineteen milestones: one thesis on paper",
            "We take one graduate's complete file, with her agreement, and go through seven years of it "
            "with you in three hours.",
            "Where time is lost, which letters helped, and what each of your departments did without "
            "knowing about the others.",
            "Hybrid: the file is on paper, so the first half is here; the second can be on screen.",
            "Files of current researchers.",
            kind="critical_friend",
            format="hybrid",
            places=2,
            topics=("student records", "research", "process mapping"),
        ),
        OfferText(
            "DOCTORAL-4",
            "Payday for six hundred: the stipend run",
            "Three days before payday we check starts, ends, leave and mistakes. You follow the list from "
            "five funders to one file.",
            "How a small delay becomes somebody's rent, how the checks are shared, and what a funder audits.",
            "You see payment amounts without names.",
            "Bank details and hardship cases.",
            places=1,
            sessions=4,
            starts="09:00",
            topics=("finance", "compliance", "students"),
        ),
        OfferText(
            "DOCTORAL-2",
            "Supervisors in training",
            "A workshop in which new supervisors practise three hard conversations. You may play the "
            "student; a card tells you what is on your mind.",
            "How to open a conversation about slow progress, and how to leave a silence alone.",
            "Role play is invited, never required.",
            "Cases from supervisors' own groups that they share in pairs.",
            who="Anyone who leads people, or would like to.",
            kind="hands_on",
            places=3,
            sessions=2,
            starts="13:00",
            topics=("listening", "management", "teaching"),
        ),
        OfferText(
            "DOCTORAL-3",
            "Vivas across eight time zones",
            "By arrangement, on screen: you join the checks before a remote viva, with a candidate in one "
            "country and examiners in two others.",
            "How we make a remote room fair and safe, and the checklist that has never failed since the "
            "time it did.",
            "Two short meetings on different days; the checks are early because of the time zones.",
            "The examination itself.",
            kind="briefings",
            format="remote",
            half_days=2,
            places=2,
            topics=("assessment", "digital skills", "international"),
        ),
    ),
)
