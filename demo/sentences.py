"""Sentences that people of the demo organisation write to one another."""

# What a visitor would like to learn, by the department visited.
OBJECTIVES = {
    "REGOFF": (
        "Learn how a paper gets onto a committee's agenda and what makes a chair trust it.",
        "Understand what information law asks of my team's mailbox.",
        "See how a senior leader's week is planned and what is kept out of it.",
        "Write a decision note that would stand up a year later.",
    ),
    "ACREG": (
        "Understand what happens to a mark between the marker and the transcript.",
        "Learn which of our late changes cause the most rework for the registry.",
        "See how an appeal is weighed so that I can explain it to students.",
        "Find out how the timetable is built before I ask for another room change.",
    ),
    "ITS": (
        "Learn how a service desk ranks what comes in when everything is urgent.",
        "Report faults in a way that gets them to the right team first time.",
        "See how a change is tested and approved before it reaches users.",
        "Take home a way of writing handover notes that my own team could use.",
        "Make our own pages and documents usable with a screen reader.",
    ),
    "LIB": (
        "See how a small team covers long opening hours fairly.",
        "Learn how librarians help students to find evidence, so that we stop sending them round in circles.",
        "Understand open access well enough to answer a researcher's first question.",
        "Handle old documents in our cupboard without doing harm.",
    ),
    "COMMS": (
        "Write messages that people read to the end.",
        "Learn what may be said in the first hour of an incident and who signs it off.",
        "Understand how a large event is run, from seating plan to debrief.",
        "Brief a designer so that we need two rounds instead of six.",
    ),
    "INTL": (
        "Understand right-to-study checks well enough not to promise what cannot be kept.",
        "See what the first days here are like for a student from abroad.",
        "Learn how a partnership abroad is weighed before anyone signs.",
        "Find out which of our forms make no sense outside Britain.",
    ),
    "SRMA": (
        "Hear what applicants worry about before they become our students.",
        "See how fair decisions are made at speed.",
        "Learn how to explain my work to a fourteen-year-old.",
        "Understand how a campaign is measured, to choose better where we spend.",
    ),
    "ESTATES": (
        "Understand what my building costs other people before I arrive in the morning.",
        "Learn how jobs are ranked and how to report one properly.",
        "See how shift teams hand over from night to day.",
        "Find out how a team of forty stays a team across five sites.",
    ),
    "STRAT": (
        "Learn how student numbers turn into budgets and posts.",
        "Read survey comments fairly and report back so that people answer again.",
        "Start our next project with a purpose that fits into one sentence.",
        "Understand where the data we type in ends up.",
    ),
    "HSE": (
        "Carry out a risk assessment in the room instead of at my desk.",
        "Know what to do in the first ten minutes of an evacuation.",
        "Set up my team's workstations properly.",
        "Find one change that would halve what we throw away.",
    ),
    "DOCTORAL": (
        "Understand the way from thesis to award and where researchers wait for us.",
        "Learn how a remote examination is kept fair.",
        "See how hard conversations are practised before they are held.",
        "Find out how five funders' rules fit into one payment run.",
    ),
}  # fmt: skip

# What a visitor brings from home, by the home department: {host} is filled in.
HOME_ANGLES = {
    "REGOFF": ("Compare how {host} records its decisions with how our committees do.",),
    "ACREG": ("Compare how {host} copes with a yearly peak with our own exam period.",),
    "ITS": ("See how {host} really uses our systems, and where it works around them.",),
    "LIB": (
        "Compare the way {host} meets people at the front line with our own desks.",
        "Bring home one way of working from {host} that our evening team could try.",
    ),
    "COMMS": ("Find a story in {host} that the rest of the university should hear.",),
    "INTL": ("Look at {host} through the eyes of somebody who arrived last week.",),
    "SRMA": ("Check that what we promise applicants about {host} is true.",),
    "ESTATES": ("See the building from the side of {host} and what our shifts could do better for it.",),
    "STRAT": ("Understand which of our figures help {host} and which only cost it time.",),
    "HSE": ("See how {host} works on an ordinary day, and not only when we inspect.",),
    "DOCTORAL": ("Find out how {host} could be gentler on people in their final year.",),
}  # fmt: skip

WANT_TO_SEE = (
    (
        "I would like to be there from the start of the day and to see what is done first, and why. "
        "May I ask what you would change if it were yours to change?"
    ),
    "Please show me the part that usually goes wrong. How do you notice, and who is told?",
    "I would like to meet two or three people who do the work and hear how they learned it.",
    "How do you hand over when somebody goes home or on leave? I would like to see the notes themselves.",
    "Which of the things that my department sends you makes you sigh? I promise not to be offended.",
    "I would like to see one case from beginning to end rather than a little of everything.",
    "How do you decide what can wait? I should like to sit beside someone while they do it.",
    (
        "I am curious how you keep a team together across shifts and sites, and what your week's "
        "meetings are for."
    ),
)

SEND_BACK_REASONS = (
    (
        "I like this. Could you choose dates outside the first week of term, and say a little more in "
        "the second objective?"
    ),
    "Please talk to Amira about cover on that Thursday first, then send it again; I expect to say yes.",
    "Could you tie this to the objective we agreed in October? One more sentence is enough.",
)
MANAGER_DECLINE_REASONS = (
    (
        "Two of the team are already away that week and I cannot cover the desk. Please do ask again "
        "for the weeks after."
    ),
    "I think another visit would serve your objective better; shall we talk on Tuesday?",
    "We are in the middle of the audit until the end of the month. After that, gladly.",
)
HOST_DECLINE_REASONS = (
    "The project you wanted to see has been moved to the spring. I would be glad to have you then.",
    (
        "Our team will be half its size that week. Another of our offers may suit you: have a look at "
        "the morning one."
    ),
    "The colleague who does this has just changed jobs, and it would not be fair on you. Sorry!",
)
MANAGER_AGREES = (
    "Yes, and tell us about it at the team meeting afterwards.",
    "Gladly. Rosa covers for you.",
    "This fits your objective well. Enjoy it.",
    "Agreed, as long as it stays outside the last week of the month.",
)
HOST_MESSAGES = (
    "We look forward to it. Come to the reception at the side door and ask for me; there is a kettle.",
    "Lovely to have you. We start promptly, so please be ten minutes early, and bring your staff card.",
    "You are welcome. I have asked two colleagues to spend an hour with you each.",
    "Good timing: that is one of our busier days, and the best one to see.",
)
WITHDRAW_REASONS = (
    "My working days change in January, so I will ask again once they are settled.",
    "A colleague is going on the same day; I would rather wait for a place of my own.",
)
OTHER_DATES_REASONS = (
    "That morning our whole team is at a training. Would one of these suit you instead?",
    "You would see more on another day: those are our quiet ones.",
)

AGENDA = (
    "Welcome, a walk round and where the kettle is",
    "Beside a colleague while the day's work comes in",
    "Tea with the team; bring your questions",
    "One case from beginning to end",
    "Half an hour to talk: what surprised you, what would you take home?",
)

CANCEL_REASONS = (
    "A burst pipe has closed the building for that day. I am sorry; let us find another one soon.",
    "I have been called to a hospital appointment that cannot move.",
)
REJECT_REASONS = (
    "I teach our new starters on that day. Any Tuesday or Thursday in the weeks after would be lovely.",
    "My children are at home then. Could we find a morning in the week after?",
)
