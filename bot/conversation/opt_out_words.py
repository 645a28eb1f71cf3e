"""The words of a wish for no more texts, as patterns over a sentence in lower case, and what makes them mean another
thing. Decides nothing.
"""

import re

_TEXTS = (
    r"(?:text|texts|texting|texted|message|messages|messaging|msging|reminder|reminders"
    r"|notification|notifications|alerts|sms|spam|spamming"
    r"|texters|mensajes|automated|blasts)"
)
_MORE = r"(?:more|any ?more|any other|further|other|additional|mas)"
_FEW = r"(?:\W+\w+){0,4}?\W+"
_ME = r"(?:me|us|my (?:phone |cell )?number|my name|this number|this phone)"
# What did not come is missed, not refused: "I did not get any reminders".
_NOT_YET = r"(?<!\bdid )(?<!\bhas )(?<!\bhave )(?<!\bhad )(?<!\bdoes )(?<!\bi )(?<!\bcan )"
TEXTS_OR_SENDING = re.compile(rf"\b(?:{_TEXTS}|writing|sending)\b")
# An end, and texts.
_AN_END = [
    rf"\b(?:stop|quit|cease|end|cancel|halt|discontinue|suspend|pause|revoke|finish)\b{_FEW}{_TEXTS}\b",
    r"\b(?:stop|quit|cease) (?:texting|messaging|sending|contacting|bothering|spamming|writing"
    r"|blowing|hitting|bugging|pinging)\b(?! (?:her|him|(?<!sending )them|my (?:mum|mom|wife|husband|son|daughter))\b)",
    rf"\b{_TEXTS}\b(?:\W+\w+){{0,3}}?\W+(?:to )?(?:stop|end|cease)\W*$",
    rf"\b(?:turn|shut|switch)\b(?:\W+\w+){{0,4}}?\W+off\b{_FEW}?{_TEXTS}\b|\b(?:turn|shut"
    rf"|switch)\b{_FEW}{_TEXTS}\b(?:\W+\w+){{0,2}}?\W+off\b",
    rf"\b(?:turn|shut|switch) off\b{_FEW}{_TEXTS}\b",
    rf"\b(?:done|finished|through|over it|had it|fed up)\b.{{0,25}}?\bwith (?:all )?(?:of "
    rf")?(?:these|the|your|this|those) (?:\w+ )?{_TEXTS}\b",
    rf"\b(?:pack|jack|knock)\b(?:\W+\w+){{0,2}}? in\b{_FEW}?(?:the |these |those |your )?{_TEXTS}\b"
    r"|(?<!\bor )\b(?:pack|jack) it in\b",
    rf"\b(?:{_TEXTS}|smss|msgs?|this phone|this number)\W+(?:please )?(?:remove|delete|unsubscribe)\W*$",
    rf"\b(?:sufficient|plenty of|quite enough|had enough|enough already|nuff already|enough of)\b{_FEW}{_TEXTS}\b",
    rf"\b(?:f\w{{0,5}}|duck|piss|bugger|sod|naff|eff|nick|jog|get) off"
    rf"(?: (?:you )?(?:ro)?bots?|\b(?:\W+with)?(?:\W+\w+){{0,2}}?\W+{_TEXTS})\b",
    rf"\b(?:give|spare)\b(?:\W+\w+){{0,2}}?\W+(?:the|these|your|all the) {_TEXTS} a (?:rest|break)\b"
    rf"|\bspare (?:me|us|yourselves)\b{_FEW}{_TEXTS}\b",
    rf"\b(?:lay off|knock off|ease off|hold off) (?:on )?(?:with )?(?:the|these|those|your) {_TEXTS}\b",
    r"\b(?:do not|never|not)\W+(?:please )?(?:write|send|text|message)\W+(?:any ?more|anything|again)\b"
    r"(?!\W+(?:in|on) my (?:file|chart|form))",
    rf"\b(?:can|could) (?:these|this|(?:the|your) {_TEXTS}) (?:please )?(?:come to an end|end|stop|finish)"
    r"(?: please| now|$)",
    r"\bplease discontinue$",
    r"\b(?:why|y) (?:are|r) (?:you|u|ya)(?: all| people)? still (?:txtin|text|messag|send|writ|contact)\w* me\b",
    r"\b(?:want|need|like) (?:these|them|those) to (?:stop|cease)\b(?! \w+ing\b)",
    r"^(?:khalas|just|yo|bro|bruh|mate|hey|yes|and|enough|basta) stop$",
]
# No texts, or none to me.
_NO_TEXTS = [
    rf"\b(?:no|not|never|without)\b(?:\W+\w+){{0,3}}?\W+{_MORE}\b{_FEW}{_TEXTS}\b",
    rf"\bno {_MORE}\W+(?:\w+\W+){{0,2}}{_TEXTS}\b|\bno {_MORE} (?:of (?:these|them|this|those)"
    rf"|please|thanks|thank you|ok)\b",
    rf"\b(?:do not|not|never)\b(?:\W+\w+){{0,2}}?\W+(?:want|need|like|wish|care"
    rf"|require)\b(?:\W+\w+){{0,5}}?\W+{_TEXTS}\b",
    rf"\b(?:no longer|not interested)\b(?:\W+\w+){{0,5}}?\W+(?:{_TEXTS}|receiv\w+)\b",
    rf"{_NOT_YET}\b(?:do not|not|never|no)\b(?:\W+\w+){{0,2}}?\W+(?:text|message|contact|msg|send"
    r"|write)\b(?:\W+\w+){0,3}?\W+(?:me|us|this|here|again|anymore|any ?more|any other|others"
    r"|these|them|those|more)\b",
    rf"{_NOT_YET}\b(?:do not|never)\W+(?:please )?send\W+(?:me |us )?(?:any |the |these |your )?{_TEXTS}\b",
    r"\b(?:do not|never) (?:want|need|like) (?:these|them|this|those) (?:anymore|any more|no more)\b",
    r"\blast (?:text|message) i (?:want|need)\b|\b(?:do not|never) (?:text|sms) (?:it|this)\W*$",
    r"\b(?:do not|never|please not) (?:text|message|contact|msg)(?: me| us)?\W*$",
    r"\b(?:do not|never) (?:call|phone|ring) (?:or|and|nor) text\b(?: me)?\W*$",
    r"^(?:please |pls |plz )?(?:do not|never) (?:text|txt|message|sms)\b"
    r"(?! (?:the|back|if|until|while|on|at|after|before|during|and|or|call|her|him)\b)",
    rf"\b(?:said|asked for|wanted) no {_TEXTS}\b",
    rf"\bprefer not to (?:receive|get|have)(?: any)?(?: more)?(?: of)? (?:these|this|those|{_TEXTS})\b",
    r"\brather not (?:get|hear|receive|have|be)\b(?:\W+\w+){0,4}?\W+(?:text\w*|message\w*|you|this number|these)\b",
    r"\bnot (?:want|wish|need|like)(?: to| 2)? hear from (?:you|this|the|your)\b"
    r"|\bblocking (?:you|this)\b.{0,20}\bstop",
    rf"\brather\b.{{0,30}}\b(?:than|instead of)\b(?:\W+\w+){{0,2}}?\W+{_TEXTS}\b",
    rf"\bd c\b{_FEW}{_TEXTS}\b|^(?:please |pls )?no more(?: ever| ta| thanks| thank you| please| pls| now| ok)*$",
]
# Off a list, a number forgotten.
_OFF_A_LIST = [
    r"\b(?:be|get|being|been) (?:taken|removed) (?:off|out|from) (?:of )?(?:\w+ ){0,2}(?:text\w*|list|message\w*|sms"
    r"|database|system)\b",
    rf"\b(?:take|remove|delete|drop|get|leave|comot) {_ME} (?:off|out|from)\b"
    r"(?!\W+(?:\w+\W+)?wait)(?!\W+(?:the |my )?\d)"
    r"(?=\W*$|\W+(?:(?:of )?(?:this|these|those|that|here|it|your|ur|all|everything|whatever)\b"
    r"|please|now|immediately|thanks|thank|or|and|ok|asap|i)\b"
    rf"|\W+(?:of )?(?:the |my )?(?:\w+\W+){{0,2}}?(?:{_TEXTS}|list|system|database|records?|roster|contacts?|thing"
    r"|robot|bot|group|program|chat|loop|file|lot|buzzing|pings?|dings?)\b)",
    r"\b(?:do not|no) (?:call|text|contact)\b(?:\W+\w+){0,2}?\W+(?:list|registry)\b|\b(?:un|de)register (?:me|us|my)\b",
    r"\b(?:remove|delete|erase|take|comot|lose) my (?:no|num|nr)$|\bcomot my number\b",
    r"\b(?:remove|delete|erase|lose|forget|block|drop|scratch) (?:my (?:phone |cell |mobile )?number|my (?:info|details"
    r"|data|mobile|cell)|this number|this phone|my contact)\b(?!\W+(?:know|a|if|not|from work|for the|\d))",
    r"\b(?:remove|delete|erase|scratch) (?:me|us)\b(?!\W+(?:know|a|if|not|from work|for the|from (?:the |my )?\d))",
    rf"\b(?:take|remove|delete|drop|block)\b(?:\W+\w+){{0,3}}?\W+(?:off|from|out "
    rf"of)\b(?:\W+(?!waiting)\w+){{0,3}}?\W+(?:list|database|system|contacts|roster|{_TEXTS})\b",
    r"\bme (?:off|from|out of) (?:this|your|the) (?:(?!wait)\w+ )?list\b",
    r"^(?:please |pls |plz |kindly |sir |madam )*(?:remove|unlist|exclude)(?: me| us| please| pls)*$"
    r"|\b(?:unlist|exclude) me\b|\b(?:take|get) my (?:digits|number) (?:out|off)\b"
    r"|\b(?:bin|scrap|wipe|pull) my number\b",
    r"^off (?:the|this|your) (?:\w+ )?list(?: please| pls| thanks)?$"
    r"|\b(?:like|want) off (?:the|this|your) (?:\w+ )?list\b",
    rf"\b(?:cut|get) me off (?:this|these|your|the|of)\b"
    rf"|\bget off (?:these|this|the|your) (?:\w+ )?(?:{_TEXTS}|list)\b",
]
# The same without the word for texts, or with another end.
_WITHOUT_THE_WORD = [
    rf"\bno need (?:to|for)\b(?:\W+\w+){{0,2}}?\W+(?:text|send|writ|messag|contact|{_TEXTS})\w*",
    rf"\b(?:not|never)\b(?:\W+\w+){{0,2}}?\W+(?:want|wish|need|like)\W+(?:to )?(?:receiv|get|hear)\w*"
    rf"\W+(?:\w+\W+){{0,2}}?(?:anything|any|more|{_TEXTS}|from (?:you|this number))\b",
    rf"{_NOT_YET}(?<!\bi do )(?<!\bwas )(?<!\bwere )\b(?:not|never)\W+(?:get|getting|receive|receiving|send|sending)"
    r"\W+(?:these|them|those|any|me (?:any|these))\b",
    r"\b(?:not|never) (?:need|want) any ?more of (?:these|them|those|this)\b",
    rf"\b(?:kill|silence|mute)\b{_FEW}{_TEXTS}\b|(?<!\bi )\bknock it off\b(?! before)"
    rf"|\bmake\b{_FEW}{_TEXTS} (?:go away|stop|end)\b",
    r"\brefrain from (?:texting|sending|messaging|contacting|writing)\b|\bturn (?:these|them|this|those) off\b",
    r"\bnumber off\b|\bblock(?:ing)? (?:this|your|the) number\b|\breport(?:ing)? (?:you|this|it) (?:as|for|if)\b",
    rf"\bchanged my mind about (?:getting |receiving |the )?{_TEXTS}\b|\b{_TEXTS} off\W*$",
]
# Words that wish it where little else is said.
_LITTLE_ELSE = [
    r"^(?:please |pls |plz |hey |ok |just |yo )*(?:go away|cease|cease (?:and|n) desist|stahp|shut up bot|mute me"
    r"|(?:rmv|remove|delete|erase) (?:me|my (?:details|data|info|number(?! \d))))\b(?:\W+\w+){0,4}$",
    r"\bunenrol+ (?:me|us|my number)\b|\bblocking (?:u|you|this number)\b|\b(?:i said|who is this|wrong number) stop\b"
    r"|\bstop blow\w* up\b|\btake my (?:no|num) off\b|\bcome off (?:the|this|these) (?:text|txt|message|sms)\w*",
]
# Other languages of the neighbourhood.
_OTHER_LANGUAGES = [
    r"\bborr\w+ de (?:su|la|esta|tu) lista\b",
    r"\bbasta (?:de|con) (?:los )?(?:mensajes|textos)\b|\b(?:de?n|denme|denos|darme|darnos|dame|dar) de baja\b",
    r"\bcancel\w* (?:los|estos) (?:mensajes|textos)\b|\bquit\w* de (?:su|la|esta) lista\b"
    r"|\bno (?:me|nos) (?:text|mand|envi|escrib)\w+",
    r"\b(?:nao|no) quero mais receber\b|\bme tir\w+ dess?a lista\b|\bchega de (?:sms|mensagens)\b|\bmat bhejo\b"
    r"|\bjangan hantar\b|\bdejen? de molestar\b|\bcancelar mensajes\b|^paren$",
    r"\b(?:ya|you) no quiero (?:recibir|mas)\b",
    r"\bno (?:quiero|deseo|necesito) (?:mas |recibir )*(?:mensajes|textos)\b",
    r"\barret\w+ de\b.{0,20}(?:envoy|text|sms|messag)|\bdesabonn\w+|\bplus de (?:messages?|sms|textos)\b",
    r"\bkeine (?:nachrichten|sms) mehr\b|\bpar(?:em|e|ar|a) de (?:me )?(?:mandar|enviar)\b"
    r"|\bnon (?:scriv|mand|invi)\w+\W+piu\b",
]
# The words of the law, plain annoyance, and a bare stop.
_LAW_AND_ANNOYANCE = [
    r"\bopt(?:ing|ed)? (?:me |us )?out\b(?! of"
    rf" (?!(?:(?:the|these|this|your|all|any|such|more) )*(?:{_TEXTS}|this|these|it|everything)\b))"
    r"|\bsign me out\b|\buns\w{0,4}[cs]\w{0,2}r\w{0,2}b\w{0,3}\b(?! (?:link|button|page)\b)"
    r"(?! from (?:my|life|being)\b)|\bunsuscri\w*|\bunsub\b",
    r"\b(?:revoke|withdraw)\b(?:\W+\w+){0,2}?\W+(?:consent|permission)\b",
    r"(?<!would )(?<!\bhe )(?<!they )\bleave (?:me|my phone|us|this number|this phone) (?:\w+ )?(?:alone|be)\b(?! with)"
    r"|\blose my number\b|\bno "
    r"mas (?:mensajes|textos)\b|\bno me (?:mande|manden|envie|envien|escriba|escriban)\b|\bdejen? "
    r"de (?:mandar|enviar|escribir)\w*",
    rf"\b(?:enough|sick|tired|fed up|annoyed)\b(?:\W+\w+){{0,2}}?\W+(?:of|with|by)\b(?:\W+\w+){{0,3}}?\W+{_TEXTS}\b",
    rf"\b(?:enough|too many|so many|these annoying)\b(?:\W+\w+)?\W+{_TEXTS}\b|\benough w(?:ith)? the {_TEXTS}\b",
    rf"\b{_TEXTS}\b(?:\W+\w+){{0,6}}?\W+(?:too many|too much|enough|annoying|no more|leave me "
    rf"alone|pain in the|a pain)\b(?! or\b)",
    rf"^(?:please )?no {_TEXTS}(?: please| thanks| thank you)?$",
    r"\b(?:number|person|spam|said|saying|please|patient) stop$",
    r"^(?:\w+ )?stop(?: (?:means )?stop)+\b"
    r"|\b(?:told|asked|said to|begged)(?: (?:you|u|them|already|before))* (?:to )?stop$"
    r"|\balready (?:said|wrote|texted|typed) stop\b",
    r"^(?:this is|it is|all this is) (?:spam|junk)$|^spam(?: spam)+$|\breported (?:you |this )?as (?:spam|junk)\b"
    r"|^report(?:ing)? this(?: number)?$|^(?:no )?(?:thanks|thank you) no more$"
    r"|\b(?:next|another|one more|further|if (?:this|it|these))\b.{0,40}\b(?:lawyer|attorney|solicitor|fcc|trai)\b"
    r"|\b(?:fcc|trai|tcpa|lawyer|attorney)\b.{0,40}\bif (?:this|it|these|you)\b"
    r"|\b(?:report\w*|complain\w*|going|go|write|tell) (?:you )?to the (?:fcc|ico|ofcom|trai)\b"
    r"|\b(?:blocked|blocking) you\b|\byou (?:people )?(?:are |is )?harassing me\b"
    r"|^(?:dnd|not interested|un subscribe|stop2end)$",
    r"^(?:(?:just|so|please|nah|now|ok|hey|ugh|omg|then|no|and|actually|oh|yo) ){0,2}"
    r"(?:stop|halt|(?:quit|enough)(?= ))"
    r"(?: (?:it|this|these|them|am|then|now|already|alr|immediately|ffs|la|enough|everything|all|texting|please))*$",
    rf"\bshove\b{_FEW}{_TEXTS}\b|\bprefer (?:to get )?no {_TEXTS}\b|\bno (?:thanks|thank you) to\b{_FEW}?{_TEXTS}\b"
    rf"|\b(?:get|have|receive) no {_TEXTS}\b|\bdeactivate\b{_FEW}{_TEXTS}\b|\bend this (?:thread|chat|conversation)\b",
    r"^(?:just |oh |please |you )*(?:(?:f|fuck|piss|bugger|sod|eff|naff) off|get lost|shut up|stfu)"
    r"(?: (?:bot|robot|you|clinic|shut up))*$",
    r"^(?:just |please )*(?:cut it out|give it a rest)$",
    rf"\bcut (?:it |that )out\b{_FEW}{_TEXTS}\b|\bstop\W+sent from my\b",
    r"\b(?:cancel|end|drop) (?:my|this|the|our) (?:\w+ )?subscription\b",
    r"\b(?:please|pls|kindly|just|now) (?:quit|stop) it\b|^\W*(?:please |kindly |ok |hey |hi "
    r"|just )?stop\b\W*(?:please|thanks|now|it|this|these|all|everything|ok)?\W*(?:please|thanks"
    r"|now)?\W*$",
]
_EVERY = (
    *_AN_END, *_NO_TEXTS, *_OFF_A_LIST, *_WITHOUT_THE_WORD, *_LITTLE_ELSE, *_OTHER_LANGUAGES, *_LAW_AND_ANNOYANCE,
)  # fmt: skip
WISHES = [re.compile(pattern) for pattern in _EVERY]
# A cheap look before the patterns: almost no text has any of these words.
MAY_BE = re.compile(
    rf"\b(?:{_TEXTS}"
    r"|stop|quit|unsub\w*|subscribe|unsus\w*|opt\w*|remove|delete|erase|number|list|alone|pack|jack|duck"
    r"|write|longer|receive|interested|consent|permission|mas|me|dejen?|lose|block|forget|send|sending"
    r"|these|contact\w*|writing|kill|knock|refrain|off|my n(?:o|um|r)|baja|mute|silence|report\w*"
    r"|desabonn\w+|mehr|piu|par\w+|arret\w*|more|robot|taken|removed|comot|rather|hear|cancelen|quit\w+"
    r"|away|cease|stahp|shut|lost|stfu|cut|give|blocked|harassing|dnd|stop\w+|halt|shove|deactivate|enough"
    r"|nao|tira|chega|bhejo|jangan|molestar|paren|end|fcc|ico|ofcom|trai|reported|get|have|prefer|thanks"
    r"|\wff|registry|subscription|\w+register|unenrol\w*|blocking|rmv|borr\w+"
    r")\b"
)
# Words that make the text about a visit or about care, in which stopping or cancelling means something else.
VISIT = re.compile(
    r"\b(?:appt|appointment|booking|session|visit|treatment|procedure|slot|facial|on (?:mon|tue"
    r"|wed|thu|fri|sat|sun))\w*\b(?! texts?\b| reminders?\b| messages?\b)"
)
CARE = re.compile(
    r"\b(?:bleed|ooz|itch|cry|leak|weep|taking|take my (?!num|name|phone|no\b|nr\b)|using|use|retin|tret|advil|aspirin"
    r"|medic|cream|pain|swell|redness)\w*"
)
ASKS_OF_CARE = re.compile(
    r"\b(?:what|which)\b(?:\W+\w+){0,3}?\W+(?:i|you|did)\b|"
    r"\b(?:should|do|did|must|have to|need to|when|until|till|before|can) i\b(?:\W+\w+){0,3}\W+(?:stop|quit|end)\b"
)
# What is said of the wish itself: not this, or it is taken back.
DENIES = re.compile(r"(?<!\bif you do )(?<!\bif you )\b(?:not|never)\W+(?:(?:take|remove|drop|get)\W+)?$")
GOES_ON = re.compile(r"^(?:no|nah|wait|please|jk|kidding)? ?(?:do not|never) stop$")
_STILL_WANTS = rf"\bstill want\b(?:{_FEW}{_TEXTS}| them)\b"
# The rest is to go on, or the patient speaks of her own writing.
STAYS = re.compile(
    rf"{_STILL_WANTS}|\b(?:said|says)\b.{{0,20}}\bstop to (?:opt|end|cancel)\b"
    rf"|\bi (?:really |also |do |just |so |kind of )*(?:like|love|enjoy) (?:\w+ ){{0,2}}{_TEXTS}\b"
    r"|\bi\b(?:\W+\w+){0,2}?\W+not\b(?:\W+\w+){0,2}?\W+(?:send|text|write|message) (?:this|you|it)\b"
    r"|\b(?:text|texts|texting) (?:is|are|works?) (?:ok|okay|fine|better|best|good|easier)\b"
    r"|\btext me (?:here|instead|on this)\b|\bto miss (?:a|any|one|the|your|these|out)\b"
)
# Lists, times and parts of a visit that one is taken off, and still wants the texts.
ANOTHER_LIST = re.compile(
    r"\b(?:e ?mail|newsletter|raffle|guest|wait ?list|waiting|stand ?by|cancel\w* list|worry"
    r"|if (?:some|any)(?:one|body)|schedule\w*|prp|add on|\d{1,2}(?: \d\d)? ?[ap]m"
    r"|(?:for|on|to|this|next) (?:mon|tues?|wed|thu|thurs|fri|sat|sun)(?:day|nesday|urday|rsday|sday)?s?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|emergency contact)\b"
)
OFF_SOMETHING = re.compile(r"\b(?:off|from|out|remove|delete)\b")
# What stopped or did not come is missed.
MISSES = re.compile(
    r"\b(?:why|did|have|has|when|if)(?: (?:did|have|has|are|do))? (?:you|the \w+|my \w+)(?: all)?"
    r" (?:stop\w*|not|quit|end\w*)\b"
    r"|^(?:when|did|have|what did) (?:(?:did|have|will|do|does|are) )?(?:you|the|i|it|these|this|my|they)\b"
    r"|\bwhat happen\w*"
)
DID_NOT_COME = re.compile(
    r"\b(?:did not|have not|not|never|no longer) (?:get|got|receiv\w*|reciev\w*|recv\w*|had|arriv\w*|come|came)\b"
    r"|\bwaiting list\b|\bno (?:messages?|texts?|reminders?|notifications?)\b(?:\W+\w+){0,3}?\W+"
    r"(?:yesterday|today|since|came|yet|arrived|no response)\b"
)
BY_MAIL = re.compile(r"\bfrom (?:the |my |your )?(?:\w+ )?(?:emails?|newsletters?|bills)\b|\bs emails?\b")
# Where the texts are said to be welcome, whatever else is to end.
KEEPS = re.compile(
    rf"\b(?:{_TEXTS}|them)\b(?:\W+\w+){{0,3}}?\W+(?:want|like|love|good|useful)\b(?:\W+\w+){{0,2}}?\W+keep\b"
    r"|\bkeep\W+(?:the |these |your )?(?:texts|messages|reminders|them)\b(?! off)"
    rf"|\b{_TEXTS}\b(?:\W+\w+){{0,4}}?\W+(?:welcome|better)\b|{_STILL_WANTS}"
    r"|\bcarry on\b|\bput me back(?: on\b|\W*$)|\bactivate\b.{0,12}\bagain\b|\beverything to this\b|\bkept you\b"
    rf"|\bresend\b|\bsend (?:it|that|those|the last)\b(?:\W+\w+){{0,2}}\W+again\b|^\W*more {_TEXTS} please\b"
)
WANTS_MORE = re.compile(
    r"(?<!they )(?<!these )(?<!texts )(?<!messages )(?<!it )\b(?:do not|not|never|dun)\b(?:\W+\w+){0,2}?\W+"
    r"(?:stop|quit|end|cease|(?:take|remove|drop) me)\b"
    r"|\bkeep\b.{0,20}\bcoming\b|\b(?:keep|leave|have) me (?:on|in)\b|\b(?:remain|stay|back) on\b"
)
# A wish that names no texts at all is none where it asks, or begs for an end of something felt.
ENDS_WHAT_IS_FELT = re.compile(r"\b(?:make|made|makes|making)(?: (?:it|this|that))? (?:stop|end|go away)\b")
# What a wish for less is made of where no pattern knows it: an end or a refusal, and not of an end itself.
REFUSES = re.compile(
    r"\b(?:no|not|never|none|stop\w*|quit|end\w*|cease|kill|enough|remove|delete|erase|take|off|out|cut|done|finished"
    r"|discontinue|unsub\w*|away|basta|baja|leave|lose|knock)\b"
)
SENT = re.compile(
    rf"\b(?:{_TEXTS}|these|this|them|those|everything|send\w*|sent|text\w*|txt\w*|writ\w+|messag\w+|number|list|phone|sms\w*)\b"
)
