"""First and last names as found in a British university."""

FIRST_NAMES = (
    "Aisha", "Agnieszka", "Alasdair", "Amara", "Amelia", "Andrew", "Angharad", "Anjali", "Anthony", "Aoife",
    "Beatriz", "Bethan", "Blessing", "Bronagh", "Callum", "Catherine", "Chidi", "Chloë", "Ciarán", "Claire",
    "Dafydd", "Daniel", "David", "Deborah", "Delroy", "Divya", "Eilidh", "Eleri", "Elif", "Emily", "Esther",
    "Farah", "Fatima", "Fiona", "François", "Funmi", "Gareth", "Gemma", "Grace", "Graham", "Grzegorz",
    "Hannah", "Harriet", "Hassan", "Helen", "Hùng", "Ibrahim", "Imogen", "Inés", "Iolo", "Isaac", "Jade",
    "James", "Jasmine", "Jodie", "Joanna", "José", "Joyce", "Karen", "Katarzyna", "Kevin", "Kwame", "Laura",
    "Leila", "Liam", "Lucía", "Lynn", "Maeve", "Małgorzata", "Marcus", "Margaret", "Mariam", "Mei",
    "Mohammed", "Nadia", "Naomi", "Niamh", "Nikhil", "Noor", "Olamide", "Oliver", "Owain", "Paul", "Peter",
    "Precious", "Priya", "Rachel", "Rajesh", "Rebecca", "Rhiannon", "Róisín", "Rosa", "Ruth", "Sadia",
    "Sanjay", "Sarah", "Seán", "Siân", "Søren", "Stephen", "Tamsin", "Tariq", "Tendai", "Thandiwe",
    "Tomasz", "Uzma", "Victoria", "Wei", "Yusuf", "Zoë",
)  # fmt: skip

LAST_NAMES = (
    "Abdi", "Achterberg", "Adeyemi", "Ahmed", "Akhtar", "Andersson", "Ashworth", "Atkinson", "Bailey",
    "Banerjee", "Barlow", "Begum", "Bennett", "Boateng", "Bradshaw", "Brennan", "Campbell", "Carter",
    "Chan", "Chaudhry", "Clarke", "Collins", "Cooper", "Cunliffe", "da Silva", "Davies", "Dhillon", "Dixon",
    "Doherty", "Douglas", "Edwards", "Ekwueme", "Ellis", "Evans", "Farrell", "Fernández", "Fletcher",
    "Foster", "García", "Gill", "Gould", "Griffiths", "Halliwell", "Hargreaves", "Harris", "Hewitt",
    "Higgins", "Hughes", "Hussain", "Ivanova", "Jackson", "Jones", "Kamara", "Kapoor", "Kavanagh", "Kelly",
    "Khan", "Kovács", "Kowalska", "Lewis", "Llewellyn", "MacDonald", "Mahmood", "Marsden", "Mbeki",
    "McCarthy", "McKenna", "Mensah", "Mitchell", "Moreau", "Morgan", "Mukherjee", "Müller", "Murphy",
    "Ndlovu", "Nguyễn", "Nolan", "Nowak", "Nuttall", "O'Brien", "O'Neill", "Okafor", "Osei", "Owen",
    "Patel", "Pérez", "Phillips", "Popescu", "Pritchard", "Quinn", "Rahman", "Ramsbottom", "Reid", "Rigby",
    "Roberts", "Robinson", "Rossi", "Sandhu", "Scholes", "Sharma", "Singh", "Šimić", "Sinclair", "Skinner",
    "Smith", "Stewart", "Suzuki", "Taylor", "Thomas", "Thompson", "Tomlinson", "Walker", "Walsh", "Watkins",
    "Whittaker", "Williams", "Winterbottom", "Wójcik", "Öztürk", "Zhang",
)  # fmt: skip
