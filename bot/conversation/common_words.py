"""Everyday words that are spelt right, so that none is "put right" into a word of the clinic. Holds data only."""

COMMON_WORDS: frozenset[str] = frozenset(
    """
ability able about above abscess absolutely accept accident account accutane acid acne across action activity actual
actually acyclovir adapalene address adult advice advil advise affect afford afib afraid after afternoon afterwards
again against agony agree ahead album aleve allergies alley allow allowed almost alone along already also always
amazing amount angel angle angrier angry animal ankle announce another answer antibiotic antiviral anxious anybody
anymore anyone anything anyway anywhere apart apartment apologize apparently appear apple apply appointment appreciate
approach april aquaphor area argue arnica around arrange arrive arrived article aside asked asking asleep aspirin
assume asthma attach attack attempt attend attention aubergine august aunt autumn available average avoid awake aware
away awful awkward babies baby back background backup badly bail balance ball balloon ballooned band bank bare barely
bareminerals barley base basement basic basically basket bathroom battery batty beach beard beat beating beautiful
became because become bedtime beef been beetroot before beforehand begin begun behave behind being believe bell belly
belong below beneath beside best better betting between beyond bigger bike bikram biotin bird birthday bits bitter
black blade blame blank blanket blankets blazing bleach bleed bleeding bleeds blend bless blew blind blink blister
blisters block blood blot blotch blow blown blue bluish blush board boat bodily body boiled book booked booking border
boring borrow boss both bother bothered botox bottle bottom bought bounce bowl boxing brace brain brake branch brand
bread break breakfast breastfeeding breath breathe breathing breeze bride bridge brief bright brighter bring broke
bromelain brother brought brow brown brows brufen bruise bruised bruises bruising brush brutal bubbles bucks budget
build building built bump bumps bunch bunny burger burn burned burning burns burst bushes busily business busy button
buzzing cabin cable cabo calendar call called calling calm calmed came camera cancel cancelled candle candy canned
canning cannot capital capsules card cardiologist cards care careful carry case cash catch caught cause ceiling cell
center central century cerave certain certainly cetaphil chain chair chance change changed charge charger charring
chase cheap cheat check checking cheek cheekbone cheekbones cheeks cheeky cheer cheers cheese chemical chess chest
chesty chew chicken chief child children chili chilli chills chin chipmunk chipmunky chlorine choice choose chopping
chose christening church circle cities city claim class classic clean cleaning cleanser clear cleared clearly clever
click climb clinda clindamycin clinging clinic clock clopidogrel close closed closer closet closing cloth clothes
cloths cloud cloudy club cluster coach coarse coast coat coffee cold collagen collect college color colored combine
come comes comfort comfortable coming command comment common community company compare comparing competition
complaining complaints complete completely computer concealer concern concert condition conference confirm confirmed
confuse congrats connect consider considered contain continue contract control cook cookie cool coping copy corner
correct corrector cost cotton couch could count counted counter country counts couple courage course court cousin
cover covered covering coward crack cracked cramps crank crash crater crazy cream creams create credit cried cries
crimson crisp croissant crop cross crowd crows cruise cruises crush crust crusty crying culture curious current curse
custard custom customer cute cuts cutting dabbing daily dairy damage damn damp dance dancing dandruff danger dare dark
darker data date daughter days dead deal dealbreaker dear death decide decision deep deeper defeat definitely degree
delay deliver delivery dentist denver depend dermaroller dermatologist describe described desert design desk dessert
detail develop device diabetes diabetic diagnosed diary diclofenac died difference different differin dime dinner
direct direction dirty disappear disappointed discharge discount discuss dish dishwasher distance doctor document does
doing dollar done donkey door doors dose dots double doubt down downtown doxycycline dozen dracula dragging drain
draining drama draw drawer drawing dream dreaming dress dried drink dripping drive driver driving drop drove drum
dryness dull dumb during dwell dying each eager earliest early earn ears earth easily easing east easy eating edge
education effect effort eggplant eight either electric electrolysis elephant elevator eliquis else email embarrass
embarrassment emergency empty ended energy engagement engine english enjoy enough enter entire entrance entry envelope
error erythromycin escape especially even evening event eventually ever every everybody everyday everyone everything
everywhere exact exactly exam example excedrin excellent except excited exciting excuse exercise exist exit expect
expected expensive experience expert explain explore express extensions extra eyebrow eyebrows eyelid eyelids eyes
fabulous face faced faces facial fact factor fade faded fading fail faint fainted fair fairly faith fall falling false
familiar family famous fancy fantastic farm fashion fast father fault favor favorite fear february feed feel feeling
feels feet fell fellow felt female fever feverish fight figure figured file fill filled film final finally find fine
finger fingers finish finished fire firing first fish fitting five flake flakes flaking flaky flame flannel flared
flat flight flood floor flour flower fluid flyer flying foam focus folks follow food fool foot football forbidden
force forehead forever forget forgive forgot form former forward found foundation four frame frank freaking free
freeze freezer fresh friday friend friends from front frozen fruit full fully funny furniture further future fuzz
gaily gain game garage garden gash gave geeks general gentle gently genuine getting gift girl girls give given gives
giving glad glands glass glasses gleam gloss glow glue glued glycolic goal goes going gold gone good gorgeous grab
grace grade grain grand grass grateful gray great greek green greenish greet grew grid grinning grocery gross ground
group grow growing guarantee guess guest guide guilty gunk guys habit haha hair hairline hairs half hall hamburger
hand handle hands hang hanging happen happily happy hard hardly hate have having head headache headaches heading heads
heal healed healing health hear heard hearing heart heartbeat heat heating heavy held hell hello help here herpes hers
herself hidden hide hides high highly himself hinder hiring history hitting hives hoarse hockey hold hole holes
holiday home honest honestly honey hope horrible horror horse hospital host hotel hotter hour hours house however huge
human hundred hungover hungry hurry hurt hurting hurts husband hyaluronic hydrafacial ibuprofen icepick idea identify
ignore imagine immediate immediately impetigo important impossible improve improvement inch include infected infection
inform inhaler inside instead insurance interest interested interesting internet interview into invite iron
isotretinoin issue itch itchiest itching itchy item itself ives jacket jacuzzi january jawbone jawline jersey jess
jockey join joke jolly journey judge juice july jump june just keep keeping keeps kept kick kidney kids kill killed
killer killing kind kindly kings kitchen knee kneeling knees knew knitting knot know lace lactic ladder ladies lady
lake land language lantern laps large laser lash last late lately later latter laugh laughed laundry lawyer layer lazy
lead leading leaflet leaking leaning learn leash least leave leaves leaving leeks left legal length lentil less lesson
letter letting level lexapro library licked lidocaine life lift lifting light lightest like likely limes limit limits
line lines link lips lipstick liquid list listen litter little live lives lizard lobster local lock locked long longer
look looked looking looks loose lose loser loss lost lotion loud love lovely lower luck lucky lump lunch maam machine
madam made magic mail main major make makeup making male manage manager many marathon march mark market marks married
mascara mask masks match matter maybe meal mean meaning meant measure meat medicinal medicines medium meeks meet
meeting melasma member memory mensajes mention mentioned menu merely mess message messages metformin method
metronidazole micro microneedling middle might mile milk mind mine mineral minute minutes mirror miss missing mistake
mistaken mobile model modern moisturizer moisturizing moment monday money monkey month months mood moon more morning
mornings most mother motrin mountain mouse moustache mouth move movie much music muslin must mustache mustard myself
nail nair name naproxen narrow nature naughty navy near nearly neat necessary neck need needing needle needled needles
needling neighbor neither neosporin nervous netting never news next niacinamide nice nicely nick nicked night nights
nine nobody noise none noon normal normally north nose nostril note noted notes nothing notice noticed november
nowhere numb number numbing nurofen nurse nursing nutty object obsessed obvious obviously october odor offer office
officer often oily older once ones only onto oozing open opened opens opinion option orange order ordinary organize
original other otherwise ought ounce outdoors outside oven over overnight owner pace pacing pack package paddle
paddles pads page paid pain painful pains paint pair pale panadol panda panic panicking panther paper paracetamol
parent park parking parsley part particular parties partner party pass passed past patch patches path patience patient
patients patted pattern pause payment peace peach peas peeks peel peeling pencil people perfect perfectly perhaps
period perm permanent permission permitted person personal petting pharmacy phone photo photos pick picking pickleball
picture pictures piece pieces pill pillow pillowcase pillows pills pimples pineapple pink pinning pizza place places
plain plan plane plank planning plant plasma plate plavix play please pleasure plenty plum plumbing plus pocket point
poking police polite pool poor popped popular pores poser position positive possible possibly post pounce pound
pounding powder power practice prank preach prednisone prefer pregnant prepare present press pressure pretty prevent
price pride principal principle print private probably problem procedure process produce product professional program
promise promised prone prop proper properly propped protect proud provide public puddle puff puffed puffer puffiness
puffing puffy puking pull pulled purchase purely purple purpley purpose purse push pushing puss putting quality
quarter queen question questions quick quickly quiet quietly quit quite quote race radiating radio rain raining raise
ramping random rang range rarely rash rate rather razor reach read reader reading ready real realise realize really
reason rebook receipt receive recent recently reception recipe recliner recommend record recover redder redness reduce
refer refuse regard regret regular relax release remain remember remind reminder reminders removal remove rent repair
repeat replace reply report reporting request require research respect respirator respond response responsible rest
restart restaurant result results retin retinol retire retiring retreat return review ribs rice rich riddle ride right
righto ring rings rinse risk river roaccutane road rock role rolled roller roof room roommate roots rosacea rose rosy
rough roughly round route routine rude ruin ruined rule running runs rush saddle safe said sale salicylic salon same
sandpaper sandwich satisfied saturday saturdays sauna save saying says scab scabs scale scalp scaly scan scanning scar
scare scared scarf scarlet scars scary scene schedule school science score scratch scratched scream screamed screaming
screen scrub seam search season seat second secret secretary section secure seeing seek seeks seem seems seen sees
select self sell send sending senior sense sensible sent separate september series serious seriously serum serve
service sesh session sessions setting settled seven several shade shake shall shame shape share sharing sharp sharpen
shave shaved shaven shaving shed shedding sheep sheet sheets shelf shell shift shin shine shiners shingles shiny ship
shirt shivering shivery shock shoe shoot shop shore short shot should shoulder shout show showed shower shrank shrink
shut sick side sides sight sign signal silent silly similar simple simply since sing single sings sister site sits
sitter sitting situation size skill skin skinned skinpen skins skip skipping skirt slapped slash sleep sleeper
sleeping sleet slept slice slight slightly slit slits slot slow slowly small smart smash smear smell smells smelt
smidge smile smooshes smooth snake sneeze snore snow snowing soak soap social soft sold solid solve some somebody
somehow someone something sometime sometimes somewhere song soon sooner sore soreness sorer sores sorry sort sorted
sound soup source south space spaced spank sparring speak special specific speed spell spend spent spicy spin spine
spinning spirit split spoke spot spots spray spread spreading spring squeeze staff stage stain staining stair stake
stale stand standard standing star stare staring starring stars start started starts state station stationary stay
staying stays steak steal steam steaming stent step stick sticky stiff still sting stinging stings stirring stitches
stock stomach stone stood stop stopped stopping store stories storm story straight strain straining strange stranger
strawberry streak stream streaming street strenuous strep stress stressed stretch strings stripe stroller strong
stronger struggle stubble stuck student studies study stuff stupid style subject success such sudden suddenly suffer
sufficient sugar suggest suit suite summer sunblock sunburn sunburnt sunburny sunday sunglasses sunny sunscreen sunset
supper supply support suppose supposed sure surely surface surgery surprise swallow swallowing swear swears sweat
sweater sweats sweaty sweet swell swelled swelling swim swimming swine swing switch swollen swore system table tablet
tablets tail take taken takes taking tale talk tanning taste tattoo taught teach teacher team tears teensy teeny teeth
tell telling temperature temple temples tend tender term terrible terribly test text texting texts texture than thank
thanks that their them themselves then there therefore thermometer these they thick thickens thighs thin thing things
think thinking thinks thinner thinners third this those though thought thousand threaded threading threat three threw
throat throbbing through throw throwing thurs thursday thyroid ticket tight tighter tightness tiktok till time times
tingle tingling tingly tint tinted tiny tire tired tiring tissue tissues title today together told tomato tomorrow
tone toner tongue tonight took tool tooth topic total totally touch touched touching tough tournament toward towel
town trace track tracks trade traffic train trainer training tram trash travel treadmill treat treated treatment tree
tret tretinoin trick tries trim trip trolley trouble truck true truly trust truth trying tube tuesday turkey turmeric
turn turned tweet tweezers twelve twenty twice tylenol type typical ugly ulcer umbrella unable uncle under underneath
understand uneven unfortunately unhappy unique unit university unless unlike unrelated unsubscribe until update upon
upper upset upstairs urgent used useful useless user using usual usually vacation vain valacyclovir valley valtrex
value vampire vanicream various vaseline vegetable veins version very victim video view village visit vitamin voice
volley vote voucher waist wait waiter waiting wake walk walked walking wall wallet walter want wanted wants warfarin
warm warn warned warning wash washcloth washed washing waste watch watching water watery wave waxed wear wearing
weather website wedding wedge wednesday week weekend weeks weeping weight weird welcome well went were west what
whatever wheat wheel wheezing when whenever where whether which whiff while whine whiskers white whiteheads whole whom
whose wife wild will wilting wind windburn window wine wings winning winter wipe wiring wisdom wish with within
without woke woman women wonder wonderful wood word words wore work worked worker working works world worried worry
worse worst worth would wound wreck write writer writing wrong wrote yard yeah year years yell yellow yellowish
yellowy yesterday yoga young your yours yourself zero zinc zumba
activate actively alerting antivirus appliance attacker battle barrel beast bullet buffering captures carpet charity
chucking chatting chomping cleaner client clinical coincidence collector comfortably comparatively competing
complexion complimentary compose concepts conclusion concrete conditional confident confusion connector construct
contrast convert convince cooperative correction correctly crafting creating creation crypt currency curry dancer
dangling deadline decline decreased decreasing defining denser derive detection diagnostic diameter differently
directional directly director disclosed discovered driven droppings duration easier eighth election electronic
emergent emulsion engineer essentially exceeding exception excessive exclusion executed expand expansion expertise
expiry exploded exploding explored exported extend extent factory factories faulty fiction filtering financial flash
flashing float floating flossing flock fraction friction friendly gauge generic goofy hatch headline historic holmes
horribly imitation imported improper incident inclusion increasingly indication inflated inflation injecting inserted
inspect inspected inspection instance intended intensive intent intention intentions introduction invented invention
inverted kettle launch launched ledge licence licenses linger listings location locations loosen looser machinery
manger markings mediation misusing modified mounting multiply mutter needless neatly notifying observed ordinarily
outsider overcome override painfully parity partly pasta patent pavement permanently personally phony physically
pickle pilot pitch planet platform polled polling positional practical precious premises prescriptive previous
previously prince proactive procedural producer production projection promoted prompted property proposed proven
publicly purposely puzzling quack rational reacting readiness rebuild receiver reduction regained regional regularly
rejection relation relaxation reliance removable reporter resolver resultant retain retrieve reversal reviewer robot
rogue sacked sampling seeding severed sewing shoppers shortens sinks slider slipped smallest smoker smoothly smuggling
snooping socket specially spinner spelling spilling splice squad stacking stack stall stalled stalling steering
strangely strap strengthen stride strike strongest strongly submission subset supplement supposedly tampering tempting
thingy ticked ticker tolerable tolerate trapping treaty triangle trickier trucker tuned tuning tweaking unreadable
unusually variation visitors vital warner whatsoever wherever widening winding worthy zipped colorado seattle clause
clashing croaking alice breach blunder blowfish berry broker brick browse caret caster crate
""".split()
)
