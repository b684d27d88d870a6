"""What the segmenter knows of a language: words whose full stop does not, or does not always, end a sentence.

All words are written without their last full stop. Words in `titles` are matched as written (`Me.` is a title,
`me.` is a pronoun); all others in lower case. Adding a word changes the result of `tm.text.segment` only.
"""

from __future__ import annotations

from dataclasses import dataclass

from tm.types import Language


@dataclass(frozen=True, slots=True)
class Rules:
    """The word lists of one language.

    titles      stand before a name: never the end of a sentence
    leading     always introduce something (`cf.`, `e.g.`): never the end
    references  stand before a figure or label; the end only if the next word is a usual sentence opener
    words       references that are words of their own (`art`, `no`): no end only before a figure or label
    dates       months and days: no end before a figure
    endings     may close a sentence (`Ltd.`, `p.m.`, `apr. J.-C.`): the end only before a usual sentence opener
    units       units, hours and `etc.`: the end before any capital, no end before a figure
    clock       what follows an hour in the same sentence (`p.m. GMT`, `2.30 p.m. Tuesday`)
    openers     words that often begin a sentence, rarely a name; elided forms with their apostrophe
    particles   openers that are also parts of family names (`J. Le Goff`)
    speech      verbs of speaking that may follow a name after a quotation (`“Now!” Mr. Okoro told …`)
    """

    titles: frozenset[str]
    leading: frozenset[str]
    references: frozenset[str]
    words: frozenset[str]
    dates: frozenset[str]
    endings: frozenset[str]
    units: frozenset[str]
    clock: frozenset[str]
    openers: frozenset[str]
    particles: frozenset[str]
    speech: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ZONES = _set("gmt utc tu cet cest est edt et bst")

_FRENCH = Rules(
    titles=_set(
        "M MM Mr Mrs Ms Mme Mmes Mlle Mlles Dr Drs Dre Pr Prs Prof Me Mes Mgr Mgrs Vve Sr S.E S.Exc Exc Em S.Em "
        "LL.EE LL.AA S.M S.A.R S.A.S S.S LL.MM St Ste Sts Stes Gal Gaux Gén Gen Cdt Cne Cap Capt Col Lcl Lt Ltn Sgt "
        "Adj Cpl Maj Mal Adm Am Amb Card Prés V.-Prés V-Prés Min Sén Dép Préf Insp Ing Cte Ctesse Fr P.Fr Rév R.P "
        "Rabb Hon"
    ),
    leading=_set("cf p.ex ex c.-à-d c-à-d càd i.e e.g vs v.s env approx p.r réf tél tel téléc n.b"),
    references=_set(
        "art arts av apr p pp n nos vol vols chap figs tabl tab par parag al let litt éd éds ed coll coord dir trad "
        "rés résol doc docs t v r ann add corr rev sect sess sér suppl alin num op ibid ms mss fol ff sq sqq dept "
        "dépt bd boul rte pl fbg imp bât apt app esc st b.p l.r r.f max moy ch conv déc.n h.c m.c"
    ),
    words=_set("art fig no max min id an ch cit ap doc par al fax app dir add mar"),
    dates=_set(
        "janv jan févr fév fevr mars avr mai juin juil sept oct nov déc dec lun mar mer merc jeu ven vend sam dim"
    ),
    endings=_set(
        "j.-c j-c s.a s.a.r.l s.a.s s.n.c cie ltd ltée inc co corp bros e.v jr sr h.t t.t.c suiv univ dép inst "
        "assoc coop éts ets fils mgt"
    ),
    units=_set("etc h min sec s mn mm cm dm m km kg g mg t ha l kw mw m² m³ km² km/h kt mill mio mds md mrd hab pers"),
    clock=_ZONES,
    openers=_set(
        "le la les l' un une des ce c' cet cette ces ceci cela ça il ils elle elles on nous vous je j' tu qu' qui "
        "que quel quelle quels quelles quoi dont où à au aux en dans sur sous pour par avec sans après avant depuis "
        "lors lorsque lorsqu' mais et ou or donc car ni si s' quand comme son sa ses leur leurs notre nos votre vos "
        "mon ma mes tous toutes tout toute plusieurs certains certaines quelques chaque aucun aucune ainsi enfin "
        "toutefois cependant pourtant parmi entre face malgré outre dès jusqu' puis ensuite aussi alors pourquoi "
        "comment contact source voir merci est selon d' de du y n' ne pas plus moins deux trois quatre cinq six "
        "sept huit neuf dix aujourd' hier demain ici là désormais déjà grâce près chacun chacune celui celle ceux "
        "celles autre autres même bien afin parce puisque tandis pendant durant contre vers chez hors premièrement "
        "deuxièmement troisièmement dernièrement actuellement notamment néanmoins également"
    ),
    particles=_set("le la les l de d du des"),
)

_ENGLISH = Rules(
    titles=_set(
        "Mr Mrs Ms Mx Messrs Mme Mmes Mlle M MM Dr Drs Prof Profs St Sts Mt Mts Ft Gen Brig Lt Col Maj Capt Cpt "
        "Cmdr Cdr Adm Sgt Cpl Pvt Pte Sen Sens Rep Reps Gov Govs Hon Rev Fr Msgr Amb Pres Supt Insp H.E H.R.H H.M "
        "Rt V.Adm R.Adm Rear.Adm Sec Min Dep Asst"
    ),
    leading=_set("cf e.g i.e viz vs approx ca n.b tel"),
    references=_set(
        "art arts p pp nos vol vols chap figs tab par para paras ed eds ref refs doc docs v c ch sect sess add corr "
        "rev op ibid dept est max min ext ser suppl tbl sch cl subpara annex et"
    ),
    words=_set("art fig no max min add app ch cit ref doc sat sun mar may sec al ext fax tab est"),
    dates=_set("jan feb mar apr may jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"),
    endings=_set(
        "inc ltd co corp plc bros llc jr sr b.c a.d c.e b.c.e ph.d m.d b.a m.a ll.m ll.b esq u.s u.k u.n u.s.a e.u "
        "d.c univ assn"
    ),
    units=_set("etc h hrs hr min sec s mm cm m km kg g mg lb lbs oz ft mi yd in kw mw km/h mph mn bn p.m a.m pm am"),
    clock=_ZONES | _set("monday tuesday wednesday thursday friday saturday sunday"),
    openers=_set(
        "the a an this that these those it he she they we you i in on at for by with from to of as if when while "
        "after before since but and or nor so yet however his her their our its my your all each some many most no "
        "not there here what who why how where which both during under according among between moreover source see "
        "another although because despite until once then thus therefore meanwhile further furthermore finally "
        "first second third one two three four five six seven eight nine ten today yesterday tomorrow contact do "
        "does is are was were will would can could should may let more other others such every everyone nobody "
        "nothing"
    ),
    particles=frozenset(),
    speech=_set(
        "said says told tells asked asks added adds replied replies declared stated insisted warned urged cried "
        "shouted exclaimed announced argued claimed concluded continued explained noted observed stressed wondered "
        "wrote"
    ),
)

RULES: dict[Language, Rules] = {"fr": _FRENCH, "en": _ENGLISH}
