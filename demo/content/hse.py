"""Health, Safety and Environment in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

HSE = DepartmentText(
    code="HSE",
    who_we_are="Twenty-four advisers, nurses and engineers who would like everyone to go home as well as "
    "they came, and the river to stay clean. "
    "We are not the people who say no; we are the people who say how.",
    visitors_see="A laboratory walk, a fire drill from the inside, a health-surveillance morning, and "
    "where the bins really go.",
    head="Director of Health, Safety and Environment",
    teams=(
        TeamText(
            "HSE-1",
            "Advisers for laboratories, workshops, theatres and field trips. We have seen most things and "
            "were surprised by the crocodile.",
            "An inspection with a technician who knows the room, and an accident followed back to its "
            "first small cause.",
            (
                "Safety Manager",
                "Senior Safety Adviser",
                "Safety Adviser",
                "Safety Administrator",
            ),
        ),
        TeamText(
            "HSE-2",
            "We look after fire risk in sixty-one buildings and the plan for floods, outages and worse. We "
            "rehearse, so that you need not be brave.",
            "A drill timed with a stopwatch, the panel that says which detector, and the emergency box in "
            "the boot.",
            (
                "Fire Safety Manager",
                "Fire Safety Adviser",
                "Emergency Planning Officer",
                "Fire Safety Technician",
            ),
        ),
        TeamText(
            "HSE-3",
            "Nurses, a physiotherapist and an adviser. We help people stay in work, come back to work, and "
            "sometimes change their work.",
            "How a referral is read, how a workstation is set up, and what we never tell a manager.",
            (
                "Occupational Health Manager",
                "Occupational Health Nurse",
                "Health Adviser",
                "Clinic Administrator",
            ),
        ),
        TeamText(
            "HSE-4",
            "Carbon, waste, travel, water and nature. We count it, argue about it and then plant something.",
            "A waste audit with gloves on, the meters of one building, and a pond that was a car park.",
            (
                "Sustainability Manager",
                "Energy Officer",
                "Environmental Adviser",
                "Travel Plan Officer",
            ),
        ),
    ),
    offers=(
        OfferText(
            "HSE-2",
            "A fire-drill walk from the inside",
            "You meet at the panel ten minutes before, know what nobody else knows, and walk the building "
            "while it empties. Then we count, and talk about the kettle.",
            "Why people go back for a coat, how wheelchair users leave safely, and what your own fire "
            "marshal needs from you.",
            "Loud alarm: ear plugs are lent. The drill must stay a secret until it rings.",
            "Personal evacuation plans of individuals.",
            places=3,
            sessions=5,
            starts="10:00",
            topics=("safety", "resilience", "inclusion"),
        ),
        OfferText(
            "HSE-1",
            "Laboratory walk with a safety adviser",
            "Three laboratories in one morning, with the technicians who run them: cupboards, eyes, "
            "labels, gas, and the thing under the bench.",
            "How a risk assessment is read in a room rather than at a desk, and how to tell someone kindly "
            "that it must stop.",
            "Closed shoes, tied hair, long trousers; coat and glasses are lent. If you are pregnant or "
            "unwell, tell us and we choose the rooms accordingly.",
            "Controlled areas with radiation or pathogens.",
            places=2,
            sessions=4,
            topics=("safety", "research", "risk"),
        ),
        OfferText(
            "HSE-3",
            "Setting up forty desks: workstation morning",
            "You accompany the health adviser through one office, desk by desk, then adjust your own chair "
            "for the first time in years.",
            "What posture has to do with light and with meetings, and which adjustments cost nothing.",
            "Colleagues have agreed to a visitor. Anything said about health stays in the room.",
            "Individual consultations and medical notes.",
            kind="hands_on",
            places=1,
            sessions=3,
            topics=("wellbeing", "accessibility", "listening"),
        ),
        OfferText(
            "HSE-4",
            "Where the bins really go: a waste audit",
            "Eight bags from your own building, opened on a tarpaulin. We sort, weigh, photograph and "
            "laugh a bit. In the afternoon you see the sorting plant.",
            "What contamination costs, what a good label says, and one change that your team could make on "
            "Monday.",
            "Gloves, apron and boots are lent; it smells. A minibus goes to the plant; there are steps on "
            "the gantry.",
            "Confidential waste, which stays sealed.",
            kind="hands_on",
            half_days=2,
            places=4,
            sessions=2,
            topics=("sustainability", "service improvement", "data"),
        ),
        OfferText(
            "HSE-2",
            "The emergency plan on a table",
            "A half-day exercise: water through a ceiling at four on a Friday. You play the manager of a "
            "building you know.",
            "Who decides, who rings whom, and what you would wish you had printed.",
            "No knowledge needed. The scenario hurts nobody.",
            "The confidential annex with private telephone numbers.",
            kind="office_insight",
            format="hybrid",
            places=6,
            sessions=2,
            starts="13:00",
            topics=("resilience", "crisis", "teamwork"),
        ),
        OfferText(
            "HSE-1",
            "Look at our induction with fresh eyes",
            "You take the online safety induction as if it were your first day, thinking aloud, while the "
            "person who wrote it takes notes.",
            "What makes people skip, how to write for the person who is late, and how we use what you say.",
            "On screen, an hour and a half and a short talk after it.",
            "Other people's results.",
            kind="critical_friend",
            format="remote",
            places=2,
            topics=("safety", "plain English", "user testing"),
        ),
    ),
)
