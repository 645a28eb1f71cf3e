"""The language around a patient's words: who, when, where, more or less, figures of speech. Names no sign, no topic.

Each set is written in the notation of phrases.py and can be used in messages/ by its name in angle brackets.
"""

_FELT = "red/pink/swollen/puffy/sore/itchy/painful/tender/tight/flaky/dry/angry/inflamed"
_BEFORE = "yesterday/before/last/monday/tuesday/wednesday/thursday/friday/saturday/sunday/it/earlier"
LANGUAGE_SETS: dict[str, str] = {
    "worse": """
        worse; worst; worsen; increase; intensify; escalate; spike; deteriorate; climb; ramp up; build; amp up;
        pick up; flare; flare up; flame up; go up; grow; doubling; double; triple; stronger; sharper; deeper;
        darker; brighter; bigger; larger; wider; more and more; way more; a lot more; much more; even more; more
        than yesterday/before/last; not less; by the hour/minute/day; every hour; each hour; every day; each day;
        each morning; every morning; each night; every night; getting more; got more; become more; more each; more
        every; come/came back; back again; return; again; keep/keeps get/getting; creep; worse than; not go/going
        down; will not go down; not get/getting better; not improve; not better; no better; not settle; not calm;
        not fade; not ease; will not ease; wrong way; wrong direction; out of control; unbearable; on the rise;
        all of a sudden; overnight; not stop; does not stop; progress; advance; stronger than; change; so much
        worse; too much; badly; severe; extreme; extremely; excruciating; intense""",
    "more": """
        worse; worsen; more and more; more than yesterday/before/last/when; way more; a lot more; much more; even
        more; increase; intensify; escalate; ramp up; climb; by the hour/minute/day; every hour; each hour;
        getting more; got more; become more; more each; more every; not go/going down; not get/getting better; not
        improve; not better; no better; not settle; not calm; not fade; not ease; wrong way; wrong direction; keep
        get/getting; come/came back with; stronger; sharper; deeper; darker; brighter; bigger; larger; not less;
        so much worse; instead of better; instead of fade/fading; instead of calm/calming; instead of go/going;
        rather than better; increase in""",
    "better": """
        better; improve; improving; fade; fading; faded; calm; calming; settle; settling; settled; subside; ease;
        easing; ease off; go/going down; went down; gone down; go away; going away; gone; lighter; paler; less;
        milder; clear up; clearing; heal; healing; healed; resolve; disappear; much less; back to normal; almost
        gone; nearly gone; on the way out; on the mend; die down; dying down; wear off; wearing off; cooling down;
        not as bad; not as red; not as sore; under control; mellowed; mellow; calmed down; less angry; better
        than; way better; chilled out; toned down; simmered down; right way; right direction; lessened; lessening;
        tapering; cleared; dried up; scabbed over; closed up; reduced; not as swollen; not as puffy; hardly any;
        barely any; barely there; barely visible; only a touch; just a touch; almost invisible""",
    "mending": f"""
        better/calmer/softer/smoother/lighter/paler/smaller/flatter/nicer than {_BEFORE}; less {_FELT} than {_BEFORE};
        not as {_FELT}/bad as {_BEFORE}""",
    "other person": """
        husband; wife; hubby; boyfriend; girlfriend; partner; fiance; fiancee; hers; his; mom; mum; mother; dad;
        father; son; daughter; kid; child; baby; toddler; sister; sis; brother; bro; cousin; niece; nephew; aunt;
        auntie; uncle; grandma; grandpa; grandmother; grandfather; grandson; granddaughter; gran; nan; nana;
        friend; bestie; roommate; flatmate; coworker; colleague; boss; neighbor; neighbour; client; patient;
        teacher; trainer; mother in law; sister in law; girl; =guy; =lady; woman; man; someone; somebody; people;
        =others; =ex; grandchild; grandkid; in law; twin; everyone; forum; reddit; blog; video; tiktok; youtube;
        movie""",
    "on behalf": """
        asked me to text; texting for; texting on behalf; on behalf of; this is her
        husband/wife/son/daughter/mother/mom; this is his husband/wife/mother/mom; this is my wife typing; done
        at yours; done with you; done by you; done at your; had her face done; got the microneedling; got
        microneedling; had the microneedling; had the needling; her treatment; her procedure; patient of yours;
        is your patient; his/her appt/appointment/visit/session; you treated her; you treated him; her face done
        with you; was at your; from your clinic""",
    "laugh": "laugh; laughing; laughed; hilarious; giggling; excited; lmao; rofl",
    "pet": "dog; cat; puppy; kitten; pup; pet; horse; rabbit; bird; parrot; hamster; cow; pig; vet; chicken; goldfish",
    "elsewhere": """
        ankle; knee; leg; foot; toe; shin; thigh; hip; my back; lower back; bad back; back is; back pain; back
        out; shoulder; arm; elbow; wrist; hand; finger; thumb; belly; stomach; tummy; gut; tooth; gum; scalp;
        hair; heel; calf; bum; butt; breast; boob; rib; tailbone; spine; bladder; uti; kidney; ear infection;
        sinus; period cramp; cramp; migraine; headache; my head; head is pounding; head pounding; head hurts;
        allergy; hay fever; wisdom tooth; molar; toenail; nail; surgery; incision; tattoo; piercing; belly button;
        armpit; stitch; cast""",
    "treated skin": """
        face; skin; cheek; cheekbone; chin; forehead; jaw; jawline; nose; lip; temple; eye; eyelid; eyebrow; brow;
        neck; mouth; nostril; hairline; pore; scar; spot; patch; complexion; upper lip; undereye; under eye;
        treated area; treatment; needling; needle; microneedling; procedure; decolletage; chest""",
    "past": """
        last year; last time; last summer; last winter; last spring; last fall; years ago; year ago; months ago;
        month ago; a while ago; long ago; back in; used to; in college; in high school; as a kid; as a child; when
        i was; once had; in the past; previously; ages ago; one time; the last place; at another place; at a
        different place; different clinic; other clinic; another clinic; before i came; history of; since
        childhood; as a girl; as a boy; in my twenties; in my teens; back then; the other place""",
    "resolved": """
        all better; better now; fine now; it is ok now; am ok now; all ok now; all good now; gone now; all gone;
        all healed; healed now; healed up; all clear; cleared up; long gone; since healed; has healed; is gone;
        went away; no longer; has stopped; stopped now; over now; back to normal; already healed; completely gone;
        all cleared; recovered; healed over; sorted now; sorted itself; none right now; none now; not any more""",
    "if": """
        if; in case; what if; supposing; suppose i; should i get/have/notice/see; would i; will i; will it; will
        my; will there; might i; could i get; could it; can it; can this; can you get; going to i; is there a
        chance; chance of; risk of; risk for; likelihood; how likely; is it possible to; does anyone; does
        microneedling; does needling; does everyone; do i look for; to look for; to watch for; watch out for; look
        out for; how do i know; how would i know; how will i know; how do i tell; what counts; so i do not; so
        that i do not; so it does not; to avoid; to prevent; prevent; afraid of getting; scared of getting;
        worried about getting; do not want to get; would rather; am i going to; is it going to; is this going to;
        are you going to; could get; might get; may get; can cause; could cause; thought it was a; thought i had;
        thought it would be""",
    "in general": """
        at what point; which point; how can/do/does/would/could/will/should you/one/u/we/people/i tell/know; how to
        tell/know/spot/recognize/recognise; what counts; counts as; count as; what/which level; what/which/other/any
        symptoms/signs/symptom/sign; when should/do/would/shall i/we/you; when is; how long before; what is considered;
        level should/is/of""",
    "cannot take": """
        allergic; allergy; allergies; intolerant; intolerance; can not take/have/tolerate; not allowed + take; not
        tolerate; makes me sick; make me sick; bad reaction to; reacted to; react to; liver""",
    "has done": """
        i =took/=used/=waxed/=shaved/=had/=got/=already/=accidentally; just =took/=used/=had/=got; =took
        1/2/3/one/two/some/an/my; accidentally; by accident; by mistake; =got sunburned/burned/burnt; forgot and""",
    "afterwards": """
        afterwards; afterward; after the/my/your/this/a
        treatment/procedure/appointment/appt/session/needling/microneedling/visit; after
        treatment/procedure/needling/microneedling; after it is done; after i am done; after i get/got it done; after
        you do/did it/me/my; after i get home; post treatment/procedure/needling/microneedling/appointment; how
        long/soon after can/do/may/should/will/until/till; the evening/night of""",
    "fear": """
        scared; scare me; scares me; worried; worry me; worries me; afraid; terrified; nervous; anxious; panic;
        panicking; freaking out; distressed; frightened; upset; desperate; devastated; in tears; losing sleep""",
    "me": "i; my; me; mine; myself; we",
    "habit": """
        always; usually; often; sometimes; tend to; prone to; easily; ever; every time; whenever; when i see; at
        the sight; sight of blood; at needles; with needles; around needles; around blood; of needles; blood
        tests; blood test; shots; donated blood; in the past; history of; afraid; scared; fear; nervous; phobia;
        might; may; could; probably; going to""",
    "now": "now; again; today; still; since; this morning; tonight; currently; suddenly; just",
    "calm": """
        as you said; like you said; as expected; you warned; warned me; told me to expect; as described; as
        promised; as you told; like you told; you said it; like they said; you mentioned; not bothered; not
        worried; not concerned; not complaining; all good; nbd; no big deal; no biggie; feel fine; feels fine;
        feel great; feels great; feel good; feels good; looks good; looking good; doing great; doing good; doing
        well; doing fine; all fine; going well; all well; no complaints; nothing to report; just reporting;
        reporting in; just letting you know; fyi; not freaking out; =expected; totally fine; it is fine; i am fine;
        i am ok; i am good; perfectly well; quite content; happy with; very happy; so happy; love it; loving it;
        obsessed; pretty happy; lol; haha; ha ha; all as; to plan; par for the course; not sore; does not hurt;
        not painful; kinda cute; not bad; nothing major; nothing terrible; comfortable; easing; manageable; no
        pain; no issues; no problems; no concerns""",
    "hoped": "would; should; supposed to; thought; expect; hope; hoped; meant to; ought; by now; if; will it; when",
}
NEGATORS = frozenset(
    "no not never without none nothing zero neither nor nobody minus hardly barely nowhere isnt "
    "free lacking absent denies sans".split()
)
# After these a negation is over: what follows is told, not denied.
LIMITS = frozenset("but except however although though yet".split())
NEGATION_ENDS = LIMITS | frozenset("only just until now today then".split())
# "I can't stop bleeding", "it won't heal", "not only": a negator that does not deny what follows it.
NOT_A_DENIAL = """
        not stop; not only; not just; not sure; not know; not sure if; not heal; not close; no idea; not help; not
        believe; not go away; not get/getting better; not going down; not look; no skin; not normal; not right; no
        wonder; no doubt; no joke; not kidding; not lie; not gonna lie; never seen; never had; never been this;
        not tell; no matter; not used to; no sleep; not sleep; not expect; nothing help; nothing work; not touch;
        not wait; not until; never mind; not understand; not quit; not let up; not ideal; not good; not ok; not
        okay; not fine; not cool; not fun; not great; not happy; not to be; not that it; not mention; nobody told;
        nobody say; nobody mentioned; no one told; not want; not like; not like it was; not even;
        nobody ask/asks/see/sees/notice/notices/look/looks/stares; no one
        ask/asks/see/sees/notice/notices/look/looks/stares; never said/warned/mentioned; no way; no amount; no
        makeup/concealer/foundation; nothing helps/cover/covers/hide/hides"""
IDIOMS = """
        dying to; dying for; dying of; dying hair/brow/eyebrow/beard/lash/root; hair dying; hair + dying it; to die
        for; die laughing; nearly died; almost died; died laughing; died of; kill for; killer; killed it; killing
        it; killing time; scared to death; bored to death; worrying to death; sick of; sick and tired; pain in
        the/my neck/ass/butt/backside/bum/rear; pain in the a; a pain to; no pain no gain; bleeding edge; bloody
        good; bleeding hopeless; bleeding gorgeous; breathe a sigh; breath of fresh air; out of breath from
        laughing; take my breath; breathtaking; catch my breath; burn a hole; burning question; burn calories;
        burned out; burnt out; burning up the phone; crash and burn; feel the burn; slow burn; burn rubber; heart
        burn; heartburn; cut down; cut back; cut out; cut off; cut it; cut short; cut to; cut class; cut the line;
        cut my/his/her hair; haircut; cut corners; clear cut; cut and dried; short cut; paper cut on my finger;
        final cut; price cut; making the cut; hot mess; hot date; hot off; hot yoga; hot tub; hot tubs; hot shower;
        hot bath; hot water; hot tea; hot coffee; hot chocolate; hot weather; hot outside; hot day; hot flash; hot
        girl; hot sauce; too hot outside; looking hot; red eye flight; red carpet; red light; red wine; red tape;
        red flag; in the red; red cross; see red; red bull; red lipstick; little red; black friday; black and white;
        blue tooth; feeling blue; out of the blue; once in a blue moon; blue light; blue cross; blow up my phone;
        blowing up my phone; blew up my phone; phone is blowing up; phone blowing up; swelling with pride; fever
        pitch; cabin fever; baby fever; spring fever; hay fever; wedding fever; saturday night fever; bieber fever;
        spread the word; spread too thin; spreading myself; smells amazing; smelled amazing; smells good; smelled
        good; smelled so good; smells nice; smelt of; smells like coffee; smells great; smelled great; smells
        divine; smelled like lavender; freaking amazing; freaking out about work; crying with laughter; crying
        laughing; cry laughing; scream laughing; so excited i could; happy tears; tears of joy; cried happy; crying
        of happiness; cut my bangs; cut my hair; cut from the team; cut from; eyes were bleeding; eyes are bleeding;
        give me a heart attack; gave me a heart attack; having a heart attack over; choking on the price/cost/how;
        stop smiling; stop laughing; stop thinking about; thought it was; cutting class; urgent care; look at the
        clock; braced for; frightened to death; scared stiff but; staring at it; worrying my; boiled ham; boiled
        lobster; boiled egg; sick headache; sick headaches; tear trough; tear troughs; belly ring; sore from the
        gym; sore from working out; sore from leg; shoot me; kill me lol; kill me now; drop dead; deadline; dead
        tired; dead to me; drop dead gorgeous; over my dead body; to death; bite the bullet; fainting goat; faint
        line; faint lines; faint mark; faint marks; faint pink; faint hope; not the faintest; faint smell; faintly;
        faint praise; faint purple; faint bruise; faint yellow; infectious; infected belly; infected piercing;
        infected tooth; infected toe; hurt my feelings; hurts to ask; hurt to ask; does it hurt to ask; would not
        hurt; will not hurt to; can not hurt to; it can not hurt; hurt to check; hurt for money; hurting for; sore
        loser; sight for sore eyes; sore subject; sore throat; sore losers; on fire lol; lit; fire sale; set on
        fire; slept like a rock; a rash decision; rash of; blister pack; weeping willow; leak the; leaked photo;
        leaking roof; leaky faucet; pipe leaking; leaking pipe; water leak; oil leak; worried well; worry about it;
        do not worry; no worries; not worried; not worry; not concerned; not bothered; not complaining; no
        complaint; no complaints; no concern; no concerns; nothing alarming; not freaking; not panicking; not upset;
        not alarmed; not crying; worry not; not fussed; none the worse; no worse; no big deal; nbd; no biggie; for
        better or worse; struggling to find; struggle to find; struggle is real; growing pains; black eyed peas;
        bruised ego; ego bruised; bruised apple; bruise like a peach; bruise easily; bruise easy; bleed easily;
        bleed easy; bleed pretty easy; easy bruiser; scar removal; acne scars; acne scar; old scars; scar cream;
        scar gel; pimple patch; raw food; raw honey; raw deal; raw vegan; open relationship; wide open; open bar;
        open house; peel me a grape; hot topic; crack me up; cracked me up; cracks me up; cracking up; split the
        bill; split the cost; split the check; split a; banana split; split ends; split up; split shift; scratch
        that; from scratch; scratch off; scratch my head; scratching my head; burst out laughing; burst into
        laughter; bursting with; oozing confidence; throbbing bass; pounding the pavement; stabbed in the back; shot
        in the arm; worse for wear; could be worse; worse things; worse case; worst case; worst enemy; seen worse;
        had worse; felt worse; worse before; wake up call; heart attack from; gave me a heart attack; heart attack
        when; heart on; chest day; chest press; chest freezer; chest of drawers; chest workout; chesty cough; legs
        day; cracking open a/the; crack open a/the/another; bubble tea; bubble bath; bubble wrap; screaming throwing
        up; crying screaming throwing; screaming crying; had worse pain; worse pain from; want to
        wreck/ruin/mess/damage/undo/spoil; will it/that/this undo/ruin/wreck; nobody told me
        when/if/how/what/whether; no one told me when/if/how/what/whether; breast stroke; stroke of luck; cut
        through tomorrow/lunch/to; bloody brilliant; bloody lovely; bloody marvellous; bloody hell; bloody mary;
        bloody amazing; bloody great"""
