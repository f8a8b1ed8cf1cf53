"""Library Services in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

LIB = DepartmentText(
    code="LIB",
    who_we_are="Three libraries, one of them open all night in term, and about eighty people who know "
    "where things are. "
    "We teach, lend, preserve and publish, and we are the last warm building with the lights on.",
    visitors_see="A help desk at full tilt, a class on finding evidence, a strongroom of letters, and the "
    "repository at work. "
    "We like visitors who ask why.",
    head="Director of Library Services",
    teams=(
        TeamText(
            "LIB-1",
            "We run the desks, the shelves, the study rooms and the long opening hours. "
            "People come for a book and ask about rent, printers, loneliness and the bus; we try to send "
            "nobody away with nothing.",
            "The roving desk in exam season, the sorting machine, and how eleven people cover a hundred "
            "and two opening hours.",
            (
                "Customer Services Manager",
                "Library Supervisor",
                "Library Assistant",
                "Evening Library Assistant",
            ),
        ),
        TeamText(
            "LIB-2",
            "Subject librarians and academic skills tutors, each with two or three schools. "
            "We teach nine hundred hours a year and read a great many half-finished dissertations with a "
            "kind eye.",
            "A one-to-one on structure, a lecture hall learning to search, and a reading list being rescued.",
            (
                "Academic Engagement Manager",
                "Subject Librarian",
                "Academic Skills Tutor",
                "Reading Lists Coordinator",
            ),
        ),
        TeamText(
            "LIB-3",
            "We help researchers publish so that anyone may read it, keep their data findable and check "
            "who owns what. "
            "We are a team of seven and mostly work from home.",
            "The deposit queue, a publisher's contract read line by line, and a data plan that survived "
            "contact with a laboratory.",
            (
                "Open Research Manager",
                "Research Data Librarian",
                "Repository Officer",
                "Copyright Adviser",
            ),
        ),
        TeamText(
            "LIB-4",
            "Two centuries of letters, posters, film and one ship's bell. We keep it cool, make it known "
            "and put it into students' hands.",
            "The strongroom, the conservation bench, and a seminar in which second-years meet a "
            "suffragette's diary.",
            (
                "University Archivist",
                "Special Collections Librarian",
                "Conservator",
                "Archives Assistant",
            ),
        ),
    ),
    offers=(
        OfferText(
            "LIB-4",
            "A day on the conservation bench",
            "You work beside our conservator on a box of flood-damaged letters: cleaning, flattening, "
            "making folders, deciding what to leave alone. "
            "In the afternoon the box goes back to the strongroom and into the catalogue.",
            "How to handle paper that is older than the building, how risk to a collection is judged, and "
            "what climate has to do with it.",
            "Clean hands, no gloves, no pens. The bench is height-adjustable; the strongroom is 16 "
            "degrees, so bring a jumper.",
            "Collections that are closed by their donors.",
            kind="hands_on",
            half_days=2,
            sessions=4,
            topics=("heritage", "conservation", "craft"),
        ),
        OfferText(
            "LIB-1",
            "The late desk in exam season",
            "From six until ten on an evening when every seat is taken. You rove with a supervisor, answer "
            "what you can, and see who needs what at that hour.",
            "How a small team keeps a full building kind, when to call Security and when a biscuit will "
            "do, and how lone working is made safe.",
            "An evening visit; the half-day is given back as time off in lieu if your manager agrees. A "
            "taxi home is arranged if buses have stopped.",
            "Welfare conversations in the side room.",
            places=2,
            sessions=4,
            month=1,
            starts="18:00",
            topics=("front-line service", "student wellbeing", "shifts"),
        ),
        OfferText(
            "LIB-2",
            "Sit in on an academic skills one-to-one",
            "Three appointments of forty minutes with three students who agreed beforehand: a nursing "
            "essay, a law problem, a dissertation that stopped.",
            "How to ask questions that let people find their own structure, how to praise exactly, and "
            "what students never tell a department.",
            "We ask each student again on the day; if one says no, you do our feedback exercise instead.",
            "Appointments with students who have a support plan.",
            topics=("teaching", "student wellbeing", "listening"),
        ),
        OfferText(
            "LIB-3",
            "Open access, one paper at a time",
            "You follow a research paper from the author's email to a free public copy: version, licence, "
            "embargo, funder's rules, and the polite letter to the publisher.",
            "What the licences mean, how a funder checks, and how to answer a nervous author in three "
            "sentences.",
            "On screen, two mornings within a fortnight. No library knowledge needed.",
            "Unpublished manuscripts under embargo for commercial reasons.",
            format="remote",
            half_days=2,
            places=2,
            topics=("research", "copyright", "compliance"),
        ),
        OfferText(
            "LIB-1",
            "How eleven people cover a hundred and two hours",
            "The rota being built: part-timers, students, night cover, leave, and the swap board. You try "
            "a week yourself and we tell you who would have complained.",
            "Fair ways to share unpopular hours, how to plan for sickness without overstaffing, and a "
            "spreadsheet you may steal.",
            "Useful for anyone who plans shifts. Names are replaced by letters.",
            "Individual absence records.",
            who="Anyone who plans rotas or works one.",
            kind="critical_friend",
            format="hybrid",
            topics=("shifts", "planning", "fairness"),
        ),
        OfferText(
            "LIB-2",
            "Reading lists: from wish to shelf",
            "A module leader sends forty titles three weeks before term. You see what is bought, what is "
            "scanned, what is licensed and what is gently argued away.",
            "How budgets, law and teaching meet in one list, and how early notice saves money.",
            "We meet weekly for an hour and a half over four weeks, always at ten in the morning.",
            "Negotiations with suppliers.",
            kind="briefings",
            format="hybrid",
            half_days=4,
            places=2,
            topics=("teaching", "budgets", "copyright"),
        ),
        OfferText(
            "LIB-1",
            "The other half: come back to the library",
            "For colleagues whose department has received one of us. You see the same kind of day from our "
            "side, and at the end we "
            "lay the two beside each other on one sheet of paper.",
            "What we took home from your visit and really use, what did not travel, and the next thing to "
            "try together.",
            "Bring the person who hosted us if both diaries allow; two places are kept.",
            "Nothing is closed to you in this visit.",
            who="Colleagues who have hosted somebody from the library.",
            kind="return_visit",
            places=2,
            topics=("learning", "front-line service", "service improvement"),
        ),
    ),
)
