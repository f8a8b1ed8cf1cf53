"""Corporate Communications in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

COMMS = DepartmentText(
    code="COMMS",
    who_we_are="We tell the university's stories, to the world and to ourselves. "
    "Thirty of us write, design, film, brief and put up the barriers at graduation. "
    "We would rather hear from you on Tuesday than rescue you on Friday.",
    visitors_see="A story from tip to front page, an all-staff message being shortened, and the run sheet "
    "of a day with four thousand guests.",
    head="Director of Corporate Communications",
    teams=(
        TeamText(
            "COMMS-1",
            "Five press officers, one of them always on call. We find the news in a research paper and the "
            "calm sentence in a crisis.",
            "The morning call, a journalist with forty minutes to deadline, and an academic learning to "
            "say it in one breath.",
            (
                "Head of News",
                "Senior Press Officer",
                "Press Officer",
                "Social Media Officer",
            ),
        ),
        TeamText(
            "COMMS-2",
            "We write what three and a half thousand colleagues need to know. We are fond of short words, "
            "and of asking who this is for.",
            "The weekly bulletin being cut from nineteen items to seven, and what people really clicked.",
            (
                "Internal Communications Manager",
                "Internal Communications Officer",
                "Content Editor",
                "Communications Assistant",
            ),
        ),
        TeamText(
            "COMMS-3",
            "A studio of designers, a photographer and a film-maker. We keep the brand recognisable and "
            "make sure it can be read by everybody.",
            "A brief becoming a sketch, colours being tested for contrast, and a photo walk with real "
            "students.",
            (
                "Creative Lead",
                "Senior Designer",
                "Graphic Designer",
                "Photographer and Film-maker",
            ),
        ),
        TeamText(
            "COMMS-4",
            "Graduations, public lectures, civic visits and the carol service. We are the people with the "
            "radios, the safety pins and the spare gown.",
            "A venue walk, a seating plan for six hundred, and the debrief in which we are honest.",
            (
                "Events Manager",
                "Senior Events Officer",
                "Events Officer",
                "Events Assistant",
            ),
        ),
    ),
    offers=(
        OfferText(
            "COMMS-1",
            "Crisis-communications rehearsal",
            "A flood, a rumour and a journalist, invented by us, in three hours. You sit in the room with "
            "a role card while the team drafts, checks and releases.",
            "What may be said before the facts are known, who signs off at midnight, and why the "
            "switchboard hears first.",
            "It is a rehearsal, but it can feel real; the scenario never involves a death. You may observe "
            "instead of playing.",
            "The real incident log.",
            who="Anyone who might be in the building when something happens.",
            kind="hands_on",
            half_days=1,
            places=4,
            sessions=2,
            starts="13:00",
            topics=("crisis", "communications", "resilience"),
        ),
        OfferText(
            "COMMS-1",
            "From research paper to the morning news",
            "You pick a newly accepted paper with a press officer, meet its author, and watch the headline "
            "being argued over until it is both true and short.",
            "How to find the one sentence, what an embargo is, and what makes a journalist hang up.",
            "Embargoed findings stay with you until they are published.",
            "Conversations with a source who asked for confidence.",
            format="hybrid",
            half_days=2,
            places=2,
            topics=("communications", "research", "writing"),
        ),
        OfferText(
            "COMMS-2",
            "Nineteen items, seven places: editing the staff bulletin",
            "Monday's editorial meeting and the hour after it. You bring something your team wants "
            "everyone to know, and we edit it together.",
            "How to lead with what people must do, how long anybody reads, and why the subject line is "
            "written last.",
            "Send us your item by the Thursday before, however rough.",
            "Items about restructures that have not been announced.",
            kind="critical_friend",
            format="hybrid",
            places=2,
            sessions=6,
            weekday=1,
            starts="10:00",
            topics=("writing", "communications", "plain English"),
        ),
        OfferText(
            "COMMS-3",
            "Photo walk with the studio",
            "A morning on two sites with our photographer and five students: light, consent forms, stairs, "
            "and the picture that will be on a bus by spring.",
            "How to ask for consent properly, how to show people as they are, and how to brief a "
            "photographer so that you get what you need.",
            "Outdoors in most weathers; about three kilometres, step-free on request.",
            "Nothing is closed to you in this visit.",
            half_days=1,
            places=2,
            sessions=3,
            topics=("design", "inclusion", "students"),
        ),
        OfferText(
            "COMMS-4",
            "Backstage at winter graduation",
            "You follow the floor manager from the first gown to the last photograph: robing, line-up, the "
            "platform party and the grandmother who is lost.",
            "How a run sheet works, how forty volunteers know what to do, and what is decided in the two "
            "minutes nobody sees.",
            "A long day on your feet with a good lunch. Dark clothes, quiet shoes; a radio is lent.",
            "The honorary graduates' robing room.",
            kind="hands_on",
            half_days=2,
            places=3,
            sessions=2,
            month=1,
            starts="08:00",
            topics=("graduation", "events", "teamwork"),
        ),
        OfferText(
            "COMMS-3",
            "Tell us why our templates annoy you",
            "You show the studio how your team really uses our slides, letters and posters; we watch and "
            "keep quiet. Then we mend one with you.",
            "How designers read a problem, what accessible design costs (very little), and which file to "
            "use when.",
            "Bring three real examples, the uglier the better.",
            "Work for clients outside the university.",
            kind="critical_friend",
            places=2,
            topics=("design", "accessibility", "service improvement"),
        ),
    ),
)
