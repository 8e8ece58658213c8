# Why the safeguards let no answer through, or ended it, by what they name (workers/safeguards/rules).
# The numbers are Morocco's: docs/safeguards.md says where they are from.
refused-self-harm = Li kat7esso bih s3ib bzaf, w 7yatkom ghalya. Ma tb9awch bo7edkom: hedro daba m3a chi 7ed katti9o fih, w ila kayn khatar 3ayto l'ambulance 150 wla l police 19.
refused-violence = Ma n9derch n3awnek f chi 7aja katderr bnadem. Ila kan chi 7ed f khatar, 3ayet l police 19.
refused-weapons = Ma n9derch n3awnek f sle7, lmotafajirat wla smoum.
refused-sexual-minors = Hadchi 3la drari sghar ma kanjawebch 3lih niha2iyan. Ila kan chi tfel f khatar, 3ayet l police 19.
refused-sexual = Ma kanktebch lklam d ljins. Ila kan 3ndek so2al 3la se77a, sewwelni 3lih.
refused-hate = Ma kanktebch klam kay7gger nnas 3la 9bel aslhom, dinhom wla jinshom.
refused-drugs = Ma n9derch n3awnek f bi3, chra wla sina3a d lmokhaddirat. Ila bghiti t7bes menha, goul lia wla sewwel chi tbib.
refused-crime = Ma n9derch n3awnek f chi 7aja katderr nnas wla mamnou3a f l9anoun.
