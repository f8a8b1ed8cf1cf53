"""Strategic Support in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

STRAT = DepartmentText(
    code="STRAT",
    who_we_are="Thirty-five people who count, plan and deliver. We set student numbers with the faculties, "
    "return the figures the law asks for, "
    "run the larger projects, and explain league tables without raising our voices.",
    visitors_see="A planning meeting where two true numbers disagree, a project board, and league-table "
    "day from six in the morning.",
    head="Director of Strategic Support",
    teams=(
        TeamText(
            "STRAT-1",
            "We run the yearly planning round: how many students, how much money, which posts. We spend "
            "more time asking than telling.",
            "A faculty's plan being tested against three futures.",
            (
                "Planning Manager",
                "Senior Planning Officer",
                "Planning Officer",
                "Planning Analyst",
            ),
        ),
        TeamText(
            "STRAT-2",
            "Nine project managers and a wall of coloured cards. We help change arrive on time, and we "
            "help it stop when it should.",
            "A project start-up, a risk log that is honest, and the lessons nobody wanted to write down.",
            (
                "Head of Projects",
                "Senior Project Manager",
                "Project Manager",
                "Project Support Officer",
            ),
        ),
        TeamText(
            "STRAT-3",
            "We make the statutory returns on students, staff and buildings. One of us found a hundred and "
            "twelve students in 1899.",
            "The validation run, the red list, and the patient telephone calls that turn it green.",
            (
                "Data Returns Manager",
                "Senior Data Officer",
                "Data Officer",
                "Data Quality Analyst",
            ),
        ),
        TeamText(
            "STRAT-4",
            "Surveys, dashboards, forecasts. We would like fewer numbers to be looked at for longer.",
            "A dashboard being built with the person who will use it, and free-text comments being read "
            "with care.",
            (
                "Insight Manager",
                "Senior Insight Analyst",
                "Insight Analyst",
                "Survey Officer",
            ),
        ),
    ),
    offers=(
        OfferText(
            "STRAT-4",
            "League-table day",
            "The file arrives at six under embargo. You sit with us while it is opened, checked against "
            "our forecast and turned into one page before nine.",
            "What moves a rank and what only seems to, how to explain a fall without excuses, and how not "
            "to read too much into a rise.",
            "You keep the embargo until half past nine. Croissants from a quarter to six.",
            "The Vice-Chancellor's briefing.",
            who="Anyone who explains figures to other people.",
            places=2,
            sessions=1,
            month=5,
            starts="06:00",
            topics=("data", "league tables", "communications"),
        ),
        OfferText(
            "STRAT-3",
            "Turning the red list green",
            "Two mornings on screen in returns season: validation errors come in by the thousand, and you "
            "see what each one means for the person behind it.",
            "Where data comes from, what a wrong postcode does, and how your department could save us a "
            "phone call.",
            "You see individual records; our data note must be signed. Working from home is fine if your "
            "screen is private.",
            "Records marked as sensitive.",
            who="Colleagues who enter or use student data.",
            format="remote",
            half_days=2,
            places=2,
            sessions=3,
            topics=("data", "student records", "compliance"),
        ),
        OfferText(
            "STRAT-2",
            "Start a project properly: one afternoon",
            "A project meets for the first time. You watch purpose, scope, people and fears go onto the "
            "wall, and see what is crossed out.",
            "How to write a purpose in a sentence, whom to invite, and three questions that save a year.",
            "Bring a small project of your own; the last half hour is for it.",
            "Budget lines that name a person.",
            kind="hands_on",
            places=3,
            sessions=4,
            starts="13:00",
            topics=("project management", "change", "teamwork"),
        ),
        OfferText(
            "STRAT-1",
            "The planning round in four briefings",
            "From October to February we meet each faculty. You come to four meetings of an hour and a "
            "half and see the same number change its meaning.",
            "How student numbers become budgets and posts, how disagreement is handled, and where your "
            "team's work shows up in the plan.",
            "Papers stay with you. The dates are fixed once we know your working pattern.",
            "Discussion of named posts.",
            kind="briefings",
            format="hybrid",
            half_days=4,
            places=1,
            topics=("planning", "budgets", "governance"),
        ),
        OfferText(
            "STRAT-4",
            "Reading four thousand comments",
            "You code a hundred survey comments with us, blind, then compare. We talk about the ones "
            "nobody could place.",
            "How to read criticism fairly, how many comments make a finding, and how to report back so "
            "that people answer again.",
            "Some comments are blunt; names have been removed.",
            "Comments that raise a safeguarding concern, which have already been passed on.",
            kind="hands_on",
            format="hybrid",
            places=3,
            sessions=3,
            topics=("surveys", "listening", "data"),
        ),
        OfferText(
            "STRAT-2",
            "Ask us why a project stopped",
            "The open review of a project that was ended early. The sponsor, the manager and two users say "
            "what they saw coming.",
            "How to stop well, what a board should have asked in month two, and how to keep a team proud.",
            "Everyone in the room has agreed to be frank, and so do you.",
            "Supplier claims.",
            kind="office_insight",
            places=6,
            sessions=2,
            starts="14:00",
            topics=("project management", "learning", "change"),
        ),
    ),
)
