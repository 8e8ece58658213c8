# What the web page says about tasks.
web-translate-to = { $target ->
    [ary] Terjem l darija
    [ar] Terjem l l3arbiya l fos7a
    [fr] Terjem l français
   *[en] Terjem l english
}
web-translation = { $target ->
    [ary] Tarjama l darija
    [ar] Tarjama l l3arbiya l fos7a
    [fr] Tarjama l français
   *[en] Tarjama l english
}
web-translate = Terjem
web-summarize = Lekhes
web-explain = Chre7
web-sentiment = Chno l i7sas fih
web-arabizi = B l7orof latiniya
web-3arabi = B l7orof l3arbiya

page-more = Chno ndir b had l message
page-commands = Les commandes
page-aside = Berra l conversation
