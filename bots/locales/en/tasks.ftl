# The menu: what each task and setting does.
menu-translate = Translate a text
menu-summarize = Summarize a text or the group's messages
menu-explain = Explain a text
menu-sentiment = Tell which feeling a text has
menu-arabizi = Write Darija in Latin letters
menu-3arabi = Write Darija in Arabic letters
menu-script = Choose the letters of answers

# A task cannot begin.
task-no-text = Write the text behind the command, like this: { $command } …
task-no-reply = Reply to a message with { $command }, or write the text behind the command.
task-no-messages = I have seen no messages to summarize. Reply to a message with { $command }, or write the text behind the command.
task-which-language = Into which language shall I translate?
task-others-can = The model that answers you cannot do this. These can: { $models }
task-nobody-can = Sorry, none of the models at work can do this.

# The letters of answers.
script-which = In which letters shall I write Darija to you?
script-mirror = The way I write
script-arab = In Arabic letters
script-latn = In Latin letters (Arabizi)
script-chosen = All right, this is how I will write Darija to you.

# Whether tasks enter the conversation.
tasks-which = When I translate or summarize for you, shall it enter our conversation or stay apart?
tasks-apart = Stay apart
tasks-kept = Enter the conversation
tasks-chosen-apart = All right, that will stay apart from our conversation.
tasks-chosen-kept = All right, that will enter our conversation.

settings-script = Letters of Darija: { $script }
settings-tasks = Translations and summaries: { $kept }
settings-target = I translate into: { $target }
settings-script-button = Letters
settings-tasks-button = Translations and summaries
