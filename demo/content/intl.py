"""International Relations in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

INTL = DepartmentText(
    code="INTL",
    who_we_are="A hundred and thirty nationalities study here, and at some point each of them meets us. "
    "We agree partnerships, send students abroad, bring students in and keep the licence that makes it "
    "lawful. "
    "Somebody in the office is always eating something from somewhere else.",
    visitors_see="A visa check done with care, a partner being visited by video, and an arrivals desk at "
    "Lime Street at eleven at night.",
    head="Director of International Relations",
    teams=(
        TeamText(
            "INTL-1",
            "We look after ninety agreements in thirty-one countries: new ones weighed, old ones renewed, "
            "some ended with thanks.",
            "Due diligence on a possible partner, and a call across eight time zones with one agenda.",
            (
                "Partnerships Manager",
                "Regional Manager",
                "Partnerships Officer",
                "Partnerships Administrator",
            ),
        ),
        TeamText(
            "INTL-2",
            "We send six hundred people abroad each year and welcome as many. Learning agreements are our "
            "daily bread and lost transcripts our weekly soup.",
            "An exchange place being matched, a grant being paid, and a worried parent being rung back.",
            (
                "Mobility Manager",
                "Exchanges Officer",
                "Mobility Adviser",
                "Exchanges Administrator",
            ),
        ),
        TeamText(
            "INTL-3",
            "We check the right to study, assign the confirmation each student needs and keep the "
            "university's sponsor licence safe. One wrong date can cost somebody a year.",
            "The document desk, the attendance report, and how a rule from the Home Office becomes a line "
            "in a letter.",
            (
                "Compliance Manager",
                "Senior Visa Adviser",
                "Visa Adviser",
                "Compliance Officer",
            ),
        ),
        TeamText(
            "INTL-4",
            "We meet people at the station, find them a duvet, and stay in touch until they stop needing "
            "us. Then they volunteer for us.",
            "The welcome lounge, a money workshop, and a drop-in where the question asked is rarely the "
            "real one.",
            (
                "International Student Support Manager",
                "Welfare Adviser",
                "Welcome Coordinator",
                "Student Support Officer",
            ),
        ),
    ),
    offers=(
        OfferText(
            "INTL-3",
            "A morning at the visa-check desk",
            "Passports, share codes and a queue. You sit behind the adviser while new arrivals have their "
            "right to study checked and the awkward ones are resolved.",
            "What is checked and why, how to say “not yet” without frightening anyone, and what "
            "a department should never promise by email.",
            "You will see identity documents: no phones at the desk, and our confidentiality note to sign.",
            "Appointments about a refused visa or an asylum claim.",
            places=1,
            sessions=6,
            starts="09:00",
            topics=("compliance", "international", "front-line service"),
        ),
        OfferText(
            "INTL-4",
            "Night arrivals at the station",
            "Two coaches, ninety students, eleven at night. You hold a sign, carry a suitcase and walk "
            "people to a warm room with soup.",
            "What the first hour in a country feels like, which leaflet is read, and how to plan for the "
            "flight that is late.",
            "Evening into night; time off in lieu as your manager agrees. Warm coat. Taxis home are booked.",
            "Private calls home.",
            kind="hands_on",
            places=4,
            sessions=3,
            month=1,
            starts="20:00",
            topics=("welcome", "international", "student wellbeing"),
        ),
        OfferText(
            "INTL-1",
            "Should we sign? A partner under the lamp",
            "You join a due-diligence review: rankings, rights, money, academic fit and a map of who knows "
            "whom. You read the file and hear the discussion.",
            "How we weigh reputation against opportunity, what a red flag looks like, and how to end a "
            "partnership well.",
            "The papers are commercial and stay on our drive.",
            "Fee negotiations.",
            kind="briefings",
            format="hybrid",
            half_days=2,
            places=2,
            topics=("international", "risk", "governance"),
        ),
        OfferText(
            "INTL-2",
            "Matching students to places abroad",
            "Matching week: four hundred choices, two hundred and sixty places, eleven partner deadlines. "
            "You sort a hundred applications with us, anonymised.",
            "Fair ways to rank, how credit comes home, and why Tuesday's deadline is on Monday in Seoul.",
            "Comfortable with spreadsheets is enough.",
            "Health declarations.",
            kind="hands_on",
            half_days=2,
            places=2,
            sessions=2,
            month=2,
            topics=("mobility", "fairness", "students"),
        ),
        OfferText(
            "INTL-4",
            "Drop-in afternoon in the welcome lounge",
            "You help with tea and listen to two hours of ordinary questions: bank letters, a landlord, a "
            "bus pass, and sometimes home.",
            "How to hear the second question, whom to call for what, and how advisers look after one "
            "another afterwards.",
            "If something moves you, there is a debrief; there always is.",
            "One-to-one welfare appointments.",
            places=2,
            sessions=5,
            starts="13:00",
            topics=("student wellbeing", "listening", "international"),
        ),
        OfferText(
            "INTL-3",
            "One Home Office rule, from notice to letter",
            "Online, in three short briefings: the notice arrives, we read it with colleagues, and a plain "
            "letter goes to two thousand students.",
            "How to read regulation calmly and how to turn it into something people can act on.",
            "Three briefings of an hour and a half on screen. Questions are welcome before, during and "
            "after.",
            "Legal advice given to us in confidence.",
            kind="briefings",
            format="remote",
            half_days=3,
            places=5,
            topics=("compliance", "plain English", "change"),
        ),
    ),
)
