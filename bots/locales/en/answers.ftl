# Why a message is refused or waits, why an answer is missing, and what is remarked below one.
# $wait is a time: times.ftl.
inbox-full = I still have earlier messages of yours to answer. Wait a little, then send again.
rate-limited = That was a lot of messages at once. Try again in { $wait }.
overloaded = It is very busy now, the wait is about { $wait }. Please send again a little later.
paused = Your last messages gave me trouble, so I need a pause. Try again in { $wait }.
message-too-long = This message is too long. Split it into two or more and send them again.
empty = This message is empty. Write me what you want.
unavailable = I could not pass your message on just now. Try again in a moment.
nobody = Nobody answers at the moment. Your message is kept, and I will answer when I am back.
failed = Sorry, something went wrong and I could not answer. Please try again.
too-long = This message is longer than I can read. Shorten it a little and send it again.
set-aside = Sorry, I tried several times and could not answer this message. Please write it another way.
timed-out = I took too long and did not finish my answer. Ask again, or ask something shorter.
stopped = All right, I stopped.
refused = Sorry, I cannot help with this.
cannot = This model cannot do that. Choose another one.
disclaimer = The answers come from an AI model, which can be wrong. For health, law or money, ask a professional.
nothing-to-regenerate = There is no answer to redo yet. Write me something first.
old-turns-dropped = Our conversation is long: I no longer remember its beginning.
message-cut = Your message is longer than I can read: I read only its beginning and its end.
cut-at-length = The answer was long and stops here. To hear more, say "continue".
