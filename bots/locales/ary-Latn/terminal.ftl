# What `mersal chat` says of itself. $error, $why: the causes, in their own words.
terminal-greeting = Kteb w clicki 3la Enter. Bach t7bes ljawab Ctrl-C, bach tkhroj /quit wla Ctrl-D, w lba9i f /help
terminal-remembered = { $turns ->
    [one] 3a9el 3la wa7ed l message men 9bel, /new kaynessih lia.
    [two] 3a9el 3la jouj messages men 9bel, /new kaynessihom lia.
    [few] 3a9el 3la { $turns } d les messages men 9bel, /new kaynessihom lia.
   *[other] 3a9el 3la { $turns } message men 9bel, /new kaynessihom lia.
}
terminal-leave = Bach tkhroj Ctrl-D
terminal-away = Redis ma kayjawebch: wach `mersal up` mazal khddam? 3awd jerreb.
terminal-failed = { $error }. Chouf sbab b `mersal doctor`, w men be3d 3awd jerreb.
terminal-away-no-stop = Redis ma kayjawebch, ma n9derch n7bes ljawab.
terminal-failed-no-stop = Ma n9derch n7bes ljawab: { $error }
terminal-waiting = Mazal kantsenna. { $why }
terminal-no-answer = Ma ja 7ta jawab hadi { $time }. { $why }
terminal-why-away = { $error }. Wach `mersal up` mazal khddam?
terminal-why-failed = { $error }. Chouf sbab b `mersal doctor`.
terminal-why-line = L modèle { $model } khddam, w ila kan chi mochkil kayl9ah `mersal doctor`.
terminal-why-nobody = 7ta wa7ed ma mkheddem l modèle { $model }. Kheddmo hakka: `mersal worker --model { $model }`
terminal-others = Wla khtar modèle akhor: { $commands }
