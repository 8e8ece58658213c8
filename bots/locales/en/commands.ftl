# What the bot says about its commands, and to people whom it meets.
welcome = Welcome! I am Mersal. Write me what you want and I will answer.
help = Write to me in Darija, Arabic, French or English. The commands:
unknown-command = I do not know this command.
new = All right, a new conversation. What would you like?
nothing-to-stop = There is no answer to stop.
choose-model = Choose the model that answers you (now: { $model }):
model-is = Done: { $model } answers you from now on.
no-such-model = This model is not available. These are:
choose-language = Which language shall I speak with you?
language-is = All right, this is how I will speak with you.
follow-me = The way I write
settings =
    Your settings
    Model: { $model }
    Language: { $tongue }
nothing-to-export = We have not talked about anything yet.
export = This is our whole conversation.
forgotten = Done, everything is erased: the conversation, your settings and your feedback.
not-admitted = Sorry, this bot is not open to everybody.
admins-only = This command is for admins only.
text-only = I can only read text for now. Please write me what you want.
thanks = Thank you, noted.
in-line = It is busy: { $number ->
    [one] one person before you
   *[other] { $number } people before you
}, about { $wait } to wait.
regenerate = Try again
only-last = I can only redo my last answer.
in-group = In a group, mention { $bot } or reply to one of my messages.
languages = Language

# The menu: what each command does.
menu-start = Begin
menu-help = Help
menu-new = New conversation
menu-stop = Stop the answer
menu-regenerate = Answer again
menu-model = Change the model
menu-language = Change the language
menu-settings = Settings
menu-export = Download my conversation
menu-forget = Erase everything about me
