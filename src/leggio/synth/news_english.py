"""Words for made-up newspapers in English, all written for this purpose."""

from __future__ import annotations

from leggio.synth.news_words import Topic, Vocabulary, split_deeds, split_phrases

ENGLISH = Vocabulary(
    topics=(
        Topic(
            split_phrases("""
                The New Bridge / Council Divided / A Bill Sent Back / The Vote on Sunday / More Money
                for Schools / Quarrel over the Station / The Minister Replies
            """),
            split_phrases("""
                the council / the mayor / the government / the committee / a member of the house / the
                new minister / the majority of the voters
            """),
            split_deeds("""
                has | agreed to build the bridge / will | examine the treaty / has | thrown out the bill
                by a large majority / would | not give an answer to the question / has | put off the
                matter of the taxes / could | not settle upon a price / has | passed the plan for the
                school
            """),
        ),
        Topic(
            split_phrases("""
                Great Fire in the Suburb / Struck by Lightning / A Heavy Storm / The River Rises /
                Narrow Escape / Cart Overturned
            """),
            split_phrases("""
                a carter / the fire brigade / a young locksmith / the water / the owner of the mill / a
                neighbour / the storm
            """),
            split_deeds("""
                has | destroyed the roof of a barn / was | saved from the flames / has | broken through
                the bank / was | let off with slight wounds / could | not yet tell the damage / had |
                slipped on the wet road / has | torn down several old trees
            """),
        ),
        Topic(
            split_phrases("""
                Music and the Stage / A Night at the Theatre / The Choral Society / New Books / Opera in
                Winter / From the Stalls
            """),
            split_phrases("""
                the singer / the orchestra / the young fiddler / the choir / the audience / the poet /
                the manager of the theatre
            """),
            split_deeds("""
                has | sung to great applause / will | play the work once more / had | stayed to the very
                end / has | given the part with much warmth / could | not please in every movement / has
                | finished a new piece / was | called before the curtain three times
            """),
        ),
        Topic(
            split_phrases("""
                Trade and Traffic / The Market This Week / Prices of Corn / Railway News / Ships in
                Harbour / The Harvest
            """),
            split_phrases("""
                wheat / the price of oats / the northern railway / a steamer / the trade in cloth / the
                company / last year's wine
            """),
            split_deeds("""
                has | gone up a little / has | found no buyer / has | come in with a full load / will |
                run daily from the spring / has | kept its old level / was | late on account of the fog
                / was | sold at good prices
            """),
        ),
        Topic(
            split_phrases("""
                Before the Court / A Thief Taken / The Sentence / False Coin / The Gardener's Case / A
                Strange Find
            """),
            split_phrases("""
                the prisoner / a witness / the judge / the police / the defender / a maidservant / the
                guilty man
            """),
            split_deeds("""
                has | owned to the deed / was | given three weeks in gaol / had | known nothing of it
                all / could | not call the evening to mind / had | found two silver spoons / was | let
                go for want of proof / had | fled through the window
            """),
        ),
        Topic(
            split_phrases("""
                The Weather / From the Country / News in Brief / A Great Age / The Rifle Club / An
                Anniversary
            """),
            split_phrases("""
                the cricket club / a schoolmistress / the oldest citizen / the fair / the frost / the
                young people of the village / a keeper of bees
            """),
            split_deeds("""
                has | kept a ninetieth birthday / will | go upon an outing on Sunday / has | done harm
                to the orchards / has | passed off in fine weather / has | been given a banner / was |
                met with a band / has | drawn many visitors
            """),
        ),
        Topic(
            split_phrases("""
                Foreign News / The Peace Will Hold / A Messenger Has Come / Unrest in the South / The Fleet Sails /
                The Treaty / Letters from Abroad
            """),
            split_phrases("""
                the envoy / the queen / the army / the general / a foreign fleet / the court / the messenger
            """),
            split_deeds("""
                has | signed the peace / has | set out with a great following / has | crossed the frontier
                / is | expected
                in the harbour / has | denied all rumours / is | said to have laid down the command / has |
                handed over a
                long note / has | made an entry amid cheers
            """),
        ),
        Topic(
            split_phrases("""
                A New Invention / The Electric Light / Up in a Balloon / Men of Science / The Comet /
                The Clockmaker's Engine / An Old Bone
            """),
            split_phrases("""
                a scholar / the inventor / the observatory / the balloon / a clockmaker / the telescope / the academy
            """),
            split_deeds("""
                has | found a bright star / has | gone up to the clouds / has | shown the engine / could | not make the
                trial again / has | printed a paper / came | down upon the moor / was | given a prize /
                has | led the current through the wire
            """),
        ),
        Topic(
            split_phrases("""
                School and Home / The Doctor's Advice / For the Kitchen / About Children / Apples in the Cellar /
                Hints for Gardeners
            """),
            split_phrases("""
                the housewife / the doctor / a wise gardener / the grandmother / the child / the chemist / the cook
            """),
            split_deeds("""
                has | laid the apples upon straw / speaks | for cold water / will | soon lose the cough /
                has | put salt to
                the roots / makes | the soup without fat / has | driven out the fever with tea / ought | to sleep by an
                open window
            """),
        ),
    ),
    frames=split_phrases("""
        {T} {S} {V} {R}. / {S} {V} {R} {T}. / {S} {V} {R} {P}. / {P} {S} {V} {R} {T}. / It is reported
        from {C} that {S} {V} {R} {T}. / {T}, {L}, {S} {V} {R}. / {S} {V} {R}; {P} {S2} {V2} {R2}. / A
        letter from {C} says that {S} {V} {R}. / {S} {V} {R} {T}, and {S2} {V2} {R2}. / {S} {V} {R}.
    """),
    times=split_phrases("""
        yesterday / on Monday / during last night / a few days ago / towards evening / about noon / at
        the end of the week / this morning / after a long debate / for the first time / in the course of
        the year
    """),
    places=split_phrases("""
        in the suburb / upon the market place / not far from the church / on the bank / in the great
        hall / before a large company / in our town / at the border / on the southern road
    """),
    tails=split_phrases("""
        as we hear / so it is said / to the joy of all / in spite of the rain / as was to be expected /
        without losing a word
    """),
    cities=split_phrases("""
        Ashford Mill / Newbridge / Stonehill / Westerby / Millbrook / Oakham Green / Fairwater /
        Northwick / Elmstead
    """),
    names=split_phrases("""
        Harding / Wells / Marlow / Fletcher / Barker / Thorne / Ashby / Mercer / Hale / Whitlock / Rowe
        / Danvers
    """),
    goods=split_phrases("""
        Fine Cloth / Fresh Coffee / Sewing Machines / Stoves and Ranges / Hats / Garden Seeds / A Good
        House / A Piano / Boots / Soap / A Steady Man / Coals / Watches / Feather Beds / Best Flour
    """),
    praises=split_phrases("""
        to be sold cheap / in great variety / always in stock at / is wanted by / to let / sound and
        lasting / just come in at / for a short time only / prices on request / at the sign of the lime
        tree
    """),
    papers=split_phrases("""
        The Town Herald / The Daily Observer / Evening Courier / The County Gazette / The Morning Star /
        The Independent
    """),
    datelines=split_phrases("""
        Published daily except Sunday / Price one penny / Fourth year / No. {N} / Printed by {W} and
        Sons / {C}, Monday, March {D} / To be had of all newsagents
    """),
    notices=split_phrases("Notice / To Our Readers / Public Sale / Thanks / Invitation / Warning"),
    closings=split_phrases("""
        More will follow. / So it stands. / That is all. / Particulars follow tomorrow. / The cause is unknown. /
        Nobody knows more. / All are content. / It had grown late. / The end is still to come. / We shall return to it.
    """),
)
