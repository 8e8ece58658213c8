# The menu: what each task and setting does.
menu-translate = Terjem chi texte l logha khra
menu-summarize = Lekhes chi texte wla les messages d l groupe
menu-explain = Chre7 lia chi texte
menu-sentiment = Chno l i7sas li f texte
menu-arabizi = Kteb darija b l7orof latiniya
menu-3arabi = Kteb darija b l7orof l3arbiya
menu-script = Khtar l7orof d ljawab

# A task cannot begin.
task-no-text = Kteb texte mora la commande, b7al hakka: { $command } …
task-no-reply = Jaweb 3la chi message b { $command }, wla kteb texte mora la commande.
task-no-messages = Ma bano lia 7ta messages bach nlekheshom. Jaweb 3la chi message b { $command }, wla kteb texte mora la commande.
task-which-language = L ach men logha bghiti nterjem?
task-others-can = L modèle li khddam m3ak ma kay3refch ydir hadchi. Hado kay3erfo: { $models }
task-nobody-can = Sme7 lia, 7ta modèle men li khddamin daba ma kay3ref ydir hadchi.

# The letters of answers.
script-which = B ach men 7orof njawbek b darija?
script-mirror = B7al ma kanekteb
script-arab = B l7orof l3arbiya
script-latn = B l7orof latiniya (3arabizi)
script-chosen = Wakha, men daba hakka ghadi nekteb lik darija.

# Whether tasks enter the conversation.
tasks-which = Melli nterjem wla nlekhes lik chi 7aja, wach tdkhol f l conversation dyalna wla teb9a bo7dha?
tasks-apart = Teb9a bo7dha
tasks-kept = Tdkhol f l conversation
tasks-chosen-apart = Wakha, hadchi ghadi yeb9a bo7do w ma ghadich nrje3 lih f l conversation.
tasks-chosen-kept = Wakha, hadchi ghadi ydkhol f l conversation dyalna.

settings-script = L7orof d darija: { $script }
settings-tasks = Tarjama w talkhis: { $kept }
settings-target = Kanterjem l: { $target }
settings-script-button = L7orof
settings-tasks-button = Tarjama w talkhis
