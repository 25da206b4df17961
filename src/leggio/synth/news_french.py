"""Words for made-up newspapers in French, all written for this purpose."""

from __future__ import annotations

from leggio.synth.news_words import Topic, Vocabulary, split_deeds, split_phrases

FRENCH = Vocabulary(
    topics=(
        Topic(
            split_phrases("""
                Le nouveau pont / Au conseil municipal / Une loi renvoyée / Le vote de dimanche /
                L'affaire de la gare / La réponse du ministre / De l'argent pour les écoles
            """),
            split_phrases("""
                le conseil / le maire / le gouvernement / la commission / un député / le nouveau
                ministre / la majorité des citoyens
            """),
            split_deeds("""
                a | décidé la construction du pont / va | examiner le traité / a | rejeté le projet à
                une forte majorité / a | refusé de répondre à la question / veut | faire élargir les
                rues / a | remis l'affaire des impôts / a | approuvé le plan de l'école
            """),
        ),
        Topic(
            split_phrases("""
                Grand incendie au faubourg / Frappé par la foudre / Une forte tempête / La rivière monte
                / Sauvé à temps / Une voiture renversée
            """),
            split_phrases("""
                un charretier / le corps des pompiers / un jeune serrurier / le torrent / le meunier /
                un voisin / le vent du nord
            """),
            split_deeds("""
                a | détruit le toit de la grange / fut | arraché aux flammes / a | rompu la digue / en
                fut | quitte pour de légères blessures / n'a | pas encore pu évaluer les dégâts / avait
                | glissé sur la route mouillée / a | renversé plusieurs vieux arbres
            """),
        ),
        Topic(
            split_phrases("""
                Théâtre et musique / Une soirée au théâtre / Le concert des chanteurs / Livres nouveaux
                / L'opéra en hiver
            """),
            split_phrases("""
                la cantatrice / l'orchestre / le jeune violoniste / le choeur / le public / le poète /
                le directeur du théâtre
            """),
            split_deeds("""
                a | chanté avec un grand succès / va | jouer l'oeuvre encore une fois / est | resté
                jusqu'à la fin / a | donné ce rôle avec chaleur / n'a | pas su plaire partout / a |
                achevé une pièce nouvelle / a | paru trois fois devant le rideau
            """),
        ),
        Topic(
            split_phrases("""
                Commerce et marchés / Le marché de la semaine / Prix des grains / Chemins de fer /
                Navires au port / La récolte
            """),
            split_phrases("""
                le blé / le prix de l'avoine / le chemin de fer du nord / un vapeur / le commerce des
                draps / le vin de l'an dernier
            """),
            split_deeds("""
                a | monté quelque peu / n'a | pas trouvé d'acheteur / est | arrivé avec toute sa charge
                / va | servir chaque jour dès le printemps / a | gardé son ancien niveau / fut | retardé
                par le brouillard / fut | vendu à bon prix
            """),
        ),
        Topic(
            split_phrases("""
                Au tribunal / Un voleur arrêté / Le jugement / Fausse monnaie / Le procès du jardinier /
                Étrange découverte
            """),
            split_phrases("""
                l'accusé / un témoin / le juge / le commissaire / le défenseur / un domestique / le
                coupable
            """),
            split_deeds("""
                a | avoué son acte / fut | condamné à trois semaines / n'avait | rien su de tout cela /
                n'a | pu se rappeler ce soir / avait | trouvé deux cuillers d'argent / fut | relâché
                faute de preuves / avait | fui par la fenêtre
            """),
        ),
        Topic(
            split_phrases("""
                Le temps / Des environs / Petites nouvelles / Un grand âge / La fête du tir / Un jubilé
            """),
            split_phrases("""
                le club des marcheurs / un instituteur / le plus vieux citoyen / le gel / un jeune du
                village / un apiculteur
            """),
            split_deeds("""
                a | fêté ses quatre-vingt-dix ans / va | faire dimanche une excursion / a | nui aux
                vignes / a | reçu un drapeau / fut | reçu en musique / a | attiré bien des visiteurs
            """),
        ),
        Topic(
            split_phrases("""
                Nouvelles étrangères / La paix est sauvée / Un courrier arrive / Troubles dans le midi /
                La flotte prend la mer / Le traité / Lettres du dehors
            """),
            split_phrases("""
                l'envoyé / le roi / le général / un courrier / le prince / un navire étranger / le consul
            """),
            split_deeds("""
                a | signé la paix / est | parti avec une grande suite / a | passé la frontière / est |
                attendu dans le port /
                a | démenti tous les bruits / a | remis une longue note / a | fait son entrée au milieu des cris de joie
            """),
        ),
        Topic(
            split_phrases("""
                Une invention nouvelle / La lumière électrique / En ballon / Le monde savant / La comète /
                La machine de l'horloger / Un vieil ossement
            """),
            split_phrases("""
                un savant / l'inventeur / l'astronome / le ballon / un horloger / le professeur / un ingénieur
            """),
            split_deeds("""
                a | découvert une étoile brillante / est | monté jusqu'aux nuages / a | montré la machine /
                n'a | pu refaire l'essai / a | publié un mémoire / est | descendu dans la lande / a | reçu un prix /
                a | conduit le courant par le fil
            """),
        ),
        Topic(
            split_phrases("""
                L'école et la maison / Conseils du médecin / Pour la cuisine / Des enfants / Les pommes à la cave /
                Avis aux jardiniers
            """),
            split_phrases("""
                le médecin / un bon jardinier / l'enfant / le pharmacien / le cuisinier / le grand-père
            """),
            split_deeds("""
                a | mis les pommes sur la paille / conseille | l'eau froide / va | bientôt perdre sa toux /
                a | semé du sel au pied de l'arbre / fait | la soupe sans graisse / a | chassé la fièvre avec du thé /
                doit | dormir la fenêtre ouverte
            """),
        ),
    ),
    frames=split_phrases("""
        {T}, {S} {V} {R}. / {S} {V} {R} {T}. / {S} {V} {R} {P}. / {P}, {S} {V} {R} {T}. / On mande de
        {C} que {S} {V} {R} {T}. / {T}, {L}, {S} {V} {R}. / {S} {V} {R}; {P}, {S2} {V2} {R2}. / On nous
        écrit de {C}: {S} {V} {R}. / {S} {V} {R} {T}, et {S2} {V2} {R2}. / {S} {V} {R}.
    """),
    times=split_phrases("""
        hier / lundi / pendant la nuit / il y a quelques jours / vers le soir / vers midi / à la fin de
        la semaine / ce matin / après un long débat / pour la première fois / dans le courant de l'année
    """),
    places=split_phrases("""
        au faubourg / sur la place / non loin de l'église / au bord de l'eau / dans la grande salle /
        devant une foule nombreuse / dans notre ville / à la frontière / sur la route du sud
    """),
    tails=split_phrases("""
        nous dit-on / à la joie de tous / malgré la pluie / comme il fallait s'y attendre / sans perdre
        un mot
    """),
    cities=split_phrases("""
        Valmont / Neuville / Clairval / Montbrun / Rochefeuille / Saint-Aubert / Villeneuve / Beaupré
    """),
    names=split_phrases("""
        Marchand / Lefort / Duval / Perrin / Garnier / Tissot / Renaud / Chapuis / Morel / Favre / Colin
        / Besson
    """),
    goods=split_phrases("""
        Draps fins / Café frais / Machines à coudre / Poêles et fourneaux / Chapeaux / Graines de jardin
        / Bel appartement / Un piano / Bottines / Savon / Un bon ouvrier / Charbons / Montres / Plumes
        et duvets
    """),
    praises=split_phrases("""
        à vendre / en grand choix / toujours en magasin chez / est demandé par / à louer / solide et
        durable / vient d'arriver chez / pour peu de temps / prix sur demande / à l'enseigne du tilleul
    """),
    papers=split_phrases("""
        Le Messager / Le Courrier du Soir / La Gazette du Pays / L'Observateur / Le Petit Journalier /
        L'Indépendant
    """),
    datelines=split_phrases("""
        Paraît chaque jour sauf dimanche / Prix du numéro: 5 centimes / Quatrième année / No {N} /
        Imprimerie {W} et Cie / {C}, lundi {D} mars / On s'abonne dans tous les bureaux
    """),
    notices=split_phrases(
        "Avis / À nos lecteurs / Vente publique / Remerciements / Invitation / Mise en garde"
    ),
    closings=split_phrases("""
        À suivre. / Rien de plus. / On en reste là. / Les détails demain. / La cause est inconnue. /
        Nul n'en sait plus. / On est content. / Il se faisait tard. / La fin est attendue. / Nous y reviendrons.
    """),
)
