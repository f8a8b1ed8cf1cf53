"""Objectives and conversations of the demo organisation's appraisals."""

# A development need with the reason behind it.
DEVELOPMENT_NEEDS = (
    (
        "Grow in confidence when chairing meetings",
        "I would like to chair two team meetings and see how others do it.",
    ),
    (
        "Understand how our work affects other departments",
        "I only see our half of most of what students ask for.",
    ),
    ("Learn to write shorter and plainer", "My emails are thorough, and people do not finish them."),
    ("Be ready to supervise a colleague", "I hope to apply for a senior post within two years."),
    ("Use data to decide what we stop doing", "We collect a good deal and look at little of it."),
    (
        "Handle difficult conversations at the front line",
        "Calm comes easily to me by email and less so across a desk.",
    ),
    ("Make what we publish usable by everyone", "Three people told us that our forms cannot be read aloud."),
    ("Plan shifts and cover more fairly", "The rota is the thing the team argues about most."),
    (
        "Get to know how projects are run here",
        "I am joining a project in spring and have never seen one begin.",
    ),
    ("Know what to do in an emergency", "I am our floor's new fire marshal."),
    ("Improve how we hand over work", "Things are asked twice when one of us is on leave."),
    (
        "Learn how decisions are made in committees",
        "Our proposals come back with questions I cannot explain.",
    ),
)

# Goals of the present role.
ROLE_GOALS = (
    (
        "Answer every enquiry within two working days",
        "We are at three and a half days today.",
    ),
    (
        "Publish one guide for new starters",
        "Everything is in four heads and one notebook.",
    ),
    (
        "Halve the paper we print for meetings",
        "Last year it was eleven thousand sheets.",
    ),
    (
        "Finish the tidy-up of the shared drive",
        "Nobody should need to ask where the latest version is.",
    ),
    (
        "Bring the complaints log up to date and learn from it",
        "The same three themes come back each term.",
    ),
    (
        "Try one practice from another department and report on it",
        "We have asked for less reinventing of wheels.",
    ),
)

# The signed-in demo shadow's own objectives: they fit the two showcase offers of IT Services.
SHADOW_OBJECTIVES = (
    (
        "Improve how our desks hand over between shifts",
        "Questions are asked twice when the evening team takes over.",
    ),
    (
        "Use digital tools with more confidence when helping students",
        "I send people to IT for things we could solve.",
    ),
    (
        "Take part in one project outside the library",
        "I know the library well and the university hardly at all.",
    ),
)

# What was said in the conversation about shadowing, by what was agreed.
TALKED = {
    "will_shadow": (
        "We looked at the offers together. A morning at a front desk elsewhere, before Easter.",
        "Half a day with the people we send our forms to. I will ask for cover in January.",
    ),
    "will_host": (
        "Happy to show the desk to a colleague in spring; not away this year, we are two short.",
        "Will put up an offer for one visitor a term.",
    ),
    "will_do_both": (
        "Wants to see how others hand over, and to show our own way in return.",
        "One visit in the autumn, one visitor in the spring. We have put both into the plan.",
    ),
    "not_this_year": (
        "Back from parental leave in February; we will talk again in the summer.",
        "Finishing a part-time degree this year, and that is development enough.",
        "Moves to a new role in January; the visit should fit that one.",
    ),
}
# Why somebody has no appraisal, by the reason chosen.
EXEMPT = {
    "probation": ("Starts with the probation review in spring.",),
    "long_absence": (
        "On a secondment outside the university for the whole cycle.",
        "On parental leave until August.",
    ),
    "left": ("",),
    "other": ("Retires before the cycle ends.",),
}
ADDITIONS = (
    "The date of the conversation was the Tuesday, not the Wednesday. Nothing else changes.",
    "For the record: the second objective was met in full after we had signed.",
    "I agree with the addition and have told HR.",
)
