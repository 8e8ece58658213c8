# Why the safeguards let no answer through, or ended it, by what they name (workers/safeguards/rules).
# The numbers are Morocco's: docs/safeguards.md says where they are from.
refused-self-harm = What you are going through is very hard, and your life matters. Do not stay alone with it: talk to someone you trust now, and if there is danger call 150 (ambulance) or 19 (police) in Morocco.
refused-violence = I cannot help to hurt anyone. If someone is in danger, call the police (19 in Morocco).
refused-weapons = I cannot help with weapons, explosives or poisons.
refused-sexual-minors = I never answer this where children are concerned. If a child is in danger, call the police (19 in Morocco).
refused-sexual = I do not write sexual content. If you have a question about health, ask me.
refused-hate = I write nothing that degrades people for their origin, religion or sex.
refused-drugs = I cannot help to sell, buy or make drugs. If you want to stop taking them, tell me or ask a doctor.
refused-crime = I cannot help with what harms people or is against the law.
