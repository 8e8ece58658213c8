# What the web page says about tasks.
web-translate-to = { $target ->
    [ary] Translate to Darija
    [ar] Translate to Standard Arabic
    [fr] Translate to French
   *[en] Translate to English
}
web-translation = { $target ->
    [ary] Translation to Darija
    [ar] Translation to Standard Arabic
    [fr] Translation to French
   *[en] Translation to English
}
web-translate = Translate
web-summarize = Summarize
web-explain = Explain
web-sentiment = Which feeling it has
web-arabizi = In Latin letters
web-3arabi = In Arabic letters

page-more = What to do with this message
page-commands = Commands
page-aside = Outside of the conversation
