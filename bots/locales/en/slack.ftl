# Slack's own surfaces.
slack-good = Good answer
slack-bad = Bad answer
slack-thinking = Writing the answer…
slack-prompts = Try one of these:
slack-about = I am Mersal. I answer in Darija, Arabic, French and English.
slack-how = Write to me here, or mention me in a channel. Commands: /mersal help
slack-model = Model: { $model }
slack-at-work = It is at work now.
slack-not-at-work = It is not at work now. What you write is kept and answered when it is back.
slack-usage = Messages that you sent me: { $count }
slack-tongue = Language: { $tongue }
slack-not-in-channel = I cannot read this channel. Invite me first: /invite
slack-see-direct = You will find the answer in our direct messages.

# What the assistant's page suggests: a title, and the message that it sends.
slack-prompt-can = What can you do?
slack-prompt-can-message = Hello, what can you help me with?
slack-prompt-write = Write a message
slack-prompt-write-message = Help me write a short and polite message to my team.
slack-prompt-explain = Explain something
slack-prompt-explain-message = Explain to me in simple words what artificial intelligence is.
