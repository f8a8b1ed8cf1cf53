"""Estates and Campus Services in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

ESTATES = DepartmentText(
    code="ESTATES",
    who_we_are="Three hundred and forty people who are here before you and after you: joiners, guards, "
    "chefs, cleaners, gardeners, engineers. "
    "We look after sixty-one buildings, four of them listed and one of them haunted. "
    "Our work is done well when nobody notices, so come and notice.",
    visitors_see="The campus at hours you have never seen it: the five o'clock round, the night patrol, "
    "the kitchen at half past six. "
    "You will walk, and you will be fed.",
    head="Director of Estates and Campus Services",
    teams=(
        TeamText(
            "ESTATES-1",
            "The helpdesk and the trades. Eleven thousand jobs a year, from a dripping tap to a chiller on "
            "the roof, and a board that shows which is whose.",
            "A joiner's morning, a plant room, and how a job is judged urgent or merely loud.",
            (
                "Maintenance Manager",
                "Maintenance Supervisor",
                "Electrician",
                "Joiner",
                "Helpdesk Coordinator",
            ),
        ),
        TeamText(
            "ESTATES-2",
            "Gates, posts, patrols, first aid and a control room that has not closed since 1987. We know "
            "everyone's name who works past ten.",
            "The control room's wall of screens, the mail round, and the walk that checks four hundred "
            "doors.",
            (
                "Security and Portering Manager",
                "Security Supervisor",
                "Security Officer",
                "Porter",
                "Control Room Operator",
            ),
        ),
        TeamText(
            "ESTATES-3",
            "Eight kitchens and cafés and a hospitality team. We cook three thousand meals a day and throw "
            "away less each month; we weigh it.",
            "Prep before breakfast, a conference lunch for two hundred, and the allergen board.",
            (
                "Catering Manager",
                "Head Chef",
                "Chef",
                "Catering Assistant",
                "Hospitality Supervisor",
            ),
        ),
        TeamText(
            "ESTATES-4",
            "We make rooms ready before the first class and keep nineteen hectares of lawn, meadow and "
            "wood. We start at five and finish before most inboxes open.",
            "The five o'clock round, a lecture theatre turned in eleven minutes, and the beehives.",
            (
                "Cleaning and Grounds Manager",
                "Cleaning Supervisor",
                "Cleaner",
                "Gardener",
                "Grounds Supervisor",
            ),
        ),
    ),
    offers=(
        OfferText(
            "ESTATES-2",
            "A night with Security",
            "Ten at night until two. The control room first, then a patrol of the Byrom Street site on "
            "foot: doors, lifts, labs with lights on, a student who is locked out.",
            "What is checked and why, how a small worry is told from a large one, and who is awake while "
            "you sleep.",
            "Warm coat, flat shoes, about six kilometres with stairs; the control-room half is seated. The "
            "next morning off in lieu, as your manager agrees.",
            "Incidents with police or ambulance: you wait in the control room.",
            who="Anyone over probation, and not on the day after a late shift of your own.",
            half_days=1,
            places=2,
            sessions=5,
            starts="22:00",
            topics=("security", "shifts", "student wellbeing"),
        ),
        OfferText(
            "ESTATES-4",
            "The five o'clock cleaning round",
            "You are handed a tabard at five and join a round of three through a teaching building, floor "
            "by floor, until the first lecturer says good morning.",
            "How forty rooms are made ready in three hours, what is found in bins, and how your team's "
            "habits make the work lighter or heavier.",
            "Gloves and products are explained before you touch anything. A hot breakfast at eight, on us.",
            "Laboratories with biological agents.",
            who="Everyone. We mean it: directors have come twice.",
            kind="hands_on",
            places=2,
            sessions=6,
            starts="05:00",
            topics=("shifts", "front-line service", "teamwork"),
        ),
        OfferText(
            "ESTATES-1",
            "A joiner's morning",
            "Seven jobs with a joiner and a van: a door closer, a lectern, a lock, a window that has been "
            "painted shut since the Coronation.",
            "How jobs are ranked, what makes a report useful, and how to look at a building.",
            "Safety shoes are lent (tell us your size). You carry nothing heavy.",
            "Roof work and plant rooms with live equipment.",
            starts="07:30",
            half_days=1,
            topics=("maintenance", "craft", "safety"),
        ),
        OfferText(
            "ESTATES-3",
            "Three thousand meals: a kitchen from half past six",
            "Prep, deliveries, the allergen check and the breakfast rush in the Mount Pleasant kitchen, "
            "beside the head chef.",
            "How a menu is planned around cost, carbon and taste, how allergens are kept apart, and how to "
            "run a calm team in a hot room.",
            "Whites are lent, hair is covered. If you had a stomach upset in the last 48 hours we simply "
            "move the date.",
            "Nothing is closed to you in this visit.",
            kind="hands_on",
            places=2,
            sessions=4,
            starts="06:30",
            topics=("catering", "teamwork", "sustainability"),
        ),
        OfferText(
            "ESTATES-1",
            "Where does my job go? The maintenance helpdesk",
            "Beside the coordinator for a morning: calls and forms come in, are sorted, sent out and "
            "chased. You bring a job of your own that was slow.",
            "What the priorities mean, why some doors take three weeks, and which two details save a "
            "second visit.",
            "The desk is seated and step-free.",
            "Contractors' prices.",
            kind="critical_friend",
            format="hybrid",
            places=2,
            topics=("maintenance", "service improvement", "front-line service"),
        ),
        OfferText(
            "ESTATES-4",
            "Grounds in winter at IM Marsh",
            "Hedge laying, salt, drains and the bees asleep. A day outdoors with four gardeners and a flask.",
            "How a campus is planned years ahead, what is left wild on purpose, and how weather becomes a "
            "risk assessment.",
            "Outdoors all day; boots and waterproofs are lent. Ground is uneven; a seat in the buggy is "
            "possible.",
            "Work with chainsaws, which you may watch from the path.",
            half_days=2,
            places=3,
            sessions=3,
            starts="08:00",
            topics=("sustainability", "grounds", "wellbeing"),
        ),
        OfferText(
            "ESTATES-2",
            "The mail round before nine",
            "Six sacks, forty-four pigeonholes and one trolley with a will of its own. You walk the round "
            "with a porter who has done it for twenty years.",
            "How a building really connects, who is in early, and what a parcel without a name costs.",
            "About four kilometres, some of it in lifts.",
            "Exam scripts in transit.",
            sessions=4,
            starts="07:00",
            topics=("portering", "front-line service", "space"),
        ),
        OfferText(
            "ESTATES-3",
            "Return visit: your kitchen, our kitchen",
            "For teams that have shown one of our chefs their work. You come to ours for the afternoon "
            "prep, and the chef who visited you is your host.",
            "What looked different a month later, and how a team that never sits down finds time to "
            "improve something.",
            "Whites are lent. Come hungry.",
            "Stocktaking and suppliers' prices.",
            who="Colleagues whose team has hosted somebody from Catering.",
            kind="return_visit",
            places=2,
            sessions=2,
            starts="13:30",
            topics=("catering", "learning", "teamwork"),
        ),
    ),
)
