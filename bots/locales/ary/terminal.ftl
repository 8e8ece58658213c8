# What `mersal chat` says of itself. $error, $why: the causes, in their own words.
terminal-greeting = كتب وضغط على Enter. باش تحبس الجواب Ctrl-C، وباش تخرج /quit ولا Ctrl-D، والباقي ف /help
terminal-remembered = { $turns ->
    [one] عاقل على ميساج واحد من قبل، /new كينسيه ليا.
    [two] عاقل على جوج ميساجات من قبل، /new كينسيهم ليا.
    [few] عاقل على { $turns } ديال الميساجات من قبل، /new كينسيهم ليا.
   *[other] عاقل على { $turns } ميساج من قبل، /new كينسيهم ليا.
}
terminal-leave = باش تخرج Ctrl-D
terminal-away = ما كيجاوبش Redis: واش `mersal up` مازال خدام؟ عاود جرب.
terminal-failed = { $error }. شوف السبب ب `mersal doctor`، ومن بعد عاود جرب.
terminal-away-no-stop = ما كيجاوبش Redis، ما نقدرش نحبس الجواب.
terminal-failed-no-stop = ما نقدرش نحبس الجواب: { $error }
terminal-waiting = مازال كنتسنى. { $why }
terminal-no-answer = ما جا حتى جواب هادي { $time }. { $why }
terminal-why-away = { $error }. واش `mersal up` مازال خدام؟
terminal-why-failed = { $error }. شوف السبب ب `mersal doctor`.
terminal-why-line = النموذج { $model } خدام، وإلا كان شي مشكل كيلقاه `mersal doctor`.
terminal-why-nobody = حتى واحد ما مخدم النموذج { $model }. خدمو هكا: `mersal worker --model { $model }`
terminal-others = ولا ختار نموذج آخر: { $commands }
