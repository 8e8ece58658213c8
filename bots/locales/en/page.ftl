# The labels of the web page. What it suggests stands one a line.
page-skip = Go to the message box
page-new-conversation = New conversation
page-theme = Light or dark
page-menu = Conversations and settings
page-conversations = Conversations
page-language = Language
page-close = Close
page-hello = Welcome
page-invitation = Write the way you speak: Darija, Arabic, Arabizi, French or English.
page-log = Conversation
page-down = Go to the end
page-your-message = Your message
page-placeholder = Write your message…
page-send = Send
page-stop = Stop the answer
page-you = You
page-copy = Copy
page-copied = Copied
page-again = Answer again
page-code = Code
page-typing = is writing…
page-still-waiting = Still waiting…
page-waiting = Will be sent when the connection is back
page-resend = Send again
page-edit = Edit
page-offline = No connection. Trying again, your messages are kept…
page-not-now = No connection just now. Please try again in a moment.
page-away = The service is down. Your messages will be sent when it is back…
page-crowded = Too many chats are open from your network. Trying again in a moment…
page-cookies = This page needs a cookie to know you again: please allow it in your browser.
page-demo = demo model
page-demo-note = A tiny demo model that knows little and makes mistakes: it answers for an imaginary shop.
page-model-note = Answers come from an artificial intelligence and can be wrong.
page-untitled = New conversation
page-erase = Erase
page-erase-sure = Erase this conversation? It will not come back.
page-demo-suggestions =
    How much is the tagine?
    When are you open?
    Do you deliver?
    شكون نتا؟
page-suggestions =
    Write an apology to a customer
    List the ingredients of harira
    What is a self-employed trader in Morocco?
    Translate to Darija: the order arrives tomorrow

# Said below a question that waits. $time: times.ftl.
web-busy = A short wait: about { $time }
