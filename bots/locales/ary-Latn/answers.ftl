# Why a message is refused or waits, why an answer is missing, and what is remarked below one.
# $wait is a time: times.ftl.
inbox-full = Mazal ma jawbtekch 3la les messages li sifetti. Tsenna chwiya 7ta nkemmel, w men be3d 3awd sifet.
rate-limited = Sifetti bzaf d les messages de99a we7da. 3awd men hna { $wait }.
overloaded = Kayn z7am daba, khassek tsenna ta9riban { $wait }. 3awd sifet men be3d, 3afak.
paused = Les messages lekhrin li sifetti daro lia mochkil, khassni nerta7 chwiya. 3awd men hna { $wait }.
message-too-long = Had l message twil bzaf. 9essmo 3la jouj wla kter w 3awd sifto.
empty = Had l message khawi. Kteb lia chno bghiti.
unavailable = Ma 9dertch nwessel l message dyalek daba. 3awd men hna chwiya.
nobody = Daba ma kayn 7ta wa7ed yjaweb. L message dyalek m7foud, w ghadi njawbek ghir nrje3.
failed = Sme7 lia, w9e3 lia mochkil w ma 9dertch njaweb. 3awd jerreb.
too-long = Had l message twil 3lia, ma 9dertch n9rah kamel. 9essro chwiya w 3awd sifto.
set-aside = Sme7 lia, had l message jerrebt m3ah ch7al men merra w ma 9dertch njaweb 3lih. Ktebo b tari9a khra.
timed-out = Khdit bzaf d lwe9t w ma kemmeltch ljawab. 3awd sewwelni wla 9esser so2al.
stopped = Safi, 7best.
refused = Sme7 lia, had lmawdo3 ma n9derch n3awnek fih.
cannot = Had l modèle ma kay3refch ydir hadchi. Khtar modèle akhor.
disclaimer = Ljawab kayktebo modèle d l'IA w y9der yghlet. F se77a, l9anoun w lflous sewwel li kay3ref.
nothing-to-regenerate = Mazal ma kayn 7ta jawab bach n3awdo. Kteb lia chi 7aja hiya lewla.
old-turns-dropped = Hdertna twalet: lklam l9dim ma b9itch 3a9el 3lih.
message-cut = L message dyalek twil bzaf 3lia: 9rit ghir lbdaya w nnihaya dyalo.
cut-at-length = Ljawab twal w t9ette3 hna. Ila bghiti nzid, goul lia « kemmel ».
