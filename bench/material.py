"""The sentences of which the traffic is made: ordinary chat, none of it a claim about kratom or headaches.

Braces hold the name of a slot in `SLOTS`. Sentences in `NEAR` hold words that also stand in the rules (head,
pain, natural, leaf, green, doctor): they are what makes a look expensive, and what a careless one answers.
"""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.replace("\n", " ").split(","))


SHORT = _listed("""
    lol, lmao, same, gg, brb, ok, nice, wait what, no way, true, fr, bruh, yep, nope, hi all, gn, gm,
    mood, pls, ty, np, afk, back, who, when, hahaha, oof, yikes, sheesh, big if true, so real, huh, go
    on, meh, wp, ez, lets go, not again, on my way, same here, 10/10, F, thx, welcome, +1, ikr, idk, kk,
    why tho, sounds good, good luck, happy birthday, what a day, im in, count me in, cant today, see
    you, me too
""")
PLAIN = _lines("""
    anyone up for {game} in {minutes} minutes?
    {name} is late again, start without them
    the {thing} I ordered on {day} still has not left the warehouse
    just finished {show}, the ending made no sense to me
    my {pet} knocked the {thing} off the desk again
    does somebody know a good {food} place near the {place}?
    we lost the {sport} match by one point and {name} will not stop talking about it
    patch notes say they changed the {item} again, so my whole build is gone
    rent went up again, so I am looking for a flat near the {place}
    I am making {food} tonight, it takes about {minutes} minutes
    the bus to the {place} was {minutes} minutes late, as always
    who is bringing the {thing} on {day}?
    {name} can you look at my pull request when you have a moment
    the build fails on {language} only, works on my machine
    why does {language} need three package managers
    I have an exam on {day} and I have not opened the book
    our teacher moved the deadline to {day}, we are saved
    it has been raining since {day} and the {place} is under water
    streaming {game} at {hour}, come say hello
    that {show} episode was wild, no spoilers please
    new keyboard arrived, the {item} key is stuck already
    can a mod pin the rules for the {game} event
    I vote for {day}, the {place} is empty then
    been on hold for {minutes} minutes to cancel a subscription
    my landlord painted over the {thing}
    what headset do you all use for {game}?
    just got promoted to {job} and I still do not know what we sell
    the {place} has a new menu and the {food} is gone
    {name} spent {number} coins on a hat
    who keeps eating my {food} out of the fridge
    the train stopped between two stations and nobody tells us why
    I cannot decide between the {colour} one and the {colour2} one
    happy birthday {name}, may your ping stay low
    anybody else getting error {number} when they log in?
    the {sport} final is on {day}, my place, bring {food}
    my {pet} learned how to open the {thing}
    I will be afk, the washing machine is singing
    reading {show} for the third time and still finding jokes I missed
    they closed the {place} on the corner, it was there for {number} years
    if you park at the {place} after {hour} they tow you
    coffee number {digit} and it is not even {hour}
    the new map is twice as big and half as fun
    {job} of the year goes to {name} for deleting the test server
    I got a refund for {game} after {minutes} minutes, no questions asked
    can we talk about how good the soundtrack of {show} is
    my grandma beat me at {game}, I am retiring
    the neighbour plays the {instrument} at {hour} every single day
    learning the {instrument}, the whole house suffers with me
    we need one more for {game}, must have a microphone
    lost {number} elo in one evening and my will to queue
    {name} you left your {thing} at the {place}
    who wants to split an order of {food}?
    the sunset over the {place} was unreal today
    I planted {plant} on the balcony and the pigeons held a festival
    somebody explain the offside rule to {name}, please
    the power went out in the middle of the boss fight
    they put {food} on pizza and called it art
    half the class has the same {thing} now
    the interview for the {job} role went well, I think
    it says delivered, but there is no {thing} at my door
    is the {day} session still on or did the dragon win
    roll for initiative, {name} opened the door
    my code works and I am afraid to touch it
    does {language} have anything like a match statement?
    {number} unread messages and all of them are {name}
    forgot my umbrella, arrived at the {place} as soup
    the {colour} team always wins, I want a recount
    please stop pinging everyone for a {item}
    my alarm did not ring, so I joined the meeting in bed
    why is the {food} at the {place} always cold
    I have {digit} tabs open and one of them is playing music
    we watched {show} at {name}'s place and nobody stayed awake
    they finally fixed the {item} bug, {number} days later
    the dungeon needs two healers and we have {digit} archers
    I owe {name} a {food}, remind me on {day}
    my phone fell into the {thing}, it still works
    the {place} smells like {food} and regret
    somebody in my street bought a {instrument} and a drum kit
    is anybody selling a ticket for the {sport} game on {day}
    turned the router off and on, I am an engineer now
    I told the {job} that the printer is haunted
    our guild bank is empty and {name} has a new mount
    do you water {plant} every day or once a week?
    I paid {number} for parking and saw the {place} for ten minutes
    they are remaking {show} and nobody asked for it
    the elevator is broken and I live on floor {digit}
    this channel is for {game} only, please move
    {name} said the same thing yesterday and we all agreed
    working from the {place} today, the wifi is called {name}
    I would rather fight the final boss twice than do taxes
    my {pet} sleeps on the keyboard and writes better code
""")
NEAR = _lines("""
    my head is full of {show} theories right now
    heads up, the server restarts at {hour}
    head to the {place}, the {food} is free until {hour}
    I hit my head on the {thing} and {name} laughed for {minutes} minutes
    this level is a pain without a {item}
    it pains me to say that {name} was right about {game}
    natural light in the new flat is amazing
    natural {item} on the first roll, the table lost it
    the leaf blower next door starts at {hour} sharp
    leaf me alone, says the mug {name} gave me
    green screen does not work with a green shirt, who knew
    the green bus goes to the {place}, the red one does not
    doctor who marathon at {name}'s on {day}
    {name} plays doctor in the new {show} and is great
    took the wrong pill in the matrix quiz
    tea or coffee, choose one for the rest of your life
    my plant has a new leaf and I told the whole office
    safe to say we lost the {sport} cup on {day}
    the safe in the {game} heist takes {minutes} minutes to crack
    that boss dies to bleed damage and nothing else works
    white noise helps me code, the vacuum of the neighbour does not
    works for me, try the other port
    it works in {language} but not in production
    this meme cured my boredom for {minutes} minutes
    withdrawal from the cash machine took {minutes} minutes
    the bank blocked my withdrawal because I was at the {place}
    study group at the {place} on {day}, bring the green book
    a study of {number} players says that {game} is too long
    quit my job as a {job} today, wish me luck
    I quit {game} every {day} and come back on the weekend
    that {food} place is legal trouble waiting to happen
    legal says that we cannot use the {colour} logo
    the extract command in {language} needs a path
    extract the archive first, then run the script
    strong start from the {colour} team, weak finish
    my back is to the wall in this {sport} league
    back pain in the {game} sense: carrying four people
    addicted to the soundtrack of {show}, send help
    {food} is addictive and they know it
    daily quests reset at {hour}, do not forget
    the dose makes the poison, said the alchemist in {game}
    alcohol wipes are good for cleaning the {thing}
    interactions with the shopkeeper are bugged since {day}
    side effects of the patch: my {item} is invisible
    red leaves everywhere at the {place}, so pretty
    powder snow on {day}, who is coming to the mountain
    capsule hotels are smaller than my {thing}
    morning all, the {place} was packed at {hour}
    hangover movie night at {name}'s, bring {food}
    I feel nothing since they cancelled {show}
    relief pitcher gave up {digit} runs, painful {sport} evening
    better than the last season of {show}, that is not hard
    my head canon is that {name} is the villain
    the opiate of the masses is {game} ranked mode
    natural disaster pack for {game} drops on {day}
    no doctor would survive the {game} fan base
    medicine cabinet in {game} respawns every {minutes} minutes
    my {pet} sees the vet on {day}, the doctor there is lovely
    the green room at the {place} had {food} for everybody
    ginger cats rule, my {pet} agrees
    mint condition {item}, never used, {number} coins
    headset broke, so I hear {name} on one side only
    migrate the database before you go, it hurts less
    the painter finishes the wall at the {place} on {day}
    craft a {colour} potion with two leaves and a {item}
    crate from the drop was empty, classic {game}
    treat yourself, {food} is half price at the {place}
    treatment of the side characters in {show} was poor
    prove it or it did not happen, {name}
    every day the same map, every day the same {name}
    is it safe to update {language} on a {day}?
    tension in voice chat is high, {name} lost the {item}
    clusters of pods restart at {hour} and nobody knows why
    sinus and cosine, I forget which is which before every exam
    receptor sites on the exam sheet, chemistry on {day}
    strain on the wrist, so no {game} tonight
    vein of iron near the {place} in our world
""")
LINKERS = _listed("""
    and, but, so, then, also, anyway, because, meanwhile, honestly, by the way, or maybe, plus, still,
    and yes, which means, long story short, not gonna lie, in other news, speaking of which, on top of
    that
""")
OPENERS = _listed("""
    lol, ngl, bro, ok so, hey, wait, honestly, tbh, guys, hm, yo, omg, so, imo, psa, update, hot take,
    fun fact
""")
CLOSERS = _listed(
    "lol, lmao, haha, tbh, imo, fr, ngl, :D, :(, xd, smh, tho, 😂, 😭, 💀, 🔥, <3, :thumbsup:, !!, ..."
)
SLOTS: dict[str, tuple[str, ...]] = {
    "game": _listed("""
        valorant, minecraft, chess, factorio, rocket league, stardew, terraria, league, apex, tetris,
        osu, dota, the new zelda, mario kart, among us, civ, catan, poker, smash, skyrim, fortnite,
        elden ring, wordle
    """),
    "name": _listed("""
        mika, jonas, kai, lena, tomasz, aisha, dario, pixelfox, noodle, captain_toast, zed, marla, otis,
        quinn, ravi, sofia, bluejay, hexa, old_sock, nadia, ferris, wren, ingrid, tobi, yuki, luis,
        petra, gus, emre
    """),
    "day": _listed("""
        monday, tuesday, wednesday, thursday, friday, saturday, sunday, tomorrow, the 3rd, next week
    """),
    "hour": _listed("8, 9pm, noon, midnight, 7:30, half past six, 5am, 21:00, 4 o'clock, lunch, dawn, 10ish"),
    "minutes": _listed("5, 10, 15, 20, 30, 40, 45, 90, two, three, ten, twenty"),
    "number": _listed("12, 17, 40, 88, 120, 200, 300, 404, 503, 900, 1500, 2000, a thousand, fifty, thirty"),
    "digit": _listed("2, 3, 4, 5, 6, 7, 8, 9, two, three, four, eleven"),
    "thing": _listed("""
        lamp, parcel, charger, monitor, toaster, backpack, bike lock, kettle, blender, bathtub, couch,
        printer, notebook, suitcase, mailbox, sink, umbrella, drill, ladder, camera, heater, fridge,
        mop, plant pot
    """),
    "show": _listed("""
        the bear, one piece, the office, dark, frieren, andor, severance, dune, the wire, arcane,
        naruto, lost, bluey, fargo, the expanse, shrek, parasite, succession, twin peaks, the sopranos,
        the hobbit
    """),
    "pet": _listed("""
        cat, dog, parrot, hamster, kitten, puppy, ferret, rabbit, turtle, goose, gecko, old tomcat
    """),
    "food": _listed("""
        ramen, tacos, lasagna, pad thai, curry, dumplings, pancakes, burritos, pizza, sushi, falafel,
        pierogi, soup, fries, ice cream, pho, waffles, gnocchi, chili, banana bread, kimchi, goulash,
        pretzels, shakshuka
    """),
    "place": _listed("""
        station, library, harbour, gym, campus, office, park, airport, corner shop, stadium, mall,
        museum, lake, old bridge, town hall, bakery, arcade, cinema, market, parking lot, rooftop, dorm,
        workshop
    """),
    "sport": _listed("""
        football, hockey, volleyball, tennis, curling, rugby, handball, darts, baseball, cricket
    """),
    "item": _listed("""
        sword, shield, crossbow, wand, hammer, spear, shotgun, grappling hook, enter, twenty, lantern,
        mask, ring, pickaxe, cloak, potion, key card, drone, sniper, boots, turret, shift, backspace
    """),
    "language": _listed("""
        python, rust, typescript, go, kotlin, c++, java, lua, haskell, php, zig, ruby, swift, sql
    """),
    "job": _listed("""
        intern, manager, baker, developer, nurse, designer, driver, plumber, team lead, editor,
        barista
    """),
    "instrument": _listed("""
        trumpet, violin, drums, piano, recorder, bagpipes, ukulele, accordion, bass, flute, tuba
    """),
    "plant": _listed("""
        basil, tomatoes, mint, a fern, sunflowers, chilies, parsley, a cactus, ivy, strawberries
    """),
    "colour": _listed("green, red, blue, white, black, purple, orange, yellow, grey, teal, pink, golden"),
    "colour2": _listed("mint, navy, silver, maroon, beige, violet, cream, copper, olive, coral"),
}
"""What may stand in each slot."""
EXTRAS = (
    "<@{id}>",
    "<#{id}>",
    "<:{word}:{id}>",
    "https://example.org/{word}/{id}",
    "`{word}`",
    "**{word}**",
    "||{word}||",
    "\n> {word} {word2}",
    "@{word}",
    "{id}",
    "https://clips.example.net/{word}",
)
"""What Discord adds to a line: mentions, emoji, links, markdown. `word` is made up."""
SYLLABLES = _listed("""
    ba, be, bo, chi, da, den, dra, el, fa, fen, gor, ha, hex, in, ja, ka, kel, ki, lo, lu, mar, mi, mo,
    na, nok, or, pa, pix, qua, ra, ro, rin, sa, shi, sol, ta, tek, to, tri, u, va, vex, wo, xa, ya, yor,
    za, zen, zu
""")
"""Of these names and nonsense words are made, as every chat is full of them."""
