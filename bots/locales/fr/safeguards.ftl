# Why the safeguards let no answer through, or ended it, by what they name (workers/safeguards/rules).
# The numbers are Morocco's: docs/safeguards.md says where they are from.
refused-self-harm = Ce que vous vivez est très dur, et votre vie compte. Ne restez pas seul : parlez maintenant à une personne de confiance, et s'il y a danger appelez au Maroc le 150 (ambulance) ou le 19 (police).
refused-violence = Je ne peux pas aider à faire du mal à quelqu'un. Si une personne est en danger, appelez la police (19 au Maroc).
refused-weapons = Je ne peux pas aider pour des armes, des explosifs ou des poisons.
refused-sexual-minors = Je ne réponds jamais à cela quand il s'agit d'enfants. Si un enfant est en danger, appelez la police (19 au Maroc).
refused-sexual = Je n'écris pas de contenu sexuel. Si vous avez une question de santé, posez-la-moi.
refused-hate = Je n'écris rien qui rabaisse des gens pour leur origine, leur religion ou leur sexe.
refused-drugs = Je ne peux pas aider à vendre, acheter ou fabriquer des drogues. Si vous voulez arrêter, dites-le-moi ou parlez-en à un médecin.
refused-crime = Je ne peux pas aider à ce qui nuit aux gens ou que la loi interdit.
