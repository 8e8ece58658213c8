# Why a message is refused or waits, why an answer is missing, and what is remarked below one.
# $wait is a time: times.ftl.
inbox-full = Je n'ai pas encore répondu à vos messages précédents. Patientez un peu, puis renvoyez.
rate-limited = Cela fait beaucoup de messages d'un coup. Réessayez dans { $wait }.
overloaded = Il y a beaucoup de monde, l'attente est d'environ { $wait }. Renvoyez un peu plus tard, s'il vous plaît.
paused = Vos derniers messages m'ont mis en difficulté, je fais une pause. Réessayez dans { $wait }.
message-too-long = Ce message est trop long. Coupez-le en deux ou plus, puis renvoyez-le.
empty = Ce message est vide. Écrivez-moi ce que vous voulez.
unavailable = Je n'ai pas pu transmettre votre message. Réessayez dans un instant.
nobody = Personne ne répond pour le moment. Votre message est gardé, je vous répondrai dès mon retour.
failed = Désolé, j'ai eu un problème et je n'ai pas pu répondre. Réessayez.
too-long = Ce message est plus long que ce que je peux lire. Raccourcissez-le et renvoyez-le.
set-aside = Désolé, malgré plusieurs essais je n'ai pas pu répondre à ce message. Écrivez-le autrement.
timed-out = J'ai mis trop de temps et n'ai pas fini ma réponse. Redemandez, ou plus court.
stopped = D'accord, je me suis arrêté.
refused = Désolé, je ne peux pas vous aider sur ce sujet.
cannot = Ce modèle ne sait pas faire cela. Choisissez-en un autre.
disclaimer = Les réponses viennent d'un modèle d'IA, qui peut se tromper. Pour la santé, le droit ou l'argent, demandez à un spécialiste.
nothing-to-regenerate = Il n'y a pas encore de réponse à refaire. Écrivez-moi d'abord quelque chose.
old-turns-dropped = Notre conversation est longue : je ne me souviens plus du début.
message-cut = Votre message est trop long pour moi : je n'en ai lu que le début et la fin.
cut-at-length = La réponse était longue et s'arrête ici. Pour la suite, dites « continue ».
