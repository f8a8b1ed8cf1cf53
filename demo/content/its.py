"""IT Services in its own words."""

from demo.text_types import DepartmentText, OfferText, TeamText

ITS = DepartmentText(
    code="ITS",
    who_we_are="We keep thirty thousand people connected, signed in and able to teach. "
    "Most of what we do is invisible on a good day, which is why we like visitors. "
    "Our rule is that nobody is made to feel foolish for asking.",
    visitors_see="The service desk at nine on a Monday, a change being approved, a lecture theatre being "
    "put right between two classes. "
    "You need no technical knowledge for any visit unless it says so.",
    head="Director of IT Services",
    teams=(
        TeamText(
            "ITS-1",
            "Fourteen of us answer the telephone, the chat and the counter on Byrom Street. We solve seven "
            "in ten calls at the "
            "first go and hand the rest over with notes that a stranger can use.",
            "Headsets on, beside an analyst: how a vague “it\u2019s broken” becomes a problem "
            "somebody can fix.",
            (
                "Service Desk Manager",
                "Senior Service Desk Analyst",
                "Service Desk Analyst",
                "Knowledge Coordinator",
            ),
        ),
        TeamText(
            "ITS-2",
            "We run two data centres, 2,600 wireless access points and the storage that holds the "
            "university's memory. "
            "We are on call every night of the year.",
            "The quiet roar of a machine room, the morning's alerts being read, and a change board "
            "deciding what may be touched this week.",
            (
                "Infrastructure Manager",
                "Senior Network Engineer",
                "Network Engineer",
                "Infrastructure Analyst",
            ),
        ),
        TeamText(
            "ITS-3",
            "We look after the student record, finance and people systems, and the forty joins between "
            "them. "
            "Many of us work from home; our stand-up is at 9.15 on screen.",
            "How a request becomes a tested change, and what happens to a surname with an apostrophe on "
            "its way through seven systems.",
            (
                "Business Systems Manager",
                "Business Analyst",
                "Systems Analyst",
                "Test Analyst",
            ),
        ),
        TeamText(
            "ITS-4",
            "We run the virtual learning environment, lecture capture and the technology in every "
            "classroom. "
            "Half of us used to teach, and it shows in what we refuse to switch on.",
            "A classroom being surveyed, a course page being made accessible, and a technician crossing "
            "campus in four minutes flat.",
            (
                "Digital Learning Manager",
                "Learning Technologist",
                "Classroom Technology Lead",
                "Media Technician",
            ),
        ),
    ),
    offers=(
        OfferText(
            "ITS-1",
            "A service-desk morning",
            "You wear a second headset from the first call of the day until the lull before lunch. You "
            "hear forgotten passwords, "
            "a projector that will not wake, a researcher with a deadline, and you see what the analyst "
            "types and why.",
            "How to ask the question that gets to the fault, how calls are ranked when everything is "
            "urgent, "
            "and what a good handover note looks like. You can take our call-note template home.",
            "Calls are confidential; we ask callers before you listen. The desk is open plan and can be "
            "loud, and there is a quiet room next door.",
            "Calls to the security line, and anything about an investigation.",
            places=2,
            sessions=6,
            starts="08:45",
            topics=("front-line service", "digital skills", "handover"),
        ),
        OfferText(
            "ITS-1",
            "Follow one fault from first call to fix",
            "Pick a kind of fault that annoys your own team. We follow a real one with you, from the call "
            "through two or three teams to the "
            "message that says it is done, over two half-days that suit you.",
            "Where time goes between teams, who may decide what, and how to report a fault so that it "
            "lands in the right place first time.",
            "Tell us your annoyance in a sentence beforehand. You can join some parts from your own desk.",
            "Machine rooms, and personal files on anyone's computer.",
            format="hybrid",
            half_days=2,
            places=2,
            topics=("service improvement", "digital skills", "process mapping"),
        ),
        OfferText(
            "ITS-2",
            "Behind the locked door: a data centre visit",
            "We sign you in, give you ear defenders and walk you along the rows: cooling, power, the "
            "diesel generator and the tape robot. "
            "Then we read the night's alerts with a cup of tea.",
            "What an outage means in practice, how we decide to wake someone at three in the morning, and "
            "what a backup can and cannot bring back.",
            "Flat shoes and no loose scarves. The room is 18 degrees, loud and reached by a goods lift; "
            "tell us about access needs and we find another route.",
            "The network security cabinet and its screens.",
            who="Anyone with a staff card; bring it with you.",
            kind="office_insight",
            places=6,
            sessions=3,
            starts="14:00",
            topics=("infrastructure", "resilience", "energy"),
        ),
        OfferText(
            "ITS-3",
            "Change board: what may be touched this week",
            "The weekly meeting in which twenty proposed changes are asked the same five questions. You "
            "read the list beforehand and hear the debate.",
            "How risk is talked about without drama, how to write a rollback plan in four lines, and why "
            "nothing changes on results day.",
            "It takes place on screen. We send you the list the day before.",
            "The security item at the end of the agenda.",
            who="Anyone who plans changes, or suffers from them.",
            kind="briefings",
            format="remote",
            half_days=1,
            places=3,
            sessions=5,
            starts="10:00",
            topics=("change", "risk", "systems"),
        ),
        OfferText(
            "ITS-3",
            "Join a user test of the new staff directory",
            "You try the next version of the directory with a tester beside you who says very little and "
            "writes a lot. After lunch you sort what was found.",
            "How a test script is written, what counts as a fault and what as a wish, and how to say that "
            "something is confusing.",
            "No preparation. The clumsier you feel, the more useful you are.",
            "Nothing is closed to you in this visit.",
            kind="hands_on",
            format="hybrid",
            half_days=2,
            places=4,
            sessions=2,
            topics=("user testing", "systems", "accessibility"),
        ),
        OfferText(
            "ITS-4",
            "Making a course page everyone can use",
            "A learning technologist takes an ordinary course page through captions, headings, colour and "
            "a screen reader. "
            "Then you do the same with something from your own team.",
            "Five checks that find most barriers, how to write a useful image description, and what to "
            "stop putting into PDFs.",
            "Bring a page, form or document that your team uses. Headphones are lent.",
            "Student work and marks.",
            kind="hands_on",
            places=3,
            sessions=4,
            starts="13:30",
            topics=("accessibility", "digital skills", "teaching"),
        ),
        OfferText(
            "ITS-4",
            "Ten minutes between classes: classroom rescue",
            "A morning on the radio with a classroom technician. When a lecturer presses the help button "
            "we go, and you come along.",
            "What really fails in a teaching room, how to stay calm before two hundred people, and which "
            "cable to carry.",
            "We walk fast and take stairs; say so if you would rather follow from the control desk, which "
            "shows every room.",
            "Recording or watching the class itself.",
            starts="08:45",
            topics=("teaching", "front-line service", "space"),
        ),
    ),
)
