# What `mersal chat` says of itself. $error, $why: the causes, in their own words.
terminal-greeting = اكتب ثم اضغط Enter. يوقف Ctrl-C الجواب، و /quit أو Ctrl-D للخروج، و /help لبقية الأوامر.
terminal-remembered = { $turns ->
    [one] أتذكر رسالة سابقة واحدة، وينساها /new
    [two] أتذكر رسالتين سابقتين، وينساهما /new
    [few] أتذكر { $turns } رسائل سابقة، وينساها /new
   *[other] أتذكر { $turns } رسالة سابقة، وينساها /new
}
terminal-leave = للخروج Ctrl-D
terminal-away = لا يجيب Redis: هل ما زال `mersal up` يعمل؟ أعد المحاولة.
terminal-failed = { $error }. يبحث `mersal doctor` عن السبب، ثم أعد المحاولة.
terminal-away-no-stop = لا يجيب Redis، فلا يمكنني إيقاف الجواب.
terminal-failed-no-stop = لا يمكنني إيقاف الجواب: { $error }
terminal-waiting = ما زلت أنتظر. { $why }
terminal-no-answer = لا جواب منذ { $time }. { $why }
terminal-why-away = { $error }. هل ما زال `mersal up` يعمل؟
terminal-why-failed = { $error }. يبحث `mersal doctor` عن السبب.
terminal-why-line = النموذج { $model } يعمل، و `mersal doctor` يبحث عمّا قد يكون خللًا.
terminal-why-nobody = لا أحد يشغّل النموذج { $model }. شغّله: `mersal worker --model { $model }`
terminal-others = أو اختر نموذجًا آخر: { $commands }
