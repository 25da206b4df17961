"""Words for made-up newspapers in German, all written for this purpose."""

from __future__ import annotations

from leggio.synth.news_words import Topic, Vocabulary, split_deeds, split_phrases

GERMAN = Vocabulary(
    topics=(
        Topic(
            split_phrases("""
                Die neue Brücke / Aus dem Gemeinderat / Streit um den Bahnhof / Beschlüsse des Rates /
                Die Wahl vom Sonntag / Ein Gesetz kommt zurück / Mehr Geld für die Schulen / Der Streit
                geht weiter
            """),
            split_phrases("""
                der Gemeinderat / der Bürgermeister / die Regierung / der Ausschuß / die zweite Kammer /
                ein Abgeordneter / die Mehrheit der Bürger / der neue Minister
            """),
            split_deeds("""
                hat | den Bau der Brücke beschlossen / hat | über die Steuern beraten / wird | den
                Vertrag prüfen / hat | die Vorlage mit großer Mehrheit verworfen / will | die Straßen
                verbreitern lassen / hat | eine Antwort auf die Anfrage verweigert / konnte | sich nicht
                auf einen Preis einigen / hat | den Plan für das Schulhaus genehmigt
            """),
        ),
        Topic(
            split_phrases("""
                Großfeuer in der Vorstadt / Unglück am Fluß / Vom Blitz getroffen / Ein schwerer Sturm /
                Hochwasser im Tal / Die Brandstelle / Knapp gerettet / Ein Wagen stürzt um
            """),
            split_phrases("""
                ein Fuhrmann / die Feuerwehr / ein junger Schlosser / das Wasser / der Besitzer der
                Mühle / ein Nachbar / der Sturm / die Frau des Müllers
            """),
            split_deeds("""
                hat | das Dach der Scheune zerstört / wurde | aus den Flammen gerettet / hat | den Damm
                durchbrochen / ist | mit leichten Wunden davongekommen / wurde | im letzten Augenblick
                bemerkt / konnte | den Schaden noch nicht schätzen / ist | auf der nassen Straße
                ausgeglitten / hat | mehrere alte Bäume umgerissen
            """),
        ),
        Topic(
            split_phrases("""
                Theater und Musik / Ein Abend im Stadttheater / Das Konzert der Liedertafel / Neue
                Bücher / Gäste aus der Ferne / Die Oper im Winter / Von der Bühne
            """),
            split_phrases("""
                die Sängerin / das Orchester / der junge Geiger / der Chor / das Publikum / der Dichter
                / ein Gast der Bühne / der Leiter des Theaters
            """),
            split_deeds("""
                hat | mit großem Beifall gesungen / wird | das Werk noch einmal spielen / hat | bis zum
                Ende ausgeharrt / hat | die Rolle mit viel Wärme gegeben / konnte | nicht in jedem Satz
                gefallen / hat | ein neues Stück vollendet / ist | dreimal vor den Vorhang gerufen
                worden
            """),
        ),
        Topic(
            split_phrases("""
                Handel und Verkehr / Der Markt der Woche / Preise für Getreide / Von der Eisenbahn /
                Schiffe im Hafen / Die Ernte / Neue Fahrpläne
            """),
            split_phrases("""
                der Weizen / der Preis des Hafers / die Bahn nach Norden / ein Dampfer / der Handel mit
                Tuch / die Gesellschaft / der Wein des letzten Jahres
            """),
            split_deeds("""
                ist | um ein Geringes gestiegen / hat | keinen Käufer gefunden / ist | mit voller Ladung
                angekommen / wird | vom Frühjahr an täglich verkehren / hat | sich auf der alten Höhe
                gehalten / ist | wegen des Nebels verspätet / wurde | zu guten Preisen verkauft
            """),
        ),
        Topic(
            split_phrases("""
                Vor dem Gericht / Ein Dieb gefaßt / Das Urteil / Falsches Geld / Der Fall des Gärtners /
                Ein seltsamer Fund / Die Spur führt zum Wald
            """),
            split_phrases("""
                der Angeklagte / ein Zeuge / der Richter / die Polizei / der Verteidiger / ein
                Dienstmädchen / der Täter
            """),
            split_deeds("""
                hat | die Tat eingestanden / wurde | zu drei Wochen Haft verurteilt / hat | von allem
                nichts gewußt / konnte | sich an den Abend nicht erinnern / hat | zwei silberne Löffel
                gefunden / wurde | wegen Mangels an Beweisen entlassen / ist | durch das Fenster
                geflohen
            """),
        ),
        Topic(
            split_phrases("""
                Das Wetter / Aus der Umgebung / Kleine Nachrichten / Ein hohes Alter / Vom Schützenfest
                / Die Turner / Ein Jubiläum
            """),
            split_phrases("""
                der Verein der Turner / eine Lehrerin / der älteste Bürger / das Fest / der Frost / die
                Jugend des Dorfes / ein Bienenzüchter
            """),
            split_deeds("""
                hat | den neunzigsten Geburtstag gefeiert / wird | am Sonntag einen Ausflug machen / hat
                | den Reben geschadet / ist | bei gutem Wetter verlaufen / hat | eine Fahne erhalten /
                wurde | mit Musik empfangen / hat | viele Besucher angezogen
            """),
        ),
        Topic(
            split_phrases("""
                Vom Ausland / Der Friede bleibt / Ein Bote ist gekommen / Unruhen im Süden / Die Flotte läuft aus /
                Der Vertrag / Briefe aus der Ferne
            """),
            split_phrases("""
                der Gesandte / die Königin / das Heer / der General / eine fremde Flotte / der Hof / das
                Volk der Insel /
                der Bote
            """),
            split_deeds("""
                hat | den Frieden unterzeichnet / ist | mit großem Gefolge abgereist / hat | die Grenze überschritten /
                wird | im Hafen erwartet / hat | alle Gerüchte bestritten / soll | den Oberbefehl niedergelegt haben /
                hat | eine lange Note überreicht / ist | unter Jubel eingezogen
            """),
        ),
        Topic(
            split_phrases("""
                Eine neue Erfindung / Das elektrische Licht / Im Ballon / Aus der Wissenschaft / Der Komet /
                Die Maschine des Uhrmachers / Ein alter Knochen
            """),
            split_phrases("""
                ein Gelehrter / der Erfinder / die Sternwarte / der Ballon / ein Uhrmacher / das Fernrohr / die Akademie
            """),
            split_deeds("""
                hat | einen hellen Stern entdeckt / ist | bis zu den Wolken gestiegen / hat | die Maschine vorgeführt /
                konnte | den Versuch nicht wiederholen / hat | eine Abhandlung gedruckt / ist | im Moor gelandet /
                wurde | mit einem Preis bedacht / hat | den Strom durch den Draht geleitet
            """),
        ),
        Topic(
            split_phrases("""
                Schule und Haus / Der Arzt rät / Für die Küche / Von den Kindern / Das Obst im Keller / Rat für Gärtner
            """),
            split_phrases("""
                die Hausfrau / der Arzt / ein kluger Gärtner / die Großmutter / das Kind / der Apotheker / die Köchin
            """),
            split_deeds("""
                hat | die Äpfel auf Stroh gelegt / rät | zu kaltem Wasser / wird | den Husten bald los /
                hat | Salz an die Wurzeln gestreut / kocht | die Suppe ohne Fett / hat | das Fieber mit Tee vertrieben /
                soll | nur bei offenem Fenster schlafen
            """),
        ),
    ),
    frames=split_phrases("""
        {S} {V} {T} {R}. / {T} {V} {S} {R}. / {S} {V} {T} {P} {R}. / {P} {V} {S} {T} {R}. / Aus {C} wird
        gemeldet: {S} {V} {T} {R}. / {T} {V} {S}, {L}, {R}. / {S} {V} {R}; {P} {V2} {S2} {R2}. / Wie man
        aus {C} schreibt, {V} {S} {T} {R}. / Auch {S} {V} {T} {R}, und {S2} {V2} {R2}. / {S} {V} {R}.
    """),
    times=split_phrases("""
        gestern / am Montag / in der letzten Nacht / vor wenigen Tagen / gegen Abend / um die
        Mittagszeit / am Ende der Woche / heute früh / nach langer Beratung / zum ersten Mal / seit dem
        Herbst / im Laufe des Jahres
    """),
    places=split_phrases("""
        in der Vorstadt / auf dem Markt / unweit der Kirche / am Ufer / im großen Saal / vor vielen
        Zuhörern / in unserer Stadt / an der Grenze / auf der Straße nach Süden
    """),
    tails=split_phrases("""
        wie wir hören / so sagt man / ohne ein Wort zu verlieren / zur Freude aller / trotz des Regens /
        wie zu erwarten war
    """),
    cities=split_phrases("""
        Altheim / Neustadt / Bergen / Rosenau / Lindach / Waldkirch / Seefeld / Hohenau / Marbach /
        Grünau
    """),
    names=split_phrases("""
        Keller / Vogt / Amberg / Hofer / Lindner / Brandt / Seiler / Winkler / Bauer / Steiner / Falk /
        Ritter
    """),
    goods=split_phrases("""
        Feine Tuche / Frischer Kaffee / Nähmaschinen / Öfen und Herde / Hüte / Gartensamen / Schöne
        Wohnung / Ein Klavier / Stiefel / Seife / Ein tüchtiger Knecht / Kohlen / Uhren / Bettfedern /
        Landhaus
    """),
    praises=split_phrases("""
        billig zu verkaufen / in großer Auswahl / stets vorrätig bei / wird gesucht von / zu vermieten /
        solid und dauerhaft / eingetroffen bei / nur kurze Zeit / Preise auf Anfrage / im Hause zur
        Linde
    """),
    papers=split_phrases("""
        Der Stadtbote / Allgemeiner Anzeiger / Neue Landeszeitung / Tagblatt / Abendpost / Der
        Volksfreund
    """),
    datelines=split_phrases("""
        Erscheint täglich außer Sonntag / Preis der Nummer 5 Pfennig / Vierter Jahrgang / Nummer {N} /
        Druck und Verlag von {W} / {C}, Montag den {D}. März / Bezug durch alle Postämter
    """),
    notices=split_phrases(
        "Bekanntmachung / An unsere Leser / Versteigerung / Danksagung / Einladung / Warnung"
    ),
    closings=split_phrases("""
        Mehr folgt. / So blieb es. / Das ist alles. / Näheres folgt morgen. / Die Ursache ist unbekannt. /
        Niemand weiß mehr. / Man ist zufrieden. / Es war spät geworden. / Das Ende steht noch aus. /
        Wir kommen darauf zurück. / Der Rest ist bekannt.
    """),
)
