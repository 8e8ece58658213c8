# What `mersal chat` says of itself. $error, $why: the causes, in their own words.
terminal-greeting = Write, and press Enter. Ctrl-C stops an answer, /quit or Ctrl-D leaves, /help lists the rest.
terminal-remembered = { $turns ->
    [one] I remember one earlier turn; /new forgets it.
   *[other] I remember { $turns } earlier turns; /new forgets them.
}
terminal-leave = Ctrl-D leaves
terminal-away = Redis is away: is `mersal up` still running? Try again.
terminal-failed = { $error }. `mersal doctor` looks for the cause; then try again.
terminal-away-no-stop = Redis is away, so I cannot stop the answer.
terminal-failed-no-stop = I cannot stop the answer: { $error }
terminal-waiting = Still waiting. { $why }
terminal-no-answer = No answer for { $time }. { $why }
terminal-why-away = { $error }. Is `mersal up` still running?
terminal-why-failed = { $error }. `mersal doctor` looks for the cause.
terminal-why-line = The model { $model } has a worker; `mersal doctor` looks for what may be wrong.
terminal-why-nobody = No worker runs the model { $model }. Start one: `mersal worker --model { $model }`
terminal-others = Or choose another: { $commands }
