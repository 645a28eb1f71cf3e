"""How people shorten words when they text, and what the shorthand stands for. Holds data only."""

_SHORTHAND = """
        u=you ur=your urs=yours r=are y'all=you yall=you ya=you yer=your yr=year n=and nd=and w=with w/=with
        w/o=without wo=without b4=before bf=boyfriend gf=girlfriend 2nite=tonight 2night=tonight tonite=tonight
        tn=tonight tnite=tonight nite=night nites=nights 2day=today 2moro=tomorrow 2morrow=tomorrow tmrw=tomorrow
        tmr=tomorrow tmw=tomorrow tmmrw=tomorrow tomoz=tomorrow tommorow=tomorrow tommorrow=tomorrow
        tomorow=tomorrow tom=tomorrow yday=yesterday yest=yesterday ystrday=yesterday rn=now atm=now bc=because
        cuz=because cos=because coz=because bcuz=because becuz=because b/c=because pls=please plz=please
        plse=please thx=thanks thnx=thanks tks=thanks tysm=thanks ty=thanks tx=thanks thanx=thanks abt=about
        wk=week wks=weeks hr=hour hrs=hours mins=minutes min=minute appt=appointment appts=appointments
        apppt=appointment appmt=appointment im=i_am ive=i_have ill=ill id=id dont=do_not doesnt=does_not
        didnt=did_not dun=do_not dnt=do_not dunt=do_not wnt=want
        frm=from abit=a_bit nvr=never bk=back hve=have lk=like cud=could shud=should nt=not smthg=something
        bcs=because bcz=because bcoz=because wots=what_is hws=how_is ystday=yesterday nxt=next mth=month
        mths=months mnths=months tnx=thanks yous=you omw=on_my_way tbh=honestly una=your tlk=talk wid=with
        wif=with wiv=with n't=not mre=more mesage=message mesages=messages
        cant=can_not cannot=can_not couldnt=could_not wont=will_not wouldnt=would_not
        shouldnt=should_not isnt=is_not isn=is_not arent=are_not wasnt=was_not werent=were_not hasnt=has_not
        havent=have_not hadnt=had_not aint=is_not ain't=is_not shan't=will_not shant=will_not won't=will_not
        can't=can_not itll=it_will theyre=they_are youre=you_are hes=he_is shes=she_is thats=that_is
        theres=there_is whats=what_is whens=when_is hows=how_is wheres=where_is whos=who_is its=it_is weve=we_have
        theyve=they_have lets=let_us gonna=going_to gunna=going_to gon=going_to wanna=want_to gotta=got_to
        kinda=kind_of sorta=sort_of lemme=let_me gimme=give_me dunno=do_not_know idk=i_do_not_know
        idc=i_do_not_care iirc=if_i_remember imo=i_think tho=though thru=through lil=little lotta=lot_of
        outta=out_of ppl=people msg=message msgs=messages txt=text txts=texts txting=texting pic=picture
        pics=pictures def=definitely prob=probably probs=probably prolly=probably rly=really rlly=really
        reallly=really v=very af=very hella=very sm=so_much bday=birthday bf's=boyfriend ok=ok okay=ok okey=ok
        oki=ok k=ok kk=ok okk=ok alright=ok alrite=ok yea=yeah yeh=yeah yep=yes yup=yes yess=yes nah=no nope=no
        naw=no noo=no moisturiser=moisturizer moisturisers=moisturizers moisturise=moisturize
        moisturising=moisturizing colour=color coloured=colored colours=colors grey=gray odour=odor odours=odors
        tumour=tumor oedema=edema haemorrhage=hemorrhage mo=month mos=months sec=second info=info temp=temperature
        temps=temperature doc=doctor docs=doctors dr=doctor drs=doctors diff=different reg=regular esp=especially
        asap=soon lmk=let_me_know fyi=btw smth=something sth=something sumthin=something nothin=nothing goin=going
        comin=coming doin=doing lookin=looking feelin=feeling gettin=getting hurtin=hurting burnin=burning
        peelin=peeling itchin=itching takin=taking usin=using puttin=putting bleedin=bleeding oozin=oozing
        throbbin=throbbing wearin=wearing usin=using supposably=supposedly sposed=supposed sposta=supposed_to
        supposta=supposed_to spose=suppose shoulda=should_have woulda=would_have coulda=could_have hv=have
        hav=have wat=what wut=what wen=when hw=how cld=could shd=should wud=would thot=thought enuf=enough
        nuff=enough alot=a_lot cn=can rd=ready da=the dis=this dat=that dem=them der=there juz=just jus=just
        luv=love gd=good gud=good nvm=never_mind nm=never_mind ttyl=bye cya=bye bbl=later l8r=later gr8=great
        m8=mate sched=schedule resched=reschedule rx=prescription derm=dermatologist bp=blood_pressure
        meds=medicines med=medicine yo=yo 4hrs=4_hours 24hrs=24_hours 24h=24_hours 48h=48_hours 4h=4_hours
        4hr=4_hours 24hr=24_hours 1st=first 2nd=second 3rd=third sm1=someone some1=someone any1=anyone
        every1=everyone ne1=anyone pt=patient pt's=patient pts=patients dx'd=diagnosed dxd=diagnosed hosp=hospital
        tx=treatment txed=treated s/p=after c/o=complains w/in=within min.=minute hx=history cld=could
        exersize=exercise excersise=exercise excercise=exercise exercize=exercise exersise=exercise
        excercising=exercising"""
_AMBIGUOUS = {"n", "k", "y", "yr", "bf", "tx", "tom", "def", "mo", "pt", "id", "ill", "info", "rd", "r", "min", "da"}
EXPANSIONS: dict[str, tuple[str, ...]] = {
    short: tuple(meaning.split("_"))
    for short, _, meaning in (pair.partition("=") for pair in _SHORTHAND.split())
    if short not in _AMBIGUOUS or short in {"n", "k", "r", "min", "tx", "da"}
}
EMOJI_WORDS = dict(
    pair.split("=")
    for pair in """
😭= 😢=crying 😥=crying 😩= 😫= 😱= 😨= 😰= 😟= 😡=angry 🤬=angry 🤢=yuck 🤮=yuck 😂=lol 🤣=lol 😆=lol
😅=lol 👍=ok 👌=ok 🙏=thanks 🦞=lobster 🍅=tomato 🍆=eggplant 🌡=fever 🤒=fever 🩸=blood 🛑=stop 🆘=sos 🚑=ambulance
💔=heartbroken 🤕=hurt 🥵=hot ✅=yes ❌=no 🏋=workout 🏃=run 🚿=shower 💄=makeup 🧖=sauna 🍷=wine
🍺=beer 🍸=cocktail 🏊=swim ✈=flight 😴=sleep 🧊=ice
""".split()
)
