"""Texts of the demo's reflections, by the department visited."""

# What the visitor saw there that is done differently at home.
SEEN = {
    "REGOFF": (
        "Every paper names one decision on its first line. Ours begin with the history and end with a maybe.",
        "The secretary rings a chair before the meeting instead of writing minutes that explain afterwards.",
    ),
    "ACREG": (
        "Two people read every mark aloud to each other. It takes an hour and saves three weeks of letters.",
        "They keep a calendar of what cannot move. We find out that something could not move when it has.",
    ),
    "ITS": (
        "At half past eight everybody says in one sentence what is still open. We leave a pile.",
        "Each fault has one owner until it is solved. With us it belongs to whoever opened the mailbox last.",
        "They write down what they tried and did not help. We only ever write down what worked.",
    ),
    "LIB": (
        "The desk asks “What have you found so far?” before it explains anything. We explain first.",
        "Their rota is made by the people on it, in turn. Ours comes from above, and comes back.",
    ),
    "COMMS": (
        "They cut the first paragraph of everything. I counted: it never hurt once.",
        "Whoever was in the room writes the debrief the same day, half a page, and everybody reads it.",
    ),
    "INTL": (
        "They try every form out on somebody who arrived last week. We try ours out on ourselves.",
        "A student from abroad has one name to write to. Ours have a shared mailbox and patience.",
    ),
    "SRMA": (
        "Each application is read twice by people who do not see one another’s notes.",
        "They count what callers ask, every day, and change the web page the same week.",
    ),
    "ESTATES": (
        "The night shift walks the round with the day shift. A list would not tell you which door sticks.",
        "Jobs are ranked by who is harmed if they wait, and it says so on the board for all to see.",
    ),
    "STRAT": (
        "Before any project starts somebody has to write why it might fail. Nobody is offended by it.",
        "They answer survey comments one by one on a page. We thank people for taking part.",
    ),
    "HSE": (
        "They do the assessment in the room with the people who work there. I do mine at my desk.",
        "Nothing is called careless. The question is always what made the wrong thing easy.",
    ),
    "DOCTORAL": (
        "Every researcher can see where their thesis is. We are asked that question by telephone.",
        "They practise hard conversations in pairs before they hold them.",
    ),
}  # fmt: skip

# What the visitor will do about it at home.
CHANGE = {
    "REGOFF": (
        "Put the decision we ask for into the first line of my next paper to the committee.",
        "Ring the chair before I send a draft, not after.",
    ),
    "ACREG": (
        "Send our late changes on one sheet, once a week, instead of as they come.",
        "Make a calendar of our own fixed days and hang it where the team makes its plans.",
    ),
    "ITS": (
        "Try a standing handover of five minutes at the change of our shifts.",
        "Give every question that stays open one name, and write the name on it.",
        "Report faults with the four things the desk needs, and put them on a card for the team.",
    ),
    "LIB": (
        "Begin each enquiry with what the student has tried already.",
        "Let two of the team draw up next month’s rota and see what happens.",
    ),
    "COMMS": (
        "Cut the first paragraph of our newsletter, for three issues, and ask whether anybody misses it.",
        "Write half a page after each open day, on the day.",
    ),
    "INTL": (
        "Have two new students read our welcome mail aloud and mark where they stop.",
        "Name one person in our first mail to every student from abroad.",
    ),
    "SRMA": (
        "Keep a tally beside the telephone for a month and change the page that causes most calls.",
        "Have two of us read each bursary case without seeing the other’s notes.",
    ),
    "ESTATES": (
        "Walk round with the porter once a month and report everything in one go.",
        "Add “who is harmed if it waits” to our own list of jobs.",
    ),
    "STRAT": (
        "Write down why our next project might fail, with the team, before we ask for money.",
        "Answer the comments of our own survey, each in a sentence.",
    ),
    "HSE": (
        "Redo our risk assessment standing in the workshop, with the two technicians.",
        "Ask what made it easy to go wrong, before I ask who.",
    ),
    "DOCTORAL": (
        "Put the steps of our own process on a page that people can look at themselves.",
        "Practise the next difficult conversation with a colleague first.",
    ),
}  # fmt: skip

# What the team visited should know from the visitor's point of view.
SHOULD_KNOW = {
    "REGOFF": ("Your templates are clearer than you think. Nobody outside knows that they may use them.",),
    "ACREG": ("We would send you better forms if we saw once what happens to them. Show more people.",),
    "ITS": (
        "The message “your call is important” makes us wait less happily than silence would.",
        "People are afraid of your form because of its first question. Ask it last.",
    ),
    "LIB": ("You apologise for rules that are good rules. They are what makes the place calm.",),
    "COMMS": ("Departments send you things late because they do not know your deadlines. Put them up.",),
    "INTL": ("You know which of our letters frighten students. Please tell us, one by one.",),
    "SRMA": ("What you promise in August, we hear about in November. We could tell you sooner.",),
    "ESTATES": ("Nobody knows that the early shift has been in before them. It deserves to be known.",),
    "STRAT": ("Half of the figures you ask for exist already, in another of your own forms.",),
    "HSE": ("Your visits help more than your forms. I would give up two forms for one visit.",),
    "DOCTORAL": ("Researchers believe that you examine them. You are on their side: say it at the start.",),
}  # fmt: skip

# What fresh eyes taught the host's team.
FRESH_EYES = {
    "REGOFF": (
        "Our visitor asked what happens to a paper nobody reads. We have since taken two off the agenda.",
        "We explain with initials. After the third one we started a list on the wall.",
    ),
    "ACREG": (
        "Being asked why we print it at all was uncomfortable, and right.",
        "That other departments think late changes cost us nothing. We never told them what they cost.",
    ),
    "ITS": (
        "Half of what we call a reset is a person who was afraid to ask twice.",
        "Our visitor could not find the form for guests. Neither could two of us.",
    ),
    "LIB": (
        "We look calm from the other side of the desk. Good to know; it does not feel so.",
        "Our signs are for people who know where they are.",
    ),
    "COMMS": (
        "Our visitor reads our bulletin on a phone, standing. We had only ever looked at it at a desk.",
        "That our briefing form asks for everything except what the thing is for.",
    ),
    "INTL": (
        "We forgive our forms because we know what they mean.",
        "Our visitor noticed who had waited longest before we did.",
    ),
    "SRMA": (
        "We say “a decision will follow” and nobody knows by when. Now we say by when.",
        "A question we answer forty times a week should not be a question.",
    ),
    "ESTATES": (
        "Our visitor carried the keys for a morning and asked why there are ninety. There are now seventy.",
        "That we never say when a job is done. People report it again to be sure.",
    ),
    "STRAT": (
        "Our visitor asked for whom the fourth chart was. It was for nobody.",
        "We had forgotten that a deadline in the vacation is a deadline in the vacation.",
    ),
    "HSE": (
        "Somebody who does the work every day spotted the trailing cable before we had our coats off.",
        "Our form frightened a person who had done nothing wrong.",
    ),
    "DOCTORAL": (
        "We were asked who the silent ones are. We know the loud ones by name.",
        "Our visitor thought the viva list was a ranking. It is sorted by room.",
    ),
}  # fmt: skip

# What of the host's own ways is worth copying.
WORTH_USING = {
    "REGOFF": ("The decision note of one page: what was decided, by whom, what follows and by when.",),
    "ACREG": ("Reading marks aloud in pairs. It sounds old, and it works.",),
    "ITS": (
        "The handover in five minutes, standing, with one name to each open matter.",
        "The page of known faults that everybody may read, also outside the team.",
    ),
    "LIB": ("Asking what somebody has found already before explaining anything.",),
    "COMMS": ("The debrief on the same day, on half a page.",),
    "INTL": ("Trying a form out on somebody who arrived last week.",),
    "SRMA": ("The tally beside the telephone, and changing one page a week because of it.",),
    "ESTATES": ("Walking the handover instead of writing it.",),
    "STRAT": ("Writing down at the start why a thing might fail.",),
    "HSE": ("Asking what made the wrong thing easy.",),
    "DOCTORAL": ("Practising hard conversations in pairs.",),
}  # fmt: skip

RECOMMEND = (
    "Yes: half a day there has saved me a dozen emails since.",
    "To everybody who starts with us.",
    "Yes, and best on a busy day.",
    "",
)
NOT_RECOMMEND = "Not in the vacation: there was little to see, and my host knew it. In term, gladly."
HOST_AGAIN = ("Yes, once a term.", "Gladly, if it is not in the week of results.", "", "")
TO_ORGANISERS = (
    "The room was up two flights of stairs, and nobody had asked me. Please put the question earlier.",
    "Could you make the request form remember my objectives? I typed them twice.",
    "My host had been told only the day before. It went well all the same.",
)
THANKS = (
    "Thank you for the morning, and for letting me ask the same thing three times.",
    "I came for the timetable and went home with a different way to start the day. Thank you!",
    "You made time on a day that had none. My team has heard about it twice already.",
    "Thank you for the tea, the candour and the wall with the yellow cards.",
)
ACKNOWLEDGED = (
    "Good. Let us try it from January and look at it together in March.",
    "I had not seen it that way. Please tell the others at the team meeting on Thursday.",
    "This is just what the visit was for. I will keep half an hour a week free for it.",
    "Thank you for writing it down so plainly; I shall use the second point with my own manager.",
)
LATER_WORDS = {
    "adopted": "Both shifts do it now, and nobody remembers that it was ever otherwise.",
    "adapted": "We kept the five minutes and dropped the standing: half of us are on the telephone.",
    "dropped": "Tried for six weeks. With three people it was more ceremony than help.",
    "not_yet": "The move of our office came between. It is on the list for spring.",
}
COMMENTS = (
    ("shadow", "Could we put the hour with the duty team before lunch? I have to be back by two."),
    ("host", "Yes, swapped. And bring the question about the forms to the tea, everybody will be there."),
)
BRING = "Your staff card, flat shoes and one question you have always wanted to ask."
NEEDS = "I lip-read: please sit me where I can see people’s faces, and no more than four at a table."
MOVE_WORDS = (
    "Our inspection has been put on that morning. The same time a little later would be perfect.",
    "My colleague is back only in the week after, and somebody has to open the desk.",
)
MISSED_WORDS = {
    "shadow_absent": "We waited until eleven and could not reach anybody.",
    "host_absent": "I was called to a flood in the stacks and nobody told our visitor. I am so sorry.",
    "illness": "My son was taken ill in the night. I would like to ask again in the new year.",
    "workload": "Results were brought forward to that morning.",
    "other": "The building was closed after the storm.",
}
