<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>DLPFCSegmenter</name>
        <message>
            <source>DLPFC Segmenter</source>
            <translation>DLPFC Segmenter</translation>
        </message>
        <message>
            <source>Finds the dorsolateral prefrontal cortex (DLPFC) in a T1-weighted MRI with a Mask R-CNN, marks the stimulation target at its centroid and the landmark of the 5-cm rule on the scalp.&lt;br&gt;&lt;b&gt;Research use only. Not a medical device; not for diagnosis or treatment.&lt;/b&gt;</source>
            <translation>Findet den dorsolateralen präfrontalen Kortex (DLPFC) in einem T1-gewichteten MRT mit einem Mask R-CNN und markiert den Zielpunkt der Stimulation in seinem Schwerpunkt und die Landmarke der 5-cm-Regel auf der Kopfhaut.&lt;br&gt;&lt;b&gt;Nur für die Forschung. Kein Medizinprodukt; nicht für Diagnose oder Behandlung.&lt;/b&gt;</translation>
        </message>
        <message>
            <source>The network is torchvision's Mask R-CNN. The sources of its training data and their terms are in the model card.</source>
            <translation>Das Netz ist das Mask R-CNN von torchvision. Die Quellen seiner Trainingsdaten und deren Bedingungen stehen in der Modellkarte.</translation>
        </message>
        <message>
            <source>PyTorch is being installed; wait until that has ended.</source>
            <translation>PyTorch wird gerade installiert; bitte das Ende abwarten.</translation>
        </message>
        <message>
            <source>PyTorch was not installed{reason}, so nothing was segmented; press Segment to be asked again.</source>
            <translation>PyTorch wurde nicht installiert{reason}, daher wurde nichts segmentiert; für eine neue Nachfrage noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>Python packages are being installed; wait until that has ended.</source>
            <translation>Python-Pakete werden gerade installiert; bitte das Ende abwarten.</translation>
        </message>
        <message>
            <source>The Python packages {names} are needed and were not installed{reason}; try again to be asked.</source>
            <translation>Die Python-Pakete {names} werden gebraucht und wurden nicht installiert{reason}; für eine neue Nachfrage noch einmal versuchen.</translation>
        </message>
        <message>
            <source>The extension 'PyTorch' is missing; install it with Slicer's Extensions Manager, restart Slicer and press Segment again.</source>
            <translation>Die Erweiterung „PyTorch“ fehlt; bitte im Erweiterungs-Manager von Slicer installieren, Slicer neu starten und noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>The Python packages {names} will be downloaded and installed into Slicer.</source>
            <translation>Die Python-Pakete {names} werden heruntergeladen und in Slicer installiert.</translation>
        </message>
        <message>
            <source>Nothing was saved.</source>
            <translation>Es wurde nichts gespeichert.</translation>
        </message>
        <message>
            <source>What was saved is not known ({reason}); look into the folder.</source>
            <translation>Was gespeichert wurde, ist nicht bekannt ({reason}); bitte im Ordner nachsehen.</translation>
        </message>
        <message>
            <source>Folder for scans and corrected masks</source>
            <translation>Ordner für Aufnahmen und korrigierte Masken</translation>
        </message>
        <message>
            <source>{folder} holds {names} already. Replace them by this correction?</source>
            <translation>{folder} enthält bereits {names}. Durch diese Korrektur ersetzen?</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Wird gespeichert…</translation>
        </message>
        <message>
            <source>Saved {files} in {folder}.</source>
            <translation>{files} wurden in {folder} gespeichert.</translation>
        </message>
        <message>
            <source>The scan could not be handed to the worker in '{place}' ({reason}); make room on the disk.</source>
            <translation>Die Aufnahme konnte nicht in „{place}“ an den Hilfsprozess übergeben werden ({reason}); bitte Platz auf dem Datenträger schaffen.</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>Beginnt…</translation>
        </message>
        <message>
            <source>Cancelling…</source>
            <translation>Wird abgebrochen…</translation>
        </message>
        <message>
            <source>Cancelled: the scene was closed.</source>
            <translation>Abgebrochen: Die Szene wurde geschlossen.</translation>
        </message>
        <message>
            <source>The worker's answer cannot be read ({reason}).</source>
            <translation>Die Antwort des Hilfsprozesses ist nicht lesbar ({reason}).</translation>
        </message>
        <message>
            <source>{doing} died (code {code}), most often for lack of memory.</source>
            <translation>{doing}: unerwartet zu Ende (Code {code}), meist aus Mangel an Arbeitsspeicher.</translation>
        </message>
        <message>
            <source>Python could not be started: {program}</source>
            <translation>Python konnte nicht gestartet werden: {program}</translation>
        </message>
        <message>
            <source>{doing}: the computer ran out of memory ({reason}); close other programs and try again.</source>
            <translation>{doing}: Der Arbeitsspeicher reicht nicht ({reason}); bitte andere Programme schließen und noch einmal versuchen.</translation>
        </message>
        <message>
            <source>{doing} was stopped by a fault of this program ({reason}); please report it.</source>
            <translation>{doing}: durch einen Fehler dieses Programms abgebrochen ({reason}); bitte melden.</translation>
        </message>
        <message>
            <source>The log is {path}.</source>
            <translation>Das Protokoll ist {path}.</translation>
        </message>
        <message>
            <source>The volume was removed while it was segmented.</source>
            <translation>Die Aufnahme wurde während der Segmentierung entfernt.</translation>
        </message>
        <message>
            <source>The result could not be shown ({reason}); Slicer's error log has the details.</source>
            <translation>Das Ergebnis konnte nicht gezeigt werden ({reason}); Näheres steht im Fehlerprotokoll von Slicer.</translation>
        </message>
        <message>
            <source>z {z:.2f} with the subgenual cingulate</source>
            <translation>z {z:.2f} mit dem subgenualen Cingulum</translation>
        </message>
        <message>
            <source>Circuit {rank}</source>
            <translation>Netzwerk {rank}</translation>
        </message>
        <message>
            <source>Not exported: the {side} mask is empty, and no target was placed.</source>
            <translation>Nicht exportiert: Die Maske {side} ist leer, und kein Zielpunkt wurde gesetzt.</translation>
        </message>
        <message>
            <source>Not exported: the {side} target was deleted.</source>
            <translation>Nicht exportiert: Der Zielpunkt {side} wurde gelöscht.</translation>
        </message>
        <message>
            <source>There is nothing to export yet: press Segment.</source>
            <translation>Es gibt noch nichts zu exportieren: „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>The registration that '{volume}' holds is damaged or of another version; touch the points again.</source>
            <translation>Die Registrierung, die '{volume}' enthält, ist beschädigt oder von einer anderen Version; berühren Sie die Punkte noch einmal.</translation>
        </message>
        <message>
            <source>placed by hand</source>
            <translation>von Hand gesetzt</translation>
        </message>
        <message>
            <source>'{volume}' was moved while it was segmented; press Segment again.</source>
            <translation>„{volume}“ wurde während der Segmentierung verschoben; noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>'{volume}' got another image while it was segmented; press Segment again.</source>
            <translation>„{volume}“ bekam während der Segmentierung ein anderes Bild; noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>'{node}' was made by another version of this module; press Segment again.</source>
            <translation>„{node}“ stammt von einer anderen Version dieses Moduls; noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>{path}: is no rotation and shift in mm; calibrate the coil again.</source>
            <translation>{path}: ist keine Drehung und Verschiebung in mm; bitte die Spule noch einmal kalibrieren.</translation>
        </message>
        <message>
            <source>its tip is no place in mm</source>
            <translation>seine Spitze ist kein Ort in mm</translation>
        </message>
        <message>
            <source>'{node}' {reason}</source>
            <translation>„{node}“ {reason}</translation>
        </message>
        <message>
            <source>Select a T1 volume first.</source>
            <translation>Bitte zuerst eine T1-Aufnahme wählen.</translation>
        </message>
        <message>
            <source>{folder}: its scan {file} is not there; load it, choose it above and open the results again.</source>
            <translation>{folder}: Die Aufnahme {file} dazu fehlt; bitte laden, oben wählen und die Ergebnisse noch einmal öffnen.</translation>
        </message>
        <message>
            <source>A transform changes the size of this scan: lengths in mm are those of the transformed head.</source>
            <translation>Eine Transformation verändert die Größe dieser Aufnahme: Längen in mm sind die des transformierten Kopfes.</translation>
        </message>
        <message>
            <source>is under a transform that bends it; harden the transform or remove it.</source>
            <translation>steht unter einer Transformation, die verbiegt; bitte die Transformation anwenden (harden) oder entfernen.</translation>
        </message>
        <message>
            <source>is under a transform that mirrors it: left would become right; remove it.</source>
            <translation>steht unter einer Transformation, die spiegelt: Links würde zu rechts; bitte entfernen.</translation>
        </message>
        <message>
            <source>is not a T1 scan (it is a {kind}); select a scalar volume.</source>
            <translation>ist keine T1-Aufnahme (sondern {kind}); bitte ein skalares Volumen wählen.</translation>
        </message>
        <message>
            <source>is a map by connectivity, no T1 scan; select the scan.</source>
            <translation>ist eine Karte der Konnektivität und kein T1-Scan; wählen Sie den Scan.</translation>
        </message>
        <message>
            <source>holds no image; load it again.</source>
            <translation>enthält kein Bild; bitte noch einmal laden.</translation>
        </message>
        <message>
            <source>has several values a voxel (colour, vector or time); extract one frame first.</source>
            <translation>hat mehrere Werte je Voxel (Farbe, Vektor oder Zeit); bitte zuerst ein Einzelbild herauslösen.</translation>
        </message>
        <message>
            <source>is a single slice; a 3-D scan is needed.</source>
            <translation>ist eine einzelne Schicht; es braucht eine 3-D-Aufnahme.</translation>
        </message>
        <message>
            <source>A batch is running: wait for its end or cancel it under Batch.</source>
            <translation>Ein Stapel läuft: Ende abwarten oder unter „Stapel“ abbrechen.</translation>
        </message>
        <message>
            <source>A volume is being segmented: wait for its end or cancel it under {section}.</source>
            <translation>Eine Aufnahme wird segmentiert: Ende abwarten oder unter „{section}“ abbrechen.</translation>
        </message>
        <message>
            <source>Weights file:</source>
            <translation>Gewichtsdatei:</translation>
        </message>
        <message>
            <source>Weights for {region}:</source>
            <translation>Gewichte für {region}:</translation>
        </message>
        <message>
            <source>Choose your weights file under Advanced, or the shipped model.</source>
            <translation>Bitte unter „Erweitert“ die eigene Gewichtsdatei wählen, oder das mitgelieferte Modell.</translation>
        </message>
        <message>
            <source>Shipped: {name}</source>
            <translation>Mitgeliefert: {name}</translation>
        </message>
        <message>
            <source>Shipped with the module</source>
            <translation>Mit dem Modul geliefert</translation>
        </message>
        <message>
            <source>Shipped: {network} alone</source>
            <translation>Mitgeliefert: nur {network}</translation>
        </message>
        <message>
            <source>My own weights file</source>
            <translation>Eigene Gewichtsdatei</translation>
        </message>
        <message>
            <source>Left</source>
            <translation>Links</translation>
        </message>
        <message>
            <source>Right</source>
            <translation>Rechts</translation>
        </message>
        <message>
            <source>Left and right</source>
            <translation>Links und rechts</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>Processor (CPU)</source>
            <translation>Prozessor (CPU)</translation>
        </message>
        <message>
            <source>NVIDIA GPU (CUDA)</source>
            <translation>NVIDIA-Grafikkarte (CUDA)</translation>
        </message>
        <message>
            <source>Estimated from anatomy</source>
            <translation>Aus der Anatomie geschätzt</translation>
        </message>
        <message>
            <source>Placed by me</source>
            <translation>Selbst gesetzt</translation>
        </message>
        <message>
            <source>Centroid of the mask</source>
            <translation>Schwerpunkt der Maske</translation>
        </message>
        <message>
            <source>Mask point nearest the scalp</source>
            <translation>Punkt der Maske, der der Kopfhaut am nächsten liegt</translation>
        </message>
        <message>
            <source>Circuit (needs resting-state fMRI)</source>
            <translation>Netzwerk (braucht Ruhe-fMRT)</translation>
        </message>
        <message>
            <source>All volumes of the scene</source>
            <translation>Alle Volumen der Szene</translation>
        </message>
        <message>
            <source>All scans in a folder</source>
            <translation>Alle Aufnahmen eines Ordners</translation>
        </message>
        <message>
            <source>{counts}; table in {path}.</source>
            <translation>{counts}; Tabelle in {path}.</translation>
        </message>
        <message>
            <source>{count} done</source>
            <translation>{count} fertig</translation>
        </message>
        <message>
            <source>{count} finished before</source>
            <translation>{count} schon vorher fertig</translation>
        </message>
        <message>
            <source>{count} failed</source>
            <translation>{count} fehlgeschlagen</translation>
        </message>
        <message>
            <source>running, {step} {done} of {total}</source>
            <translation>läuft, {step} {done} von {total}</translation>
        </message>
        <message>
            <source>Choose a folder for the results first.</source>
            <translation>Bitte zuerst einen Ordner für die Ergebnisse wählen.</translation>
        </message>
        <message>
            <source>The target 'Circuit' takes the fMRI that fMRIPrep wrote beside each T1: choose 'All scans in a folder', or another target under Targets.</source>
            <translation>Das Ziel 'Netzwerk' nimmt das fMRT, das fMRIPrep neben jedes T1 geschrieben hat: wählen Sie 'Alle Aufnahmen eines Ordners' oder unter Ziele ein anderes Ziel.</translation>
        </message>
        <message>
            <source>Choose the folder with the scans first.</source>
            <translation>Bitte zuerst den Ordner mit den Aufnahmen wählen.</translation>
        </message>
        <message>
            <source>Looking for scans…</source>
            <translation>Aufnahmen werden gesucht…</translation>
        </message>
        <message>
            <source>Scan {number} of {total}: {name}</source>
            <translation>Aufnahme {number} von {total}: {name}</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>beginnt</translation>
        </message>
        <message>
            <source>The volume was removed.</source>
            <translation>Die Aufnahme wurde entfernt.</translation>
        </message>
        <message>
            <source>{count} without a {region}</source>
            <translation>{count} ohne {region}</translation>
        </message>
        <message>
            <source>Cancelled.</source>
            <translation>Abgebrochen.</translation>
        </message>
        <message>
            <source>There is no volume in the scene.</source>
            <translation>In der Szene ist kein Volumen.</translation>
        </message>
        <message>
            <source>The result is not in {folder} any more.</source>
            <translation>Das Ergebnis ist nicht mehr in {folder}.</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>abgebrochen</translation>
        </message>
        <message>
            <source>Cancelled. {summary}</source>
            <translation>Abgebrochen. {summary}</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Run batch</source>
            <translation>Stapel starten</translation>
        </message>
        <message>
            <source>Cancelled; the scene is as it was.</source>
            <translation>Abgebrochen; die Szene ist, wie sie war.</translation>
        </message>
        <message>
            <source>What the fMRI says cannot be read ({reason}).</source>
            <translation>Das Ergebnis des fMRT kann nicht gelesen werden ({reason}).</translation>
        </message>
        <message>
            <source>{side}: {told}</source>
            <translation>{side}: {told}</translation>
        </message>
        <message>
            <source>There is no mask to look in: press Segment, or draw one under Correct.</source>
            <translation>Es gibt noch keine Maske, in der gesucht werden kann: drücken Sie Segmentieren oder zeichnen Sie eine unter Korrigieren.</translation>
        </message>
        <message>
            <source>MNI space was not found in '{scan}', so the subgenual cingulate is not known.</source>
            <translation>Der MNI-Raum wurde in '{scan}' nicht gefunden, daher ist das subgenuale Cingulum nicht bekannt.</translation>
        </message>
        <message>
            <source>{step}: {done} of {total}</source>
            <translation>{step}: {done} von {total}</translation>
        </message>
        <message>
            <source>Choose the resting-state fMRI first: a sequence of the scene or its file.</source>
            <translation>Wählen Sie zuerst das Ruhe-fMRT: eine Sequenz der Szene oder deren Datei.</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>Auswerten</translation>
        </message>
        <message>
            <source>The volume was removed while its fMRI was looked at.</source>
            <translation>Das Volumen wurde entfernt, während sein fMRT ausgewertet wurde.</translation>
        </message>
        <message>
            <source>The mask was made anew or removed meanwhile: press Run again.</source>
            <translation>Die Maske wurde inzwischen neu gemacht oder entfernt: drücken Sie erneut Auswerten.</translation>
        </message>
        <message>
            <source>The {side} mask was changed since the fMRI was looked at: press Run again.</source>
            <translation>Die Maske ({side}) wurde seit der Auswertung des fMRT geändert: drücken Sie erneut Auswerten.</translation>
        </message>
        <message>
            <source>• {place}: z {z:.2f}</source>
            <translation>• {place}: z {z:.2f}</translation>
        </message>
        <message>
            <source>'{node}' is of no file yet: save it as 4-D NIfTI (.nii.gz) first.</source>
            <translation>'{node}' hat noch keine Datei: speichern Sie es zuerst als 4-D-NIfTI (.nii.gz).</translation>
        </message>
        <message>
            <source>The target follows the mask.</source>
            <translation>Der Zielpunkt folgt der Maske.</translation>
        </message>
        <message>
            <source>{number} of {total}, at S {height:.0f} mm</source>
            <translation>{number} von {total}, bei S {height:.0f} mm</translation>
        </message>
        <message>
            <source>There is no mask to correct yet: press Segment.</source>
            <translation>Es gibt noch keine Maske zu korrigieren: „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>The target was deleted.</source>
            <translation>Der Zielpunkt wurde gelöscht.</translation>
        </message>
        <message>
            <source>The target was moved by hand: it stays where it is while the mask is edited.</source>
            <translation>Der Zielpunkt wurde von Hand verschoben: Er bleibt, wo er ist, während die Maske bearbeitet wird.</translation>
        </message>
        <message>
            <source>The mask is empty, so there is no target.</source>
            <translation>Die Maske ist leer, daher gibt es keinen Zielpunkt.</translation>
        </message>
        <message>
            <source>Cancelled; nothing was exported.</source>
            <translation>Abgebrochen; es wurde nichts exportiert.</translation>
        </message>
        <message>
            <source>What was exported is not known ({reason}); look into the folder.</source>
            <translation>Was exportiert wurde, ist nicht bekannt ({reason}); bitte im Ordner nachsehen.</translation>
        </message>
        <message>
            <source>Wrote into {folder}:</source>
            <translation>In {folder} geschrieben:</translation>
        </message>
        <message>
            <source>Not written, {title}: {reason}</source>
            <translation>Nicht geschrieben, {title}: {reason}</translation>
        </message>
        <message>
            <source>Writing {format}…</source>
            <translation>{format} wird geschrieben…</translation>
        </message>
        <message>
            <source>All but: {points}</source>
            <translation>Alle außer: {points}</translation>
        </message>
        <message>
            <source>All points</source>
            <translation>Alle Punkte</translation>
        </message>
        <message>
            <source>Choose a folder for the files first.</source>
            <translation>Bitte zuerst einen Ordner für die Dateien wählen.</translation>
        </message>
        <message>
            <source>• {names}: {contents}</source>
            <translation>• {names}: {contents}</translation>
        </message>
        <message>
            <source>Told once the package nibabel is installed: Export asks.</source>
            <translation>Bekannt, sobald das Paket nibabel installiert ist: „Exportieren“ fragt danach.</translation>
        </message>
        <message>
            <source>Looking…</source>
            <translation>Wird geprüft…</translation>
        </message>
        <message>
            <source>Not known. {reason}</source>
            <translation>Nicht bekannt. {reason}</translation>
        </message>
        <message>
            <source>Tick a format that this scan has.</source>
            <translation>Bitte ein Format ankreuzen, das es für diese Aufnahme gibt.</translation>
        </message>
        <message>
            <source>{folder} holds {names} already. Replace them by this export?</source>
            <translation>{folder} enthält bereits {names}. Durch diesen Export ersetzen?</translation>
        </message>
        <message>
            <source>Nothing was exported.</source>
            <translation>Es wurde nichts exportiert.</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <source>{page} was written; open it in a web browser.</source>
            <translation>{page} wurde geschrieben; bitte in einem Browser öffnen.</translation>
        </message>
        <message>
            <source>Kept: {label}; Export writes it.</source>
            <translation>Festgehalten: {label}; der Export schreibt es.</translation>
        </message>
        <message>
            <source>Touch the fiducials and sweep the scalp first.</source>
            <translation>Erst die Kopfpunkte berühren und die Kopfhaut abfahren.</translation>
        </message>
        <message>
            <source>There is no planned coil any more.</source>
            <translation>Es gibt keine geplante Spule mehr.</translation>
        </message>
        <message>
            <source>LOST: {lost}</source>
            <translation>VERLOREN: {lost}</translation>
        </message>
        <message>
            <source>Beam F3/F4 by tape: {x:.1f} cm from the midline around the head, {y:.1f} cm from the vertex.</source>
            <translation>Beam F3/F4 mit dem Maßband: {x:.1f} cm von der Mittellinie um den Kopf, {y:.1f} cm vom Vertex.</translation>
        </message>
        <message>
            <source>The small flap in front of the ear canal, where it meets the cheek, on the person's own {side}.</source>
            <translation>Der kleine Vorsprung vor dem Gehörgang, wo er in die Wange übergeht, auf der Seite der Person selbst: {side}.</translation>
        </message>
        <message>
            <source>For Beam F3 on the scalp, place these too: {points}.</source>
            <translation>Für Beam F3 auf der Kopfhaut auch diese setzen: {points}.</translation>
        </message>
        <message>
            <source>The deepest point of the bridge of the nose, in the midline.</source>
            <translation>Der tiefste Punkt der Nasenwurzel, in der Mittellinie.</translation>
        </message>
        <message>
            <source>The tip of the bony bump at the back of the head, in the midline.</source>
            <translation>Die Spitze des Knochenhöckers am Hinterkopf, in der Mittellinie.</translation>
        </message>
        <message>
            <source>placed</source>
            <translation>gesetzt</translation>
        </message>
        <message>
            <source>not placed</source>
            <translation>nicht gesetzt</translation>
        </message>
        <message>
            <source>Laying the tapes…</source>
            <translation>Die Maßbänder werden angelegt…</translation>
        </message>
        <message>
            <source>Measuring the head between the four points…</source>
            <translation>Der Kopf wird zwischen den vier Punkten vermessen…</translation>
        </message>
        <message>
            <source>{side}, no coil</source>
            <translation>{side}, keine Spule</translation>
        </message>
        <message>
            <source>File of targets or of a mask</source>
            <translation>Datei mit Zielpunkten oder einer Maske</translation>
        </message>
        <message>
            <source>Targets taken from {file}: {count}.</source>
            <translation>Zielpunkte aus {file}: {count}.</translation>
        </message>
        <message>
            <source>left</source>
            <translation>links</translation>
        </message>
        <message>
            <source>right</source>
            <translation>rechts</translation>
        </message>
        <message>
            <source>side not known</source>
            <translation>Seite nicht bekannt</translation>
        </message>
        <message>
            <source>Reading {file}…</source>
            <translation>{file} wird gelesen…</translation>
        </message>
        <message>
            <source>{target}: {warning}</source>
            <translation>{target}: {warning}</translation>
        </message>
        <message>
            <source>Touched at {time}, before this session: it holds only if the tool on the head has not been moved since. Touch a point to check that, or start anew.</source>
            <translation>Berührt am {time}, vor dieser Sitzung: Das gilt nur, wenn das Werkzeug am Kopf seither nicht bewegt wurde. Berühren Sie zur Prüfung einen Punkt, oder beginnen Sie neu.</translation>
        </message>
        <message>
            <source>The tip lies at {x:.1f}, {y:.1f}, {z:.1f} mm; it rested within {residual:.2f} mm.</source>
            <translation>Die Spitze liegt bei {x:.1f}, {y:.1f}, {z:.1f} mm; sie ruhte auf {residual:.2f} mm genau.</translation>
        </message>
        <message>
            <source>'{volume}' was changed or moved since it was planned on; press Segment again.</source>
            <translation>„{volume}“ wurde seit der Planung geändert oder verschoben; noch einmal „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>Touched: {points}</source>
            <translation>Berührt: {points}</translation>
        </message>
        <message>
            <source>Swept: {count} points</source>
            <translation>Abgefahren: {count} Punkte</translation>
        </message>
        <message>
            <source>Guided to the {side} target</source>
            <translation>Geführt zum Zielpunkt {side}</translation>
        </message>
        <message>
            <source>The pointer is lost: {lost}</source>
            <translation>Der Zeiger ist verloren: {lost}</translation>
        </message>
        <message>
            <source>End the sweep</source>
            <translation>Abfahren beenden</translation>
        </message>
        <message>
            <source>Sweep</source>
            <translation>Abfahren</translation>
        </message>
        <message>
            <source>End the pivot</source>
            <translation>Drehen beenden</translation>
        </message>
        <message>
            <source>Pivot</source>
            <translation>Drehen</translation>
        </message>
        <message>
            <source>Plan first: there is no coil to be led to.</source>
            <translation>Erst planen: Es gibt keine Spule, zu der geführt werden kann.</translation>
        </message>
        <message>
            <source>Place nasion, inion and tragi under Targets, Head measures.</source>
            <translation>Nasion, Inion und Tragi unter Zielpunkte, Kopfmaße setzen.</translation>
        </message>
        <message>
            <source>Press 'Plan by hand' to place the target or draw the mask yourself, with Beam F3, 10-20 and published points as far as the scan allows; all of it can be exported.</source>
            <translation>„Von Hand planen“ drücken, um den Zielpunkt selbst zu setzen oder die Maske selbst zu zeichnen, mit Beam F3, 10-20 und veröffentlichten Punkten, soweit die Aufnahme es erlaubt; alles lässt sich exportieren.</translation>
        </message>
        <message>
            <source>Find the region in the selected volume and mark target, motor hotspot and 5-cm landmark. {key}.</source>
            <translation>Die Region in der gewählten Aufnahme finden und Zielpunkt, motorischen Hotspot und 5-cm-Landmarke markieren. {key}.</translation>
        </message>
        <message>
            <source>{scan}, {side}: {figures}</source>
            <translation>{scan}, {side}: {figures}</translation>
        </message>
        <message>
            <source>Done in {seconds:.0f} s – {place}.</source>
            <translation>Fertig in {seconds:.0f} s – {place}.</translation>
        </message>
        <message>
            <source>Folder with the results of one scan</source>
            <translation>Ordner mit den Ergebnissen einer Aufnahme</translation>
        </message>
        <message>
            <source>Done in {seconds:.0f} s.</source>
            <translation>Fertig in {seconds:.0f} s.</translation>
        </message>
        <message>
            <source>No result for this volume yet.</source>
            <translation>Noch kein Ergebnis für diese Aufnahme.</translation>
        </message>
        <message>
            <source>Opened the results in {folder}.</source>
            <translation>Die Ergebnisse in {folder} wurden geöffnet.</translation>
        </message>
        <message>
            <source>Segment</source>
            <translation>Segmentieren</translation>
        </message>
        <message>
            <source>Stop; the scene stays as it is.</source>
            <translation>Anhalten; die Szene bleibt, wie sie ist.</translation>
        </message>
        <message>
            <source>{volume:.1f} ml</source>
            <translation>{volume:.1f} ml</translation>
        </message>
        <message>
            <source>no mask</source>
            <translation>keine Maske</translation>
        </message>
        <message>
            <source>by hand</source>
            <translation>von Hand</translation>
        </message>
        <message>
            <source>{step}…</source>
            <translation>{step}…</translation>
        </message>
        <message>
            <source>Ready: draw the mask under Correct, or place the target in the table under Targets.</source>
            <translation>Bereit: unter „Korrigieren“ die Maske zeichnen, oder unter „Zielpunkte“ in der Tabelle den Zielpunkt setzen.</translation>
        </message>
        <message>
            <source>edited by hand</source>
            <translation>von Hand bearbeitet</translation>
        </message>
        <message>
            <source>Place the motor hotspot first, or choose 'Estimated from anatomy' under Targets.</source>
            <translation>Bitte zuerst den motorischen Hotspot setzen, oder unter „Zielpunkte“ „Aus der Anatomie geschätzt“ wählen.</translation>
        </message>
        <message>
            <source>In mm, in Slicer's world: the scan '{scan}' is under a transform.</source>
            <translation>In mm, in Slicers Weltkoordinaten: Die Aufnahme „{scan}“ steht unter einer Transformation.</translation>
        </message>
        <message>
            <source>Left: {place}</source>
            <translation>Links: {place}</translation>
        </message>
        <message>
            <source>Right: {place}</source>
            <translation>Rechts: {place}</translation>
        </message>
        <message>
            <source>In mm, in the space of the scan '{scan}'.</source>
            <translation>In mm, im Raum der Aufnahme „{scan}“.</translation>
        </message>
        <message>
            <source>The hotspot was never estimated in this result: press Segment.</source>
            <translation>Der Hotspot wurde in diesem Ergebnis nie geschätzt: „Segmentieren“ drücken.</translation>
        </message>
        <message>
            <source>{place} (RAS {ras})</source>
            <translation>{place} (RAS {ras})</translation>
        </message>
        <message>
            <source>{voxels} voxels of {spacing} mm, axes {axes}</source>
            <translation>{voxels} Voxel von {spacing} mm, Achsen {axes}</translation>
        </message>
        <message>
            <source>Looking for scalp and skull…</source>
            <translation>Kopfhaut und Schädel werden gesucht…</translation>
        </message>
        <message>
            <source>Whether the scan shows a scalp is not known. {reason}</source>
            <translation>Ob die Aufnahme Kopfhaut zeigt, ist nicht bekannt. {reason}</translation>
        </message>
        <message>
            <source>The sample head could not be loaded.</source>
            <translation>Der Beispielkopf konnte nicht geladen werden.</translation>
        </message>
        <message>
            <source>No scalp: {reason}</source>
            <translation>Keine Kopfhaut: {reason}</translation>
        </message>
        <message>
            <source>Scalp and skull are seen.</source>
            <translation>Kopfhaut und Schädel sind zu sehen.</translation>
        </message>
        <message>
            <source>'{scan}' was removed from the scene.</source>
            <translation>„{scan}“ wurde aus der Szene entfernt.</translation>
        </message>
        <message>
            <source>Scan</source>
            <translation>Aufnahme</translation>
        </message>
        <message>
            <source>Name of the scan.</source>
            <translation>Name der Aufnahme.</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Stand</translation>
        </message>
        <message>
            <source>How far it is.</source>
            <translation>Wie weit es ist.</translation>
        </message>
        <message>
            <source>ml</source>
            <translation>ml</translation>
        </message>
        <message>
            <source>Size of the mask.</source>
            <translation>Größe der Maske.</translation>
        </message>
        <message>
            <source>Centroid, mm</source>
            <translation>Schwerpunkt, mm</translation>
        </message>
        <message>
            <source>Middle of the mask, RAS.</source>
            <translation>Mitte der Maske, RAS.</translation>
        </message>
        <message>
            <source>± mm</source>
            <translation>± mm</translation>
        </message>
        <message>
            <source>Error of the centroid that is exceeded in one of ten such scans.</source>
            <translation>Fehler des Schwerpunkts, der bei einer von zehn solchen Aufnahmen übertroffen wird.</translation>
        </message>
        <message>
            <source>s</source>
            <translation>s</translation>
        </message>
        <message>
            <source>Time that it took.</source>
            <translation>Benötigte Zeit.</translation>
        </message>
        <message>
            <source>Remarks</source>
            <translation>Bemerkungen</translation>
        </message>
        <message>
            <source>What to keep in mind.</source>
            <translation>Was zu beachten ist.</translation>
        </message>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>finished before, not run again</source>
            <translation>schon vorher fertig, nicht noch einmal gerechnet</translation>
        </message>
        <message>
            <source>no {region} found</source>
            <translation>{region} nicht gefunden</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>fehlgeschlagen</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>Space</source>
            <translation>Raum</translation>
        </message>
        <message>
            <source>Registered: fiducials {fre:.1f} mm ({each})</source>
            <translation>Registriert: Kopfpunkte {fre:.1f} mm ({each})</translation>
        </message>
        <message>
            <source>In plane {away:.1f} mm</source>
            <translation>In der Ebene {away:.1f} mm</translation>
        </message>
        <message>
            <source>Height {height:.1f} of {planned:.1f} mm</source>
            <translation>Höhe {height:.1f} von {planned:.1f} mm</translation>
        </message>
        <message>
            <source>Handle {angle:+.1f}°</source>
            <translation>Griff {angle:+.1f}°</translation>
        </message>
        <message>
            <source>Tilt {angle:.1f}°</source>
            <translation>Neigung {angle:.1f}°</translation>
        </message>
        <message>
            <source>Left out of the fit, one is off by {away:.1f} mm at most</source>
            <translation>Aus der Anpassung ausgelassen, liegt einer höchstens {away:.1f} mm daneben</translation>
        </message>
        <message>
            <source>Sweep: {rms:.1f} mm from the scalp</source>
            <translation>Abgefahren: {rms:.1f} mm von der Kopfhaut</translation>
        </message>
        <message>
            <source>Expect the entry to be off by {away:.1f} mm at least</source>
            <translation>Am Eintritt ist mit mindestens {away:.1f} mm Fehler zu rechnen</translation>
        </message>
        <message>
            <source>⚠ {warning}</source>
            <translation>⚠ {warning}</translation>
        </message>
        <message>
            <source>Click: {point}</source>
            <translation>Klick: {point}</translation>
        </message>
        <message>
            <source>Target</source>
            <translation>Zielpunkt</translation>
        </message>
        <message>
            <source>Scalp entry</source>
            <translation>Eintritt an der Kopfhaut</translation>
        </message>
        <message>
            <source>Coil</source>
            <translation>Spule</translation>
        </message>
        <message>
            <source>Motor hotspot</source>
            <translation>Motorischer Hotspot</translation>
        </message>
        <message>
            <source>5-cm landmark</source>
            <translation>5-cm-Landmarke</translation>
        </message>
        <message>
            <source>Beam F3/F4 and 10-20</source>
            <translation>Beam F3/F4 und 10-20</translation>
        </message>
        <message>
            <source>Published points</source>
            <translation>Veröffentlichte Punkte</translation>
        </message>
        <message>
            <source>Places by connectivity</source>
            <translation>Orte nach Konnektivität</translation>
        </message>
        <message>
            <source>Fiducials</source>
            <translation>Bezugspunkte</translation>
        </message>
        <message>
            <source>Beam F3/F4</source>
            <translation>Beam F3/F4</translation>
        </message>
        <message>
            <source>Beam F3/F4, adjusted</source>
            <translation>Beam F3/F4, angepasst</translation>
        </message>
        <message>
            <source>Beam 2022, anterior</source>
            <translation>Beam 2022, anterior</translation>
        </message>
        <message>
            <source>Beam 2022, posterior</source>
            <translation>Beam 2022, posterior</translation>
        </message>
        <message>
            <source>F3/F4 (10-20)</source>
            <translation>F3/F4 (10-20)</translation>
        </message>
        <message>
            <source>has no place</source>
            <translation>hat keinen Ort</translation>
        </message>
        <message>
            <source>automatic</source>
            <translation>automatisch</translation>
        </message>
        <message>
            <source>estimated</source>
            <translation>geschätzt</translation>
        </message>
        <message>
            <source>The scalp nearest to the target, and the coil over it; the distance is the target's depth.</source>
            <translation>Die Kopfhaut, die dem Zielpunkt am nächsten liegt, und die Spule darüber; der Abstand ist die Tiefe des Zielpunkts.</translation>
        </message>
        <message>
            <source>Scalp in 3-D</source>
            <translation>Kopfhaut in 3-D</translation>
        </message>
        <message>
            <source>Coil (target's depth)</source>
            <translation>Spule (Tiefe des Zielpunkts)</translation>
        </message>
        <message>
            <source>{length:g}-cm landmark</source>
            <translation>{length:g}-cm-Landmarke</translation>
        </message>
        <message>
            <source>moved by hand</source>
            <translation>von Hand verschoben</translation>
        </message>
        <message>
            <source>⚠ {state}</source>
            <translation>⚠ {state}</translation>
        </message>
        <message>
            <source>{point}: {action}</source>
            <translation>{point}: {action}</translation>
        </message>
        <message>
            <source>Click here, then on the point's place in a view.</source>
            <translation>Hier klicken, dann in einer Ansicht auf den Ort des Punkts.</translation>
        </message>
        <message>
            <source>Show this point in all views.</source>
            <translation>Diesen Punkt in allen Ansichten zeigen.</translation>
        </message>
        <message>
            <source>Undo what was placed or moved by hand.</source>
            <translation>Rückgängig machen, was von Hand gesetzt oder verschoben wurde.</translation>
        </message>
        <message>
            <source>{region}: {file} ({name})</source>
            <translation>{region}: {file} ({name})</translation>
        </message>
        <message>
            <source>Found: {count}</source>
            <translation>Gefunden: {count}</translation>
        </message>
        <message>
            <source>finished before</source>
            <translation>schon vorher fertig</translation>
        </message>
        <message>
            <source>not begun</source>
            <translation>nicht begonnen</translation>
        </message>
        <message>
            <source>would run</source>
            <translation>würde gerechnet</translation>
        </message>
        <message>
            <source>{folder}: holds a result of other choices ({others}); --overwrite replaces it.</source>
            <translation>{folder}: enthält ein Ergebnis mit anderen Einstellungen ({others}); --overwrite ersetzt es.</translation>
        </message>
        <message>
            <source>{folder}: was planned without a report; plan again with --overwrite for one.</source>
            <translation>{folder}: wurde ohne Bericht geplant; für einen Bericht mit --overwrite noch einmal planen.</translation>
        </message>
        <message>
            <source>{folder}: is no BIDS tree, in which participants, sessions and filters could be chosen.</source>
            <translation>{folder}: ist kein BIDS-Baum, in dem Personen, Sitzungen und Filter gewählt werden könnten.</translation>
        </message>
        <message>
            <source>{folder}: none of its {runs} scans fits --pattern {pattern}.</source>
            <translation>{folder}: Keine der {runs} Aufnahmen passt zu --pattern {pattern}.</translation>
        </message>
        <message>
            <source>{folder}: holds the scans; choose another folder for the results.</source>
            <translation>{folder}: enthält die Aufnahmen; bitte einen anderen Ordner für die Ergebnisse wählen.</translation>
        </message>
        <message>
            <source>{folder}: holds no scan; give a folder with NIfTI, NRRD, MHA or MGZ files or DICOM series.</source>
            <translation>{folder}: enthält keine Aufnahme; bitte einen Ordner mit Dateien NIfTI, NRRD, MHA oder MGZ oder mit DICOM-Serien angeben.</translation>
        </message>
        <message>
            <source>{path}: is another table than this one; move it away or choose another folder.</source>
            <translation>{path}: ist eine andere Tabelle als diese; bitte wegräumen oder einen anderen Ordner wählen.</translation>
        </message>
        <message>
            <source>--pattern {pattern}: give one of paths under {folder}, such as '*_T1w.nii.gz'.</source>
            <translation>--pattern {pattern}: bitte ein Muster für Pfade unter {folder} angeben, etwa '*_T1w.nii.gz'.</translation>
        </message>
        <message>
            <source>{path}: cannot be read ({reason}); name a weights file.</source>
            <translation>{path}: ist nicht lesbar ({reason}); bitte eine Gewichtsdatei angeben.</translation>
        </message>
        <message>
            <source>{folder}: the result has gone again.</source>
            <translation>{folder}: Das Ergebnis ist wieder verschwunden.</translation>
        </message>
        <message>
            <source>planning on {source}</source>
            <translation>Planung für {source}</translation>
        </message>
        <message>
            <source>{path}: fits the T1 as a mirror image alone, so left and right are swapped, or front and back, or above and below, or it is of another person; convert it again from the DICOM files.</source>
            <translation>{path}: passt nur als Spiegelbild auf das T1, also sind links und rechts, vorn und hinten oder oben und unten vertauscht, oder es ist von einer anderen Person; bitte noch einmal aus den DICOM-Dateien umwandeln.</translation>
        </message>
        <message>
            <source>{path}: lies {moved_mm:.0f} mm off the T1; check --bold-space, and that both are of one person.</source>
            <translation>{path}: liegt {moved_mm:.0f} mm neben dem T1; bitte --bold-space prüfen, und ob beide von einer Person sind.</translation>
        </message>
        <message>
            <source>{source}: does not lie on the T1 at all; check --bold-space, and that both are of one person.</source>
            <translation>{source}: liegt überhaupt nicht auf dem T1; bitte --bold-space prüfen, und ob beide von einer Person sind.</translation>
        </message>
        <message>
            <source>motion of {name}</source>
            <translation>Bewegung von {name}</translation>
        </message>
        <message>
            <source>{path}: its name says space-{space}; give a run in space-T1w or space-MNI152*.</source>
            <translation>{path}: Der Name sagt space-{space}; bitte einen Lauf in space-T1w oder space-MNI152* angeben.</translation>
        </message>
        <message>
            <source>{t1}: no preprocessed run of resting state lies in {person}; name the runs with --bold.</source>
            <translation>{t1}: In {person} liegt kein vorverarbeiteter Ruhelauf; bitte die Läufe mit --bold nennen.</translation>
        </message>
        <message>
            <source>{path}: its first volume shows nothing; preprocess it again.</source>
            <translation>{path}: das erste Volumen zeigt nichts; bitte noch einmal vorverarbeiten.</translation>
        </message>
        <message>
            <source>{path}: no table of confounds lies beside it; name it too (--confounds).</source>
            <translation>{path}: daneben liegt keine Tabelle der Störgrößen; geben Sie sie auch an (--confounds).</translation>
        </message>
        <message>
            <source>{path}: is no NIfTI file; convert the fMRI to 4-D NIfTI.</source>
            <translation>{path}: ist keine NIfTI-Datei; bitte das fMRT in 4-D-NIfTI umwandeln.</translation>
        </message>
        <message>
            <source>{path}: holds {held}, not a run of resting-state fMRI; give it 4-D.</source>
            <translation>{path}: enthält {held}, also keinen Ruhelauf; bitte 4-D angeben.</translation>
        </message>
        <message>
            <source>{path}: its fourth axis is not time by its header; give a run of resting-state fMRI.</source>
            <translation>{path}: Die vierte Achse ist laut Kopfdaten nicht die Zeit; bitte einen Ruhelauf angeben.</translation>
        </message>
        <message>
            <source>{path}: its header says a TR of {of_header_s:g} s and its JSON file {of_sidecar_s:g} s; mend one.</source>
            <translation>{path}: Die Kopfdaten sagen eine TR von {of_header_s:g} s und die JSON-Datei {of_sidecar_s:g} s; bitte eines berichtigen.</translation>
        </message>
        <message>
            <source>{path}: its TR of {tr_s:g} s is none of fMRI ({low:g} to {high:g} s); mend it in the header or in RepetitionTime of the JSON file beside it.</source>
            <translation>{path}: Eine TR von {tr_s:g} s gibt es im fMRT nicht ({low:g} bis {high:g} s); bitte in den Kopfdaten berichtigen, oder in RepetitionTime der JSON-Datei daneben.</translation>
        </message>
        <message>
            <source>{path}: has {rows} rows, but {name} {volumes} volumes; give the table of this run.</source>
            <translation>{path}: hat {rows} Zeilen, aber {name} {volumes} Volumen; bitte die Tabelle dieses Laufs angeben.</translation>
        </message>
        <message>
            <source>{path}: has no column {missing}; give the confounds that fMRIPrep writes.</source>
            <translation>{path}: hat keine Spalte {missing}; bitte die Störgrößen angeben, die fMRIPrep schreibt.</translation>
        </message>
        <message>
            <source>{path}: column {name} holds NaN or infinite values; give fMRIPrep's table as it was.</source>
            <translation>{path}: Spalte {name} enthält NaN oder unendliche Werte; bitte die Tabelle von fMRIPrep unverändert angeben.</translation>
        </message>
        <message>
            <source>{path}: RepetitionTime in its JSON file is {told}, no number; mend it.</source>
            <translation>{path}: RepetitionTime in der JSON-Datei ist {told}, keine Zahl; bitte berichtigen.</translation>
        </message>
        <message>
            <source>{beside}: is no JSON ({error}); mend it or move it away.</source>
            <translation>{beside}: ist kein JSON ({error}); bitte berichtigen oder wegräumen.</translation>
        </message>
        <message>
            <source>{path}: is of {key}-{one}, but {name} of {key}-{two}; give each run its own table.</source>
            <translation>{path}: gehört zu {key}-{one}, aber {name} zu {key}-{two}; bitte jedem Lauf seine eigene Tabelle geben.</translation>
        </message>
        <message>
            <source>{path}: is no table of confounds; give the TSV that fMRIPrep writes.</source>
            <translation>{path}: ist keine Tabelle von Störgrößen; bitte die TSV-Datei angeben, die fMRIPrep schreibt.</translation>
        </message>
        <message>
            <source>{path}: row {number} has {held} columns instead of {count}; give fMRIPrep's table as it was.</source>
            <translation>{path}: Zeile {number} hat {held} Spalten statt {count}; bitte die Tabelle von fMRIPrep unverändert angeben.</translation>
        </message>
        <message>
            <source>{path}: column {name} holds what is no number; give fMRIPrep's table as it was.</source>
            <translation>{path}: Spalte {name} enthält etwas, das keine Zahl ist; bitte die Tabelle von fMRIPrep unverändert angeben.</translation>
        </message>
        <message>
            <source>{path}: volume {index} has NaN or infinite values elsewhere than the first, so some lie within the head; preprocess it again.</source>
            <translation>{path}: Volumen {index} hat NaN oder unendliche Werte an anderen Stellen als das erste, also auch im Kopf; bitte noch einmal vorverarbeiten.</translation>
        </message>
        <message>
            <source>{count} volumes</source>
            <translation>{count} Volumen</translation>
        </message>
        <message>
            <source>1 volume</source>
            <translation>1 Volumen</translation>
        </message>
        <message>
            <source>Runs of fMRI: {runs}, tables of confounds: {tables}; give one table for each run, in the same order.</source>
            <translation>Läufe des fMRT: {runs}, Tabellen von Störgrößen: {tables}; bitte je Lauf eine Tabelle angeben, in derselben Reihenfolge.</translation>
        </message>
        <message>
            <source>{path}: no such file; check the path.</source>
            <translation>{path}: Diese Datei gibt es nicht; bitte den Pfad prüfen.</translation>
        </message>
        <message>
            <source>{path}: is the same run as {other}; give each run once.</source>
            <translation>{path}: ist derselbe Lauf wie {other}; bitte jeden Lauf einmal angeben.</translation>
        </message>
        <message>
            <source>{path}: holds the same data twice; give the run as it was scanned.</source>
            <translation>{path}: enthält dieselben Daten zweimal; bitte den Lauf angeben, wie er gemessen wurde.</translation>
        </message>
        <message>
            <source>{path}: {lost_mask:.0%} of the mask lies outside what it shows; give a run of this person that covers it, and check --bold-space.</source>
            <translation>{path}: {lost_mask:.0%} der Maske liegen außerhalb dessen, was er zeigt; bitte einen Lauf dieser Person angeben, der sie abdeckt, und --bold-space prüfen.</translation>
        </message>
        <message>
            <source>{path}: {wrong} of its {volumes} volumes are empty or repeat the one before, first volume {index}; convert and preprocess the run again.</source>
            <translation>{path}: {wrong} von {volumes} Volumen sind leer oder wiederholen das vorige, zuerst Volumen {index}; bitte den Lauf noch einmal umwandeln und vorverarbeiten.</translation>
        </message>
        <message>
            <source>{path}: {steady} of its {volumes} volumes are steady and without motion, which is too little; give a longer run.</source>
            <translation>{path}: {steady} von {volumes} Volumen sind ruhig und ohne Bewegung, das ist zu wenig; bitte einen längeren Lauf angeben.</translation>
        </message>
        <message>
            <source>reading {name}</source>
            <translation>{name} wird gelesen</translation>
        </message>
        <message>
            <source>{path}: goes to MNI space; give the one from-MNI*_to-T1w_mode-image_xfm.h5.</source>
            <translation>{path}: führt in den MNI-Raum; bitte from-MNI*_to-T1w_mode-image_xfm.h5 angeben.</translation>
        </message>
        <message>
            <source>{path}: puts the mask {apart:.0f} mm from where this head has it; give the transform from-MNI*_to-T1w_mode-image_xfm.h5 of this person.</source>
            <translation>{path}: legt die Maske {apart:.0f} mm neben ihren Ort in diesem Kopf; bitte die Transformation from-MNI*_to-T1w_mode-image_xfm.h5 dieser Person angeben.</translation>
        </message>
        <message>
            <source>{path}: fits the brain of this T1 worse than a plain affine does, so it is another person's or goes the other way; give from-MNI*_to-T1w_mode-image_xfm.h5 of this person.</source>
            <translation>{path}: passt schlechter auf das Gehirn dieses T1 als eine bloße affine Abbildung, ist also von einer anderen Person oder führt in die andere Richtung; bitte from-MNI*_to-T1w_mode-image_xfm.h5 dieser Person angeben.</translation>
        </message>
        <message>
            <source>{path}: comes from {from_space}, but {name} lies in {space}; give the transform from {space}.</source>
            <translation>{path}: kommt von {from_space}, aber {name} liegt in {space}; bitte die Transformation von {space} angeben.</translation>
        </message>
        <message>
            <source>{path}: is no transform of ITK; give fMRIPrep's from-MNI*_to-T1w_mode-image_xfm.h5.</source>
            <translation>{path}: ist keine Transformation von ITK; bitte from-MNI*_to-T1w_mode-image_xfm.h5 von fMRIPrep angeben.</translation>
        </message>
        <message>
            <source>fMRI needs nilearn, which is not installed: pip install 'dlpfcsegmenter[bold]'.</source>
            <translation>fMRT braucht nilearn, das nicht installiert ist: pip install 'dlpfcsegmenter[bold]'.</translation>
        </message>
        <message>
            <source>The subgenual cingulate is lost to dropout: {used} of its {places} places have a signal; use the seed map (--circuit-seed map).</source>
            <translation>Das subgenuale Cingulum ist durch Signalausfall verloren: {used} von {places} Orten haben ein Signal; bitte die Saatkarte nehmen (--circuit-seed map).</translation>
        </message>
        <message>
            <source>The group map gives no place of the brain a weight; give one in MNI mm (--group-map).</source>
            <translation>Die Gruppenkarte gibt keinem Ort des Gehirns ein Gewicht; bitte eine in MNI-mm angeben (--group-map).</translation>
        </message>
        <message>
            <source>The seed has no signal; check the fMRI.</source>
            <translation>Die Saatregion hat kein Signal; bitte das fMRT prüfen.</translation>
        </message>
        <message>
            <source>of annotated pictures about which slices.csv and VIA's attributes say nothing</source>
            <translation>für annotierte Bilder, über die slices.csv und die Attribute von VIA nichts sagen</translation>
        </message>
        <message>
            <source>{count} pictures in {folder}; open via.json there with VIA</source>
            <translation>{count} Bilder in {folder}; via.json dort mit VIA öffnen</translation>
        </message>
        <message>
            <source>pictures of a scan to outline with VIA, and where they lie</source>
            <translation>Bilder eines Scans zum Umranden mit VIA, und wo sie liegen</translation>
        </message>
        <message>
            <source>T1 scans; one a person and session</source>
            <translation>T1-Scans; einer je Person und Sitzung</translation>
        </message>
        <message>
            <source>new folder for pictures, table and VIA project</source>
            <translation>neuer Ordner für Bilder, Tabelle und VIA-Projekt</translation>
        </message>
        <message>
            <source>from one slice to the next (default 3)</source>
            <translation>von einer Schicht zur nächsten (Vorgabe 3)</translation>
        </message>
        <message>
            <source>what will be outlined</source>
            <translation>was umrandet wird</translation>
        </message>
        <message>
            <source>outlines of pictures of `dlpfc slices` to masks to train on</source>
            <translation>Umrandungen der Bilder von `dlpfc slices` zu Masken zum Trainieren</translation>
        </message>
        <message>
            <source>VIA .json or .csv in the folder of `dlpfc slices`</source>
            <translation>VIA-Datei .json oder .csv im Ordner von `dlpfc slices`</translation>
        </message>
        <message>
            <source>folder for pairs of scan and mask</source>
            <translation>Ordner für Paare von Aufnahme und Maske</translation>
        </message>
        <message>
            <source>class of the shapes; needed where there are several</source>
            <translation>Klasse der Formen; nötig, wo es mehrere gibt</translation>
        </message>
        <message>
            <source>size of a pixel, or width and height</source>
            <translation>Größe eines Pixels, oder Breite und Höhe</translation>
        </message>
        <message>
            <source>side of the picture on which the left lies</source>
            <translation>Seite des Bildes, auf der links liegt</translation>
        </message>
        <message>
            <source>the same of the front, in sagittal slices</source>
            <translation>dasselbe für vorne, in sagittalen Schichten</translation>
        </message>
        <message>
            <source>whose region is outlined</source>
            <translation>wessen Region umrandet ist</translation>
        </message>
        <message>
            <source>finds the person in a picture's name</source>
            <translation>findet die Person im Namen eines Bildes</translation>
        </message>
        <message>
            <source>table of the pictures (default: slices.csv beside them)</source>
            <translation>Tabelle der Bilder (Vorgabe: slices.csv daneben)</translation>
        </message>
        <message>
            <source>table in {output}, page in {output_2}</source>
            <translation>Tabelle in {output}, Seite in {output_2}</translation>
        </message>
        <message>
            <source>{hours} h {minutes:02} min left</source>
            <translation>noch {hours} h {minutes:02} min</translation>
        </message>
        <message>
            <source>{line}, {rate:.0f} an hour, {left}</source>
            <translation>{line}, {rate:.0f} je Stunde, {left}</translation>
        </message>
        <message>
            <source>plan again on scans that are finished</source>
            <translation>auch fertige Aufnahmen noch einmal planen</translation>
        </message>
        <message>
            <source>they are left as they are</source>
            <translation>sie bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>{scans}: is no folder; `dlpfc plan` takes a single scan.</source>
            <translation>{scans}: ist kein Ordner; `dlpfc plan` nimmt eine einzelne Aufnahme.</translation>
        </message>
        <message>
            <source>--bold names the runs of one scan; in a batch, --target circuit takes those beside each T1.</source>
            <translation>--bold nennt die Läufe einer Aufnahme; im Stapel nimmt --target circuit die neben jedem T1.</translation>
        </message>
        <message>
            <source>--channel {file}: is a map of one scan; write a * for the name of each T1.</source>
            <translation>--channel {file}: ist die Karte eines einzigen Scans; schreiben Sie ein * für den Namen jedes T1.</translation>
        </message>
        <message>
            <source>{path}: there is no weights file; give one that `dlpfc train` wrote.</source>
            <translation>{path}: Es gibt keine Gewichtsdatei; bitte eine angeben, die `dlpfc train` geschrieben hat.</translation>
        </message>
        <message>
            <source>--scheduler and --cluster both say who gives the scans out; choose one.</source>
            <translation>--scheduler und --cluster sagen beide, wer die Aufnahmen verteilt; bitte eines wählen.</translation>
        </message>
        <message>
            <source>{count} scans, {failed} failed{lacking}; {files} (research use only)</source>
            <translation>{count} Aufnahmen, {failed} fehlgeschlagen{lacking}; {files} (nur für die Forschung)</translation>
        </message>
        <message>
            <source>plan on every scan in a folder; the same command again goes on</source>
            <translation>jede Aufnahme eines Ordners planen; derselbe Befehl noch einmal macht weiter</translation>
        </message>
        <message>
            <source>BIDS tree, or folder with scan files or DICOM series at any depth</source>
            <translation>BIDS-Baum, oder Ordner mit Aufnahmen oder DICOM-Serien in beliebiger Tiefe</translation>
        </message>
        <message>
            <source>folder for results, results.csv and group.html</source>
            <translation>Ordner für Ergebnisse, results.csv und group.html</translation>
        </message>
        <message>
            <source>scans whose path fits, such as '*T1*.nii.gz'; no BIDS then</source>
            <translation>Aufnahmen, deren Pfad passt, etwa '*T1*.nii.gz'; dann ohne BIDS</translation>
        </message>
        <message>
            <source>people of a BIDS tree</source>
            <translation>Personen eines BIDS-Baums</translation>
        </message>
        <message>
            <source>sessions of a BIDS tree</source>
            <translation>Sitzungen eines BIDS-Baums</translation>
        </message>
        <message>
            <source>parts of BIDS names: acq=mprage run=1,2 rec=none</source>
            <translation>Teile von BIDS-Namen: acq=mprage run=1,2 rec=none</translation>
        </message>
        <message>
            <source>scans at a time (default 1)</source>
            <translation>Aufnahmen gleichzeitig (Vorgabe 1)</translation>
        </message>
        <message>
            <source>of each; never more than cores (default: all)</source>
            <translation>von jeder; nie mehr als Kerne (Vorgabe: alle)</translation>
        </message>
        <message>
            <source>Dask gives the scans out: one of its own, or a running one</source>
            <translation>Dask verteilt die Aufnahmen: ein eigenes, oder ein laufendes</translation>
        </message>
        <message>
            <source>TOML: system = 'slurm' (pbs, sge, lsf), workers, ...</source>
            <translation>TOML: system = 'slurm' (pbs, sge, lsf), workers, ...</translation>
        </message>
        <message>
            <source>say what would run and what not, and why</source>
            <translation>sagen, was gerechnet würde und was nicht, und warum</translation>
        </message>
        <message>
            <source>stop at the first scan that fails</source>
            <translation>bei der ersten fehlgeschlagenen Aufnahme anhalten</translation>
        </message>
        <message>
            <source>{word}: give 1 or more</source>
            <translation>{word}: bitte 1 oder mehr angeben</translation>
        </message>
        <message>
            <source>no T1w scan of {people}</source>
            <translation>keine T1w-Aufnahme von {people}</translation>
        </message>
        <message>
            <source>no worker has come yet; the scans wait for one</source>
            <translation>noch ist kein Arbeiter da; die Aufnahmen warten auf einen</translation>
        </message>
        <message>
            <source>{folder}: holds results already ({present}); choose another folder or overwrite.</source>
            <translation>{folder}: enthält bereits Ergebnisse ({present}); bitte einen anderen Ordner wählen oder überschreiben.</translation>
        </message>
        <message>
            <source>{t1}: no {region} was found in it, so there is nothing to correlate.</source>
            <translation>{t1}: Darin wurde {region} nicht gefunden, es gibt also nichts zu korrelieren.</translation>
        </message>
        <message>
            <source>warning: {text}</source>
            <translation>Warnung: {text}</translation>
        </message>
        <message>
            <source>Results in {folder} (research use only)</source>
            <translation>Ergebnisse in {folder} (nur für die Forschung)</translation>
        </message>
        <message>
            <source>{t1}: the scan that it was planned on is no longer there; plan again with --bold.</source>
            <translation>{t1}: Die Aufnahme, auf der geplant wurde, ist nicht mehr da; bitte mit --bold noch einmal planen.</translation>
        </message>
        <message>
            <source>connectivity of the DLPFC with the subgenual cingulate: map and table</source>
            <translation>Konnektivität des DLPFC mit dem subgenualen Cingulum: Karte und Tabelle</translation>
        </message>
        <message>
            <source>a T1 scan, or a folder that `dlpfc plan` wrote, whose masks are taken</source>
            <translation>eine T1-Aufnahme, oder ein Ordner von `dlpfc plan`, dessen Masken genommen werden</translation>
        </message>
        <message>
            <source>folder for map, table and pictures</source>
            <translation>Ordner für Karte, Tabelle und Bilder</translation>
        </message>
        <message>
            <source>the scan, where it lies elsewhere now; its DICOM folder for dicom-seg and rt-struct</source>
            <translation>die Aufnahme, wo sie jetzt woanders liegt; ihr DICOM-Ordner für dicom-seg und rt-struct</translation>
        </message>
        <message>
            <source>the scan that the targets were planned on, which some formats need</source>
            <translation>die Aufnahme, auf der die Zielpunkte geplant wurden; manche Formate brauchen sie</translation>
        </message>
        <message>
            <source>read {path}: {count} targets</source>
            <translation>{path} gelesen: {count} Zielpunkte</translation>
        </message>
        <message>
            <source>{output}: no format could be written; the lines above say why.</source>
            <translation>{output}: Kein Format konnte geschrieben werden; die Zeilen darüber sagen, warum.</translation>
        </message>
        <message>
            <source>read {path}: {count} from {title}</source>
            <translation>{path} gelesen: {count} aus {title}</translation>
        </message>
        <message>
            <source>targets of a result folder to a neuronavigator's file</source>
            <translation>Zielpunkte eines Ergebnisordners in die Datei eines Neuronavigators</translation>
        </message>
        <message>
            <source>folder that `dlpfc plan` or `dlpfc segment` wrote</source>
            <translation>Ordner, den `dlpfc plan` oder `dlpfc segment` geschrieben hat</translation>
        </message>
        <message>
            <source>one or more formats of targets or masks, or {all}; a wrong name lists them</source>
            <translation>ein oder mehrere Formate für Zielpunkte oder Masken, oder {all}; ein falscher Name listet sie auf</translation>
        </message>
        <message>
            <source>folder for the files</source>
            <translation>Ordner für die Dateien</translation>
        </message>
        <message>
            <source>also the published targets that were brought in from MNI space; estimates, for comparison</source>
            <translation>auch die veröffentlichten Zielpunkte, die aus dem MNI-Raum hereingebracht wurden; Schätzungen, zum Vergleich</translation>
        </message>
        <message>
            <source>the points that go out, such as target coil entry hotspot five_cm fiducials (default: all)</source>
            <translation>die Punkte, die hinausgehen, etwa target coil entry hotspot five_cm fiducials (Vorgabe: alle)</translation>
        </message>
        <message>
            <source>targets of one neuronavigator's file to another's</source>
            <translation>Zielpunkte aus der Datei eines Neuronavigators in die eines anderen</translation>
        </message>
        <message>
            <source>file of targets or of a mask; its content tells the format</source>
            <translation>Datei mit Zielpunkten oder einer Maske; ihr Inhalt sagt das Format</translation>
        </message>
        <message>
            <source>file to write</source>
            <translation>zu schreibende Datei</translation>
        </message>
        <message>
            <source>format to write; a wrong name lists them</source>
            <translation>zu schreibendes Format; ein falscher Name listet sie auf</translation>
        </message>
        <message>
            <source>which frame of a 4-D scan, counted from 0</source>
            <translation>welches Einzelbild einer 4-D-Aufnahme, gezählt ab 0</translation>
        </message>
        <message>
            <source>note: the scan {source} is no longer there; formats that need it ask for --scan</source>
            <translation>Hinweis: Die Aufnahme {source} ist nicht mehr da; Formate, die sie brauchen, fragen nach --scan</translation>
        </message>
        <message>
            <source>'{name}' is no export format; choose from {known}.</source>
            <translation>'{name}' ist kein Exportformat; bitte eines wählen von {known}.</translation>
        </message>
        <message>
            <source>replace files that are there already</source>
            <translation>Dateien ersetzen, die schon da sind</translation>
        </message>
        <message>
            <source>note: descriptions of the points are left out (--anonymous); their names stay</source>
            <translation>Hinweis: Beschreibungen der Punkte werden weggelassen (--anonymous); ihre Namen bleiben</translation>
        </message>
        <message>
            <source>not written, {name}: {error}</source>
            <translation>nicht geschrieben, {name}: {error}</translation>
        </message>
        <message>
            <source>a file of masks</source>
            <translation>einer Datei mit Masken</translation>
        </message>
        <message>
            <source>{plan}: has no coil there; plan on a scan that shows the scalp.</source>
            <translation>{plan}: hat dort keine Spule; bitte auf einer Aufnahme planen, die die Kopfhaut zeigt.</translation>
        </message>
        <message>
            <source>registered: fiducials {fre:.1f} mm; expect the entry to be off by {expected:.1f} mm at least</source>
            <translation>registriert: Bezugspunkte {fre:.1f} mm; am Eintritt ist mit einem Fehler von mindestens {expected:.1f} mm zu rechnen</translation>
        </message>
        <message>
            <source>{plan}: has two sides; say which one is aimed at (--hemisphere).</source>
            <translation>{plan}: hat zwei Seiten; bitte sagen, auf welche gezielt wird (--hemisphere).</translation>
        </message>
        <message>
            <source>{plan}: a sweep needs the scan and its scalp; name the scan (--scan).</source>
            <translation>{plan}: Das Abfahren braucht die Aufnahme und ihre Kopfhaut; bitte die Aufnahme nennen (--scan).</translation>
        </message>
        <message>
            <source>{plan}: has no fiducials; place nasion, tragi and others in the scan and name them (--fiducials).</source>
            <translation>{plan}: hat keine Bezugspunkte; bitte Nasion, Tragi und andere in der Aufnahme setzen und nennen (--fiducials).</translation>
        </message>
        <message>
            <source>{path}: has {names} twice; keep the better one.</source>
            <translation>{path}: hat {names} doppelt; bitte den besseren behalten.</translation>
        </message>
        <message>
            <source>Enter keeps the coil's pose as 'stimulated here'; 'q' and Enter ends.</source>
            <translation>Eingabetaste hält die Lage der Spule als „hier stimuliert“ fest; 'q' und Eingabetaste beendet.</translation>
        </message>
        <message>
            <source>kept: {label}</source>
            <translation>festgehalten: {label}</translation>
        </message>
        <message>
            <source>lead a tracked coil to the plan, by OpenIGTLink</source>
            <translation>eine getrackte Spule zum Plan führen, über OpenIGTLink</translation>
        </message>
        <message>
            <source>folder that `dlpfc plan` wrote</source>
            <translation>Ordner, den `dlpfc plan` geschrieben hat</translation>
        </message>
        <message>
            <source>tracker (default localhost:18944)</source>
            <translation>Tracker (Vorgabe localhost:18944)</translation>
        </message>
        <message>
            <source>touched fiducials, and points called 'scalp'</source>
            <translation>berührte Bezugspunkte, und Punkte namens 'scalp'</translation>
        </message>
        <message>
            <source>what --keep wrote of this patient</source>
            <translation>was --keep von diesem Patienten geschrieben hat</translation>
        </message>
        <message>
            <source>their places in the scan (the plan's own)</source>
            <translation>ihre Orte in der Aufnahme (die des Plans)</translation>
        </message>
        <message>
            <source>file for the registration</source>
            <translation>Datei für die Registrierung</translation>
        </message>
        <message>
            <source>side, where the plan has both</source>
            <translation>Seite, wo der Plan beide hat</translation>
        </message>
        <message>
            <source>the scan, where it lies elsewhere now</source>
            <translation>die Aufnahme, wo sie jetzt woanders liegt</translation>
        </message>
        <message>
            <source>names of the transforms, see README.md</source>
            <translation>Namen der Transformationen, siehe README.md</translation>
        </message>
        <message>
            <source>4x4, the coil's axes to its marker's</source>
            <translation>4x4, Achsen der Spule zu denen ihres Markers</translation>
        </message>
        <message>
            <source>of the pointer</source>
            <translation>des Zeigers</translation>
        </message>
        <message>
            <source>how long (until 'q' and Enter)</source>
            <translation>wie lange (bis 'q' und Eingabetaste)</translation>
        </message>
        <message>
            <source>Press Enter and sweep the pointer all over the scalp; Enter ends it ('s': no sweep).</source>
            <translation>Eingabetaste drücken und mit dem Zeiger die ganze Kopfhaut abfahren; Eingabetaste beendet es ('s': kein Abfahren).</translation>
        </message>
        <message>
            <source>Nobody is there to touch the fiducials; give them in a file (--touched).</source>
            <translation>Niemand ist da, der die Bezugspunkte berührt; bitte in einer Datei angeben (--touched).</translation>
        </message>
        <message>
            <source>The pointer is lost: {lost} (tracker: {state}).</source>
            <translation>Der Zeiger ist verloren: {lost} (Tracker: {state}).</translation>
        </message>
        <message>
            <source>The pointer moved by {moved:.1f} mm; hold it still.</source>
            <translation>Der Zeiger hat sich um {moved:.1f} mm bewegt; bitte still halten.</translation>
        </message>
        <message>
            <source>, left out {away:.1f} mm</source>
            <translation>, weggelassen {away:.1f} mm</translation>
        </message>
        <message>
            <source>{name}: residual {away:.1f} mm{more}</source>
            <translation>{name}: Restfehler {away:.1f} mm{more}</translation>
        </message>
        <message>
            <source>sweep: {count} points, {rms:.1f} mm from the scalp</source>
            <translation>abgefahren: {count} Punkte, {rms:.1f} mm von der Kopfhaut</translation>
        </message>
        <message>
            <source>LOST: {lost} (tracker: {state})</source>
            <translation>VERLOREN: {lost} (Tracker: {state})</translation>
        </message>
        <message>
            <source>warning: {warning}</source>
            <translation>Warnung: {warning}</translation>
        </message>
        <message>
            <source>give four rows of four numbers</source>
            <translation>bitte vier Zeilen mit vier Zahlen angeben</translation>
        </message>
        <message>
            <source>not kept: {reason}</source>
            <translation>nicht festgehalten: {reason}</translation>
        </message>
        <message>
            <source>register again</source>
            <translation>bitte noch einmal registrieren</translation>
        </message>
        <message>
            <source>Touch the {name} and press Enter ('s' and Enter: leave it out).</source>
            <translation>{name} berühren und Eingabetaste drücken ('s' und Eingabetaste: auslassen).</translation>
        </message>
        <message>
            <source>usage: </source>
            <translation>Aufruf: </translation>
        </message>
        <message>
            <source>positional arguments</source>
            <translation>Angaben ohne Namen</translation>
        </message>
        <message>
            <source>options</source>
            <translation>Optionen</translation>
        </message>
        <message>
            <source>show this help message and exit</source>
            <translation>diese Hilfe zeigen und enden</translation>
        </message>
        <message>
            <source>show program's version number and exit</source>
            <translation>die Version des Programms zeigen und enden</translation>
        </message>
        <message>
            <source>argument %(argument_name)s: %(message)s</source>
            <translation>%(argument_name)s: %(message)s</translation>
        </message>
        <message>
            <source>the following arguments are required: %s</source>
            <translation>es fehlen: %s</translation>
        </message>
        <message>
            <source>unrecognized arguments: %s</source>
            <translation>unbekannt: %s</translation>
        </message>
        <message>
            <source>expected one argument</source>
            <translation>verlangt eine Angabe</translation>
        </message>
        <message>
            <source>expected at least one argument</source>
            <translation>verlangt mindestens eine Angabe</translation>
        </message>
        <message>
            <source>expected %s arguments</source>
            <translation>verlangt %s Angaben</translation>
        </message>
        <message>
            <source>invalid choice: %(value)r (choose from %(choices)s)</source>
            <translation>%(value)r ist keine der Möglichkeiten (%(choices)s)</translation>
        </message>
        <message>
            <source>invalid %(type)s value: %(value)r</source>
            <translation>%(value)r ist kein gültiger Wert (%(type)s)</translation>
        </message>
        <message>
            <source>not allowed with argument %s</source>
            <translation>geht nicht zusammen mit %s</translation>
        </message>
        <message>
            <source>one of the arguments %s is required</source>
            <translation>eines von diesen fehlt: %s</translation>
        </message>
        <message>
            <source>ignored explicit argument %r</source>
            <translation>nimmt keine Angabe wie %r</translation>
        </message>
        <message>
            <source>ambiguous option: %(option)s could match %(matches)s</source>
            <translation>%(option)s ist mehrdeutig: gemeint sein können %(matches)s</translation>
        </message>
        <message>
            <source>{command}: {message} (see {command} --help)</source>
            <translation>{command}: {message} (siehe {command} --help)</translation>
        </message>
        <message>
            <source>Find the DLPFC in a T1 scan and plan a TMS target. Research use only.</source>
            <translation>Findet den DLPFC in einer T1-Aufnahme und plant einen Zielpunkt für TMS. Nur für die Forschung.</translation>
        </message>
        <message>
            <source>such as de (default: the system's); files stay English</source>
            <translation>etwa de (Vorgabe: die Sprache des Systems); Dateien bleiben englisch</translation>
        </message>
        <message>
            <source>mask, target, hotspot and 5-cm landmark of a T1 scan</source>
            <translation>Maske, Zielpunkt, Hotspot und 5-cm-Landmarke einer T1-Aufnahme</translation>
        </message>
        <message>
            <source>mask and target of a T1 scan alone</source>
            <translation>nur Maske und Zielpunkt einer T1-Aufnahme</translation>
        </message>
        <message>
            <source>NIfTI, MGZ, NRRD or MHA file, or a folder with a DICOM series</source>
            <translation>Datei NIfTI, MGZ, NRRD oder MHA, oder ein Ordner mit einer DICOM-Serie</translation>
        </message>
        <message>
            <source>folder for the results</source>
            <translation>Ordner für die Ergebnisse</translation>
        </message>
        <message>
            <source>{side} {region}: {volume_ml:.1f} ml, target at {place} in the scan's own space, {method}</source>
            <translation>{region} {side}: {volume_ml:.1f} ml, Zielpunkt bei {place} im Raum der Aufnahme, {method}</translation>
        </message>
        <message>
            <source>X {x_cm:.1f} cm, Y {y_cm:.1f} cm</source>
            <translation>X {x_cm:.1f} cm, Y {y_cm:.1f} cm</translation>
        </message>
        <message>
            <source>{file}: {reason}.</source>
            <translation>{file}: {reason}.</translation>
        </message>
        <message>
            <source>dlpfc: stopped.</source>
            <translation>dlpfc: angehalten.</translation>
        </message>
        <message>
            <source>uncertainty of the centroid: {words}</source>
            <translation>Unsicherheit des Schwerpunkts: {words}</translation>
        </message>
        <message>
            <source>Beam F3/F4 by tape ({name}): {measured}</source>
            <translation>Beam F3/F4 mit dem Maßband ({name}): {measured}</translation>
        </message>
        <message>
            <source>by tape: {text}</source>
            <translation>mit dem Maßband: {text}</translation>
        </message>
        <message>
            <source>a file</source>
            <translation>eine Datei</translation>
        </message>
        <message>
            <source>also `report.html`, to print</source>
            <translation>auch `report.html`, zum Drucken</translation>
        </message>
        <message>
            <source>off</source>
            <translation>aus</translation>
        </message>
        <message>
            <source>frame of a 4-D file, from 0</source>
            <translation>Einzelbild einer 4-D-Datei, ab 0</translation>
        </message>
        <message>
            <source>needed where there are several</source>
            <translation>nötig, wo es mehrere gibt</translation>
        </message>
        <message>
            <source>leave out of every file whose scan it is: names, paths, dates of the person; when it was made stays</source>
            <translation>aus jeder Datei weglassen, wessen Aufnahme es ist: Namen, Pfade, Daten der Person; wann sie erstellt wurde, bleibt</translation>
        </message>
        <message>
            <source>replace the results in `DIR`</source>
            <translation>die Ergebnisse in `DIR` ersetzen</translation>
        </message>
        <message>
            <source>refuse</source>
            <translation>verweigern</translation>
        </message>
        <message>
            <source>{path}: holds the hotspot of one person; plan on that scan alone.</source>
            <translation>{path}: enthält den Hotspot einer Person; bitte nur auf deren Aufnahme planen.</translation>
        </message>
        <message>
            <source>, response {response:g} microvolts</source>
            <translation>, Antwort {response:g} Mikrovolt</translation>
        </message>
        <message>
            <source>{flag} {words}: give three numbers R A S in mm.</source>
            <translation>{flag} {words}: bitte drei Zahlen R A S in mm angeben.</translation>
        </message>
        <message>
            <source>--target {words}: give 'centroid', 'nearest-scalp', 'circuit' or three numbers R A S in mm.</source>
            <translation>--target {words}: bitte 'centroid', 'nearest-scalp', 'circuit' oder drei Zahlen R A S in mm angeben.</translation>
        </message>
        <message>
            <source>hotspot: '{label}' of {path}, at {place} of the scan</source>
            <translation>Hotspot: '{label}' aus {path}, bei {place} der Aufnahme</translation>
        </message>
        <message>
            <source>{text} (default: {default})</source>
            <translation>{text} (Vorgabe: {default})</translation>
        </message>
        <message>
            <source>{region}: at least so much of it lies in the networks' views in everybody: {shares}</source>
            <translation>{region}: mindestens so viel davon liegt bei allen in den Ansichten der Netze: {shares}</translation>
        </message>
        <message>
            <source>{train} scans to train on and {val} to validate on, in {output}</source>
            <translation>{train} Aufnahmen zum Trainieren und {val} zum Validieren, in {output}</translation>
        </message>
        <message>
            <source>{there}: is there already; name another folder.</source>
            <translation>{there}: ist schon da; bitte einen anderen Ordner nennen.</translation>
        </message>
        <message>
            <source>{output}: is there already; name another file.</source>
            <translation>{output}: ist schon da; bitte eine andere Datei nennen.</translation>
        </message>
        <message>
            <source>name of the region (default dlpfc)</source>
            <translation>Name der Region (Vorgabe dlpfc)</translation>
        </message>
        <message>
            <source>parcellation numbers of the left region</source>
            <translation>Parzellierungsnummern der linken Region</translation>
        </message>
        <message>
            <source>parcellation numbers of the right region</source>
            <translation>Parzellierungsnummern der rechten Region</translation>
        </message>
        <message>
            <source>share of the region's length that is left out, from behind (default 1/3, or 0 where numbers are given)</source>
            <translation>Anteil an der Länge der Region, der von hinten weggelassen wird (Vorgabe 1/3, oder 0, wo Nummern angegeben sind)</translation>
        </message>
        <message>
            <source>processes that prepare slices (default 1)</source>
            <translation>Prozesse, die Schichten vorbereiten (Vorgabe 1)</translation>
        </message>
        <message>
            <source>compute in bfloat16 where the device does that itself</source>
            <translation>in bfloat16 rechnen, wo das Gerät es selbst kann</translation>
        </message>
        <message>
            <source>labelled scans to slices, volumes and VIA annotations</source>
            <translation>gelabelte Aufnahmen in Schichten, Volumen und VIA-Annotationen</translation>
        </message>
        <message>
            <source>folder with *_T1w files and parcellations or drawn masks (*_dlpfc, of another region *_NAME_mask), or its train and val</source>
            <translation>Ordner mit Dateien *_T1w und Parzellierungen oder gezeichneten Masken (*_dlpfc, einer anderen Region *_NAME_mask), oder mit train und val</translation>
        </message>
        <message>
            <source>new folder for the dataset</source>
            <translation>neuer Ordner für den Datensatz</translation>
        </message>
        <message>
            <source>where there is no val folder (default 0.15)</source>
            <translation>wo es keinen Ordner val gibt (Vorgabe 0.15)</translation>
        </message>
        <message>
            <source>maps that networks see beside the T1, such as z=*_z.nii.gz, * being the T1's name without _T1w</source>
            <translation>Karten, die Netze neben dem T1 sehen, etwa z=*_z.nii.gz, wobei * der Name des T1 ohne _T1w ist</translation>
        </message>
        <message>
            <source>train on a prepared dataset or a VIA annotation file</source>
            <translation>auf einem vorbereiteten Datensatz oder einer VIA-Annotationsdatei trainieren</translation>
        </message>
        <message>
            <source>folder of `dlpfc prepare`, or a VIA .json beside its pictures</source>
            <translation>Ordner von `dlpfc prepare`, oder eine VIA-Datei .json neben ihren Bildern</translation>
        </message>
        <message>
            <source>folder of the run; the same one resumes it</source>
            <translation>Ordner des Laufs; derselbe setzt ihn fort</translation>
        </message>
        <message>
            <source>{preset_help}; default dlpfc</source>
            <translation>{preset_help}; Vorgabe dlpfc</translation>
        </message>
        <message>
            <source>none, imagenet, coco or a weights file (default none)</source>
            <translation>none, imagenet, coco oder eine Gewichtsdatei (Vorgabe none)</translation>
        </message>
        <message>
            <source>settings of the preset's configuration, such as lr=0.01</source>
            <translation>Einstellungen in der Konfiguration der Vorlage, etwa lr=0.01</translation>
        </message>
        <message>
            <source>learn nothing; draw one batch as the network would be shown it</source>
            <translation>nichts lernen; einen Stapel zeichnen, wie ihn das Netz gezeigt bekäme</translation>
        </message>
        <message>
            <source>where losses and scores are shown</source>
            <translation>wo Verluste und Bewertungen gezeigt werden</translation>
        </message>
        <message>
            <source>corrections to new weights, which must not be worse</source>
            <translation>Korrekturen zu neuen Gewichten, die nicht schlechter sein dürfen</translation>
        </message>
        <message>
            <source>folder with *_T1w files and corrected masks</source>
            <translation>Ordner mit Dateien *_T1w und korrigierten Masken</translation>
        </message>
        <message>
            <source>weights file to write, ending in .pt</source>
            <translation>zu schreibende Gewichtsdatei mit der Endung .pt</translation>
        </message>
        <message>
            <source>weights to go on from (default: the shipped ones)</source>
            <translation>Gewichte, von denen ausgegangen wird (Vorgabe: die mitgelieferten)</translation>
        </message>
        <message>
            <source>labelled scans of other people: worse on them is not written</source>
            <translation>beschriftete Scans anderer Personen: was an ihnen schlechter ist, wird nicht geschrieben</translation>
        </message>
        <message>
            <source>side that is judged</source>
            <translation>Seite, die beurteilt wird</translation>
        </message>
        <message>
            <source>of the Mask R-CNN (default 4)</source>
            <translation>des Mask R-CNN (Vorgabe 4)</translation>
        </message>
        <message>
            <source>of the 3-D U-Net (default 400)</source>
            <translation>des 3-D-U-Net (Vorgabe 400)</translation>
        </message>
        <message>
            <source>networks of several weights files to one file that asks them all</source>
            <translation>Netze mehrerer Gewichtsdateien in eine Datei, die alle fragt</translation>
        </message>
        <message>
            <source>weights of `dlpfc train`, of a different network each</source>
            <translation>Gewichte von `dlpfc train`, jeweils eines anderen Netzes</translation>
        </message>
        <message>
            <source>weights of several sites to their mean: no scan leaves its site</source>
            <translation>Gewichte mehrerer Standorte zu ihrem Mittel: Keine Aufnahme verlässt ihren Standort</translation>
        </message>
        <message>
            <source>weights of one architecture, your own first</source>
            <translation>Gewichte einer Architektur, die eigenen zuerst</translation>
        </message>
        <message>
            <source>people that each was trained on</source>
            <translation>Personen, mit denen jedes trainiert wurde</translation>
        </message>
        <message>
            <source>normalisation layers are those of the first file</source>
            <translation>Normalisierungsschichten sind die der ersten Datei</translation>
        </message>
        <message>
            <source>--mixed-precision: this {device} has no bfloat16 of its own; float32 it stays.</source>
            <translation>--mixed-precision: {device} kann bfloat16 nicht selbst; es bleibt bei float32.</translation>
        </message>
        <message>
            <source>measure a model on labelled scans</source>
            <translation>ein Modell an gelabelten Aufnahmen messen</translation>
        </message>
        <message>
            <source>folder with *_T1w files and parcellations or corrected masks</source>
            <translation>Ordner mit Dateien *_T1w und Parzellierungen oder korrigierten Masken</translation>
        </message>
        <message>
            <source>folder for the report as JSON and Markdown</source>
            <translation>Ordner für den Bericht als JSON und Markdown</translation>
        </message>
        <message>
            <source>weights file; the shipped one where not given</source>
            <translation>Gewichtsdatei; ohne Angabe die mitgelieferte</translation>
        </message>
        <message>
            <source>least confidence of a slice (default: the model's own)</source>
            <translation>geringste Konfidenz einer Schicht (Vorgabe: die des Modells)</translation>
        </message>
        <message>
            <source>repeat the paper: one split, then cross-validation by person</source>
            <translation>die Veröffentlichung wiederholen: eine Aufteilung, dann Kreuzvalidierung nach Personen</translation>
        </message>
        <message>
            <source>folder with *_T1w and parcellation files, or its train and val</source>
            <translation>Ordner mit Dateien *_T1w und Parzellierungen, oder mit train und val</translation>
        </message>
        <message>
            <source>folder; the same one resumes the experiment</source>
            <translation>Ordner; derselbe setzt das Experiment fort</translation>
        </message>
        <message>
            <source>paper or dlpfc; may be repeated (default both)</source>
            <translation>paper oder dlpfc; darf wiederholt werden (Vorgabe beide)</translation>
        </message>
        <message>
            <source>of the cross-validation; 0 leaves it out (default 5)</source>
            <translation>der Kreuzvalidierung; 0 lässt sie weg (Vorgabe 5)</translation>
        </message>
        <message>
            <source>settings of MaskRCNNConfig, for all presets or one, such as dlpfc:pretrain_steps=1500</source>
            <translation>Einstellungen von MaskRCNNConfig, für alle Vorlagen oder eine, etwa dlpfc:pretrain_steps=1500</translation>
        </message>
        <message>
            <source>none, imagenet, coco or a weights file, for all presets or one (default none)</source>
            <translation>none, imagenet, coco oder eine Gewichtsdatei, für alle Vorlagen oder eine (Vorgabe none)</translation>
        </message>
        <message>
            <source>picture of where in a scan the network looks</source>
            <translation>Bild davon, wohin das Netz in einer Aufnahme schaut</translation>
        </message>
        <message>
            <source>PNG file to write</source>
            <translation>zu schreibende PNG-Datei</translation>
        </message>
        <message>
            <source>weights file of your own</source>
            <translation>eigene Gewichtsdatei</translation>
        </message>
        <message>
            <source>{path}: its system is {system!r}; give one of {known}.</source>
            <translation>{path}: Das System ist {system!r}; bitte eines angeben von {known}.</translation>
        </message>
        <message>
            <source>{path}: asks for {workers} workers; give 1 or more.</source>
            <translation>{path}: verlangt {workers} Arbeiter; bitte 1 oder mehr angeben.</translation>
        </message>
        <message>
            <source>{name} is not installed, which gives scans to many machines; pip install 'dlpfcsegmenter[cluster]'.</source>
            <translation>{name} ist nicht installiert, das Aufnahmen an viele Rechner verteilt; pip install 'dlpfcsegmenter[cluster]'.</translation>
        </message>
        <message>
            <source>{path}: the queue takes no worker ({reason}); mend the file, or start this where jobs can be submitted.</source>
            <translation>{path}: die Warteschlange nimmt keinen Arbeiter an ({reason}); bitte die Datei verbessern oder dort starten, wo sich Aufträge einreichen lassen.</translation>
        </message>
        <message>
            <source>what it says of the cluster</source>
            <translation>was sie über den Rechnerverbund sagt</translation>
        </message>
        <message>
            <source>{path}: {reason}; mend it.</source>
            <translation>{path}: {reason}; bitte berichtigen.</translation>
        </message>
        <message>
            <source>{source}: the scheduler has gone; the same command again goes on.</source>
            <translation>{source}: der Verteiler ist verschwunden; derselbe Befehl noch einmal macht weiter.</translation>
        </message>
        <message>
            <source>--scheduler {address}: no scheduler answers there ({reason}); start one with 'dask scheduler'.</source>
            <translation>--scheduler {address}: Dort antwortet kein Verteiler ({reason}); bitte einen mit 'dask scheduler' starten.</translation>
        </message>
        <message>
            <source>{path}: cannot be read ({reason}).</source>
            <translation>{path}: ist nicht lesbar ({reason}).</translation>
        </message>
        <message>
            <source>the process that planned on it died ({how_it_ended}), most often for lack of memory.</source>
            <translation>der Prozess, der dafür plante, ist abgestürzt ({how_it_ended}), meist aus Mangel an Arbeitsspeicher.</translation>
        </message>
        <message>
            <source>stopped by a fault of this program ({error}); see its log, please report it.</source>
            <translation>durch einen Fehler dieses Programms beendet ({error}); siehe das Protokoll, bitte melden.</translation>
        </message>
        <message>
            <source>the batch was stopped.</source>
            <translation>der Stapel wurde angehalten.</translation>
        </message>
        <message>
            <source>{folder}: cannot be written ({reason}); make room.</source>
            <translation>{folder}: ist nicht beschreibbar ({reason}); bitte Platz schaffen.</translation>
        </message>
        <message>
            <source>{source}: the mask lies in the {other} hemisphere, but the {planned} one is planned; choose the other hemisphere, or check the orientation in the file's header.</source>
            <translation>{source}: Die Maske liegt in der Hemisphäre {other}, geplant ist aber {planned}; bitte die andere Hemisphäre wählen, oder die Orientierung in den Kopfdaten der Datei prüfen.</translation>
        </message>
        <message>
            <source>{source}: {outside:.0%} of the mask lies off the brain, so it is not of this scan; check which file belongs to which scan.</source>
            <translation>{source}: {outside:.0%} der Maske liegen neben dem Gehirn, sie gehört also nicht zu dieser Aufnahme; bitte prüfen, welche Datei zu welcher Aufnahme gehört.</translation>
        </message>
        <message>
            <source>The target at {point} lies {away:.0f} mm from the mask of {source}; it belongs on the side that is planned, in RAS mm of this scan.</source>
            <translation>Der Zielpunkt bei {point} liegt {away:.0f} mm von der Maske von {source}; er gehört auf die geplante Seite, in RAS-mm dieser Aufnahme.</translation>
        </message>
        <message>
            <source>The hotspot ({r:.1f}, {a:.1f}, {s:.1f}) is no point; give three numbers, RAS mm of {source}.</source>
            <translation>Der Hotspot ({r:.1f}, {a:.1f}, {s:.1f}) ist kein Punkt; bitte drei Zahlen angeben, RAS-mm von {source}.</translation>
        </message>
        <message>
            <source>The hotspot at {point} lies {away:.0f} mm from the scalp of {source}; give a point on the scalp, in RAS mm of this scan.</source>
            <translation>Der Hotspot bei {point} liegt {away:.0f} mm von der Kopfhaut von {source}; bitte einen Punkt auf der Kopfhaut angeben, in RAS-mm dieser Aufnahme.</translation>
        </message>
        <message>
            <source>The hotspot at {point} lies on the {other} side of the head, but the {planned} hemisphere is planned; give the hotspot of that side (RAS: x grows to the right).</source>
            <translation>Der Hotspot bei {point} liegt {other} am Kopf, geplant ist aber die Hemisphäre {planned}; bitte den Hotspot dieser Seite angeben (RAS: x wächst nach rechts).</translation>
        </message>
        <message>
            <source>The hotspot at {point} lies {place} the motor cortex's part of the head; give a point on the upper scalp, in RAS mm of this scan.</source>
            <translation>Der Hotspot bei {point} liegt {place} der Region über dem Motorkortex; bitte einen Punkt oben auf der Kopfhaut angeben, in RAS-mm dieser Aufnahme.</translation>
        </message>
        <message>
            <source>{name}: qform (code {qform_code}) and sform (code {sform_code}) place the same voxel up to {away:.1f} mm apart; the sform was used, and a navigator may use the other. Slicer shows the scan by its {slicer}, and its files are written for that.</source>
            <translation>{name}: qform (Code {qform_code}) und sform (Code {sform_code}) legen dasselbe Voxel bis zu {away:.1f} mm auseinander; genommen wurde die sform, ein Navigator nimmt womöglich die andere. Slicer zeigt die Aufnahme nach ihrer {slicer}, und seine Dateien sind dafür geschrieben.</translation>
        </message>
        <message>
            <source>{name}: its sform contradicts the voxel sizes in its header by up to {away:.1f} mm; the sform was used, Slicer shows the scan by the sizes, and its files are written for that.</source>
            <translation>{name}: Die sform widerspricht den Voxelgrößen in den Kopfdaten um bis zu {away:.1f} mm; genommen wurde die sform, Slicer zeigt die Aufnahme nach den Größen, und seine Dateien sind dafür geschrieben.</translation>
        </message>
        <message>
            <source>{name}: the DICOM modality is {modality}, not MR.</source>
            <translation>{name}: Die DICOM-Modalität ist {modality}, nicht MR.</translation>
        </message>
        <message>
            <source>Voxels of {size} are far from cubic: the target is less certain along the thick direction.</source>
            <translation>Voxel von {size} sind alles andere als würfelförmig: In der dicken Richtung ist der Zielpunkt weniger sicher.</translation>
        </message>
        <message>
            <source>The axes are {degrees:.1f} degrees off a right angle (sheared); other programs may straighten the grid and show the target elsewhere.</source>
            <translation>Die Achsen weichen {degrees:.1f} Grad vom rechten Winkel ab (geschert); andere Programme begradigen das Gitter womöglich und zeigen den Zielpunkt woanders.</translation>
        </message>
        <message>
            <source>The scan is noisy ({noise:.0%} of the contrast in the brain), so mask and target are less certain: look at the outline slice by slice, or use a better scan.</source>
            <translation>Der Scan rauscht stark ({noise:.0%} des Kontrasts im Gehirn), Maske und Ziel sind also weniger sicher: bitte den Umriss Schicht für Schicht ansehen oder einen besseren Scan nehmen.</translation>
        </message>
        <message>
            <source>The scan shows little detail ({detail:.0%} of what changes over 8 mm does so over 2 mm), as with movement, smoothing or thick slices, so mask and target are less certain: look at the outline slice by slice, or use a better scan.</source>
            <translation>Der Scan zeigt wenig Einzelheiten (von dem, was sich über 8 mm ändert, ändern sich {detail:.0%} über 2 mm), wie bei Bewegung, Glättung oder dicken Schichten, Maske und Ziel sind also weniger sicher: bitte den Umriss Schicht für Schicht ansehen oder einen besseren Scan nehmen.</translation>
        </message>
        <message>
            <source>Ghosts lie in the air around the head ({ghosts:.0%} of the brain's brightness), as of movement, so mask and target are less certain: look at the outline slice by slice, or use a better scan.</source>
            <translation>In der Luft um den Kopf liegen Geisterbilder ({ghosts:.0%} der Helligkeit des Gehirns), wie von Bewegung, Maske und Ziel sind also weniger sicher: bitte den Umriss Schicht für Schicht ansehen oder einen besseren Scan nehmen.</translation>
        </message>
        <message>
            <source>The scan has fewer than {least} grey values: is it a label map?</source>
            <translation>Die Aufnahme hat weniger als {least} Grauwerte: Ist sie eine Labelkarte?</translation>
        </message>
        <message>
            <source>The network is not sure where the {region} lies, so the target is unreliable: check the outline slice by slice, or choose the target yourself.</source>
            <translation>Das Netz ist sich nicht sicher, wo die Region {region} liegt, der Zielpunkt ist also unzuverlässig: bitte den Umriss Schicht für Schicht prüfen, oder den Zielpunkt selbst wählen.</translation>
        </message>
        <message>
            <source>Fluid is brighter than white matter in this scan, as in a T2, so the network, which knows T1 scans alone, was shown its grey values turned round: check the outline, or use a T1.</source>
            <translation>In dieser Aufnahme ist Flüssigkeit heller als weiße Substanz, wie in einem T2; das Netz, das nur T1-Aufnahmen kennt, sah ihre Grauwerte deshalb umgekehrt: bitte den Umriss prüfen oder ein T1 verwenden.</translation>
        </message>
        <message>
            <source>The {region} reaches the border of the scan, so part of it was not scanned and the target is the centroid of the rest: use a scan of the whole head, or choose the target yourself.</source>
            <translation>Die Region {region} reicht an den Rand der Aufnahme, ein Teil wurde also nicht aufgenommen, und der Zielpunkt ist der Schwerpunkt des Rests: bitte eine Aufnahme des ganzen Kopfes nehmen, oder den Zielpunkt selbst wählen.</translation>
        </message>
        <message>
            <source>No network found the {region} on this side: its mask is drawn, or its target placed, by hand.</source>
            <translation>Kein Netz fand die Region {region} auf dieser Seite: Die Maske ist von Hand gezeichnet, oder der Zielpunkt von Hand gesetzt.</translation>
        </message>
        <message>
            <source>Brain is missing in or beside the {region} ({missing:.0f} ml are empty, uniform or noise, as where a face was erased too far or the head cut off), so mask and target are unreliable: use the scan from before, or choose the target yourself.</source>
            <translation>In oder neben der Region {region} fehlt Gehirn ({missing:.0f} ml sind leer, einförmig oder Rauschen, wie wenn ein Gesicht zu weit gelöscht oder der Kopf abgeschnitten wurde), Maske und Zielpunkt sind also unzuverlässig: bitte die Aufnahme von vorher nehmen, oder den Zielpunkt selbst wählen.</translation>
        </message>
        <message>
            <source>The mask was edited by hand: what was said of its certainty holds for the network's own mask.</source>
            <translation>Die Maske wurde von Hand bearbeitet: Was zu ihrer Sicherheit gesagt wurde, gilt für die Maske vom Netz.</translation>
        </message>
        <message>
            <source>{outside:.0%} of the mask lies off the brain; check its outline.</source>
            <translation>{outside:.0%} der Maske liegen neben dem Gehirn; bitte den Umriss prüfen.</translation>
        </message>
        <message>
            <source>The centroid lies outside the curved mask; the target is the nearest point of the mask.</source>
            <translation>Der Schwerpunkt liegt außerhalb der gekrümmten Maske; der Zielpunkt ist der nächste Punkt der Maske.</translation>
        </message>
        <message>
            <source>There is no scalp, so the target is the centroid of the mask.</source>
            <translation>Es gibt keine Kopfhaut, der Zielpunkt ist also der Schwerpunkt der Maske.</translation>
        </message>
        <message>
            <source>The target lies outside the mask, {away:.0f} mm from its nearest voxel.</source>
            <translation>Der Zielpunkt liegt außerhalb der Maske, {away:.0f} mm von ihrem nächsten Voxel.</translation>
        </message>
        <message>
            <source>The target lies outside the head, {away:.0f} mm from the scalp; check it.</source>
            <translation>Der Zielpunkt liegt außerhalb des Kopfes, {away:.0f} mm von der Kopfhaut; bitte prüfen.</translation>
        </message>
        <message>
            <source>The target lies in the {other} hemisphere, but the {planned} one is planned; check it.</source>
            <translation>Der Zielpunkt liegt in der Hemisphäre {other}, geplant ist aber {planned}; bitte prüfen.</translation>
        </message>
        <message>
            <source>The scalp is told badly from the air around it (noise, or air as bright as skin), so its landmarks, the entry and the coil may lie a centimetre off: look at it in 3-D, or use a scan whose air is dark.</source>
            <translation>Die Kopfhaut ist von der Luft um sie schlecht zu unterscheiden (Rauschen, oder Luft so hell wie Haut), daher können ihre Landmarken, der Eintrittspunkt und die Spule einen Zentimeter daneben liegen: sehen Sie sie in 3-D an, oder nehmen Sie eine Aufnahme mit dunkler Luft.</translation>
        </message>
        <message>
            <source>Whether '{target}' is left or right is not known, so no coil is placed over it; let its name say its side.</source>
            <translation>Ob „{target}“ links oder rechts ist, ist nicht bekannt, daher wird keine Spule darübergesetzt; bitte die Seite in den Namen setzen.</translation>
        </message>
        <message>
            <source>The given hotspot was not used, as there is no scalp.</source>
            <translation>Der angegebene Hotspot wurde nicht genommen, da es keine Kopfhaut gibt.</translation>
        </message>
        <message>
            <source>The given hotspot lies {away:.0f} mm from the scalp; the rule starts at the nearest scalp.</source>
            <translation>Der angegebene Hotspot liegt {away:.0f} mm von der Kopfhaut; die Regel beginnt an der nächsten Kopfhaut.</translation>
        </message>
        <message>
            <source>The hotspot's side and place could not be checked, as no head was found in the scan.</source>
            <translation>Seite und Ort des Hotspots konnten nicht geprüft werden, da in der Aufnahme kein Kopf gefunden wurde.</translation>
        </message>
        <message>
            <source>The given hotspot lies {away:.0f} mm from where anatomy suggests it; check it.</source>
            <translation>Der angegebene Hotspot liegt {away:.0f} mm von dort, wo die Anatomie ihn erwarten lässt; bitte prüfen.</translation>
        </message>
        <message>
            <source>The scalp entry lies {place}, where no coil belongs; check the target and the scan.</source>
            <translation>Der Eintritt an der Kopfhaut liegt {place}, wohin keine Spule gehört; bitte Zielpunkt und Aufnahme prüfen.</translation>
        </message>
        <message>
            <source>The scalp entry lies {away:.0f} mm from where the scan cuts off the head, so the true scalp may be nearer to the target and the coil's tilt is uncertain; use a scan of the whole head.</source>
            <translation>Der Eintritt an der Kopfhaut liegt {away:.0f} mm von dort, wo die Aufnahme den Kopf abschneidet, die wahre Kopfhaut ist dem Zielpunkt also womöglich näher und die Neigung der Spule unsicher; bitte eine Aufnahme des ganzen Kopfes nehmen.</translation>
        </message>
        <message>
            <source>Skin and bone seem to be erased over the target or beside its entry, so entry, depth and coil are wrong; use the scan from before.</source>
            <translation>Haut und Knochen scheinen über dem Zielpunkt oder neben seinem Eintritt gelöscht zu sein, Eintritt, Tiefe und Spule stimmen also nicht: bitte die Aufnahme von vorher nehmen.</translation>
        </message>
        <message>
            <source>Skin and bone seem to be erased at the {name}, so its place is wrong; use the scan from before.</source>
            <translation>Haut und Knochen scheinen hier gelöscht zu sein ({name}), der Ort stimmt also nicht: bitte die Aufnahme von vorher nehmen.</translation>
        </message>
        <message>
            <source>The {name} lies {away:.0f} mm from where the scan cuts off the head, so its place is uncertain; use a scan of the whole head.</source>
            <translation>Der Punkt „{name}“ liegt {away:.0f} mm von dort, wo die Aufnahme den Kopf abschneidet, sein Ort ist also unsicher; bitte eine Aufnahme des ganzen Kopfes nehmen.</translation>
        </message>
        <message>
            <source>The target lies {depth:.0f} mm below the scalp, {manner} ({low:g} to {high:g} mm); check both.</source>
            <translation>Der Zielpunkt liegt {depth:.0f} mm unter der Kopfhaut, {manner} ({low:g} bis {high:g} mm); bitte beides prüfen.</translation>
        </message>
        <message>
            <source>There are no lengths by tape: they need a scalp, and nasion, inion and tragi that were placed or, where MNI space could be laid on the scan, estimated.</source>
            <translation>Es gibt keine Längen für das Maßband: Sie brauchen eine Kopfhaut, und Nasion, Inion und Tragi, die gesetzt oder, wo sich der MNI-Raum auf die Aufnahme legen ließ, geschätzt wurden.</translation>
        </message>
        <message>
            <source>The given nasion, inion and tragi were not used, as there is no scalp.</source>
            <translation>Nasion, Inion und Tragi wurden angegeben, aber nicht genommen, da es keine Kopfhaut gibt.</translation>
        </message>
        <message>
            <source>The {name} was given {away:.0f} mm away from the scalp; check it.</source>
            <translation>Der Punkt „{name}“ wurde {away:.0f} mm von der Kopfhaut entfernt angegeben; bitte prüfen.</translation>
        </message>
        <message>
            <source>The border of the scan cuts into the head under a tape, so its length is up to 4 mm too short.</source>
            <translation>Der Rand der Aufnahme schneidet unter einem Maßband in den Kopf, dessen Länge ist also bis zu 4 mm zu kurz.</translation>
        </message>
        <message>
            <source>The {name} of {value:.1f} cm is unusual for an adult ({low:g} to {high:g} cm); check it.</source>
            <translation>{name}: {value:.1f} cm ist ungewöhnlich für Erwachsene ({low:g} bis {high:g} cm); bitte prüfen.</translation>
        </message>
        <message>
            <source>Where MNI space lies in this scan is less certain than on good scans (the brain's parts disagree by {spread:.1f} mm, two looks at it by {moved:.1f} mm; {seen:.0%} of the brain was scanned), so an estimated hotspot and the literature targets may be far off.</source>
            <translation>Wo der MNI-Raum in dieser Aufnahme liegt, ist weniger sicher als bei guten Aufnahmen (die Teile des Gehirns sind um {spread:.1f} mm uneins, zwei Blicke darauf um {moved:.1f} mm; {seen:.0%} des Gehirns wurden aufgenommen), ein geschätzter Hotspot und die Zielpunkte der Literatur liegen also womöglich weit daneben.</translation>
        </message>
        <message>
            <source>The published target {name} falls {away:.0f} mm from any brain tissue of this scan; do not use it unchecked.</source>
            <translation>Der veröffentlichte Zielpunkt {name} fällt {away:.0f} mm neben jedes Hirngewebe dieser Aufnahme; bitte nicht ungeprüft verwenden.</translation>
        </message>
        <message>
            <source>{name}: is raw fMRI, aligned here in a simple way (no correction of distortion and slice times); fMRIPrep is better.</source>
            <translation>{name}: ist rohes fMRT, hier auf einfache Weise ausgerichtet (ohne Korrektur von Verzerrung und Schichtzeiten); fMRIPrep ist besser.</translation>
        </message>
        <message>
            <source>{name}: fits the T1 no better than its mirror image does; check that it is of this person and side.</source>
            <translation>{name}: passt nicht besser zum T1 als spiegelverkehrt; bitte prüfen, ob es von dieser Person und Seite ist.</translation>
        </message>
        <message>
            <source>{name}: lies {away:.0f} mm off the T1; check that both are of one person and day.</source>
            <translation>{name}: liegt {away:.0f} mm neben dem T1; bitte prüfen, ob beide von einer Person und einem Tag sind.</translation>
        </message>
        <message>
            <source>{name}: puts the mask {apart:.0f} mm from where the head's own affine has it; check that it is of this person.</source>
            <translation>{name}: legt die Maske {apart:.0f} mm neben den Ort nach der affinen Abbildung des Kopfes; prüfen Sie, ob sie von dieser Person ist.</translation>
        </message>
        <message>
            <source>{name}: its table of confounds has no aCompCor columns, so {count:g} means of white matter and CSF stand for them; what breath and pulse leave in is taken for activity.</source>
            <translation>{name}: die Tabelle der Störgrößen hat keine aCompCor-Spalten, daher stehen {count:g} Mittelwerte von weißer Substanz und Liquor für sie; was Atem und Puls hinterlassen, gilt als Aktivität.</translation>
        </message>
        <message>
            <source>{name}: lies in MNI space and was brought to the T1 by the head's affine, 5 to 15 mm off in places; give fMRIPrep's transform (--mni-transform), or its run in space-T1w.</source>
            <translation>{name}: liegt im MNI-Raum und wurde mit der affinen Abbildung des Kopfes auf das T1 gebracht, stellenweise 5 bis 15 mm daneben; bitte die Transformation von fMRIPrep angeben (--mni-transform), oder den Lauf in space-T1w.</translation>
        </message>
        <message>
            <source>No scalp is known, so the target by connectivity may lie deeper than a coil reaches.</source>
            <translation>Es ist keine Kopfhaut bekannt, der Zielpunkt nach Konnektivität liegt also womöglich tiefer, als eine Spule reicht.</translation>
        </message>
        <message>
            <source>Hardly any of the mask lies within {depth:g} mm of the scalp, so the target by connectivity may lie deeper than a coil reaches.</source>
            <translation>Kaum etwas von der Maske liegt höchstens {depth:g} mm unter der Kopfhaut, der Zielpunkt nach Konnektivität liegt also womöglich tiefer, als eine Spule reicht.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: {minutes:.1f} minutes of clean fMRI, at least {least:g} are needed.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: {minutes:.1f} Minuten sauberes fMRT, mindestens {least:g} sind nötig.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: the fMRI fits the T1 no better than its mirror image does, so it may be another person's.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: Das fMRT passt nicht besser zum T1 als spiegelverkehrt, ist also womöglich von einer anderen Person.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: the fMRI lies so far off the T1 that the target would too.</source>
            <translation>Das Ziel nach Konnektivität ist nicht verlässlich: das fMRT liegt so weit neben dem T1, dass auch das Ziel daneben läge.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: the mask was changed since the fMRI was looked at.</source>
            <translation>Das Ziel nach Konnektivität ist nicht verlässlich: Die Maske wurde geändert, seit das fMRT ausgewertet wurde.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: the subgenual cingulate has a tSNR of {tsnr:.0f}, at least {least:g} is needed.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: Das subgenuale Cingulum hat ein tSNR von {tsnr:.0f}, mindestens {least:g} ist nötig.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: {lost:.0%} of the mask lies outside what the fMRI shows, at most {most:.0%} may.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: {lost:.0%} der Maske liegen außerhalb dessen, was die fMRT zeigt, höchstens {most:.0%} dürfen es sein.</translation>
        </message>
        <message>
            <source>There is no target by connectivity: nothing in the mask goes against the subgenual cingulate.</source>
            <translation>Es gibt keinen Zielpunkt nach Konnektivität: Nichts in der Maske ist mit dem subgenualen Cingulum antikorreliert.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: {chance:.0%} of seeds moved in time gave one as strong by chance.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: {chance:.0%} der zeitlich verschobenen Saatregionen ergaben durch Zufall einen ebenso starken.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: 90 % of random blocks of the data put it within {radius:.0f} mm, at most {most:g} is accepted.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: 90 % zufälliger Blöcke der Daten legen ihn in einen Umkreis von {radius:.0f} mm, höchstens {most:g} sind zulässig.</translation>
        </message>
        <message>
            <source>The target by connectivity is not reliable: both halves of the data put it {away:.0f} mm apart, at most {most:g} is accepted.</source>
            <translation>Der Zielpunkt nach Konnektivität ist nicht verlässlich: Die beiden Hälften der Daten legen ihn {away:.0f} mm auseinander, höchstens {most:g} sind zulässig.</translation>
        </message>
        <message>
            <source>There is no reliable target by connectivity, so the target is the centroid of the mask.</source>
            <translation>Es gibt keinen verlässlichen Zielpunkt nach Konnektivität, der Zielpunkt ist also der Schwerpunkt der Maske.</translation>
        </message>
        <message>
            <source>Where MNI space lies in this scan is less certain than on good scans; check the literature targets against the anatomy.</source>
            <translation>Wo der MNI-Raum in dieser Aufnahme liegt, ist weniger sicher als bei guten Aufnahmen; bitte die Zielpunkte der Literatur an der Anatomie prüfen.</translation>
        </message>
        <message>
            <source>nasion</source>
            <translation>Nasion</translation>
        </message>
        <message>
            <source>inion</source>
            <translation>Inion</translation>
        </message>
        <message>
            <source>left tragus</source>
            <translation>linker Tragus</translation>
        </message>
        <message>
            <source>right tragus</source>
            <translation>rechter Tragus</translation>
        </message>
        <message>
            <source>head circumference</source>
            <translation>Kopfumfang</translation>
        </message>
        <message>
            <source>nasion-inion</source>
            <translation>Nasion-Inion</translation>
        </message>
        <message>
            <source>tragus-tragus</source>
            <translation>Tragus-Tragus</translation>
        </message>
        <message>
            <source>web calculator</source>
            <translation>Webrechner</translation>
        </message>
        <message>
            <source>linear</source>
            <translation>linear</translation>
        </message>
        <message>
            <source>adjusted</source>
            <translation>angepasst</translation>
        </message>
        <message>
            <source>2022 anterior</source>
            <translation>2022 anterior</translation>
        </message>
        <message>
            <source>2022 posterior</source>
            <translation>2022 posterior</translation>
        </message>
        <message>
            <source>missing</source>
            <translation>nicht angegeben</translation>
        </message>
        <message>
            <source>Each side was found by a run of its own ({told}).</source>
            <translation>Jede Seite wurde in einem eigenen Lauf gefunden ({told}).</translation>
        </message>
        <message>
            <source>the model's own</source>
            <translation>die des Modells</translation>
        </message>
        <message>
            <source>{side}: {getattr}</source>
            <translation>{side}: {getattr}</translation>
        </message>
        <message>
            <source>{doing}: stopped by a fault of this program ({words}); {told}, please report it.</source>
            <translation>{doing}: durch einen Fehler dieses Programms beendet ({words}); {told}, bitte melden.</translation>
        </message>
        <message>
            <source>{doing}: there is not enough memory; close other programs, or give it more.</source>
            <translation>{doing}: Der Arbeitsspeicher reicht nicht; bitte andere Programme schließen, oder mehr davon geben.</translation>
        </message>
        <message>
            <source>the log is {place}</source>
            <translation>das Protokoll ist {place}</translation>
        </message>
        <message>
            <source>the log could not be written</source>
            <translation>das Protokoll konnte nicht geschrieben werden</translation>
        </message>
        <message>
            <source>{name}: has no Mask R-CNN, whose feature maps are drawn; choose other weights.</source>
            <translation>{name}: enthält kein Mask R-CNN, dessen Merkmalskarten gezeichnet werden; bitte andere Gewichte wählen.</translation>
        </message>
        <message>
            <source>There are no scans to evaluate; name a folder with labelled scans.</source>
            <translation>Es gibt keine Aufnahmen zum Auswerten; bitte einen Ordner mit gelabelten Aufnahmen nennen.</translation>
        </message>
        <message>
            <source>{parcellation}: says nothing of the {hemisphere} region; judge the other side.</source>
            <translation>{parcellation}: sagt nichts über die Region {hemisphere}; bitte die andere Seite beurteilen.</translation>
        </message>
        <message>
            <source>{labels}: has the {hemisphere} region in the other hemisphere too; mend it, or judge the other side.</source>
            <translation>{labels}: hat die Region {hemisphere} auch in der anderen Hemisphäre; bitte berichtigen oder die andere Seite beurteilen.</translation>
        </message>
        <message>
            <source>{scan}: not judged: {reason}</source>
            <translation>{scan}: nicht beurteilt: {reason}</translation>
        </message>
        <message>
            <source>COCO's AP needs pycocotools; install it with: pip install pycocotools</source>
            <translation>AP nach COCO braucht pycocotools; bitte installieren mit: pip install pycocotools</translation>
        </message>
        <message>
            <source>An experiment is one process; start it without torchrun.</source>
            <translation>Ein Experiment ist ein einziger Prozess; bitte ohne torchrun starten.</translation>
        </message>
        <message>
            <source>{folder}: is not an empty folder; name a new one for the experiment.</source>
            <translation>{folder}: ist kein leerer Ordner; bitte einen neuen für das Experiment nennen.</translation>
        </message>
        <message>
            <source>{folder}: holds another experiment (its {other} differ); name another folder.</source>
            <translation>{folder}: enthält ein anderes Experiment (es unterscheidet sich in {other}); bitte einen anderen Ordner nennen.</translation>
        </message>
        <message>
            <source>None of {scans} has usable labels; choose others by --seed.</source>
            <translation>Keine von {scans} hat brauchbare Labels; bitte mit --seed andere wählen.</translation>
        </message>
        <message>
            <source>left out: {reason}</source>
            <translation>ausgelassen: {reason}</translation>
        </message>
        <message>
            <source>{train} and {val} people are too few: two learn and one is judged at least.</source>
            <translation>{train} und {val} Personen sind zu wenige: Mindestens zwei lernen und eine wird beurteilt.</translation>
        </message>
        <message>
            <source>There are {there} people, and {train} are wanted; give --people TRAIN VAL.</source>
            <translation>Es gibt {there} Personen, und {train} sind gewünscht; bitte --people TRAIN VAL angeben.</translation>
        </message>
        <message>
            <source>{folds} folds of {train} people make no cross-validation; give --folds.</source>
            <translation>{folds} Teile von {train} Personen ergeben keine Kreuzvalidierung; bitte --folds angeben.</translation>
        </message>
        <message>
            <source>holds name, number, birth date, sex and study of the person, as DICOM asks; --anonymous of 'dlpfc export' leaves them out</source>
            <translation>enthält Name, Nummer, Geburtsdatum, Geschlecht und Studie der Person, wie DICOM es verlangt; --anonymous von 'dlpfc export' lässt sie weg</translation>
        </message>
        <message>
            <source>{path}: is of another program or of raw scans; choose an output folder of its own.</source>
            <translation>{path}: ist von einem anderen Programm oder von Rohdaten; bitte einen eigenen Ausgabeordner wählen.</translation>
        </message>
        <message>
            <source>{folder}: holds {there} already; nothing was written.</source>
            <translation>{folder}: enthält bereits {there}; es wurde nichts geschrieben.</translation>
        </message>
        <message>
            <source>{folder}: cannot be written; make room there or choose another folder.</source>
            <translation>{folder}: ist nicht beschreibbar; bitte dort Platz schaffen oder einen anderen Ordner wählen.</translation>
        </message>
        <message>
            <source>DICOM files of a mask need the DICOM series of the scan; name its folder</source>
            <translation>DICOM-Dateien einer Maske brauchen die DICOM-Serie der Aufnahme; bitte deren Ordner nennen</translation>
        </message>
        <message>
            <source>{source}: its DICOM slices are no longer those of the scan; load the series again.</source>
            <translation>{source}: Die DICOM-Schichten sind nicht mehr die der Aufnahme; bitte die Serie noch einmal laden.</translation>
        </message>
        <message>
            <source>{source}: {needed}.</source>
            <translation>{source}: {needed}.</translation>
        </message>
        <message>
            <source>{source}: another DICOM series lies there now; name the folder of the scan's own.</source>
            <translation>{source}: Dort liegt jetzt eine andere DICOM-Serie; bitte den Ordner der Serie dieser Aufnahme nennen.</translation>
        </message>
        <message>
            <source>{source}: its images name no frame of reference; export the series again.</source>
            <translation>{source}: Die Bilder nennen kein Bezugssystem (frame of reference); bitte die Serie noch einmal exportieren.</translation>
        </message>
        <message>
            <source>{path}: DICOM needs pydicom; run 'pip install pydicom'.</source>
            <translation>{path}: DICOM braucht pydicom; bitte 'pip install pydicom' ausführen.</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>{title} holds {alone}; without a scalp there are none.</source>
            <translation>{title} enthält {alone}; ohne Kopfhaut gibt es keine.</translation>
        </message>
        <message>
            <source>one page to print</source>
            <translation>eine Seite zum Drucken</translation>
        </message>
        <message>
            <source>'{name}' is no export format; choose from {formats}.</source>
            <translation>'{name}' ist kein Exportformat; bitte eines wählen von {formats}.</translation>
        </message>
        <message>
            <source>{folder}: holds {names} already; choose another folder or overwrite them.</source>
            <translation>{folder}: enthält bereits {names}; bitte einen anderen Ordner wählen oder sie überschreiben.</translation>
        </message>
        <message>
            <source>it could not be written ({reason}); make room on the disk of {folder}.</source>
            <translation>es konnte nicht geschrieben werden ({reason}); bitte auf dem Datenträger von {folder} Platz schaffen.</translation>
        </message>
        <message>
            <source>SimNIBS's reader, not the vendor's product</source>
            <translation>dem Leser von SimNIBS, nicht dem Produkt des Herstellers</translation>
        </message>
        <message>
            <source>Slicer's own reader</source>
            <translation>dem Leser von Slicer selbst</translation>
        </message>
        <message>
            <source>our own reader alone</source>
            <translation>nur unserem eigenen Leser</translation>
        </message>
        <message>
            <source>the NIfTI scan</source>
            <translation>die NIfTI-Aufnahme</translation>
        </message>
        <message>
            <source>the DICOM series</source>
            <translation>die DICOM-Serie</translation>
        </message>
        <message>
            <source>the scan</source>
            <translation>die Aufnahme</translation>
        </message>
        <message>
            <source>coil pose</source>
            <translation>Spulenlage</translation>
        </message>
        <message>
            <source>scalp entry</source>
            <translation>Eintritt an der Kopfhaut</translation>
        </message>
        <message>
            <source>points</source>
            <translation>Punkte</translation>
        </message>
        <message>
            <source>coil poses alone</source>
            <translation>nur Spulenlagen</translation>
        </message>
        <message>
            <source>scalp entries with their targets alone</source>
            <translation>nur Eintritte an der Kopfhaut mit ihren Zielpunkten</translation>
        </message>
        <message>
            <source>points under the coil</source>
            <translation>Punkte unter der Spule</translation>
        </message>
        <message>
            <source>coil poses</source>
            <translation>Spulenlagen</translation>
        </message>
        <message>
            <source>scalp entries</source>
            <translation>Eintritte an der Kopfhaut</translation>
        </message>
        <message>
            <source>{system} needs the scan that the targets were planned on; name it (--scan).</source>
            <translation>{system} braucht die Aufnahme, auf der die Zielpunkte geplant wurden; bitte nennen (--scan).</translation>
        </message>
        <message>
            <source>{system} needs the NIfTI scan that the targets were planned on; name it (--scan).</source>
            <translation>{system} braucht die NIfTI-Aufnahme, auf der die Zielpunkte geplant wurden; bitte nennen (--scan).</translation>
        </message>
        <message>
            <source>{source}: {system} needs a NIfTI scan; convert the scan to NIfTI and plan on that.</source>
            <translation>{source}: {system} braucht eine NIfTI-Aufnahme; bitte die Aufnahme in NIfTI umwandeln und darauf planen.</translation>
        </message>
        <message>
            <source>{told}, else points</source>
            <translation>{told}, sonst Punkte</translation>
        </message>
        <message>
            <source>mask, points</source>
            <translation>Maske, Punkte</translation>
        </message>
        <message>
            <source>{path}: {named}; only '{value}' can be read.</source>
            <translation>{path}: {named}; gelesen werden kann nur '{value}'.</translation>
        </message>
        <message>
            <source>'{label}' has no {missing}</source>
            <translation>'{label}' hat keine Angabe: {missing}</translation>
        </message>
        <message>
            <source>{path}: {lack}, and {title} holds {alone}; plan one.</source>
            <translation>{path}: {lack}, und {title} enthält {alone}; bitte planen.</translation>
        </message>
        <message>
            <source>mask, scalp</source>
            <translation>Maske, Kopfhaut</translation>
        </message>
        <message>
            <source>mask</source>
            <translation>Maske</translation>
        </message>
        <message>
            <source>{name} '{declared}' is not known</source>
            <translation>{name} '{declared}' ist nicht bekannt</translation>
        </message>
        <message>
            <source>it names no {name}</source>
            <translation>die Datei nennt kein {name}</translation>
        </message>
        <message>
            <source>it names no coordinate system</source>
            <translation>sie nennt kein Koordinatensystem</translation>
        </message>
        <message>
            <source>the coordinate system 'World' is that of a DICOM project, whose axes and origin Brainsight's documentation does not give</source>
            <translation>das Koordinatensystem 'World' ist das eines DICOM-Projekts, dessen Achsen und Ursprung die Dokumentation von Brainsight nicht angibt</translation>
        </message>
        <message>
            <source>the coordinate system 'Brainsight' counts from a corner of the image, which this file does not tell</source>
            <translation>das Koordinatensystem 'Brainsight' zählt ab einer Ecke des Bildes, die diese Datei nicht nennt</translation>
        </message>
        <message>
            <source>{source}: neither qform nor sform has a code that Brainsight names; set qform_code to 1.</source>
            <translation>{source}: Weder qform noch sform hat einen Code, den Brainsight benennt; bitte qform_code auf 1 setzen.</translation>
        </message>
        <message>
            <source>{source}: its sform was used, but a Brainsight file of version 12 means the qform by 'NIfTI:{code}'; make qform and sform equal, or export version 14.</source>
            <translation>{source}: Genommen wurde die sform, eine Brainsight-Datei der Version 12 meint mit 'NIfTI:{code}' aber die qform; bitte qform und sform gleichsetzen, oder Version 14 exportieren.</translation>
        </message>
        <message>
            <source>{path}: its units are '{units}'; export it in millimetres.</source>
            <translation>{path}: ihre Einheiten sind '{units}'; exportieren Sie sie in Millimetern.</translation>
        </message>
        <message>
            <source>{path}: {named}; export it from a project of the NIfTI scan, in a NIfTI space.</source>
            <translation>{path}: {named}; bitte aus einem Projekt der NIfTI-Aufnahme exportieren, in einem NIfTI-Raum.</translation>
        </message>
        <message>
            <source>the coordinate system '{space}' is not known</source>
            <translation>das Koordinatensystem '{space}' ist nicht bekannt</translation>
        </message>
        <message>
            <source>{path}: {source} has no space '{space}'; open the scan that it was planned on.</source>
            <translation>{path}: {source} hat keinen Raum '{space}'; bitte die Aufnahme öffnen, auf der geplant wurde.</translation>
        </message>
        <message>
            <source>{path}: its space '{space}' lies up to {shift:.1f} mm from the form by which {source} is read; make the scan's qform and sform equal and plan again.</source>
            <translation>{path}: Der Raum '{space}' liegt bis zu {shift:.1f} mm neben der Form, nach der {source} gelesen wird; bitte qform und sform der Aufnahme gleichsetzen und noch einmal planen.</translation>
        </message>
        <message>
            <source>{name} was read in '{space}' without its scan, whose forms may differ.</source>
            <translation>{name} wurde in '{space}' ohne die Aufnahme gelesen, deren Formen verschieden sein können.</translation>
        </message>
        <message>
            <source>{path}: it is in the space '{space}' of a template; name the scan that it belongs to (--scan).</source>
            <translation>{path}: ist im Raum '{space}' einer Vorlage; bitte die Aufnahme nennen, zu der sie gehört (--scan).</translation>
        </message>
        <message>
            <source>Brainsight 2.5.3 and later</source>
            <translation>Brainsight 2.5.3 und neuer</translation>
        </message>
        <message>
            <source>named after the NIfTI scan's qform or sform and its code, RAS mm</source>
            <translation>benannt nach qform oder sform der NIfTI-Aufnahme und deren Code, RAS-mm</translation>
        </message>
        <message>
            <source>Brainsight before 2.5.3</source>
            <translation>Brainsight vor 2.5.3</translation>
        </message>
        <message>
            <source>named after the code of the NIfTI scan's qform, RAS mm</source>
            <translation>benannt nach dem Code der qform der NIfTI-Aufnahme, RAS-mm</translation>
        </message>
        <message>
            <source>{path}: DICOM SEG needs highdicom; run 'pip install highdicom'.</source>
            <translation>{path}: DICOM SEG braucht highdicom; bitte 'pip install highdicom' ausführen.</translation>
        </message>
        <message>
            <source>{path}: its frames span no regular grid ({error}); export it as one volume.</source>
            <translation>{path}: Die Einzelbilder bilden kein regelmäßiges Gitter ({error}); bitte als ein Volumen exportieren.</translation>
        </message>
        <message>
            <source>Mask as DICOM SEG</source>
            <translation>Maske als DICOM SEG</translation>
        </message>
        <message>
            <source>in the DICOM series' frame of reference, LPS mm</source>
            <translation>im Bezugssystem (frame of reference) der DICOM-Serie, LPS-mm</translation>
        </message>
        <message>
            <source>bring the positions to the scan first (in MNE: apply_trans) or place the points on it</source>
            <translation>bitte die Orte zuerst auf die Aufnahme bringen (in MNE: apply_trans) oder die Punkte darauf setzen</translation>
        </message>
        <message>
            <source>{name} names no coordinate system; RAS mm of the scan was taken, which positions of a template head or of a digitiser are not.</source>
            <translation>{name} nennt kein Koordinatensystem; genommen wurden RAS-mm der Aufnahme, was Orte eines Vorlagenkopfes oder eines Digitalisierers nicht sind.</translation>
        </message>
        <message>
            <source>{path}: names no unit of length that is known ('{unit}'); give its positions in mm, cm or m.</source>
            <translation>{path}: nennt keine bekannte Längeneinheit ('{unit}'); bitte die Orte in mm, cm oder m angeben.</translation>
        </message>
        <message>
            <source>{path}: is in FreeSurfer's surface coordinates, which the person's T1.mgz alone brings to the scan; name that as the scan, or {advice}.</source>
            <translation>{path}: ist in Oberflächenkoordinaten von FreeSurfer, die nur T1.mgz der Person auf die Aufnahme bringt; bitte diese als Aufnahme nennen, oder {advice}.</translation>
        </message>
        <message>
            <source>{path}: is in the frame '{frame}' and not in the space of a scan; {advice}.</source>
            <translation>{path}: ist im Bezugssystem '{frame}' und nicht im Raum einer Aufnahme; {advice}.</translation>
        </message>
        <message>
            <source>{path}: a FIF file is read by the package mne; install it, or save an .elc file.</source>
            <translation>{path}: Eine FIF-Datei wird mit dem Paket mne gelesen; bitte installieren, oder eine Datei .elc speichern.</translation>
        </message>
        <message>
            <source>{path}: its axes are not those of a scan ({axis} does not grow to the {side} of the head), but of a digitiser or a cap; {advice}.</source>
            <translation>{path}: Die Achsen sind nicht die einer Aufnahme ({axis} wächst nicht zu der Richtung „{side}“ des Kopfes), sondern die eines Digitalisierers oder einer Haube; {advice}.</translation>
        </message>
        <message>
            <source>ASA electrodes</source>
            <translation>ASA-Elektroden</translation>
        </message>
        <message>
            <source>FIF montage</source>
            <translation>FIF-Montage</translation>
        </message>
        <message>
            <source>{path}: the coordinate system '{written}' is not known; save the markups as LPS or RAS.</source>
            <translation>{path}: Das Koordinatensystem '{written}' ist nicht bekannt; bitte die Markups als LPS oder RAS speichern.</translation>
        </message>
        <message>
            <source>{name} names no coordinate system; RAS was taken, as Slicer does.</source>
            <translation>{name} nennt kein Koordinatensystem; genommen wurde RAS, wie in Slicer.</translation>
        </message>
        <message>
            <source>{path}: point {id} has {more} cells more than the header names columns, so a number or a name in it has a comma; save it from Slicer as .mrk.json.</source>
            <translation>{path}: Punkt {id} hat {more} Zellen mehr, als die Kopfzeile Spalten nennt, eine Zahl oder ein Name darin hat also ein Komma; bitte aus Slicer als .mrk.json speichern.</translation>
        </message>
        <message>
            <source>Slicer fiducials (older)</source>
            <translation>Slicer-Fiducials (älter)</translation>
        </message>
        <message>
            <source>RAS mm</source>
            <translation>RAS-mm</translation>
        </message>
        <message>
            <source>{path}: '{first}' is no marker file of version 0 to 5; save it from InVesalius 3.1.</source>
            <translation>{path}: '{first}' ist keine Markerdatei der Version 0 bis 5; bitte aus InVesalius 3.1 speichern.</translation>
        </message>
        <message>
            <source>InVesalius markers</source>
            <translation>InVesalius-Marker</translation>
        </message>
        <message>
            <source>InVesalius's own image space, mm</source>
            <translation>im Bildraum von InVesalius selbst, mm</translation>
        </message>
        <message>
            <source>InVesalius's own functions, not its window</source>
            <translation>den Funktionen von InVesalius selbst, nicht seinem Fenster</translation>
        </message>
        <message>
            <source>RAS mm, for a project from NIfTI</source>
            <translation>RAS-mm, für ein Projekt aus NIfTI</translation>
        </message>
        <message>
            <source>LPS mm, for a project from DICOM</source>
            <translation>LPS-mm, für ein Projekt aus DICOM</translation>
        </message>
        <message>
            <source>Localite counts in RAS or LPS after the kind of the scan; name the scan (--scan).</source>
            <translation>Localite zählt je nach Art der Aufnahme in RAS oder LPS; bitte die Aufnahme nennen (--scan).</translation>
        </message>
        <message>
            <source>{source}: Localite counts in RAS for a NIfTI scan and in LPS for a DICOM series, and this is neither; convert the scan to NIfTI and plan on that.</source>
            <translation>{source}: Localite zählt bei einer NIfTI-Aufnahme in RAS und bei einer DICOM-Serie in LPS, und dies ist keine von beiden; bitte die Aufnahme in NIfTI umwandeln und darauf planen.</translation>
        </message>
        <message>
            <source>{path}: {named}; export it from Localite in RAS or LPS.</source>
            <translation>{path}: {named}; bitte aus Localite in RAS oder LPS exportieren.</translation>
        </message>
        <message>
            <source>the coordinate space '{space}' is not known</source>
            <translation>der Koordinatenraum '{space}' ist nicht bekannt</translation>
        </message>
        <message>
            <source>it names no coordinate space</source>
            <translation>sie nennt keinen Koordinatenraum</translation>
        </message>
        <message>
            <source>Localite InstrumentMarker</source>
            <translation>Localite InstrumentMarker</translation>
        </message>
        <message>
            <source>RAS mm for a NIfTI scan, LPS mm for another</source>
            <translation>RAS-mm bei einer NIfTI-Aufnahme, LPS-mm bei einer anderen</translation>
        </message>
        <message>
            <source>Localite EntryTarget</source>
            <translation>Localite EntryTarget</translation>
        </message>
        <message>
            <source>sample files alone</source>
            <translation>nur Beispieldateien</translation>
        </message>
        <message>
            <source>{path}: was saved in RAS; save its points as LPS, as they were.</source>
            <translation>{path}: wurde in RAS gespeichert; bitte die Punkte als LPS speichern, wie sie waren.</translation>
        </message>
        <message>
            <source>{name} names no coordinate system; LPS was taken, as Slicer does.</source>
            <translation>{name} nennt kein Koordinatensystem; genommen wurde LPS, wie in Slicer.</translation>
        </message>
        <message>
            <source>{path}: the coordinate system '{space}' is not known; save the markups as LPS or RAS.</source>
            <translation>{path}: Das Koordinatensystem '{space}' ist nicht bekannt; bitte die Markups als LPS oder RAS speichern.</translation>
        </message>
        <message>
            <source>{path}: the unit '{unit}' is not known; save the markups in mm.</source>
            <translation>{path}: Die Einheit '{unit}' ist nicht bekannt; bitte die Markups in mm speichern.</translation>
        </message>
        <message>
            <source>'{was_label}' was renamed '{point_label}' after the plan; it goes out under the plan's name.</source>
            <translation>'{was_label}' wurde nach dem Plan in '{point_label}' umbenannt; es geht unter dem Namen des Plans hinaus.</translation>
        </message>
        <message>
            <source>Slicer markups</source>
            <translation>Slicer-Markups</translation>
        </message>
        <message>
            <source>LPS mm</source>
            <translation>LPS-mm</translation>
        </message>
        <message>
            <source>{path}: is no mask, it holds {count} values; give a file of 0 and 1.</source>
            <translation>{path}: ist keine Maske, sie enthält {count} Werte; bitte eine Datei aus 0 und 1 angeben.</translation>
        </message>
        <message>
            <source>{path}: names no segment; save it as a segmentation from Slicer.</source>
            <translation>{path}: nennt kein Segment; bitte aus Slicer als Segmentierung speichern.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as an image, it may be damaged; export it again.</source>
            <translation>{path}: ist nicht als Bild lesbar, womöglich beschädigt; bitte noch einmal exportieren.</translation>
        </message>
        <message>
            <source>Mask as NIfTI</source>
            <translation>Maske als NIfTI</translation>
        </message>
        <message>
            <source>on the scan's own grid, RAS mm</source>
            <translation>auf dem Gitter der Aufnahme, RAS-mm</translation>
        </message>
        <message>
            <source>nibabel, ITK and Slicer's own reader</source>
            <translation>nibabel, ITK und dem Leser von Slicer selbst</translation>
        </message>
        <message>
            <source>Mask as Slicer segmentation</source>
            <translation>Maske als Slicer-Segmentierung</translation>
        </message>
        <message>
            <source>on the scan's own grid, LPS mm</source>
            <translation>auf dem Gitter der Aufnahme, LPS-mm</translation>
        </message>
        <message>
            <source>ITK and Slicer's own reader</source>
            <translation>ITK und dem Leser von Slicer selbst</translation>
        </message>
        <message>
            <source>{path}: {name} is missing beside it, so its space is not known; add that file.</source>
            <translation>{path}: {name} fehlt daneben, der Raum ist also nicht bekannt; bitte diese Datei dazulegen.</translation>
        </message>
        <message>
            <source>NIBS-BIDS (draft)</source>
            <translation>NIBS-BIDS (Entwurf)</translation>
        </message>
        <message>
            <source>ScanRAS, RAS mm</source>
            <translation>ScanRAS, RAS-mm</translation>
        </message>
        <message>
            <source>the draft's description alone</source>
            <translation>nur der Beschreibung des Entwurfs</translation>
        </message>
        <message>
            <source>{name} names no coordinate system; RAS mm of the scan was taken.</source>
            <translation>{name} nennt kein Koordinatensystem; genommen wurden RAS-mm der Aufnahme.</translation>
        </message>
        <message>
            <source>{path}: has no columns of names and of r, a, s (or l, p, s or x, y, z); name them so.</source>
            <translation>{path}: hat keine Spalten für Namen und für r, a, s (oder l, p, s oder x, y, z); bitte so benennen.</translation>
        </message>
        <message>
            <source>{path}: its columns of r, a, s, of l, p, s and of x, y, z do not agree; keep the true ones.</source>
            <translation>{path}: ihre Spalten r, a, s, l, p, s und x, y, z widersprechen sich; behalten Sie die richtigen.</translation>
        </message>
        <message>
            <source>{path}: RAS and LPS of '{label}' do not agree ({name}); write the file again.</source>
            <translation>{path}: RAS und LPS von '{label}' stimmen nicht überein ({name}); bitte die Datei noch einmal schreiben.</translation>
        </message>
        <message>
            <source>Table (CSV), RAS and LPS</source>
            <translation>Tabelle (CSV), RAS und LPS</translation>
        </message>
        <message>
            <source>RAS mm and LPS mm, each named</source>
            <translation>RAS-mm und LPS-mm, jeweils benannt</translation>
        </message>
        <message>
            <source>JSON, RAS and LPS</source>
            <translation>JSON, RAS und LPS</translation>
        </message>
        <message>
            <source>{path}: its outlines are filled on the scan's grid; name the scan (--scan).</source>
            <translation>{path}: Die Umrisse werden auf dem Gitter der Aufnahme gefüllt; bitte die Aufnahme nennen (--scan).</translation>
        </message>
        <message>
            <source>{path}: an outline lies on none of the slices of {source}; name the series it is of.</source>
            <translation>{path}: Ein Umriss liegt auf keiner Schicht von {source}; bitte die zugehörige Serie nennen.</translation>
        </message>
        <message>
            <source>Mask and points as RT-STRUCT</source>
            <translation>Maske und Punkte als RT-STRUCT</translation>
        </message>
        <message>
            <source>SimNIBS coil poses</source>
            <translation>SimNIBS-Spulenlagen</translation>
        </message>
        <message>
            <source>{path}: a surface is no mask; name the file of the mask or its targets.</source>
            <translation>{path}: Eine Oberfläche ist keine Maske; bitte die Datei der Maske oder ihrer Zielpunkte nennen.</translation>
        </message>
        <message>
            <source>Surfaces as {kind}</source>
            <translation>Oberflächen als {kind}</translation>
        </message>
        <message>
            <source>of the scan, LPS mm</source>
            <translation>der Aufnahme, LPS-mm</translation>
        </message>
        <message>
            <source>RAS mm of the NIfTI scan's qform</source>
            <translation>RAS-mm nach der qform der NIfTI-Aufnahme</translation>
        </message>
        <message>
            <source>{source}: visor2 goes by the qform, which this scan does not set and which would lie up to {shift:.1f} mm from its sform; set the qform equal to the sform and plan again.</source>
            <translation>{source}: visor2 geht nach der qform, die diese Aufnahme nicht setzt und die bis zu {shift:.1f} mm neben ihrer sform läge; bitte die qform der sform gleichsetzen und noch einmal planen.</translation>
        </message>
        <message>
            <source>{name} was read without its scan, with whose qform it goes.</source>
            <translation>{name} wurde ohne die Aufnahme gelesen, nach deren qform es geht.</translation>
        </message>
        <message>
            <source>{path}: {name} is not that of {source}; open the scan that it was planned on.</source>
            <translation>{path}: {name} ist nicht die von {source}; bitte die Aufnahme öffnen, auf der geplant wurde.</translation>
        </message>
        <message>
            <source>ANT Neuro visor2</source>
            <translation>ANT Neuro visor2</translation>
        </message>
        <message>
            <source>{path}: holds fiducials and no target; choose a file of targets.</source>
            <translation>{path}: enthält Bezugspunkte und keinen Zielpunkt; bitte eine Datei mit Zielpunkten wählen.</translation>
        </message>
        <message>
            <source>nothing was written</source>
            <translation>es wurde nichts geschrieben</translation>
        </message>
        <message>
            <source>free space</source>
            <translation>bitte Platz schaffen</translation>
        </message>
        <message>
            <source>{folder}: this is a file, not a folder; choose another output folder.</source>
            <translation>{folder}: Das ist eine Datei, kein Ordner; bitte einen anderen Ausgabeordner wählen.</translation>
        </message>
        <message>
            <source>{taken}: is a folder where a file belongs; choose another output folder.</source>
            <translation>{taken}: ist ein Ordner, wo eine Datei hingehört; bitte einen anderen Ausgabeordner wählen.</translation>
        </message>
        <message>
            <source>{folder}: holds results already ({names}); choose another folder or overwrite them.</source>
            <translation>{folder}: enthält bereits Ergebnisse ({names}); bitte einen anderen Ordner wählen oder sie überschreiben.</translation>
        </message>
        <message>
            <source>The coil of '{label}' has the axes of its space, which is no orientation; it is taken for a point.</source>
            <translation>Die Spule von '{label}' hat die Achsen ihres Raums, was keine Ausrichtung ist; sie gilt als Punkt.</translation>
        </message>
        <message>
            <source>'{label}' is called '{name}' in this file, in which its name would be that of another target.</source>
            <translation>'{label}' heißt in dieser Datei '{name}', da der Name darin der eines anderen Zielpunkts wäre.</translation>
        </message>
        <message>
            <source>'{label}' is the name of another target too; this one is called '{name}'.</source>
            <translation>'{label}' ist auch der Name eines anderen Zielpunkts; dieser heißt '{name}'.</translation>
        </message>
        <message>
            <source>this file of remarks</source>
            <translation>diese Datei mit Bemerkungen</translation>
        </message>
        <message>
            <source>export again, or move it away</source>
            <translation>bitte noch einmal exportieren, oder sie wegräumen</translation>
        </message>
        <message>
            <source>{path}: no known file of targets; known are {formats}.</source>
            <translation>{path}: keine bekannte Datei mit Zielpunkten; bekannt sind {formats}.</translation>
        </message>
        <message>
            <source>Target {number} of the file is called '{name}', as its own name is empty or has characters of control.</source>
            <translation>Zielpunkt {number} der Datei heißt '{name}', da sein eigener Name leer ist oder Steuerzeichen enthält.</translation>
        </message>
        <message>
            <source>target in the mask. {description}</source>
            <translation>Zielpunkt in der Maske. {description}</translation>
        </message>
        <message>
            <source>{path}: which of its points is the hotspot is not clear; add its name ({names}).</source>
            <translation>{path}: Es ist nicht klar, welcher der Punkte der Hotspot ist; bitte den Namen hinzufügen ({names}).</translation>
        </message>
        <message>
            <source>{path}: is no file; name the file of targets itself.</source>
            <translation>{path}: ist keine Datei; bitte die Datei mit den Zielpunkten selbst nennen.</translation>
        </message>
        <message>
            <source>{path}: {wrong}; name the four points nasion, inion, left tragus and right tragus.</source>
            <translation>{path}: {wrong}; bitte die vier Punkte nasion, inion, left tragus (linker Tragus) und right tragus (rechter Tragus) benennen.</translation>
        </message>
        <message>
            <source>{path}: holds neither a mask nor a point; export the structure again.</source>
            <translation>{path}: enthält weder eine Maske noch einen Punkt; bitte die Struktur noch einmal exportieren.</translation>
        </message>
        <message>
            <source>{path}: is neither a DICOM SEG nor an RT-STRUCT; name the file of the mask or its targets.</source>
            <translation>{path}: ist weder ein DICOM SEG noch ein RT-STRUCT; bitte die Datei der Maske oder ihrer Zielpunkte nennen.</translation>
        </message>
        <message>
            <source>this {title} file</source>
            <translation>diese Datei ({title})</translation>
        </message>
        <message>
            <source>export it again</source>
            <translation>bitte noch einmal exportieren</translation>
        </message>
        <message>
            <source>{path}: is too large for a file of targets; name the right file.</source>
            <translation>{path}: ist zu groß für eine Datei mit Zielpunkten; bitte die richtige Datei nennen.</translation>
        </message>
        <message>
            <source>{path}: cannot be read ({reason}); check the file's name.</source>
            <translation>{path}: ist nicht lesbar ({reason}); bitte den Namen der Datei prüfen.</translation>
        </message>
        <message>
            <source>{path}: the position of '{label}' is no point in mm; check the file.</source>
            <translation>{path}: Der Ort von '{label}' ist kein Punkt in mm; bitte die Datei prüfen.</translation>
        </message>
        <message>
            <source>{path}: the coil pose of '{label}' is mirrored or skewed; check its axes.</source>
            <translation>{path}: Die Spulenlage von '{label}' ist gespiegelt oder schief; bitte ihre Achsen prüfen.</translation>
        </message>
        <message>
            <source>has no point called {missing}</source>
            <translation>hat keinen Punkt namens {missing}</translation>
        </message>
        <message>
            <source>has {twice} twice</source>
            <translation>hat {twice} doppelt</translation>
        </message>
        <message>
            <source>this file of a mask</source>
            <translation>diese Datei mit einer Maske</translation>
        </message>
        <message>
            <source>none is called so</source>
            <translation>keiner heißt so</translation>
        </message>
        <message>
            <source>'{name}' is no export format; choose one of {point_formats}.</source>
            <translation>'{name}' ist kein Exportformat; bitte eines wählen von {point_formats}.</translation>
        </message>
        <message>
            <source>{folder}: no {result_file} is in it; name a folder that 'dlpfc plan' wrote.</source>
            <translation>{folder}: Darin ist kein {result_file}; bitte einen Ordner nennen, den 'dlpfc plan' geschrieben hat.</translation>
        </message>
        <message>
            <source>{folder}: no {region} was found in this scan, so there is nothing to export.</source>
            <translation>{folder}: In dieser Aufnahme wurde {region} nicht gefunden, es gibt also nichts zu exportieren.</translation>
        </message>
        <message>
            <source>{folder}: holds no targets of the literature; 'dlpfc plan' places them where the scan fits the MNI template, see the warnings of that run.</source>
            <translation>{folder}: enthält keine Zielpunkte der Literatur; 'dlpfc plan' setzt sie, wo die Aufnahme zur MNI-Vorlage passt, siehe die Warnungen jenes Laufs.</translation>
        </message>
        <message>
            <source>{source}: is not the scan that {folder} was planned on; name that one.</source>
            <translation>{source}: ist nicht die Aufnahme, auf der {folder} geplant wurde; bitte jene nennen.</translation>
        </message>
        <message>
            <source>{mask_source}: reaches beyond {scan_source}; name the scan that it was made on.</source>
            <translation>{mask_source}: reicht über {scan_source} hinaus; bitte die Aufnahme nennen, auf der sie erstellt wurde.</translation>
        </message>
        <message>
            <source>{path}: is of schema version {version}, which this program does not know; it may be of a newer one: use that, or plan again.</source>
            <translation>{path}: hat die Schemaversion {version}, die dieses Programm nicht kennt; womöglich ist sie von einem neueren: bitte jenes nehmen, oder noch einmal planen.</translation>
        </message>
        <message>
            <source>'{label}' was moved {away_mm:.1f} mm by hand after the plan.</source>
            <translation>'{label}' wurde nach dem Plan um {away_mm:.1f} mm von Hand verschoben.</translation>
        </message>
        <message>
            <source>none can be placed there</source>
            <translation>dort lässt sich keine setzen</translation>
        </message>
        <message>
            <source>the scan is needed to place it there (--scan)</source>
            <translation>um sie dort zu setzen, wird die Aufnahme gebraucht (--scan)</translation>
        </message>
        <message>
            <source>The coil of '{label}' is left out: {reason}.</source>
            <translation>Die Spule von '{label}' fehlt: {reason}.</translation>
        </message>
        <message>
            <source>The coil of '{label}' was changed by hand after the plan.</source>
            <translation>Die Spule von '{label}' wurde nach dem Plan von Hand geändert.</translation>
        </message>
        <message>
            <source>The scalp entry of '{label}' was changed by hand after the plan.</source>
            <translation>Der Eintritt an der Kopfhaut von '{label}' wurde nach dem Plan von Hand geändert.</translation>
        </message>
        <message>
            <source>{source}: points or masks of its results were edited, and a target nearest to the scalp can follow only where the scan is at hand; name it (--scan).</source>
            <translation>{source}: Punkte oder Masken der Ergebnisse wurden bearbeitet, und ein Zielpunkt, der der Kopfhaut am nächsten liegt, kann nur folgen, wo die Aufnahme vorliegt; bitte nennen (--scan).</translation>
        </message>
        <message>
            <source>it may be of another version: plan again</source>
            <translation>womöglich ist sie von einer anderen Version: bitte noch einmal planen</translation>
        </message>
        <message>
            <source>'{label}' was taken out of {name}; its scalp entry and its coil are left out with it.</source>
            <translation>'{label}' wurde aus {name} herausgenommen; Eintritt an der Kopfhaut und Spule dazu fehlen ebenfalls.</translation>
        </message>
        <message>
            <source>Left out, as they were measured from what was moved: {names}.</source>
            <translation>Weggelassen, da von dem aus gemessen, was verschoben wurde: {names}.</translation>
        </message>
        <message>
            <source>'{label}' followed an edit by {away_mm:.1f} mm after the plan.</source>
            <translation>'{label}' folgte nach dem Plan einer Bearbeitung um {away_mm:.1f} mm.</translation>
        </message>
        <message>
            <source>plan again</source>
            <translation>bitte noch einmal planen</translation>
        </message>
        <message>
            <source>Slicer's scene writer failed ({last_line})</source>
            <translation>Slicers Schreiber für Szenen scheiterte ({last_line})</translation>
        </message>
        <message>
            <source>{name} was not written: {failure}.</source>
            <translation>{name} wurde nicht geschrieben: {failure}.</translation>
        </message>
        <message>
            <source>Slicer's scene writer took more than {timeout_s} s</source>
            <translation>Slicers Schreiber für Szenen brauchte mehr als {timeout_s} s</translation>
        </message>
        <message>
            <source>no reason given</source>
            <translation>ohne Angabe von Gründen</translation>
        </message>
        <message>
            <source>{name} was not written: the package slicer-core is not installed.</source>
            <translation>{name} wurde nicht geschrieben: Das Paket slicer-core ist nicht installiert.</translation>
        </message>
        <message>
            <source>no human head was found in the scan</source>
            <translation>in der Aufnahme kein menschlicher Kopf gefunden wurde</translation>
        </message>
        <message>
            <source>'{label}' lies {over:.0f} mm over the midline, on the {other}; check its side.</source>
            <translation>'{label}' liegt {over:.0f} mm jenseits der Mittellinie, {other}; bitte die Seite prüfen.</translation>
        </message>
        <message>
            <source>The coil of '{label}' points {past:.0f} mm past {what}, as where one of them was moved without the other; plan again, or place both.</source>
            <translation>Die Spule von '{label}' zeigt {past:.0f} mm an {what} vorbei, wie wenn eines ohne das andere verschoben wurde; bitte noch einmal planen oder beides setzen.</translation>
        </message>
        <message>
            <source>Whether the mask {name} lies on the brain was not checked</source>
            <translation>Ob die Maske {name} auf dem Gehirn liegt, wurde nicht geprüft</translation>
        </message>
        <message>
            <source>lies {away:.0f} mm from where the DLPFC lies in most heads</source>
            <translation>liegt {away:.0f} mm von dort, wo der DLPFC in den meisten Köpfen liegt</translation>
        </message>
        <message>
            <source>The mask {name} {told}; check its place, unless it is of another region.</source>
            <translation>Die Maske {name} {told}; bitte ihren Ort prüfen, außer sie ist von einer anderen Region.</translation>
        </message>
        <message>
            <source>{path}: its segment '{label}' is coded as {side}; correct its name or its terminology.</source>
            <translation>{path}: Das Segment '{label}' ist als {side} kodiert; bitte seinen Namen oder seine Terminologie berichtigen.</translation>
        </message>
        <message>
            <source>{source}: all that is named left lies to the right of all that is named right; the file is mirrored, or in LPS though it says RAS.</source>
            <translation>{source}: Alles, was links heißt, liegt rechts von allem, was rechts heißt; die Datei ist gespiegelt, oder in LPS, obwohl sie RAS sagt.</translation>
        </message>
        <message>
            <source>{source}: '{label}' is of the {side} side and lies {over:.0f} mm over the midline, on the {other}; the file is mirrored, in another space, or of another scan, or the name is wrong.</source>
            <translation>{source}: '{label}' ist von der Seite {side} und liegt {over:.0f} mm jenseits der Mittellinie, {other}; die Datei ist gespiegelt, in einem anderen Raum oder von einer anderen Aufnahme, oder der Name ist falsch.</translation>
        </message>
        <message>
            <source>'{label}' lies at x = {x_mm:.0f} mm, which in most scans is the {other} side; name its scan to have that checked (--scan).</source>
            <translation>'{label}' liegt bei x = {x_mm:.0f} mm, in den meisten Aufnahmen ist das {other}; um das prüfen zu lassen, bitte die Aufnahme nennen (--scan).</translation>
        </message>
        <message>
            <source>The coil of '{label}'</source>
            <translation>Die Spule von '{label}'</translation>
        </message>
        <message>
            <source>{what} lies at the origin of its space; check its place, and that its file is not in metres.</source>
            <translation>{what} liegt im Ursprung des Raums; bitte den Ort prüfen, und dass die Datei nicht in Metern ist.</translation>
        </message>
        <message>
            <source>The coil of '{label}' lies {away:.0f} mm from the brain, off the head; check its place.</source>
            <translation>Die Spule von '{label}' liegt {away:.0f} mm vom Gehirn, abseits des Kopfes; bitte ihren Ort prüfen.</translation>
        </message>
        <message>
            <source>out of the head</source>
            <translation>aus dem Kopf heraus</translation>
        </message>
        <message>
            <source>past the brain</source>
            <translation>am Gehirn vorbei</translation>
        </message>
        <message>
            <source>The coil of '{label}' points {manner}, {angle:.0f} degrees off its middle; check its axes.</source>
            <translation>Die Spule von '{label}' zeigt {manner}, {angle:.0f} Grad neben seine Mitte; bitte ihre Achsen prüfen.</translation>
        </message>
        <message>
            <source>{source}: lies {away:.0f} mm from where the {hemisphere} {region} was planned, so it is the mask of the other side or of another scan; put the right file there or plan again.</source>
            <translation>{source}: liegt {away:.0f} mm von dort, wo {region} {hemisphere} geplant wurde, ist also die Maske der anderen Seite oder einer anderen Aufnahme; bitte die richtige Datei dorthin legen oder noch einmal planen.</translation>
        </message>
        <message>
            <source>{source}: the mask of the left side lies to the right of that of the right side; exchange them.</source>
            <translation>{source}: Die Maske der linken Seite liegt rechts von der der rechten Seite; bitte vertauschen.</translation>
        </message>
        <message>
            <source>{source}: {told}; it is flipped, moved or of another scan, or its name is wrong.</source>
            <translation>{source}: {told}; sie ist gekippt, verschoben oder von einer anderen Aufnahme, oder ihr Name ist falsch.</translation>
        </message>
        <message>
            <source>its side ({side})</source>
            <translation>die Seite ({side})</translation>
        </message>
        <message>
            <source>its coil's direction</source>
            <translation>die Richtung der Spule</translation>
        </message>
        <message>
            <source>Of '{label}' {about} was not checked, as {reason}.</source>
            <translation>Von '{label}' wurde nicht geprüft: {about}, da {reason}.</translation>
        </message>
        <message>
            <source>The coil of '{label}' points away from its target; check the axes by which its file was written.</source>
            <translation>Die Spule von '{label}' zeigt von ihrem Zielpunkt weg; bitte die Achsen prüfen, nach denen die Datei geschrieben wurde.</translation>
        </message>
        <message>
            <source>The coil of '{label}' lies inside the brain; check its place and the unit of its file.</source>
            <translation>Die Spule von '{label}' liegt im Gehirn; bitte ihren Ort und die Einheit ihrer Datei prüfen.</translation>
        </message>
        <message>
            <source>{unchecked}, as its scan was not named.</source>
            <translation>{unchecked}, da die Aufnahme dazu nicht genannt wurde.</translation>
        </message>
        <message>
            <source>its target</source>
            <translation>ihrem Zielpunkt</translation>
        </message>
        <message>
            <source>its scalp entry</source>
            <translation>ihrem Eintritt auf der Kopfhaut</translation>
        </message>
        <message>
            <source>{folder}: holds the plan of another scan by now; guide to it anew.</source>
            <translation>{folder}: enthält inzwischen den Plan eines anderen Scans; die Führung neu beginnen.</translation>
        </message>
        <message>
            <source>{result}: is of an older version, which keeps no coil poses; plan again.</source>
            <translation>{result}: ist von einer älteren Version, die keine Spulenlagen festhält; bitte noch einmal planen.</translation>
        </message>
        <message>
            <source>Stimulated here: the coil under a tracker at {time}.</source>
            <translation>Hier stimuliert: die Spule unter einem Tracker um {time}.</translation>
        </message>
        <message>
            <source>Stimulated here: the coil under a tracker.</source>
            <translation>Hier stimuliert: die Spule unter einem Tracker.</translation>
        </message>
        <message>
            <source>There are no points '{unknown}'; choose from {known}.</source>
            <translation>Es gibt keine Punkte '{unknown}'; bitte wählen von {known}.</translation>
        </message>
        <message>
            <source>{count} in {space}</source>
            <translation>{count} in {space}</translation>
        </message>
        <message>
            <source>wrote {names}: {contents}</source>
            <translation>geschrieben, {names}: {contents}</translation>
        </message>
        <message>
            <source>{path}: there are no targets to export; plan one first.</source>
            <translation>{path}: Es gibt keine Zielpunkte zu exportieren; bitte zuerst planen.</translation>
        </message>
        <message>
            <source>{path}: exists already; choose another name or overwrite it.</source>
            <translation>{path}: gibt es schon; bitte einen anderen Namen wählen oder überschreiben.</translation>
        </message>
        <message>
            <source>{path}: {title} holds {alone}, and there are none among the targets; plan on a scan that shows the scalp, or choose another format.</source>
            <translation>{path}: {title} enthält {alone}, und unter den Zielpunkten sind keine; bitte auf einer Aufnahme planen, die die Kopfhaut zeigt, oder ein anderes Format wählen.</translation>
        </message>
        <message>
            <source>1 target</source>
            <translation>1 Zielpunkt</translation>
        </message>
        <message>
            <source>{count} targets</source>
            <translation>{count} Zielpunkte</translation>
        </message>
        <message>
            <source>checked against {checked}</source>
            <translation>geprüft mit {checked}</translation>
        </message>
        <message>
            <source>'{label}' lies {distance:.0f} mm outside {name}; check that it is the scan on which the target was planned.</source>
            <translation>'{label}' liegt {distance:.0f} mm außerhalb von {name}; bitte prüfen, ob der Zielpunkt auf dieser Aufnahme geplant wurde.</translation>
        </message>
        <message>
            <source>left out: {names}, because {title} holds {alone}</source>
            <translation>weggelassen: {names}, da {title} nur enthält: {alone}</translation>
        </message>
        <message>
            <source>there is no mask: draw one, or choose a format of targets.</source>
            <translation>es gibt keine Maske: bitte eine zeichnen, oder ein Format für Zielpunkte wählen.</translation>
        </message>
        <message>
            <source>1 mask</source>
            <translation>1 Maske</translation>
        </message>
        <message>
            <source>{count} masks</source>
            <translation>{count} Masken</translation>
        </message>
        <message>
            <source>{masks} and scalp</source>
            <translation>{masks} und Kopfhaut</translation>
        </message>
        <message>
            <source>{place}: exists already; choose another name or overwrite it.</source>
            <translation>{place}: gibt es schon; bitte einen anderen Namen wählen oder überschreiben.</translation>
        </message>
        <message>
            <source>{path}: '{label}' cannot be the name of a target; use letters, digits and spaces.</source>
            <translation>{path}: '{label}' kann nicht der Name eines Zielpunkts sein; bitte Buchstaben, Ziffern und Leerzeichen nehmen.</translation>
        </message>
        <message>
            <source>left out: {lost}, for which {title} has no room</source>
            <translation>weggelassen: {lost}, wofür {title} keinen Platz hat</translation>
        </message>
        <message>
            <source>  {remark}</source>
            <translation>  {remark}</translation>
        </message>
        <message>
            <source>write it again</source>
            <translation>bitte noch einmal schreiben</translation>
        </message>
        <message>
            <source>cannot be written</source>
            <translation>ist nicht beschreibbar</translation>
        </message>
        <message>
            <source>make room there</source>
            <translation>bitte dort Platz schaffen</translation>
        </message>
        <message>
            <source>{place}: {told} ({reason}); {advice} or choose another folder.</source>
            <translation>{place}: {told} ({reason}); {advice} oder einen anderen Ordner wählen.</translation>
        </message>
        <message>
            <source>{folder}: another run is writing into it; wait for its end or choose another folder.</source>
            <translation>{folder}: Ein anderer Lauf schreibt gerade hinein; bitte sein Ende abwarten oder einen anderen Ordner wählen.</translation>
        </message>
        <message>
            <source>{mark_plane}in plane {plane:.1f} mm (right {right:+.1f}, up {up:+.1f}), {mark_height}height {height:.1f} mm (planned {planned:.1f}), {mark_handle}handle {handle:+.1f} deg, {mark_tilt}tilt {tilt:.1f} deg{end}</source>
            <translation>{mark_plane}in der Ebene {plane:.1f} mm (rechts {right:+.1f}, oben {up:+.1f}), {mark_height}Höhe {height:.1f} mm (geplant {planned:.1f}), {mark_handle}Griff {handle:+.1f} Grad, {mark_tilt}Neigung {tilt:.1f} Grad{end}</translation>
        </message>
        <message>
            <source>A limit is {value:g}; give one above 0 and of 90 at most, in mm and in degrees.</source>
            <translation>Eine Grenze ist {value:g}; bitte eine über 0 und höchstens 90 angeben, in mm und in Grad.</translation>
        </message>
        <message>
            <source>: in place</source>
            <translation>: am Ort</translation>
        </message>
        <message>
            <source>connected</source>
            <translation>verbunden</translation>
        </message>
        <message>
            <source>'{text}' is no address of a tracker; give HOST:PORT, such as localhost:18944.</source>
            <translation>'{text}' ist keine Adresse eines Trackers; bitte HOST:PORT angeben, etwa localhost:18944.</translation>
        </message>
        <message>
            <source>connecting</source>
            <translation>verbindet</translation>
        </message>
        <message>
            <source>no header of a message</source>
            <translation>kein Kopf einer Nachricht</translation>
        </message>
        <message>
            <source>connected; it sends {others}</source>
            <translation>verbunden; es kommt {others}</translation>
        </message>
        <message>
            <source>connected; nothing comes</source>
            <translation>verbunden; es kommt nichts</translation>
        </message>
        <message>
            <source>A tracker needs pyigtl, which is not installed: pip install 'dlpfcsegmenter[guide]'.</source>
            <translation>Ein Tracker braucht pyigtl, das nicht installiert ist: pip install 'dlpfcsegmenter[guide]'.</translation>
        </message>
        <message>
            <source>a message of {size} bytes</source>
            <translation>eine Nachricht von {size} Bytes</translation>
        </message>
        <message>
            <source>the tracker's server has closed the connection</source>
            <translation>der Server des Trackers hat die Verbindung geschlossen</translation>
        </message>
        <message>
            <source>no connection ({reason})</source>
            <translation>keine Verbindung ({reason})</translation>
        </message>
        <message>
            <source>The pointer was seen {count} times ({least} is the least); turn it for some seconds, its tip at rest.</source>
            <translation>Der Zeiger wurde {count}-mal gesehen ({least} ist das Mindeste); drehen Sie ihn einige Sekunden lang, mit ruhender Spitze.</translation>
        </message>
        <message>
            <source>The pointer was tilted too little; tilt it to all sides by 20 degrees and more, its tip at rest.</source>
            <translation>Der Zeiger wurde zu wenig gekippt; kippen Sie ihn nach allen Seiten um 20 Grad und mehr, mit ruhender Spitze.</translation>
        </message>
        <message>
            <source>The tip lies {residual:.1f} mm off where it rested ({most:g} mm is the most); hold it in a dimple and turn the pointer again.</source>
            <translation>Die Spitze liegt {residual:.1f} mm neben ihrem Ruheort ({most:g} mm ist das Höchste); halten Sie sie in eine Vertiefung, und drehen Sie den Zeiger noch einmal.</translation>
        </message>
        <message>
            <source>The fiducials lie {fre:.1f} mm from where the scan has them ({most:g} mm is the most): {why}.</source>
            <translation>Die Bezugspunkte liegen {fre:.1f} mm von ihrem Ort in der Aufnahme (höchstens {most:g} mm): {why}.</translation>
        </message>
        <message>
            <source>Had {points} been swapped, the fiducials would fit about as well ({fre:.1f} mm): sweep the scalp too, or add a point far from their plane, such as the vertex.</source>
            <translation>Wären {points} vertauscht, passten die Bezugspunkte etwa ebenso gut ({fre:.1f} mm): bitte auch die Kopfhaut abfahren, oder einen Punkt weit von ihrer Ebene hinzunehmen, etwa den Vertex.</translation>
        </message>
        <message>
            <source>{first} and {last}</source>
            <translation>{first} und {last}</translation>
        </message>
        <message>
            <source>Only {count} points were swept; sweep all over the scalp ({least} at least).</source>
            <translation>Nur {count} Punkte wurden abgefahren; bitte die ganze Kopfhaut abfahren (mindestens {least}).</translation>
        </message>
        <message>
            <source>{count} fiducials were touched, and {least} are the least; {todo}.</source>
            <translation>{count} Bezugspunkte wurden berührt, mindestens {least} sind nötig; {todo}.</translation>
        </message>
        <message>
            <source>The touched fiducials lie {factor:.3g} times as far apart as those in the scan: both must be in mm; check the units of the tracker, and of the fiducials' file.</source>
            <translation>Die berührten Bezugspunkte liegen {factor:.3g}-mal so weit auseinander wie die im Scan: beide müssen in mm sein; die Einheiten des Trackers und der Datei der Bezugspunkte prüfen.</translation>
        </message>
        <message>
            <source>{points} look swapped; touch them again</source>
            <translation>{points} scheinen vertauscht; bitte noch einmal berühren</translation>
        </message>
        <message>
            <source>The swept points lie {rms:.1f} mm off the scalp ({most:g} mm is the most): the scan is of another head or mirrored, or the reference tool has slipped; check both, and sweep again.</source>
            <translation>Die abgefahrenen Punkte liegen {rms:.1f} mm neben der Kopfhaut (höchstens {most:g} mm): Die Aufnahme ist von einem anderen Kopf oder gespiegelt, oder das Referenzwerkzeug ist verrutscht; bitte beides prüfen und noch einmal abfahren.</translation>
        </message>
        <message>
            <source>Fiducials and sweep contradict each other: the {name} lies {away:.1f} mm off where the sweep puts the head; touch and sweep again.</source>
            <translation>Bezugspunkte und abgefahrene Punkte widersprechen sich: „{name}“ liegt {away:.1f} mm neben dem Ort, an den das Abfahren den Kopf legt; bitte noch einmal berühren und abfahren.</translation>
        </message>
        <message>
            <source>The registration is no rotation and shift in mm; register again.</source>
            <translation>Die Registrierung ist keine Drehung und Verschiebung in mm; registrieren Sie noch einmal.</translation>
        </message>
        <message>
            <source>The plan is of another scan than the one that the patient was registered to; register to the scan of this plan.</source>
            <translation>Der Plan ist von einer anderen Aufnahme als der, zu der der Patient registriert wurde; bitte zur Aufnahme dieses Plans registrieren.</translation>
        </message>
        <message>
            <source>The {name} is no point; place or touch it again.</source>
            <translation>„{name}“ ist kein Punkt; bitte noch einmal setzen oder berühren.</translation>
        </message>
        <message>
            <source>touched</source>
            <translation>berührten</translation>
        </message>
        <message>
            <source>placed in the scan</source>
            <translation>in der Aufnahme gesetzten</translation>
        </message>
        <message>
            <source>The fiducials that were {where} lie on one line, which leaves the turn about it open; take points that form a triangle, such as nasion and both tragi.</source>
            <translation>Die {where} Bezugspunkte liegen auf einer Linie, was die Drehung um sie offen lässt; bitte Punkte nehmen, die ein Dreieck bilden, etwa Nasion und beide Tragi.</translation>
        </message>
        <message>
            <source>mirrored they would fit; check that scan and tracker have the same right and left</source>
            <translation>gespiegelt würden sie passen; bitte prüfen, ob rechts und links bei Aufnahme und Tracker dasselbe sind</translation>
        </message>
        <message>
            <source>the scan is of another head, or a point was touched wrongly (most of all the {worst}, {away:.1f} mm); check the scan, and touch them again</source>
            <translation>die Aufnahme ist von einem anderen Kopf, oder ein Punkt wurde falsch berührt (am ehesten {worst}, {away:.1f} mm); bitte die Aufnahme prüfen und die Punkte noch einmal berühren</translation>
        </message>
        <message>
            <source>The swept points fit the scalp if {points} are swapped; touch them again.</source>
            <translation>Die abgefahrenen Punkte passen zur Kopfhaut, wenn {points} vertauscht sind; bitte noch einmal berühren.</translation>
        </message>
        <message>
            <source>The swept points fit the scalp about as well ({other:.1f} against {rms:.1f} mm) if {points} are swapped: the scan is of another head, or the sweep too small; check the scan, and sweep all over the head.</source>
            <translation>Die abgefahrenen Punkte passen etwa ebenso gut zur Kopfhaut ({other:.1f} gegen {rms:.1f} mm), wenn {points} vertauscht sind: Die Aufnahme ist von einem anderen Kopf, oder zu wenig wurde abgefahren; bitte die Aufnahme prüfen und den ganzen Kopf abfahren.</translation>
        </message>
        <message>
            <source>touch {missing} too</source>
            <translation>bitte auch {missing} berühren</translation>
        </message>
        <message>
            <source>place more of them in the scan and touch them</source>
            <translation>bitte mehr davon in der Aufnahme setzen und berühren</translation>
        </message>
        <message>
            <source>'{name}' is no name of a transform; name it as 'CoilToReference', from a tool to a frame.</source>
            <translation>'{name}' ist kein Name einer Transformation; bitte wie 'CoilToReference' benennen, von einem Werkzeug zu einem Bezugssystem.</translation>
        </message>
        <message>
            <source>never heard of</source>
            <translation>nie gehört</translation>
        </message>
        <message>
            <source>what is sent of it is no position</source>
            <translation>was davon gesendet wird, ist kein Ort</translation>
        </message>
        <message>
            <source>not seen</source>
            <translation>nicht zu sehen</translation>
        </message>
        <message>
            <source>not heard of any more</source>
            <translation>nicht mehr zu hören</translation>
        </message>
        <message>
            <source>the tool on the head: {lost}</source>
            <translation>das Werkzeug am Kopf: {lost}</translation>
        </message>
        <message>
            <source>The transform '{name}' leads neither to '{tool}' nor to '{frame}', which '{reference}' joins.</source>
            <translation>Die Transformation '{name}' führt weder zu '{tool}' noch zu '{frame}', die '{reference}' verbindet.</translation>
        </message>
        <message>
            <source>{source}: no voxels with label {named}; give a parcellation that holds the region under this number, or name the right number.</source>
            <translation>{source}: keine Voxel mit dem Label {named}; bitte eine Parzellierung angeben, die die Region unter dieser Nummer enthält, oder die richtige Nummer nennen.</translation>
        </message>
        <message>
            <source>The posterior cut is {posterior_cut:g}; give a share of the length, 0 to below 1.</source>
            <translation>Der hintere Schnitt ist {posterior_cut:g}; bitte einen Anteil an der Länge angeben, 0 bis unter 1.</translation>
        </message>
        <message>
            <source>The description of the region is malformed; restore the model card or dataset.</source>
            <translation>Die Beschreibung der Region ist fehlerhaft; bitte die Modellkarte oder den Datensatz wiederherstellen.</translation>
        </message>
        <message>
            <source>{labels_source}: its labels lie outside the scan {grid_source}; give the labels of this scan.</source>
            <translation>{labels_source}: Die Labels liegen außerhalb der Aufnahme {grid_source}; bitte die Labels dieser Aufnahme angeben.</translation>
        </message>
        <message>
            <source>{t1}: has no parcellation beside it and no mask of {region}; add {stem}{ending} or {stem}{mask}, or move it away.</source>
            <translation>{t1}: Daneben liegt weder eine Parzellierung noch eine Maske von {region}; bitte {stem}{ending} oder {stem}{mask} hinzufügen oder die Datei wegräumen.</translation>
        </message>
        <message>
            <source>{folder}: holds no *{ending}; name the folder with the labelled scans.</source>
            <translation>{folder}: enthält kein *{ending}; bitte den Ordner mit den gelabelten Aufnahmen nennen.</translation>
        </message>
        <message>
            <source>A split needs scans of two people or more; add people, or name the sides.</source>
            <translation>Eine Aufteilung braucht Aufnahmen von mindestens zwei Personen; bitte Personen hinzufügen, oder die Teile nennen.</translation>
        </message>
        <message>
            <source>The validation fraction is {val_fraction:g}; give one between 0 and 1.</source>
            <translation>Der Anteil zum Validieren ist {val_fraction:g}; bitte einen zwischen 0 und 1 angeben.</translation>
        </message>
        <message>
            <source>No scan shows {unknown}; correct the validation list.</source>
            <translation>Keine Aufnahme zeigt {unknown}; bitte die Liste zum Validieren berichtigen.</translation>
        </message>
        <message>
            <source>The region '{name}' has no parcellation number, which {labels} needs; name those of a side or both, or give masks that were drawn.</source>
            <translation>Die Region '{name}' hat keine Parzellierungsnummer, die {labels} braucht; bitte die einer Seite oder beider nennen, oder gezeichnete Masken geben.</translation>
        </message>
        <message>
            <source>{source}: no voxel is {named}; draw the region, or remove the scan.</source>
            <translation>{source}: Kein Voxel ist {named}; bitte die Region zeichnen, oder die Aufnahme entfernen.</translation>
        </message>
        <message>
            <source>The split has the same person for training and validation: {both}; move all scans of a person to one side.</source>
            <translation>Die Aufteilung hat dieselbe Person beim Trainieren und Validieren: {both}; bitte alle Aufnahmen einer Person in einen Teil verschieben.</translation>
        </message>
        <message>
            <source>{first} and {second}: are one scan under two names; keep one, or a person would be learnt from and judged by at once.</source>
            <translation>{first} und {second}: sind ein Scan unter zwei Namen; bitte einen behalten, sonst würde an einer Person zugleich gelernt und beurteilt.</translation>
        </message>
        <message>
            <source>Setting {name}: with {text} nothing can be learnt; give numbers like {like}.</source>
            <translation>Einstellung {name}: mit {text} kann nichts gelernt werden; bitte Zahlen wie {like} angeben.</translation>
        </message>
        <message>
            <source>Unknown preset '{preset}': use one of {presets}.</source>
            <translation>Unbekannte Vorlage '{preset}': bitte eine nehmen von {presets}.</translation>
        </message>
        <message>
            <source>Settings heads_epochs and all_epochs: with 0 of both nothing is learnt; give one of them.</source>
            <translation>Einstellungen heads_epochs und all_epochs: mit 0 in beiden wird nichts gelernt; bitte eine davon angeben.</translation>
        </message>
        <message>
            <source>Unknown settings in the model configuration: {unknown}.</source>
            <translation>Unbekannte Einstellungen in der Konfiguration des Modells: {unknown}.</translation>
        </message>
        <message>
            <source>Unknown setting '{name}': see the configuration's class for the names.</source>
            <translation>Unbekannte Einstellung '{name}': Die Namen stehen in der Klasse der Konfiguration.</translation>
        </message>
        <message>
            <source>Setting {name}: '{text}' is not of the kind of '{like}'.</source>
            <translation>Einstellung {name}: '{text}' ist nicht von der Art von '{like}'.</translation>
        </message>
        <message>
            <source>Setting depths_mm: give a single depth, or one for each plane.</source>
            <translation>Einstellung depths_mm: bitte eine einzige Tiefe angeben, oder eine je Ebene.</translation>
        </message>
        <message>
            <source>Unknown frame '{kind}' in the model's configuration: use mni or head.</source>
            <translation>Unbekanntes Bezugssystem '{kind}' in der Konfiguration des Modells: bitte mni oder head nehmen.</translation>
        </message>
        <message>
            <source>These networks see more than the T1: give {missing} of '{scan}' too, as --channel {first}=FILE.</source>
            <translation>Diese Netze sehen mehr als das T1: bitte auch {missing} von '{scan}' angeben, als --channel {first}=DATEI.</translation>
        </message>
        <message>
            <source>{path}: holds no head networks; give a file that was trained for it.</source>
            <translation>{path}: enthält keine Netze für den Kopf; bitte eine dafür trainierte Datei angeben.</translation>
        </message>
        <message>
            <source>{path}: holds {networks} alone; join the wide, the close and the turn network.</source>
            <translation>{path}: enthält nur {networks}; bitte das weite, das nahe und das Netz für Drehungen zusammenfügen.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as head networks; give a file that was trained for it.</source>
            <translation>{path}: ist nicht als Netze für den Kopf lesbar; bitte eine dafür trainierte Datei angeben.</translation>
        </message>
        <message>
            <source>Unknown backbone '{backbone}': use one of {builders}.</source>
            <translation>Unbekanntes Grundnetz '{backbone}': bitte eines nehmen von {builders}.</translation>
        </message>
        <message>
            <source>{path}: is there already; name another file.</source>
            <translation>{path}: ist schon da; bitte eine andere Datei nennen.</translation>
        </message>
        <message>
            <source>{files} weights files and {numbers} numbers of people; give two files or more, for each a number above 0.</source>
            <translation>{files} Gewichtsdateien und {numbers} Zahlen von Personen; bitte mindestens zwei Dateien angeben, für jede eine Zahl über 0.</translation>
        </message>
        <message>
            <source>{path}: holds {own}, but the first {other}; merge files of the same networks.</source>
            <translation>{path}: enthält {own}, die erste aber {other}; bitte Dateien derselben Netze zusammenführen.</translation>
        </message>
        <message>
            <source>{path}: its {network} is of another architecture ({settings}); only weights of one can be merged.</source>
            <translation>{path}: {network} ist von einer anderen Architektur ({settings}); nur Gewichte einer einzigen lassen sich zusammenführen.</translation>
        </message>
        <message>
            <source>{segmenting}, or all averaged</source>
            <translation>{segmenting}, oder alle gemittelt</translation>
        </message>
        <message>
            <source>Unknown preset '{preset}': use one of {known}.</source>
            <translation>Unbekannte Vorlage '{preset}': bitte eine nehmen von {known}.</translation>
        </message>
        <message>
            <source>Mask R-CNN on slices</source>
            <translation>Mask R-CNN auf Schichten</translation>
        </message>
        <message>
            <source>Unknown network '{name}': this version knows {registry}.</source>
            <translation>Unbekanntes Netz '{name}': Diese Version kennt {registry}.</translation>
        </message>
        <message>
            <source>our Mask R-CNN</source>
            <translation>unser Mask R-CNN</translation>
        </message>
        <message>
            <source>ResNet-101-FPN as published</source>
            <translation>ResNet-101-FPN wie veröffentlicht</translation>
        </message>
        <message>
            <source>{path}: give weights a name that ends in .pt; their card lies beside them.</source>
            <translation>{path}: Gewichte brauchen einen Namen, der auf .pt endet; ihre Karte liegt daneben.</translation>
        </message>
        <message>
            <source>{joined}: is there already; name another file.</source>
            <translation>{joined}: ist schon da; bitte eine andere Datei nennen.</translation>
        </message>
        <message>
            <source>{named} learnt different labels; join networks that were trained for the same.</source>
            <translation>{named} haben verschiedene Labels gelernt; bitte Netze zusammenfügen, die für dasselbe trainiert wurden.</translation>
        </message>
        <message>
            <source>{path}: holds a network '{name}' that this version does not know; update the module.</source>
            <translation>{path}: enthält ein Netz '{name}', das diese Version nicht kennt; bitte das Modul aktualisieren.</translation>
        </message>
        <message>
            <source>{path}: its SHA-256 is not the one in {name}, so the file is damaged or not the one that the card describes; install it again.</source>
            <translation>{path}: Die SHA-256 ist nicht die in {name}, die Datei ist also beschädigt oder nicht die, die die Karte beschreibt; bitte noch einmal installieren.</translation>
        </message>
        <message>
            <source>{path}: is not a weights file of this program; give one that `dlpfc train` wrote.</source>
            <translation>{path}: ist keine Gewichtsdatei dieses Programms; bitte eine angeben, die `dlpfc train` geschrieben hat.</translation>
        </message>
        <message>
            <source>Unknown device '{wanted}': use auto, cpu or cuda.</source>
            <translation>Unbekanntes Gerät '{wanted}': bitte auto, cpu oder cuda nehmen.</translation>
        </message>
        <message>
            <source>No CUDA GPU can be used by this PyTorch; choose the device 'cpu' or 'auto'.</source>
            <translation>Dieses PyTorch kann keine CUDA-Grafikkarte nutzen; bitte das Gerät 'cpu' oder 'auto' wählen.</translation>
        </message>
        <message>
            <source>{start}: none of its weights fits a {backbone} Mask R-CNN; choose another file or backbone.</source>
            <translation>{start}: Keines der Gewichte passt zu einem Mask R-CNN mit {backbone}; bitte eine andere Datei oder ein anderes Grundnetz wählen.</translation>
        </message>
        <message>
            <source>{path}: holds a {kind} as a file before it does; join networks of different kinds.</source>
            <translation>{path}: enthält ein {kind} wie eine Datei davor; bitte Netze verschiedener Art zusammenfügen.</translation>
        </message>
        <message>
            <source>{path}: is malformed ({kind}: {error}); give a file that `dlpfc train` wrote.</source>
            <translation>{path}: ist fehlerhaft ({kind}: {error}); bitte eine Datei angeben, die `dlpfc train` geschrieben hat.</translation>
        </message>
        <message>
            <source>{path}: its weights '{name}' hold what is no number; train or download the file again.</source>
            <translation>{path}: Die Gewichte '{name}' enthalten etwas, das keine Zahl ist; bitte noch einmal trainieren oder herunterladen.</translation>
        </message>
        <message>
            <source>{path}: its weights do not fit the configuration stored with them; train or download the file again.</source>
            <translation>{path}: Die Gewichte passen nicht zu der mit ihnen gespeicherten Konfiguration; bitte noch einmal trainieren oder herunterladen.</translation>
        </message>
        <message>
            <source>{place}: is not a model card; delete it or restore it.</source>
            <translation>{place}: ist keine Modellkarte; bitte löschen oder wiederherstellen.</translation>
        </message>
        <message>
            <source>{start}: cannot be read as a weights file ({kind}).</source>
            <translation>{start}: ist nicht als Gewichtsdatei lesbar ({kind}).</translation>
        </message>
        <message>
            <source>The {start} weights cannot be downloaded ({error}); download {file} elsewhere and give the file instead.</source>
            <translation>Die Gewichte {start} können nicht heruntergeladen werden ({error}); bitte {file} anderswo herunterladen und stattdessen die Datei angeben.</translation>
        </message>
        <message>
            <source>runs of resting-state fMRI, preprocessed by fMRIPrep or raw: measures the mask's connectivity</source>
            <translation>Ruheläufe von fMRT, mit fMRIPrep vorverarbeitet oder roh: misst die Konnektivität der Maske</translation>
        </message>
        <message>
            <source>with `--target circuit` those that fMRIPrep wrote beside the T1</source>
            <translation>mit `--target circuit` die, die fMRIPrep neben das T1 geschrieben hat</translation>
        </message>
        <message>
            <source>fMRIPrep's table of each run</source>
            <translation>die Tabelle von fMRIPrep zu jedem Lauf</translation>
        </message>
        <message>
            <source>those beside the runs</source>
            <translation>die neben den Läufen</translation>
        </message>
        <message>
            <source>where the runs lie</source>
            <translation>wo die Läufe liegen</translation>
        </message>
        <message>
            <source>as their names say</source>
            <translation>wie ihre Namen sagen</translation>
        </message>
        <message>
            <source>series of the subgenual cingulate: the brain weighted by a group map, or a sphere</source>
            <translation>Zeitreihe des subgenualen Cingulums: das Gehirn, gewichtet mit einer Gruppenkarte, oder eine Kugel</translation>
        </message>
        <message>
            <source>what is chosen in the mask</source>
            <translation>was in der Maske gewählt wird</translation>
        </message>
        <message>
            <source>map in MNI mm that is positive where the brain goes with the subgenual cingulate</source>
            <translation>Karte in MNI-mm, positiv, wo das Gehirn mit dem subgenualen Cingulum geht</translation>
        </message>
        <message>
            <source>shipped</source>
            <translation>mitgeliefert</translation>
        </message>
        <message>
            <source>fMRIPrep's `from-MNI*_to-T1w_mode-image_xfm.h5`, or another of ITK or ANTs</source>
            <translation>`from-MNI*_to-T1w_mode-image_xfm.h5` von fMRIPrep, oder eine andere von ITK oder ANTs</translation>
        </message>
        <message>
            <source>the head's own affine</source>
            <translation>die affine Abbildung des Kopfes</translation>
        </message>
        <message>
            <source>the mean of the grey matter is regressed out</source>
            <translation>der Mittelwert der grauen Substanz wird herausgerechnet</translation>
        </message>
        <message>
            <source>on</source>
            <translation>an</translation>
        </message>
        <message>
            <source>side to plan on</source>
            <translation>Seite, auf der geplant wird</translation>
        </message>
        <message>
            <source>confidence, 0 to 1, below which a slice's finding is dropped</source>
            <translation>Konfidenz, 0 bis 1, unter der ein Fund in einer Schicht verworfen wird</translation>
        </message>
        <message>
            <source>measured motor hotspot: `R A S` in mm, or a file of samples or points, of several with the name</source>
            <translation>gemessener motorischer Hotspot: `R A S` in mm, oder eine Datei mit Messpunkten oder Punkten, bei mehreren mit dem Namen</translation>
        </message>
        <message>
            <source>estimated from anatomy, with its uncertainty</source>
            <translation>aus der Anatomie geschätzt, mit seiner Unsicherheit</translation>
        </message>
        <message>
            <source>length of the rule along the scalp</source>
            <translation>Länge der Regel entlang der Kopfhaut</translation>
        </message>
        <message>
            <source>`centroid`, `nearest-scalp`, `circuit` (needs fMRI), or a point of your own: `R A S` in mm</source>
            <translation>`centroid`, `nearest-scalp`, `circuit` (braucht fMRT), oder ein eigener Punkt: `R A S` in mm</translation>
        </message>
        <message>
            <source>a target of your own, RAS in mm</source>
            <translation>ein eigener Zielpunkt, RAS in mm</translation>
        </message>
        <message>
            <source>the target that the mask gives</source>
            <translation>der Zielpunkt, den die Maske ergibt</translation>
        </message>
        <message>
            <source>nasion, inion, left and right tragus in any file that `dlpfc convert` reads: adds 10-20 F3/F4 and Beam F3/F4</source>
            <translation>Nasion, Inion, linker und rechter Tragus in einer Datei, die `dlpfc convert` liest: ergibt 10-20 F3/F4 und Beam F3/F4</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>circumference, nasion-inion, tragus-tragus by tape: Beam F3/F4 as lengths on the head</source>
            <translation>Umfang, Nasion-Inion, Tragus-Tragus mit dem Maßband: Beam F3/F4 als Längen am Kopf</translation>
        </message>
        <message>
            <source>the scalp entry as lengths by tape, from `--fiducials` or estimated ones</source>
            <translation>der Eintritt an der Kopfhaut als Längen mit dem Maßband, von `--fiducials` oder geschätzten Punkten aus</translation>
        </message>
        <message>
            <source>coil handle from the midline, backwards and to the side; mirrored on the right</source>
            <translation>Spulengriff von der Mittellinie, nach hinten und zur Seite; rechts gespiegelt</translation>
        </message>
        <message>
            <source>coil face to scalp, for hair</source>
            <translation>Spulenfläche bis Kopfhaut, für die Haare</translation>
        </message>
        <message>
            <source>weights other than the shipped ones</source>
            <translation>andere Gewichte als die mitgelieferten</translation>
        </message>
        <message>
            <source>`all` that the weights hold</source>
            <translation>`all`, die die Gewichte enthalten</translation>
        </message>
        <message>
            <source>maps that the weights see beside the T1, such as `z=sub-01_z.nii.gz`, or `z=*_z.nii.gz`</source>
            <translation>Karten, die die Gewichte neben dem T1 sehen, etwa `z=sub-01_z.nii.gz` oder `z=*_z.nii.gz`</translation>
        </message>
        <message>
            <source>where the network runs</source>
            <translation>wo das Netz rechnet</translation>
        </message>
        <message>
            <source>landmarks on the scalp and the coil, not mask and target alone</source>
            <translation>Landmarken auf der Kopfhaut und die Spule, nicht nur Maske und Zielpunkt</translation>
        </message>
        <message>
            <source>The threshold is {threshold:g}; give a confidence between 0 and 1.</source>
            <translation>Die Schwelle ist {threshold:g}; bitte eine Konfidenz zwischen 0 und 1 angeben.</translation>
        </message>
        <message>
            <source>A hotspot belongs to one side of the head; plan the left and the right one after another.</source>
            <translation>Ein Hotspot gehört zu einer Seite des Kopfes; bitte die Seiten links und rechts nacheinander planen.</translation>
        </message>
        <message>
            <source>Unknown target '{target}': use {targets}.</source>
            <translation>Unbekannter Zielpunkt '{target}': bitte {targets} nehmen.</translation>
        </message>
        <message>
            <source>A picked target belongs to one side of the head; plan the sides one after another.</source>
            <translation>Ein gewählter Zielpunkt gehört zu einer Seite des Kopfes; bitte die Seiten nacheinander planen.</translation>
        </message>
        <message>
            <source>The {name} is {value:g} {unit}; give {low:g} to {high:g} {unit}.</source>
            <translation>{name}: {value:g} {unit}; bitte {low:g} bis {high:g} {unit} angeben.</translation>
        </message>
        <message>
            <source>The {name} ({numbers}) is no point; give three numbers, RAS mm of the scan.</source>
            <translation>{name}: ({numbers}) ist kein Punkt; bitte drei Zahlen angeben, RAS-mm der Aufnahme.</translation>
        </message>
        <message>
            <source>threshold</source>
            <translation>Schwelle</translation>
        </message>
        <message>
            <source>hotspot</source>
            <translation>Hotspot</translation>
        </message>
        <message>
            <source>rule length</source>
            <translation>Länge der Regel</translation>
        </message>
        <message>
            <source>picked target</source>
            <translation>gewählter Zielpunkt</translation>
        </message>
        <message>
            <source>coil angle</source>
            <translation>Spulenwinkel</translation>
        </message>
        <message>
            <source>getting ready</source>
            <translation>Vorbereitung</translation>
        </message>
        <message>
            <source>placing target and landmarks</source>
            <translation>Zielpunkt und Landmarken werden gesetzt</translation>
        </message>
        <message>
            <source>{source}: no point is nearest to the scalp, since there is none. {reason}</source>
            <translation>{source}: Kein Punkt liegt der Kopfhaut am nächsten, da es keine gibt. {reason}</translation>
        </message>
        <message>
            <source>Landmarks were switched off.</source>
            <translation>Landmarken waren ausgeschaltet.</translation>
        </message>
        <message>
            <source>{minutes:.0f} min left</source>
            <translation>noch {minutes:.0f} min</translation>
        </message>
        <message>
            <source>Fisher's z</source>
            <translation>Fishers z</translation>
        </message>
        <message>
            <source>cortex from the {hemisphere}</source>
            <translation>Kortex von der Seite gesehen: {hemisphere}</translation>
        </message>
        <message>
            <source>Place</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>z with the SGC</source>
            <translation>z mit dem SGC</translation>
        </message>
        <message>
            <source>mm to the target</source>
            <translation>mm bis zum Ziel</translation>
        </message>
        <message>
            <source>Connectivity with the subgenual cingulate (SGC)</source>
            <translation>Konnektivität mit dem subgenualen Cingulum (SGC)</translation>
        </message>
        <message>
            <source>From the {hemisphere}</source>
            <translation>Von {hemisphere}</translation>
        </message>
        <message>
            <source>From the front, {hemisphere} and above</source>
            <translation>Von vorn, {hemisphere} und oben</translation>
        </message>
        <message>
            <source>Walk of the rule</source>
            <translation>Weg der Regel</translation>
        </message>
        <message>
            <source>Coil (not to scale)</source>
            <translation>Spule (nicht maßstäblich)</translation>
        </message>
        <message>
            <source>{five_cm} to target</source>
            <translation>{five_cm} bis Zielpunkt</translation>
        </message>
        <message>
            <source>{five_cm} to target along scalp</source>
            <translation>{five_cm} bis Zielpunkt entlang der Kopfhaut</translation>
        </message>
        <message>
            <source>target to scalp</source>
            <translation>Zielpunkt bis Kopfhaut</translation>
        </message>
        <message>
            <source>RESEARCH USE ONLY</source>
            <translation>NUR FÜR DIE FORSCHUNG</translation>
        </message>
        <message>
            <source>Scan: {scan}  Model: {model}</source>
            <translation>Aufnahme: {scan}  Modell: {model}</translation>
        </message>
        <message>
            <source>Warning: {text}</source>
            <translation>Warnung: {text}</translation>
        </message>
        <message>
            <source>target at {place}</source>
            <translation>Zielpunkt bei {place}</translation>
        </message>
        <message>
            <source>Correlation with the SGC's series over the scan, and as the cortex shows it from the side.</source>
            <translation>Korrelation mit der Zeitreihe des SGC über der Aufnahme, und wie der Kortex sie von der Seite zeigt.</translation>
        </message>
        <message>
            <source>A coronal slice through each landmark of the {name} side, and the head with all points in front of it.</source>
            <translation>Eine koronale Schicht durch jede Landmarke der Seite {name}, und der Kopf mit allen Punkten davor.</translation>
        </message>
        <message>
            <source>{region} plan of {scan_name}</source>
            <translation>{region}-Plan von {scan_name}</translation>
        </message>
        <message>
            <source>No warnings. Check the outline and every point on the pictures before use.</source>
            <translation>Keine Warnungen. Vor der Verwendung bitte den Umriss und jeden Punkt auf den Bildern prüfen.</translation>
        </message>
        <message>
            <source>Slices through the {name} target. {convention}</source>
            <translation>Schichten durch den Zielpunkt {name}. {convention}</translation>
        </message>
        <message>
            <source>Both tapes, from above and from the {name}; parallel projections.</source>
            <translation>Beide Maßbänder, von oben und von {name}; Parallelprojektionen.</translation>
        </message>
        <message>
            <source>{region} target plan</source>
            <translation>Plan des Zielpunkts: {region}</translation>
        </message>
        <message>
            <source>Warnings: read first</source>
            <translation>Warnungen: zuerst lesen</translation>
        </message>
        <message>
            <source>{side} {region}: target and landmarks</source>
            <translation>{region} {side}: Zielpunkt und Landmarken</translation>
        </message>
        <message>
            <source>Annex: {side} {region}</source>
            <translation>Anhang: {region} {side}</translation>
        </message>
        <message>
            <source>No picture of the head in 3-D: the scan shows no scalp, or the scalp was not asked for.</source>
            <translation>Kein Bild des Kopfes in 3-D: Die Aufnahme zeigt keine Kopfhaut, oder die Kopfhaut war nicht verlangt.</translation>
        </message>
        <message>
            <source>Annex: scan, model and settings</source>
            <translation>Anhang: Aufnahme, Modell und Einstellungen</translation>
        </message>
        <message>
            <source>Made {time} with DLPFCSegmenter {version}.</source>
            <translation>Erstellt {time} mit DLPFCSegmenter {version}.</translation>
        </message>
        <message>
            <source>see the methods</source>
            <translation>siehe die Methoden</translation>
        </message>
        <message>
            <source>Beam {place} by tape</source>
            <translation>Beam {place} mit dem Maßband</translation>
        </message>
        <message>
            <source>affine, fits {fit}</source>
            <translation>affin, passt {fit}</translation>
        </message>
        <message>
            <source>mm in the scan's own world, not in MNI space</source>
            <translation>mm im Weltraum der Aufnahme selbst, nicht im MNI-Raum</translation>
        </message>
        <message>
            <source>From the target to the nearest scalp it is {depth:.1f} mm.</source>
            <translation>Vom Zielpunkt bis zur nächsten Kopfhaut sind es {depth:.1f} mm.</translation>
        </message>
        <message>
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <source>X along the circumference from the midline, cm</source>
            <translation>X entlang des Umfangs von der Mittellinie, cm</translation>
        </message>
        <message>
            <source>Y from the vertex, cm</source>
            <translation>Y vom Vertex, cm</translation>
        </message>
        <message>
            <source>given at {place}</source>
            <translation>angegeben bei {place}</translation>
        </message>
        <message>
            <source>hemisphere {sides}</source>
            <translation>Hemisphäre {sides}</translation>
        </message>
        <message>
            <source>threshold {threshold}</source>
            <translation>Schwelle {threshold}</translation>
        </message>
        <message>
            <source>target {target}</source>
            <translation>Zielpunkt {target}</translation>
        </message>
        <message>
            <source>{depth:.1f} mm from the target to the scalp</source>
            <translation>{depth:.1f} mm vom Zielpunkt bis zur Kopfhaut</translation>
        </message>
        <message>
            <source>Depth and size</source>
            <translation>Tiefe und Größe</translation>
        </message>
        <message>
            <source>Uncertainty</source>
            <translation>Unsicherheit</translation>
        </message>
        <message>
            <source>RAS, mm</source>
            <translation>RAS, mm</translation>
        </message>
        <message>
            <source>LPS, mm (as DICOM)</source>
            <translation>LPS, mm (wie DICOM)</translation>
        </message>
        <message>
            <source>Point</source>
            <translation>Punkt</translation>
        </message>
        <message>
            <source>How it was found</source>
            <translation>Wie er gefunden wurde</translation>
        </message>
        <message>
            <source>To the target, mm, from</source>
            <translation>Zum Zielpunkt, mm, von</translation>
        </message>
        <message>
            <source>Distances</source>
            <translation>Abstände</translation>
        </message>
        <message>
            <source>From the target to the nearest scalp it is {depth:.1f} mm, along the scalp's normal {along:.1f} mm.</source>
            <translation>Vom Zielpunkt bis zur nächsten Kopfhaut sind es {depth:.1f} mm, entlang der Normale der Kopfhaut {along:.1f} mm.</translation>
        </message>
        <message>
            <source>Handle</source>
            <translation>Griff</translation>
        </message>
        <message>
            <source>Standoff</source>
            <translation>Abstand der Spule</translation>
        </message>
        <message>
            <source>{standoff:g} mm from the scalp to the coil's face</source>
            <translation>{standoff:g} mm von der Kopfhaut bis zur Spulenfläche</translation>
        </message>
        <message>
            <source>Pose, coil to RAS mm</source>
            <translation>Lage, Spule nach RAS-mm</translation>
        </message>
        <message>
            <source>Coil axes</source>
            <translation>Achsen der Spule</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>{size} voxels (I, J, K)</source>
            <translation>{size} Voxel (I, J, K)</translation>
        </message>
        <message>
            <source>Spacing</source>
            <translation>Voxelgröße</translation>
        </message>
        <message>
            <source>Orientation</source>
            <translation>Orientierung</translation>
        </message>
        <message>
            <source>{orientation} (directions in which I, J, K grow)</source>
            <translation>{orientation} (Richtungen, in denen I, J, K wachsen)</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>SHA-256 of its weights</source>
            <translation>SHA-256 seiner Gewichte</translation>
        </message>
        <message>
            <source>SHA-256 of the head network</source>
            <translation>SHA-256 des Netzes für den Kopf</translation>
        </message>
        <message>
            <source>What its label means</source>
            <translation>Was sein Label bedeutet</translation>
        </message>
        <message>
            <source>Registration with MNI</source>
            <translation>Registrierung mit MNI</translation>
        </message>
        <message>
            <source>Options</source>
            <translation>Optionen</translation>
        </message>
        <message>
            <source>Software</source>
            <translation>Software</translation>
        </message>
        <message>
            <source>rule {length:g} mm</source>
            <translation>Regel {length:g} mm</translation>
        </message>
        <message>
            <source>hotspot {given}</source>
            <translation>Hotspot {given}</translation>
        </message>
        <message>
            <source>circumference {around:g}, nasion-inion {sagittal:g} and tragus-tragus {coronal:g} cm by tape</source>
            <translation>Umfang {around:g}, Nasion-Inion {sagittal:g} und Tragus-Tragus {coronal:g} cm mit dem Maßband</translation>
        </message>
        <message>
            <source>The centroid lies {words}</source>
            <translation>Der Schwerpunkt liegt {words}</translation>
        </message>
        <message>
            <source>not known</source>
            <translation>nicht bekannt</translation>
        </message>
        <message>
            <source>Coil, middle of its face</source>
            <translation>Spule, Mitte ihrer Fläche</translation>
        </message>
        <message>
            <source>over the scalp entry</source>
            <translation>über dem Eintritt an der Kopfhaut</translation>
        </message>
        <message>
            <source>Other points</source>
            <translation>Weitere Punkte</translation>
        </message>
        <message>
            <source>Targets of your own</source>
            <translation>Eigene Zielpunkte</translation>
        </message>
        <message>
            <source>scalp nearest to the target</source>
            <translation>Kopfhaut, die dem Zielpunkt am nächsten liegt</translation>
        </message>
        <message>
            <source>Centroid</source>
            <translation>Schwerpunkt</translation>
        </message>
        <message>
            <source>outside the mask</source>
            <translation>außerhalb der Maske</translation>
        </message>
        <message>
            <source>All of them from MNI</source>
            <translation>Alle aus MNI</translation>
        </message>
        <message>
            <source>Methods of the landmarks</source>
            <translation>Methoden der Landmarken</translation>
        </message>
        <message>
            <source>picked</source>
            <translation>gewählt</translation>
        </message>
        <message>
            <source>ESTIMATED</source>
            <translation>GESCHÄTZT</translation>
        </message>
        <message>
            <source>Radiological view, as in Slicer: the patient's right is on the left of the picture.</source>
            <translation>Radiologische Ansicht, wie in Slicer: Die rechte Seite des Patienten ist links im Bild.</translation>
        </message>
        <message>
            <source>Axial</source>
            <translation>Axial</translation>
        </message>
        <message>
            <source>Sagittal</source>
            <translation>Sagittal</translation>
        </message>
        <message>
            <source>Coronal</source>
            <translation>Koronal</translation>
        </message>
        <message>
            <source>{region} outline</source>
            <translation>Umriss: {region}</translation>
        </message>
        <message>
            <source>By tape</source>
            <translation>Mit dem Maßband</translation>
        </message>
        <message>
            <source>Coil is off by, with that tape {wrong_mm:g} mm wrong</source>
            <translation>Fehler der Spule, wenn dieses Maß um {wrong_mm:g} mm falsch ist</translation>
        </message>
        <message>
            <source>By tape: the {hemisphere} target of {scan_name}</source>
            <translation>Mit dem Maßband: der Zielpunkt {hemisphere} von {scan_name}</translation>
        </message>
        <message>
            <source>On the same head</source>
            <translation>Am selben Kopf</translation>
        </message>
        <message>
            <source>From above</source>
            <translation>Von oben</translation>
        </message>
        <message>
            <source>Midline, height of Fpz</source>
            <translation>Mittellinie, Höhe von Fpz</translation>
        </message>
        <message>
            <source>Vertex</source>
            <translation>Vertex</translation>
        </message>
        <message>
            <source>Coil's centre</source>
            <translation>Mitte der Spule</translation>
        </message>
        <message>
            <source>Coil's handle</source>
            <translation>Griff der Spule</translation>
        </message>
        <message>
            <source>mm from the {name}</source>
            <translation>mm von: {name}</translation>
        </message>
        <message>
            <source>entry</source>
            <translation>Eintritt</translation>
        </message>
        <message>
            <source>target</source>
            <translation>Zielpunkt</translation>
        </message>
        <message>
            <source>{root}: holds no T1w scan that was asked for; check the tree, the participants and filters.</source>
            <translation>{root}: enthält keine der verlangten T1w-Aufnahmen; bitte Baum, Personen und Filter prüfen.</translation>
        </message>
        <message>
            <source>{root}: holds no T1w scan of {named}; check the labels.</source>
            <translation>{root}: enthält keine T1w-Aufnahme von {named}; bitte die Kürzel prüfen.</translation>
        </message>
        <message>
            <source>{root}: no T1w scan's name has a part {unknown} to filter by; they have {known}.</source>
            <translation>{root}: kein Name einer T1w-Aufnahme hat einen Teil {unknown}, nach dem sich auswählen ließe; sie haben {known}.</translation>
        </message>
        <message>
            <source>{path}: lies in {folders}, but is named {stem}; give it the name of its person and session.</source>
            <translation>{path}: liegt in {folders}, heißt aber {stem}; bitte nach Person und Sitzung benennen.</translation>
        </message>
        <message>
            <source>{path}: is of sub-{one}, but {name} of sub-{two}; give files of one person.</source>
            <translation>{path}: ist von sub-{one}, aber {name} von sub-{two}; bitte Dateien einer Person angeben.</translation>
        </message>
        <message>
            <source>{path}: {name} beside it has the same name; take one of them away, or leave it out with --filter.</source>
            <translation>{path}: {name} daneben hat denselben Namen; bitte eine davon wegräumen oder mit --filter auslassen.</translation>
        </message>
        <message>
            <source>--filter {word}: give a part of the name and its values, such as acq=mprage or run=1,2.</source>
            <translation>--filter {word}: bitte einen Teil des Namens und seine Werte angeben, etwa acq=mprage oder run=1,2.</translation>
        </message>
        <message>
            <source>{path}: no such map of {t1}; check --channel.</source>
            <translation>{path}: eine solche Karte zu {t1} gibt es nicht; bitte --channel prüfen.</translation>
        </message>
        <message>
            <source>{path}: shows nothing where {t1} lies; give a map that is co-registered with it.</source>
            <translation>{path}: zeigt nichts, wo {t1} liegt; bitte eine Karte angeben, die darauf registriert ist.</translation>
        </message>
        <message>
            <source>--channel {word}: give NAME=FILE, each name once, such as z=sub-01_z.nii.gz or z=*_z.nii.gz.</source>
            <translation>--channel {word}: bitte NAME=DATEI angeben, jeden Namen einmal, etwa z=sub-01_z.nii.gz oder z=*_z.nii.gz.</translation>
        </message>
        <message>
            <source>{source}: is too large for a head; crop or resample it to about 1 mm.</source>
            <translation>{source}: ist zu groß für einen Kopf; bitte zuschneiden oder auf etwa 1 mm umrechnen.</translation>
        </message>
        <message>
            <source>save it in mm</source>
            <translation>bitte in mm speichern</translation>
        </message>
        <message>
            <source>{source}: voxels of {size} are too coarse; give a scan of at most {max_spacing_mm} mm in every direction.</source>
            <translation>{source}: Voxel von {size} sind zu grob; bitte eine Aufnahme von höchstens {max_spacing_mm} mm in jeder Richtung angeben.</translation>
        </message>
        <message>
            <source>{source}: the field of view of {size} is too small for a head; give a scan of at least {min_field_of_view_mm:.0f} mm in every direction{or_in_cm}.</source>
            <translation>{source}: das Bildfeld von {size} ist zu klein für einen Kopf; bitte eine Aufnahme von mindestens {min_field_of_view_mm:.0f} mm in jeder Richtung angeben{or_in_cm}.</translation>
        </message>
        <message>
            <source>{source}: holds NaN or infinite values; replace them by 0 first.</source>
            <translation>{source}: enthält NaN oder unendliche Werte; bitte zuerst durch 0 ersetzen.</translation>
        </message>
        <message>
            <source>{source}: every voxel is {lowest:g}, there is no image in it; give a T1 scan.</source>
            <translation>{source}: Jedes Voxel ist {lowest:g}, es ist kein Bild darin; bitte eine T1-Aufnahme angeben.</translation>
        </message>
        <message>
            <source>, or save it in mm if its lengths are centimetres</source>
            <translation>, oder sie in mm speichern, falls ihre Längen Zentimeter sind</translation>
        </message>
        <message>
            <source>export the series again from the scanner or the archive</source>
            <translation>bitte die Serie noch einmal vom Scanner oder aus dem Archiv exportieren</translation>
        </message>
        <message>
            <source>DICOM's are in mm: export the series again from the scanner or the archive</source>
            <translation>in DICOM sind es mm: bitte die Serie noch einmal aus Scanner oder Archiv exportieren</translation>
        </message>
        <message>
            <source>direction (of left and right)</source>
            <translation>Richtung (von links und rechts)</translation>
        </message>
        <message>
            <source>'{name}', {count} files such as {first_name}</source>
            <translation>'{name}', {count} Dateien wie {first_name}</translation>
        </message>
        <message>
            <source>{path}: slice positions contradict each other; {advice}.</source>
            <translation>{path}: die Orte der Schichten widersprechen einander; {advice}.</translation>
        </message>
        <message>
            <source>{folder}: no DICOM image lies in this folder; give a scan file, or the folder that holds the slices.</source>
            <translation>{folder}: In diesem Ordner liegt kein DICOM-Bild; bitte eine Aufnahme angeben, oder den Ordner mit den Schichten.</translation>
        </message>
        <message>
            <source>{folder}: holds {count} DICOM series ({names}); give one file of the wanted series.</source>
            <translation>{folder}: enthält {count} DICOM-Serien ({names}); bitte eine Datei der gewünschten Serie angeben.</translation>
        </message>
        <message>
            <source>{file}: is a DICOMDIR, a table of contents without images; give the folder of one series.</source>
            <translation>{file}: ist ein DICOMDIR, ein Inhaltsverzeichnis ohne Bilder; bitte den Ordner einer Serie angeben.</translation>
        </message>
        <message>
            <source>{path}: {name} is a multi-frame or enhanced DICOM file; convert it to NIfTI (dcm2niix).</source>
            <translation>{path}: {name} ist eine Multiframe- oder Enhanced-DICOM-Datei; bitte in NIfTI umwandeln (dcm2niix).</translation>
        </message>
        <message>
            <source>{path}: {name} has a PixelSpacing that is not above 0; {advice}.</source>
            <translation>{path}: {name} hat ein PixelSpacing, das nicht über 0 liegt; {advice}.</translation>
        </message>
        <message>
            <source>{path}: {name} has a direction that cannot be one (tag {key}: no two unit vectors at a right angle), so left and right are unknown; {advice}.</source>
            <translation>{path}: {name} hat eine Richtung, die keine sein kann (Tag {key}: keine zwei Einheitsvektoren im rechten Winkel), links und rechts sind also unbekannt; {advice}.</translation>
        </message>
        <message>
            <source>{path}: {name} has no {field} that can be read (tag {key}); {advice}.</source>
            <translation>{path}: In {name} fehlt {field} oder ist nicht lesbar (Tag {key}); {advice}.</translation>
        </message>
        <message>
            <source>{name} {value} and {alike}</source>
            <translation>{name} {value} und {alike}</translation>
        </message>
        <message>
            <source>{path}: {files} differ ({shown}); give one series alone, or convert it to NIfTI (dcm2niix).</source>
            <translation>{path}: {files} unterscheiden sich ({shown}); bitte nur eine Serie angeben, oder in NIfTI umwandeln (dcm2niix).</translation>
        </message>
        <message>
            <source>{path}: {files} lie in different frames of reference, so their positions cannot be compared; give one series alone.</source>
            <translation>{path}: {files} liegen in verschiedenen Bezugssystemen, ihre Orte lassen sich also nicht vergleichen; bitte eine Serie allein angeben.</translation>
        </message>
        <message>
            <source>{path}: the slices have different PixelSpacing; give the T1 series alone.</source>
            <translation>{path}: Die Schichten haben verschiedenes PixelSpacing; bitte nur die T1-Serie angeben.</translation>
        </message>
        <message>
            <source>{path}: slices lie in different planes (a localiser?); give the T1 series alone.</source>
            <translation>{path}: Schichten liegen in verschiedenen Ebenen (ein Localizer?); bitte nur die T1-Serie angeben.</translation>
        </message>
        <message>
            <source>{path}: is a single DICOM slice; give the folder that holds the whole series.</source>
            <translation>{path}: ist eine einzelne DICOM-Schicht; bitte den Ordner mit der ganzen Serie angeben.</translation>
        </message>
        <message>
            <source>{path}: several slices lie at the same place (echoes or frames); keep one set of them.</source>
            <translation>{path}: Mehrere Schichten liegen am selben Ort (Echos oder Einzelbilder); bitte nur einen Satz davon behalten.</translation>
        </message>
        <message>
            <source>{path}: slices are missing or unevenly spaced ({least:.2f} to {most:.2f} mm apart); copy the whole series again.</source>
            <translation>{path}: Schichten fehlen oder sind ungleichmäßig verteilt ({least:.2f} bis {most:.2f} mm Abstand); bitte die ganze Serie noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: the slices are stacked at a tilt (gantry tilt); resample the series to a straight grid.</source>
            <translation>{path}: Die Schichten sind schräg gestapelt (Gantry-Neigung); bitte die Serie auf ein gerades Gitter umrechnen.</translation>
        </message>
        <message>
            <source>{path}: PixelSpacing contradicts other sizes in the header; convert the series to NIfTI (dcm2niix).</source>
            <translation>{path}: PixelSpacing widerspricht anderen Größen in den Kopfdaten; bitte die Serie in NIfTI umwandeln (dcm2niix).</translation>
        </message>
        <message>
            <source>{path}: a slice cannot be read, it is damaged or compressed in a way that is not read here; copy the whole series again, or convert it to NIfTI (dcm2niix).</source>
            <translation>{path}: Eine Schicht kann nicht gelesen werden, sie ist beschädigt oder so komprimiert, dass sie hier nicht gelesen wird; bitte die ganze Serie noch einmal kopieren oder in NIfTI umwandeln (dcm2niix).</translation>
        </message>
        <message>
            <source>{path}: {name} cannot be read as a DICOM image; copy the whole series again.</source>
            <translation>{path}: {name} ist nicht als DICOM-Bild lesbar; bitte die ganze Serie noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: {files} name different patients ({name}); give the series of one person alone.</source>
            <translation>{path}: {files} nennen verschiedene Patienten ({name}); bitte nur die Serie einer Person angeben.</translation>
        </message>
        <message>
            <source>the header says supine and the head lies prone, or its front and back are swapped</source>
            <translation>die Kopfdaten sagen Rückenlage und der Kopf liegt in Bauchlage, oder vorn und hinten sind vertauscht</translation>
        </message>
        <message>
            <source>the header says head first and the head lies feet first, or its top and bottom are swapped</source>
            <translation>die Kopfdaten sagen Kopf voran und der Kopf liegt mit den Füßen voran, oder oben und unten sind vertauscht</translation>
        </message>
        <message>
            <source>the header says supine, head first and the head lies prone, feet first, or all its axes are swapped</source>
            <translation>die Kopfdaten sagen Rückenlage, Kopf voran und der Kopf liegt in Bauchlage, Füße voran, oder alle Achsen sind vertauscht</translation>
        </message>
        <message>
            <source>, as if {mistake}</source>
            <translation>, als ob: {mistake}</translation>
        </message>
        <message>
            <source>{source}: MNI space cannot be laid on it ({reason}), so nothing can be estimated from anatomy; check that this is a T1 scan of a head and that its header tells how the head lies, or give the hotspot.</source>
            <translation>{source}: Der MNI-Raum lässt sich nicht darauf legen ({reason}), aus der Anatomie kann also nichts geschätzt werden; bitte prüfen, ob dies eine T1-Aufnahme eines Kopfes ist und ob ihre Kopfdaten sagen, wie der Kopf liegt, oder den Hotspot angeben.</translation>
        </message>
        <message>
            <source>no brain was found</source>
            <translation>kein Gehirn wurde gefunden</translation>
        </message>
        <message>
            <source>left and right are swapped</source>
            <translation>links und rechts sind vertauscht</translation>
        </message>
        <message>
            <source>its parts disagree by {spread_mm:.1f} mm, at most {max_spread_mm:g} expected</source>
            <translation>seine Teile sind um {spread_mm:.1f} mm uneins, höchstens {max_spread_mm:g} werden erwartet</translation>
        </message>
        <message>
            <source>{seen:.0f} % of the brain was scanned, at least {min_seen:g} % are needed</source>
            <translation>{seen:.0f} % des Gehirns wurden aufgenommen, mindestens {min_seen:g} % sind nötig</translation>
        </message>
        <message>
            <source>{covered:.0f} % of the brain's place looks like brain</source>
            <translation>{covered:.0f} % vom Ort des Gehirns sehen nach Gehirn aus</translation>
        </message>
        <message>
            <source>the head lies turned by {turn_deg:.0f} degrees against its header{turned_as}</source>
            <translation>der Kopf liegt um {turn_deg:.0f} Grad gegen seine Kopfdaten gedreht{turned_as}</translation>
        </message>
        <message>
            <source>brain scaled by {least:.2f} to {most:.2f}</source>
            <translation>Gehirn skaliert um {least:.2f} bis {most:.2f}</translation>
        </message>
        <message>
            <source>the axes are named wrongly</source>
            <translation>die Achsen sind falsch benannt</translation>
        </message>
        <message>
            <source>its 'space' field is missing or not anatomical</source>
            <translation>ihr Feld 'space' fehlt oder ist nicht anatomisch</translation>
        </message>
        <message>
            <source>{path}: cannot be read as an image, it may be damaged.</source>
            <translation>{path}: ist nicht als Bild lesbar, womöglich beschädigt.</translation>
        </message>
        <message>
            <source>it has no TransformMatrix</source>
            <translation>sie hat keine TransformMatrix</translation>
        </message>
        <message>
            <source>the NIfTI or MGZ file that it should be</source>
            <translation>die NIfTI- oder MGZ-Datei, die es sein sollte</translation>
        </message>
        <message>
            <source>metres</source>
            <translation>Meter</translation>
        </message>
        <message>
            <source>microns</source>
            <translation>Mikrometer</translation>
        </message>
        <message>
            <source>{path}: is {what_it_is} by its content; give {readable_here}.</source>
            <translation>{path}: ist nach dem Inhalt {what_it_is}; bitte angeben: {readable_here}.</translation>
        </message>
        <message>
            <source>{path}: its other half '{name}' is not there; copy both into one folder.</source>
            <translation>{path}: Die andere Hälfte „{name}“ fehlt; bitte beide in einen Ordner kopieren.</translation>
        </message>
        <message>
            <source>{path}: its header gives lengths in {unit}, which programs read differently; save it in mm.</source>
            <translation>{path}: Die Kopfdaten geben Längen in {unit} an, was Programme verschieden lesen; bitte in mm speichern.</translation>
        </message>
        <message>
            <source>{path}: its header is damaged (vox_offset {offset} lies within the header); convert it again from the DICOM files.</source>
            <translation>{path}: Die Kopfdaten sind beschädigt (vox_offset {offset} liegt in den Kopfdaten); bitte noch einmal aus den DICOM-Dateien umwandeln.</translation>
        </message>
        <message>
            <source>{path}: qform and sform disagree on which side is left; convert it again from the DICOM files.</source>
            <translation>{path}: qform und sform sind uneins, welche Seite links ist; bitte noch einmal aus den DICOM-Dateien umwandeln.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as an image, it may be damaged ({error}).</source>
            <translation>{path}: ist nicht als Bild lesbar, womöglich beschädigt ({error}).</translation>
        </message>
        <message>
            <source>it is an Analyze file</source>
            <translation>es ist eine Analyze-Datei</translation>
        </message>
        <message>
            <source>goodRASFlag is 0</source>
            <translation>goodRASFlag ist 0</translation>
        </message>
        <message>
            <source>a voxel size is not above 0</source>
            <translation>eine Voxelgröße ist nicht über 0</translation>
        </message>
        <message>
            <source>its directions are no unit vectors</source>
            <translation>ihre Richtungen sind keine Einheitsvektoren</translation>
        </message>
        <message>
            <source>qform_code and sform_code are 0</source>
            <translation>qform_code und sform_code sind 0</translation>
        </message>
        <message>
            <source>pixdim[0] of its qform is {pixdim:g}, not 1 or -1</source>
            <translation>pixdim[0] ihrer qform ist {pixdim:g}, nicht 1 oder -1</translation>
        </message>
        <message>
            <source>its qform has a voxel size that is not above 0</source>
            <translation>ihre qform hat eine Voxelgröße, die nicht über 0 liegt</translation>
        </message>
        <message>
            <source>its {name} holds what is no number</source>
            <translation>ihre {name} enthält etwas, das keine Zahl ist</translation>
        </message>
        <message>
            <source>{path}: holds complex values; save its magnitude and give that.</source>
            <translation>{path}: enthält komplexe Werte; bitte den Betrag speichern und angeben.</translation>
        </message>
        <message>
            <source>{path}: the header gives no orientation ({reason}), so left and right are unknown; convert it again from the DICOM files.</source>
            <translation>{path}: Die Kopfdaten geben keine Orientierung an ({reason}), links und rechts sind also unbekannt; bitte noch einmal aus den DICOM-Dateien umwandeln.</translation>
        </message>
        <message>
            <source>{path}: holds {frames} frames; choose one with --frame N, from 0 to {last}.</source>
            <translation>{path}: enthält {frames} Einzelbilder; bitte eines mit --frame N wählen, von 0 bis {last}.</translation>
        </message>
        <message>
            <source>{path}: has no frame {index}; it holds {frames}, counted from 0.</source>
            <translation>{path}: hat kein Einzelbild {index}; es sind {frames}, gezählt ab 0.</translation>
        </message>
        <message>
            <source>{path}: is not a 3-D scan ({sizes} voxels); give the whole T1 volume.</source>
            <translation>{path}: ist keine 3-D-Aufnahme ({sizes} Voxel); bitte das ganze T1-Volumen angeben.</translation>
        </message>
        <message>
            <source>{path}: is too large for a head ({sizes} voxels); crop or resample it.</source>
            <translation>{path}: ist zu groß für einen Kopf ({sizes} Voxel); bitte zuschneiden oder umrechnen.</translation>
        </message>
        <message>
            <source>{source}: its axes do not span a volume (broken orientation in the header); export or convert it again.</source>
            <translation>{source}: Die Achsen spannen kein Volumen auf (Lage im Kopf der Datei ist kaputt); bitte noch einmal exportieren oder umwandeln.</translation>
        </message>
        <message>
            <source>{source}: voxels of {size} look like lengths in {unit}; {advice}.</source>
            <translation>{source}: Voxel von {size} sehen nach Längen in einer anderen Einheit aus ({unit}); {advice}.</translation>
        </message>
        <message>
            <source>{path}: has {values_per_voxel} values in each voxel (colour or vector); give the grey T1 image.</source>
            <translation>{path}: hat {values_per_voxel} Werte in jedem Voxel (Farbe oder Vektor); bitte das graue T1-Bild angeben.</translation>
        </message>
        <message>
            <source>a gzip file</source>
            <translation>eine gzip-Datei</translation>
        </message>
        <message>
            <source>a zip archive</source>
            <translation>ein zip-Archiv</translation>
        </message>
        <message>
            <source>a bzip2 file</source>
            <translation>eine bzip2-Datei</translation>
        </message>
        <message>
            <source>a PNG picture</source>
            <translation>ein PNG-Bild</translation>
        </message>
        <message>
            <source>a JPEG picture</source>
            <translation>ein JPEG-Bild</translation>
        </message>
        <message>
            <source>a PDF document</source>
            <translation>ein PDF-Dokument</translation>
        </message>
        <message>
            <source>a TIFF picture</source>
            <translation>ein TIFF-Bild</translation>
        </message>
        <message>
            <source>an NRRD file</source>
            <translation>eine NRRD-Datei</translation>
        </message>
        <message>
            <source>a MetaImage file</source>
            <translation>eine MetaImage-Datei</translation>
        </message>
        <message>
            <source>a placeholder of Git LFS, not the file itself</source>
            <translation>ein Platzhalter von Git LFS, nicht die Datei selbst</translation>
        </message>
        <message>
            <source>a DICOM file</source>
            <translation>eine DICOM-Datei</translation>
        </message>
        <message>
            <source>a web page</source>
            <translation>eine Webseite</translation>
        </message>
        <message>
            <source>an Analyze file or a damaged NIfTI file</source>
            <translation>eine Analyze-Datei oder eine beschädigte NIfTI-Datei</translation>
        </message>
        <message>
            <source>a text file</source>
            <translation>eine Textdatei</translation>
        </message>
        <message>
            <source>an unknown kind of file</source>
            <translation>eine unbekannte Art von Datei</translation>
        </message>
        <message>
            <source>NIfTI, NRRD, MHA, MGZ or a DICOM series</source>
            <translation>NIfTI, NRRD, MHA, MGZ oder eine DICOM-Serie</translation>
        </message>
        <message>
            <source>{path}: is not a scan that can be read; give {readable}.</source>
            <translation>{path}: ist keine lesbare Aufnahme; bitte angeben: {readable}.</translation>
        </message>
        <message>
            <source>{path}: no such file or folder; check the path.</source>
            <translation>{path}: Diese Datei oder diesen Ordner gibt es nicht; bitte den Pfad prüfen.</translation>
        </message>
        <message>
            <source>{path}: is no regular file; give {readable}.</source>
            <translation>{path}: ist keine gewöhnliche Datei; bitte angeben: {readable}.</translation>
        </message>
        <message>
            <source>{shown}: its name is no UTF-8, so no result could name it; rename the file or its folder.</source>
            <translation>{shown}: Der Name ist kein UTF-8, kein Ergebnis könnte ihn also nennen; bitte die Datei oder ihren Ordner umbenennen.</translation>
        </message>
        <message>
            <source>{shown}: names are read as {encoding} here, so no result could name it; set the environment's LC_ALL to C.UTF-8, or rename the file or its folder.</source>
            <translation>{shown}: Namen werden hier als {encoding} gelesen, kein Ergebnis könnte ihn also nennen; bitte die Umgebungsvariable LC_ALL auf C.UTF-8 setzen, oder die Datei oder ihren Ordner umbenennen.</translation>
        </message>
        <message>
            <source>{path}: the file is empty; copy it again.</source>
            <translation>{path}: Die Datei ist leer; bitte noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: a library that reads such files crashed on it ({name}); convert the scan to NIfTI.</source>
            <translation>{path}: Eine Bibliothek, die solche Dateien liest, ist daran abgestürzt ({name}); bitte die Aufnahme in NIfTI umwandeln.</translation>
        </message>
        <message>
            <source>{path}: its header places it over 10 m away, so it is damaged; export or convert it again.</source>
            <translation>{path}: Der Kopf der Datei legt den Scan über 10 m weit weg, er ist also beschädigt; bitte noch einmal exportieren oder umwandeln.</translation>
        </message>
        <message>
            <source>'{source}' no longer lies where its file {path} says (cropped, or a transform was hardened); save the volume to a file of its own and export again.</source>
            <translation>„{source}“ liegt nicht mehr dort, wo die Datei {path} sagt (zugeschnitten, oder eine Transformation wurde angewendet); bitte das Volumen in eine eigene Datei speichern und noch einmal exportieren.</translation>
        </message>
        <message>
            <source>{path}: may not be read; ask for permission to read it.</source>
            <translation>{path}: darf nicht gelesen werden; bitte das Leserecht einholen.</translation>
        </message>
        <message>
            <source>{path}: is damaged, it ends {size} bytes too early; copy it again.</source>
            <translation>{path}: ist beschädigt und endet {size} Bytes zu früh; bitte noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: is damaged, more data follow than the {size} bytes that its header tells of; copy it again.</source>
            <translation>{path}: ist beschädigt, mehr Daten folgen als die {size} Bytes, die die Kopfdaten nennen; bitte noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: is damaged, its compressed data end early or contradict their checksum; copy it again.</source>
            <translation>{path}: ist beschädigt, die komprimierten Daten enden zu früh oder widersprechen ihrer Prüfsumme; bitte noch einmal kopieren.</translation>
        </message>
        <message>
            <source>{path}: its header is damaged ('{field}: {shown}' {why}); save the scan again.</source>
            <translation>{path}: Die Kopfdaten sind beschädigt ('{field}: {shown}' {why}); bitte die Aufnahme noch einmal speichern.</translation>
        </message>
        <message>
            <source>{path}: its header is damaged (a line of it is no field); save the scan again.</source>
            <translation>{path}: Die Kopfdaten sind beschädigt (eine Zeile davon ist kein Feld); bitte die Aufnahme noch einmal speichern.</translation>
        </message>
        <message>
            <source>{path}: its header has no end, it may be damaged; save the scan again.</source>
            <translation>{path}: Die Kopfdaten haben kein Ende, die Datei ist womöglich beschädigt; bitte die Aufnahme noch einmal speichern.</translation>
        </message>
        <message>
            <source>{path}: its header holds {names}, one of which is wrong; save the scan again.</source>
            <translation>{path}: Die Kopfdaten enthalten {names}, eines davon ist falsch; bitte die Aufnahme noch einmal speichern.</translation>
        </message>
        <message>
            <source>{path}: its voxels are in the file '{name}', which is not there; copy both into one folder.</source>
            <translation>{path}: Die Voxel sind in der Datei '{name}', die nicht da ist; bitte beide in einen Ordner kopieren.</translation>
        </message>
        <message>
            <source>is no type of voxels</source>
            <translation>ist keine Art von Voxeln</translation>
        </message>
        <message>
            <source>{path}: its header is damaged ('{field}' is missing); save the scan again.</source>
            <translation>{path}: Die Kopfdaten sind beschädigt ('{field}' fehlt); bitte die Aufnahme noch einmal speichern.</translation>
        </message>
        <message>
            <source>must be {axes} numbers</source>
            <translation>muss {axes} Zahlen sein</translation>
        </message>
        <message>
            <source>must be a direction for each of the three axes of a head</source>
            <translation>muss für jede der drei Achsen eines Kopfes eine Richtung sein</translation>
        </message>
        <message>
            <source>is unknown here, or of several files</source>
            <translation>ist hier unbekannt, oder in mehreren Dateien</translation>
        </message>
        <message>
            <source>is another unit than mm, which programs read differently</source>
            <translation>ist eine andere Einheit als mm, was Programme verschieden lesen</translation>
        </message>
        <message>
            <source>names no single file of data</source>
            <translation>nennt keine einzelne Datei mit Daten</translation>
        </message>
        <message>
            <source>is out of range</source>
            <translation>ist außerhalb des Bereichs</translation>
        </message>
        <message>
            <source>must be one number</source>
            <translation>muss eine Zahl sein</translation>
        </message>
        <message>
            <source>must be {count} numbers</source>
            <translation>muss {count} Zahlen sein</translation>
        </message>
        <message>
            <source>must be above 0</source>
            <translation>muss über 0 liegen</translation>
        </message>
        <message>
            <source>is of voxels in a file of their own</source>
            <translation>ist von Voxeln in einer eigenen Datei</translation>
        </message>
        <message>
            <source>is no row of numbers</source>
            <translation>ist keine Reihe von Zahlen</translation>
        </message>
        <message>
            <source>must be unit vectors</source>
            <translation>müssen Einheitsvektoren sein</translation>
        </message>
        <message>
            <source>within {expected_mm:.1f} mm of the outlines that it was trained on in 9 of 10 scans (experts differ by about {experts_mm:g} mm)</source>
            <translation>in 9 von 10 Aufnahmen höchstens {expected_mm:.1f} mm von den Umrissen, mit denen trainiert wurde (Fachleute unterscheiden sich um etwa {experts_mm:g} mm)</translation>
        </message>
        <message>
            <source>unreliable: the network is not sure of the region</source>
            <translation>unzuverlässig: Das Netz ist sich der Region nicht sicher</translation>
        </message>
        <message>
            <source>uncertainty not known for this model</source>
            <translation>Unsicherheit für dieses Modell nicht bekannt</translation>
        </message>
        <message>
            <source>The calibration in the model card holds what is no number; restore the card.</source>
            <translation>Die Kalibrierung in der Modellkarte enthält etwas, das keine Zahl ist; bitte die Karte wiederherstellen.</translation>
        </message>
        <message>
            <source>The calibration in the model card is malformed; restore the card.</source>
            <translation>Die Kalibrierung in der Modellkarte ist fehlerhaft; bitte die Karte wiederherstellen.</translation>
        </message>
        <message>
            <source>{source}: no {hemisphere} {region} was found, since the scan could not be laid over the MNI brain ({misplaced}); check that it is a T1 of a whole head and that its header tells how the head lies.</source>
            <translation>{source}: Kein {region} {hemisphere} gefunden, da sich die Aufnahme nicht über das MNI-Gehirn legen ließ ({misplaced}); bitte prüfen, ob sie ein T1 eines ganzen Kopfes ist und ob ihre Kopfdaten sagen, wie der Kopf liegt.</translation>
        </message>
        <message>
            <source>{source}: no {hemisphere} {region} was found, since the networks' views of it lie {spread_mm:.0f} mm apart; check that the scan is a T1 of a whole head.</source>
            <translation>{source}: Kein {region} {hemisphere} gefunden, da die Ansichten der Netze davon {spread_mm:.0f} mm auseinanderliegen; bitte prüfen, ob die Aufnahme ein T1 eines ganzen Kopfes ist.</translation>
        </message>
        <message>
            <source>{source}: no {hemisphere} {region} was found ({count} slices, {size_ml:.1f} ml); check that the scan is a T1 of a whole head, or lower the threshold.</source>
            <translation>{source}: Kein {region} {hemisphere} gefunden ({count} Schichten, {size_ml:.1f} ml); bitte prüfen, ob die Aufnahme ein T1 eines ganzen Kopfes ist, oder die Schwelle senken.</translation>
        </message>
        <message>
            <source>{source}: what looked like the {hemisphere} {region} lies on the other side of the head; check the orientation in the scan's header.</source>
            <translation>{source}: Was wie {region} {hemisphere} aussah, liegt auf der anderen Seite des Kopfes; bitte die Orientierung in den Kopfdaten der Aufnahme prüfen.</translation>
        </message>
        <message>
            <source>{source}: no {hemisphere} {region} was found, since its place lies beyond the border of the scan; use a scan of the whole head.</source>
            <translation>{source}: Kein {region} {hemisphere} gefunden, da sein Ort jenseits des Randes der Aufnahme liegt; bitte eine Aufnahme des ganzen Kopfes nehmen.</translation>
        </message>
        <message>
            <source>{source}: no {hemisphere} {region} was found, since the tissue in its place is uniform; check that the scan is a T1 of a head.</source>
            <translation>{source}: Kein {region} {hemisphere} gefunden, da das Gewebe an seinem Ort einförmig ist; bitte prüfen, ob die Aufnahme ein T1 eines Kopfes ist.</translation>
        </message>
        <message>
            <source>Unknown hemisphere '{hemisphere}': use left or right.</source>
            <translation>Unbekannte Hemisphäre '{hemisphere}': bitte left (links) oder right (rechts) nehmen.</translation>
        </message>
        <message>
            <source>Unknown network '{networks}': use one of {network_choices}.</source>
            <translation>Unbekanntes Netz '{networks}': bitte eines nehmen von {network_choices}.</translation>
        </message>
        <message>
            <source>The weights '{id}' hold no {wanted}; choose another network.</source>
            <translation>Die Gewichte '{id}' enthalten kein {wanted}; bitte ein anderes Netz wählen.</translation>
        </message>
        <message>
            <source>The networks of '{id}' see heads in different frames ({frames}); ask one alone.</source>
            <translation>Die Netze von '{id}' sehen Köpfe in verschiedenen Bezugssystemen ({frames}); bitte nur eines fragen.</translation>
        </message>
        <message>
            <source>The weights '{id}' see no channel '{name}'; leave it out, or name the weights that do (--weights).</source>
            <translation>Die Gewichte '{id}' sehen keinen Kanal '{name}'; bitte weglassen oder die Gewichte nennen, die ihn sehen (--weights).</translation>
        </message>
        <message>
            <source>network that sees the region</source>
            <translation>Netz, das die Region sieht</translation>
        </message>
        <message>
            <source>{one} and {other}</source>
            <translation>{one} und {other}</translation>
        </message>
        <message>
            <source>{one} or {other}</source>
            <translation>{one} oder {other}</translation>
        </message>
        <message>
            <source>A linear form of the web calculator, within 1 mm of it over usual heads</source>
            <translation>Eine lineare Form des Webrechners, bei üblichen Köpfen auf 1 mm genau</translation>
        </message>
        <message>
            <source>The {name} of {value:.4g} cm is not human ({low:g} to {high:g} cm); check the measure, or the points between which it was taken.</source>
            <translation>{name}: {value:.4g} cm sind nicht menschlich ({low:g} bis {high:g} cm); bitte das Maß prüfen, oder die Punkte, zwischen denen gemessen wurde.</translation>
        </message>
        <message>
            <source>{source}: MNI space could not be laid on the scan, so no fiducials can be estimated.</source>
            <translation>{source}: Der MNI-Raum ließ sich nicht auf die Aufnahme legen, Bezugspunkte können also nicht geschätzt werden.</translation>
        </message>
        <message>
            <source>{source}: the entry lies below the nasion, so no mark on the midline leads there.</source>
            <translation>{source}: Der Eintritt liegt unter dem Nasion, kein Punkt auf der Mittellinie führt also dorthin.</translation>
        </message>
        <message>
            <source>{source}: the entry lies at the vertex, so no direction leads from there to it.</source>
            <translation>{source}: Der Eintritt liegt am Vertex, keine Richtung führt also von dort dorthin.</translation>
        </message>
        <message>
            <source>{source}: the entry lies across the midline, so no tape on the {hemisphere} leads there.</source>
            <translation>{source}: Der Eintritt liegt jenseits der Mittellinie, kein Maßband {hemisphere} führt also dorthin.</translation>
        </message>
        <message>
            <source>on the face</source>
            <translation>im Gesicht</translation>
        </message>
        <message>
            <source>at an ear</source>
            <translation>an einem Ohr</translation>
        </message>
        <message>
            <source>on the neck</source>
            <translation>am Hals</translation>
        </message>
        <message>
            <source>The scalp under the coil faces straight down, so a handle angle means nothing.</source>
            <translation>Die Kopfhaut unter der Spule weist gerade nach unten, ein Winkel des Griffs bedeutet also nichts.</translation>
        </message>
        <message>
            <source>deeper than usual</source>
            <translation>tiefer als üblich</translation>
        </message>
        <message>
            <source>shallower than a brain lies</source>
            <translation>flacher, als ein Gehirn liegt</translation>
        </message>
        <message>
            <source>For information, not a dose: in this scan the cortex lies {target_mm:.0f} mm below the scalp over the target and {motor_mm:.0f} mm at the motor hotspot, each give or take 3 mm; published corrections of the motor threshold for this difference are {low:+.0f} to {high:+.0f} % of maximum output ({threshold_source}).</source>
            <translation>Zur Information, keine Dosis: In dieser Aufnahme liegt der Kortex {target_mm:.0f} mm unter der Kopfhaut über dem Zielpunkt und {motor_mm:.0f} mm am motorischen Hotspot, jeweils auf 3 mm genau; veröffentlichte Korrekturen der motorischen Schwelle für diesen Unterschied sind {low:+.0f} bis {high:+.0f} % der maximalen Leistung ({threshold_source}).</translation>
        </message>
        <message>
            <source>The {words} ({point})</source>
            <translation>{words} ({point})</translation>
        </message>
        <message>
            <source>{place} is no point; give three numbers, RAS mm of {source}.</source>
            <translation>{place} ist kein Punkt; bitte drei Zahlen angeben, RAS-mm von {source}.</translation>
        </message>
        <message>
            <source>{place} lies {distance:.0f} mm from the scalp of {source}; give a point on the scalp, in RAS mm of this scan.</source>
            <translation>{place} liegt {distance:.0f} mm von der Kopfhaut von {source}; bitte einen Punkt auf der Kopfhaut angeben, in RAS-mm dieser Aufnahme.</translation>
        </message>
        <message>
            <source>{place} lies where the scan of {source} cuts the head off, not on skin; place it on skin, or use a scan that shows the whole head.</source>
            <translation>{place} liegt, wo die Aufnahme von {source} den Kopf abschneidet, nicht auf Haut; bitte auf Haut setzen, oder eine Aufnahme nehmen, die den ganzen Kopf zeigt.</translation>
        </message>
        <message>
            <source>{source}: nasion, inion and the two tragi do not form a cross on the head; two of them are the same point or in each other's place. Place them again.</source>
            <translation>{source}: Nasion, Inion und die beiden Tragi bilden kein Kreuz auf dem Kopf; zwei davon sind derselbe Punkt oder vertauscht. Bitte noch einmal setzen.</translation>
        </message>
        <message>
            <source>{source}: the cross of nasion, inion and the two tragi is turned against the head; each of them is in another's place. Place them again.</source>
            <translation>{source}: Das Kreuz aus Nasion, Inion und den beiden Tragi ist gegen den Kopf gedreht; jeder steht an der Stelle eines anderen. Bitte noch einmal setzen.</translation>
        </message>
        <message>
            <source>{source}: {swapped} are swapped. {hint} (x grows to the person's right, y to the front).</source>
            <translation>{source}: {swapped} sind vertauscht. {hint} (x wächst von der Person aus nach rechts, y nach vorn).</translation>
        </message>
        <message>
            <source>left and right tragus</source>
            <translation>linker und rechter Tragus</translation>
        </message>
        <message>
            <source>nasion and inion</source>
            <translation>Nasion und Inion</translation>
        </message>
        <message>
            <source>Are they LPS? RAS mm are needed</source>
            <translation>Sind sie LPS? Es braucht RAS-mm</translation>
        </message>
        <message>
            <source>Exchange them</source>
            <translation>Bitte tauschen</translation>
        </message>
        <message>
            <source>{source}: from {words_one} to {words_other} it is {distance:.0f} mm in a straight line, which is not human ({low:.0f} to {high:.0f} mm); place the two points again.</source>
            <translation>{source}: Von {words_one} bis {words_other} sind es {distance:.0f} mm in gerader Linie, was nicht menschlich ist ({low:.0f} bis {high:.0f} mm); bitte die beiden Punkte noch einmal setzen.</translation>
        </message>
        <message>
            <source>{source}: the head is cut off or erased over the {hemisphere} motor cortex, so no hotspot is estimated there; use a scan of the whole head, or give the hotspot yourself.</source>
            <translation>{source}: Der Kopf ist über dem motorischen Kortex ({hemisphere}) abgeschnitten oder gelöscht, dort wird also kein Hotspot geschätzt; bitte eine Aufnahme des ganzen Kopfes nehmen oder den Hotspot selbst angeben.</translation>
        </message>
        <message>
            <source>{source}: the scalp in this scan ends {reach:.0f} mm in front of the hotspot, so {length_mm:g} mm cannot be measured; give another hotspot or a shorter rule.</source>
            <translation>{source}: Die Kopfhaut endet in dieser Aufnahme {reach:.0f} mm vor dem Hotspot, {length_mm:g} mm lassen sich also nicht messen; bitte einen anderen Hotspot oder eine kürzere Regel angeben.</translation>
        </message>
        <message>
            <source>{source}: no head can be told from the background, so there is no scalp; use a scan whose air is dark, such as the denoised one of an MP2RAGE.</source>
            <translation>{source}: Kein Kopf hebt sich vom Hintergrund ab, es gibt also keine Kopfhaut; bitte eine Aufnahme mit dunkler Luft nehmen, etwa die entrauschte einer MP2RAGE.</translation>
        </message>
        <message>
            <source>{source}: the skull was removed from this scan, so it has no scalp to measure on; use the scan from before skull stripping for scalp landmarks.</source>
            <translation>{source}: Der Schädel wurde aus dieser Aufnahme entfernt, es gibt also keine Kopfhaut zum Messen; bitte für Landmarken auf der Kopfhaut die Aufnahme von vor dem Entfernen des Schädels nehmen.</translation>
        </message>
        <message>
            <source>{source}: no point of the scalp halves both arcs; check nasion, inion and tragi.</source>
            <translation>{source}: Kein Punkt der Kopfhaut halbiert beide Bögen; bitte Nasion, Inion und Tragi prüfen.</translation>
        </message>
        <message>
            <source>{source}: the border of the scan cuts off too much of the head, so no tape can be laid around it; use a scan that shows the whole head.</source>
            <translation>{source}: Der Rand der Aufnahme schneidet zu viel vom Kopf ab, kein Maßband lässt sich also darum legen; bitte eine Aufnahme nehmen, die den ganzen Kopf zeigt.</translation>
        </message>
        <message>
            <source>{source}: the scan does not show the top of the head, so no tape can be laid.</source>
            <translation>{source}: Die Aufnahme zeigt den Scheitel nicht, kein Maßband lässt sich also anlegen.</translation>
        </message>
        <message>
            <source>{source}: the scan ends {arc_mm:.1f} cm from the vertex, before Beam's site at {y_cm:.1f} cm; use a scan that shows the whole forehead.</source>
            <translation>{source}: Die Aufnahme endet {arc_mm:.1f} cm vom Vertex, vor Beams Ort bei {y_cm:.1f} cm; bitte eine Aufnahme nehmen, die die ganze Stirn zeigt.</translation>
        </message>
        <message>
            <source>The affine that brought them in fits {fit}; the person's own gyri may lie {low:g} to {high:g} mm away.</source>
            <translation>Die affine Abbildung, die sie hereinbrachte, passt {fit}; die Windungen der Person selbst können {low:g} bis {high:g} mm entfernt liegen.</translation>
        </message>
        <message>
            <source>two looks at it by {moved_mm:.1f} mm</source>
            <translation>zwei Blicke darauf um {moved_mm:.1f} mm</translation>
        </message>
        <message>
            <source>{words} (the brain's parts disagree by {spread_mm:.1f} mm, {looks})</source>
            <translation>{words} (die Teile des Gehirns sind um {spread_mm:.1f} mm uneins, {looks})</translation>
        </message>
        <message>
            <source>as well as its result of version 1 says</source>
            <translation>so gut, wie ihr Ergebnis der Version 1 sagt</translation>
        </message>
        <message>
            <source>worse than on good scans</source>
            <translation>schlechter als bei guten Aufnahmen</translation>
        </message>
        <message>
            <source>as well as on good scans</source>
            <translation>so gut wie bei guten Aufnahmen</translation>
        </message>
        <message>
            <source>{source}: skin and bone are erased in front of the {hemisphere} motor cortex, so no 5-cm landmark is placed there; use a scan of the whole head.</source>
            <translation>{source}: Haut und Knochen sind vor dem motorischen Kortex ({hemisphere}) gelöscht, dort wird also keine 5-cm-Landmarke gesetzt; bitte eine Aufnahme des ganzen Kopfes nehmen.</translation>
        </message>
        <message>
            <source>{source}: there is no scalp within {normal_radius_mm:g} mm of the point.</source>
            <translation>{source}: Im Umkreis von {normal_radius_mm:g} mm um den Punkt gibt es keine Kopfhaut.</translation>
        </message>
        <message>
            <source>{source}: no scalp lies in the plane through the point; check where it is.</source>
            <translation>{source}: In der Ebene durch den Punkt liegt keine Kopfhaut; bitte prüfen, wo er ist.</translation>
        </message>
        <message>
            <source>{source}: the scan cuts the scalp between two points, so no tape can be laid.</source>
            <translation>{source}: Die Aufnahme schneidet die Kopfhaut zwischen zwei Punkten ab, kein Maßband lässt sich also anlegen.</translation>
        </message>
        <message>
            <source>{source}: the mask is empty, so there is no target in it.</source>
            <translation>{source}: Die Maske ist leer, es gibt also keinen Zielpunkt darin.</translation>
        </message>
        <message>
            <source>The segmentation</source>
            <translation>Segmentierung</translation>
        </message>
        <message>
            <source>Planning by hand</source>
            <translation>Planung von Hand</translation>
        </message>
        <message>
            <source>Opening the results</source>
            <translation>Öffnen der Ergebnisse</translation>
        </message>
        <message>
            <source>The search for scans</source>
            <translation>Suche nach Aufnahmen</translation>
        </message>
        <message>
            <source>The search for earlier results</source>
            <translation>Suche nach früheren Ergebnissen</translation>
        </message>
        <message>
            <source>The search for the scalp</source>
            <translation>Suche nach der Kopfhaut</translation>
        </message>
        <message>
            <source>Measuring the head</source>
            <translation>Vermessung des Kopfes</translation>
        </message>
        <message>
            <source>Measuring by tape</source>
            <translation>Messung mit dem Maßband</translation>
        </message>
        <message>
            <source>Looking at the fMRI</source>
            <translation>Die Auswertung des fMRT</translation>
        </message>
        <message>
            <source>Saving the correction</source>
            <translation>Speichern der Korrektur</translation>
        </message>
        <message>
            <source>The search for coordinate spaces</source>
            <translation>Suche nach den Koordinatenräumen</translation>
        </message>
        <message>
            <source>Reading the targets</source>
            <translation>Lesen der Zielpunkte</translation>
        </message>
        <message>
            <source>The export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>{folder} was planned on the sform of {planned}, and Slicer shows that up to {away:.1f} mm elsewhere, as its voxels have other sizes there; plan on '{source}' here, or make its forms and sizes agree.</source>
            <translation>{folder} wurde auf der sform von {planned} geplant, und Slicer zeigt sie bis zu {away:.1f} mm woanders, da ihre Voxel dort andere Größen haben; bitte hier auf '{source}' planen oder ihre Formen und Größen in Übereinstimmung bringen.</translation>
        </message>
        <message>
            <source>'{source}' is not the scan that {folder} was planned on, or it lies elsewhere; load {planned}, choose it and open the results again.</source>
            <translation>„{source}“ ist nicht die Aufnahme, auf der {folder} geplant wurde, oder sie liegt woanders; bitte {planned} laden, wählen und die Ergebnisse noch einmal öffnen.</translation>
        </message>
        <message>
            <source>'{volume_source}' no longer lies where its file {planned_source} says (cropped, or a transform was hardened); save the volume to a file of its own and export again.</source>
            <translation>„{volume_source}“ liegt nicht mehr dort, wo die Datei {planned_source} sagt (zugeschnitten, oder eine Transformation wurde angewendet); bitte das Volumen in eine eigene Datei speichern und noch einmal exportieren.</translation>
        </message>
        <message>
            <source>By tape, {side}:</source>
            <translation>Mit dem Maßband, {side}:</translation>
        </message>
        <message>
            <source>• {line}</source>
            <translation>• {line}</translation>
        </message>
        <message>
            <source>Research use only. Not a medical device; not for diagnosis or treatment.</source>
            <translation>Nur für die Forschung. Kein Medizinprodukt; nicht für Diagnose oder Behandlung.</translation>
        </message>
        <message>
            <source>Install a matching pair: in Slicer open the module 'PyTorch Util', uninstall PyTorch, restart Slicer and install it again; elsewhere run 'pip install --force-reinstall torch torchvision'</source>
            <translation>Bitte ein passendes Paar installieren: in Slicer das Modul 'PyTorch Util' öffnen, PyTorch deinstallieren, Slicer neu starten und wieder installieren; sonst 'pip install --force-reinstall torch torchvision' ausführen</translation>
        </message>
        <message>
            <source>torchvision computes a wrong result (nms kept {kept}, not [0]). {repair}.</source>
            <translation>torchvision rechnet falsch (nms behielt {kept}, nicht [0]). {repair}.</translation>
        </message>
        <message>
            <source>The Python package {name} is not installed. {repair}.</source>
            <translation>Das Python-Paket {name} ist nicht installiert. {repair}.</translation>
        </message>
        <message>
            <source>torch and torchvision do not fit together ({first_line}). {repair}.</source>
            <translation>torch und torchvision passen nicht zusammen ({first_line}). {repair}.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as a checkpoint ({kind}); delete it to start this training again.</source>
            <translation>{path}: ist nicht als Zwischenstand lesbar ({kind}); bitte löschen, um dieses Training neu zu beginnen.</translation>
        </message>
        <message>
            <source>{path}: does not fit this training ({kind}); name another folder, or delete it to start again.</source>
            <translation>{path}: passt nicht zu diesem Training ({kind}); einen anderen Ordner nennen, oder die Datei löschen, um neu zu beginnen.</translation>
        </message>
        <message>
            <source>{folder}: holds a training of a {kind}; name another folder for the {wanted}.</source>
            <translation>{folder}: enthält ein Training eines {kind}; für das {wanted} einen anderen Ordner nennen.</translation>
        </message>
        <message>
            <source>{folder}: holds a training on another dataset, or this one was changed since; name another folder, or give the dataset that it began with.</source>
            <translation>{folder}: enthält ein Training mit einem anderen Datensatz, oder dieser wurde seither geändert; bitte einen anderen Ordner nennen, oder den Datensatz geben, mit dem es begann.</translation>
        </message>
        <message>
            <source>{folder}: holds a training that began from {before}, not from {now}; name another folder or give the same start.</source>
            <translation>{folder}: enthält ein Training, das von {before} ausging, nicht von {now}; bitte einen anderen Ordner oder denselben Anfang nennen.</translation>
        </message>
        <message>
            <source>{folder}: holds a training with other settings ({other}: {before}, not {now}); name another folder or give the same settings.</source>
            <translation>{folder}: enthält ein Training mit anderen Einstellungen ({other}: {before}, nicht {now}); einen anderen Ordner nennen oder dieselben Einstellungen angeben.</translation>
        </message>
        <message>
            <source>TensorBoard is not installed; run `pip install tensorboard`, or leave it out.</source>
            <translation>TensorBoard ist nicht installiert; `pip install tensorboard` ausführen oder es weglassen.</translation>
        </message>
        <message>
            <source>{folder}: holds the rounds of another learning; name a new folder as output.</source>
            <translation>{folder}: enthält die Runden eines anderen Lernens; bitte einen neuen Ordner als output nennen.</translation>
        </message>
        <message>
            <source>{alike}: several sites are called so; give each a name of its own.</source>
            <translation>{alike}: so heißen mehrere Standorte; bitte jedem einen eigenen Namen geben.</translation>
        </message>
        <message>
            <source>{there} of {wanted} sites have come; start the others.</source>
            <translation>{there} von {wanted} Standorten sind da; starten Sie die anderen.</translation>
        </message>
        <message>
            <source>{path}: was trained on nobody.</source>
            <translation>{path}: wurde an niemandem trainiert.</translation>
        </message>
        <message>
            <source>On {people} scans of {judge}: Dice {after:.3f}, before {before:.3f}; centroids {after_mm:.1f} mm off, before {before_mm:.1f} mm.</source>
            <translation>An {people} Scans aus {judge}: Dice {after:.3f}, vorher {before:.3f}; Schwerpunkte {after_mm:.1f} mm daneben, vorher {before_mm:.1f} mm.</translation>
        </message>
        <message>
            <source>{output}: is there already or does not end in .pt; name another file.</source>
            <translation>{output}: ist schon da oder endet nicht auf .pt; eine andere Datei nennen.</translation>
        </message>
        <message>
            <source>With 0 epochs or steps nothing is learnt; give 1 of each at least.</source>
            <translation>Mit 0 Epochen oder Schritten wird nichts gelernt; bitte von beiden mindestens 1 angeben.</translation>
        </message>
        <message>
            <source>{start}: sees maps beside the T1, of which corrections have none; train anew.</source>
            <translation>{start}: sieht Karten neben dem T1, die es zu Korrekturen nicht gibt; bitte neu trainieren.</translation>
        </message>
        <message>
            <source>weights: {output} (in the panel: Advanced, Model; else --weights)</source>
            <translation>Gewichte: {output} (im Modul: Erweitert, Modell; sonst --weights)</translation>
        </message>
        <message>
            <source>{judge}: shows {both}, whose corrections are learnt from; judge on other people.</source>
            <translation>{judge}: zeigt {both}, aus deren Korrekturen gelernt wird; an anderen Personen beurteilen.</translation>
        </message>
        <message>
            <source>{corrections}: changed since the training in {work} began; delete that folder to begin anew.</source>
            <translation>{corrections}: hat sich geändert, seit das Training in {work} begann; jenen Ordner löschen, um neu zu beginnen.</translation>
        </message>
        <message>
            <source>Whether it is better on other people was not measured: name a folder of some with --judge.</source>
            <translation>Ob es an anderen Personen besser ist, wurde nicht gemessen: mit --judge einen Ordner von solchen nennen.</translation>
        </message>
        <message>
            <source>On {people} scans of {judge} it is worse: Dice {after:.3f}, before {before:.3f}, centroids {after_mm:.1f} mm off, before {before_mm:.1f} mm; {output} was not written, the networks lie in {work}.</source>
            <translation>An {people} Scans aus {judge} ist es schlechter: Dice {after:.3f}, vorher {before:.3f}, Schwerpunkte {after_mm:.1f} mm daneben, vorher {before_mm:.1f} mm; {output} wurde nicht geschrieben, die Netze liegen in {work}.</translation>
        </message>
        <message>
            <source>One person alone was corrected: nobody watched the learning.</source>
            <translation>Nur eine Person wurde korrigiert: das Lernen wurde an niemandem überwacht.</translation>
        </message>
        <message>
            <source>{prepared}: holds no prepared heads; give the folder that `prepare` wrote.</source>
            <translation>{prepared}: enthält keine vorbereiteten Köpfe; bitte den Ordner angeben, den `prepare` geschrieben hat.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as a prepared head; prepare the heads again.</source>
            <translation>{path}: ist nicht als vorbereiteter Kopf lesbar; bitte die Köpfe noch einmal vorbereiten.</translation>
        </message>
        <message>
            <source>The training loss is no longer finite; lower the learning rate and start again.</source>
            <translation>Der Fehler beim Training ist nicht mehr endlich; bitte die Lernrate senken und neu beginnen.</translation>
        </message>
        <message>
            <source>Unknown optimizer '{optimizer}': use 'sgd' or 'adamw'.</source>
            <translation>Unbekannter Optimierer '{optimizer}': bitte 'sgd' oder 'adamw' nehmen.</translation>
        </message>
        <message>
            <source>The dataset has no parcellation, or not of everybody, to learn structures from; set pretrain_steps and label_loss to 0.</source>
            <translation>Der Datensatz hat keine Parzellierung, oder nicht von allen, um Strukturen daraus zu lernen; bitte pretrain_steps und label_loss auf 0 setzen.</translation>
        </message>
        <message>
            <source>all is learnt here; for more epochs raise all_epochs</source>
            <translation>hier ist alles gelernt; für mehr Epochen all_epochs erhöhen</translation>
        </message>
        <message>
            <source>{start}: there is no weights file of this name, nor is it one of {words}; correct the start.</source>
            <translation>{start}: Keine Gewichtsdatei heißt so, und es ist keines von {words}; bitte den Anfang berichtigen.</translation>
        </message>
        <message>
            <source>--step-mm {step:g}: give 0.5 to 20 mm.</source>
            <translation>--step-mm {step:g}: 0.5 bis 20 mm angeben.</translation>
        </message>
        <message>
            <source>Two scans are called {name}; rename one of them.</source>
            <translation>Zwei Scans heißen {name}; einen davon umbenennen.</translation>
        </message>
        <message>
            <source>{annotations}: no region is outlined in any of its pictures.</source>
            <translation>{annotations}: In keinem der Bilder ist eine Region umrissen.</translation>
        </message>
        <message>
            <source>{name}: {table} beside {annotations} does not say where in a scan it lies; make pictures with `dlpfc slices`.</source>
            <translation>{name}: {table} neben {annotations} sagt nicht, wo in einem Scan es liegt; Bilder mit `dlpfc slices` erzeugen.</translation>
        </message>
        <message>
            <source>{scan}: its outlines are smaller than a voxel; outline the region in more slices.</source>
            <translation>{scan}: seine Umrandungen sind kleiner als ein Voxel; die Region in mehr Schichten umranden.</translation>
        </message>
        <message>
            <source>{scan}: {volumes}, in {mask}</source>
            <translation>{scan}: {volumes}, in {mask}</translation>
        </message>
        <message>
            <source>{path}: is not the scan of which the pictures were made; make them again.</source>
            <translation>{path}: ist nicht der Scan, von dem die Bilder gemacht wurden; sie neu erzeugen.</translation>
        </message>
        <message>
            <source>{source}: shows {scan} in stacks of different planes or steps; keep one a scan.</source>
            <translation>{source}: zeigt {scan} in Stapeln verschiedener Ebenen oder Abstände; je Scan einen behalten.</translation>
        </message>
        <message>
            <source>{name}: does not lie in the stack of the other pictures; {table} was changed.</source>
            <translation>{name}: liegt nicht im Stapel der anderen Bilder; {table} wurde geändert.</translation>
        </message>
        <message>
            <source>{source}: entry '{name}', region {number} lies in the middle of the head; outline each side by itself.</source>
            <translation>{source}: Eintrag '{name}', Region {number} liegt in der Mitte des Kopfes; jede Seite für sich umranden.</translation>
        </message>
        <message>
            <source>  look at it: {count} slices between outlined ones have no outline on the {side}, such as {name}</source>
            <translation>  bitte ansehen: {count} Schichten zwischen umrandeten haben keine Umrandung auf der Seite {side}, etwa {name}</translation>
        </message>
        <message>
            <source>{path}: {why}; say it with --{flag}, in the column '{name}' of {table}, or as a file attribute in VIA.</source>
            <translation>{path}: {why}; mit --{flag} sagen, in der Spalte '{name}' von {table} oder als Dateiattribut in VIA.</translation>
        </message>
        <message>
            <source>on which side of it the person's left lies is not known</source>
            <translation>auf welcher seiner Seiten links von der Person liegt, ist nicht bekannt</translation>
        </message>
        <message>
            <source>on which side of it the front of the head lies is not known</source>
            <translation>auf welcher seiner Seiten vorne am Kopf liegt, ist nicht bekannt</translation>
        </message>
        <message>
            <source>which hemisphere it shows is not known</source>
            <translation>welche Hemisphäre es zeigt, ist nicht bekannt</translation>
        </message>
        <message>
            <source>{annotations}: no shape is of the class '{wanted}'; it has {named}.</source>
            <translation>{annotations}: keine Form ist von der Klasse '{wanted}'; es gibt {named}.</translation>
        </message>
        <message>
            <source>{annotations}: has shapes of the classes {named}; name the one to learn with --class.</source>
            <translation>{annotations}: hat Formen der Klassen {named}; die zu lernende mit --class nennen.</translation>
        </message>
        <message>
            <source>{path}: has no column 'file' with the pictures' names.</source>
            <translation>{path}: hat keine Spalte 'file' mit den Namen der Bilder.</translation>
        </message>
        <message>
            <source>{path}: has another size than `dlpfc slices` gave it; outline the pictures as they were.</source>
            <translation>{path}: hat eine andere Größe, als `dlpfc slices` ihm gab; die Bilder umranden, wie sie waren.</translation>
        </message>
        <message>
            <source>'{value}' is neither left nor right</source>
            <translation>'{value}' ist weder links noch rechts (left, right)</translation>
        </message>
        <message>
            <source>{path}: whom it shows is not known, and a person must not be learnt from and judged by at once; say it with --person PATTERN, in the column 'subject' of {table}, or as a file attribute in VIA.</source>
            <translation>{path}: wen es zeigt, ist nicht bekannt, und an einer Person darf nicht zugleich gelernt und beurteilt werden; mit --person PATTERN sagen, in der Spalte 'subject' von {table} oder als Dateiattribut in VIA.</translation>
        </message>
        <message>
            <source>{path}: its '{name}' is not a number; correct it.</source>
            <translation>{path}: '{name}' darin ist keine Zahl; bitte berichtigen.</translation>
        </message>
        <message>
            <source>{source}: entry '{name}', region {number} lies {away:.0f} mm on the {seen} of the head, and is said to be of the {said} hemisphere; correct 'hemisphere' or 'left_on' in {table}, in VIA or in the command.</source>
            <translation>{source}: Eintrag '{name}', Region {number} liegt {away:.0f} mm {seen} im Kopf und soll zur Hemisphäre {said} gehören; bitte 'hemisphere' oder 'left_on' in {table}, in VIA oder im Befehl berichtigen.</translation>
        </message>
        <message>
            <source>{source}: entry '{name}', region {number} lies in the middle of the head; say with --hemisphere, or in the column 'hemisphere' of {table}, whose region it is.</source>
            <translation>{source}: Eintrag '{name}', Region {number} liegt in der Mitte des Kopfes; mit --hemisphere oder in der Spalte 'hemisphere' von {table} sagen, wessen Region es ist.</translation>
        </message>
        <message>
            <source>{annotations}: shows {others} slices, and this network is shown {planes}; leave them out or set planes.</source>
            <translation>{annotations}: zeigt Schichten {others}, und diesem Netz werden {planes} gezeigt; sie weglassen oder planes setzen.</translation>
        </message>
        <message>
            <source>this table of pictures</source>
            <translation>diese Tabelle der Bilder</translation>
        </message>
        <message>
            <source>save it as CSV with a header</source>
            <translation>sie als CSV mit Kopfzeile speichern</translation>
        </message>
        <message>
            <source>{path}: says different things of {file}; keep one row.</source>
            <translation>{path}: sagt Verschiedenes über {file}; bitte eine Zeile behalten.</translation>
        </message>
        <message>
            <source>the size of its pixels is not known</source>
            <translation>die Größe seiner Pixel ist nicht bekannt</translation>
        </message>
        <message>
            <source>'{text}' is no size of a pixel in mm</source>
            <translation>'{text}' ist keine Größe eines Pixels in mm</translation>
        </message>
        <message>
            <source>--person {pattern}: is no regular expression ({error}).</source>
            <translation>--person {pattern}: ist kein regulärer Ausdruck ({error}).</translation>
        </message>
        <message>
            <source>{path}: shows a head {width:.0f} mm wide, if its pixels are {pixel:g} mm; correct their size.</source>
            <translation>{path}: zeigt einen {width:.0f} mm breiten Kopf, wenn die Pixel {pixel:g} mm groß sind; bitte ihre Größe berichtigen.</translation>
        </message>
        <message>
            <source>{annotations}: entry '{name}', region {number} has no class, where others have one; give it one in VIA.</source>
            <translation>{annotations}: Eintrag '{name}', Region {number} hat keine Klasse, andere haben eine; bitte in VIA angeben.</translation>
        </message>
        <message>
            <source>{path}: cannot be read ({error}).</source>
            <translation>{path}: kann nicht gelesen werden ({error}).</translation>
        </message>
        <message>
            <source>{first} and {second}: lie at one place of one person's slices; correct 'position_mm', or name both scans in the column 'scan' of {table}.</source>
            <translation>{first} und {second}: liegen in den Schichten einer Person an derselben Stelle; bitte 'position_mm' berichtigen oder beide Scans in der Spalte 'scan' von {table} nennen.</translation>
        </message>
        <message>
            <source>{t1}: holds no signal; remove it from the training scans.</source>
            <translation>{t1}: enthält kein Signal; bitte aus den Aufnahmen zum Trainieren entfernen.</translation>
        </message>
        <message>
            <source>{labels}: the {region} lies on the other side than its values or numbers say, or on both; exchange them, or remove the scan.</source>
            <translation>{labels}: {region} liegt auf der anderen Seite, als Werte oder Nummern sagen, oder auf beiden; bitte vertauschen oder die Aufnahme entfernen.</translation>
        </message>
        <message>
            <source>{folder}: holds no prepared scans for '{part}'; run prepare first.</source>
            <translation>{folder}: enthält keine vorbereiteten Aufnahmen für '{part}'; bitte zuerst prepare ausführen.</translation>
        </message>
        <message>
            <source>{folder}: is not an empty folder; name a new one.</source>
            <translation>{folder}: ist kein leerer Ordner; einen neuen nennen.</translation>
        </message>
        <message>
            <source>Two scans are called {twice}; rename one of them.</source>
            <translation>Zwei Aufnahmen heißen {twice}; bitte eine davon umbenennen.</translation>
        </message>
        <message>
            <source>{folder}: is neither a folder that `dlpfc prepare` wrote nor a VIA annotation file (.json).</source>
            <translation>{folder}: ist weder ein Ordner, den `dlpfc prepare` geschrieben hat, noch eine VIA-Annotationsdatei (.json).</translation>
        </message>
        <message>
            <source>{scan}: the {side} {region} is left out: its labels lack it there, or have it over the midline too</source>
            <translation>{scan}: {region} ({side}) wird ausgelassen: die Beschriftung hat sie dort nicht, oder auch jenseits der Mittellinie</translation>
        </message>
        <message>
            <source>{path}: is not a prepared scan ({error}); run prepare again.</source>
            <translation>{path}: ist keine vorbereitete Aufnahme ({error}); bitte prepare noch einmal ausführen.</translation>
        </message>
        <message>
            <source>nobody watches the learning: it is not judged, and its last state is kept</source>
            <translation>niemand überwacht das Lernen: es wird nicht beurteilt, und sein letzter Stand wird behalten</translation>
        </message>
        <message>
            <source>what the network sees: {path}; look at it</source>
            <translation>was das Netz sieht: {path}; bitte ansehen</translation>
        </message>
        <message>
            <source>one batch, as it is learnt: {path}</source>
            <translation>ein Stapel, wie er gelernt wird: {path}</translation>
        </message>
        <message>
            <source>The region lies outside the network's slices in all validation scans; widen the window.</source>
            <translation>Die Region liegt in allen Aufnahmen zum Validieren außerhalb der Schichten des Netzes; bitte das Fenster erweitern.</translation>
        </message>
        <message>
            <source>The parcellation uses label {region_label}, which stands for the region itself.</source>
            <translation>Die Parzellierung benutzt das Label {region_label}, das für die Region selbst steht.</translation>
        </message>
        <message>
            <source>torchrun started more processes than this machine has GPUs ({there}); give that number.</source>
            <translation>torchrun hat mehr Prozesse gestartet, als dieser Rechner Grafikkarten hat ({there}); bitte diese Zahl angeben.</translation>
        </message>
        <message>
            <source>The dataset has no parcellation, or not of everybody, to learn structures from; set label_loss to 0.</source>
            <translation>Der Datensatz hat keine Parzellierung, oder nicht von allen, aus der Strukturen gelernt werden; label_loss auf 0 setzen.</translation>
        </message>
        <message>
            <source>{path}: holds no 3-D U-Net to start from; name other weights, or none.</source>
            <translation>{path}: enthält kein 3-D-U-Net zum Beginnen; bitte andere Gewichte nennen, oder none.</translation>
        </message>
        <message>
            <source>all is learnt here; for more steps raise steps</source>
            <translation>hier ist alles gelernt; für mehr Schritte steps erhöhen</translation>
        </message>
        <message>
            <source>{path}: its 3-D U-Net has other widths; set channels to those of its card.</source>
            <translation>{path}: Das 3-D-U-Net hat andere Breiten; bitte channels auf die seiner Karte setzen.</translation>
        </message>
        <message>
            <source>{path}: is a COCO file; export the annotations as JSON from VIA.</source>
            <translation>{path}: ist eine COCO-Datei; die Annotationen als JSON aus VIA exportieren.</translation>
        </message>
        <message>
            <source>{path}: is of VIA 3; outline in VIA 2, for which `dlpfc slices` writes a project.</source>
            <translation>{path}: ist von VIA 3; bitte in VIA 2 umranden, wofür `dlpfc slices` ein Projekt schreibt.</translation>
        </message>
        <message>
            <source>{path}: holds no VIA image entries; export annotations as JSON from VIA.</source>
            <translation>{path}: enthält keine Bildeinträge von VIA; bitte die Annotationen aus VIA als JSON exportieren.</translation>
        </message>
        <message>
            <source>{path}: entry '{key}' has no 'filename'; it is not a VIA image entry.</source>
            <translation>{path}: Eintrag '{key}' hat kein 'filename'; er ist kein Bildeintrag von VIA.</translation>
        </message>
        <message>
            <source>{path}: the picture of entry '{key}' is missing; put it at {picture}.</source>
            <translation>{path}: Das Bild zum Eintrag '{key}' fehlt; bitte nach {picture} legen.</translation>
        </message>
        <message>
            <source>{path}: entry '{filename}', region {number} has no 'shape_attributes'.</source>
            <translation>{path}: Eintrag '{filename}', Region {number} hat keine 'shape_attributes'.</translation>
        </message>
        <message>
            <source>this VIA file</source>
            <translation>diese VIA-Datei</translation>
        </message>
        <message>
            <source>export the annotations as JSON from VIA again</source>
            <translation>bitte die Annotationen noch einmal aus VIA als JSON exportieren</translation>
        </message>
        <message>
            <source>{path}: exists already; move it away or name another file.</source>
            <translation>{path}: gibt es schon; bitte wegräumen oder eine andere Datei nennen.</translation>
        </message>
        <message>
            <source>{path}: cannot be read as a VIA annotation file ({error}).</source>
            <translation>{path}: ist nicht als VIA-Annotationsdatei lesbar ({error}).</translation>
        </message>
        <message>
            <source>{path}: cannot be read as a picture ({error}).</source>
            <translation>{path}: ist nicht als Bild lesbar ({error}).</translation>
        </message>
        <message>
            <source>{source}: entry '{name}', region {number}: {error}; correct or delete the region in VIA.</source>
            <translation>{source}: Eintrag '{name}', Region {number}: {error}; bitte die Region in VIA berichtigen oder löschen.</translation>
        </message>
        <message>
            <source>{dataset}: the 3-D network learns from volumes; give a folder that `dlpfc prepare` wrote.</source>
            <translation>{dataset}: Das 3-D-Netz lernt aus Volumen; bitte einen Ordner angeben, den `dlpfc prepare` geschrieben hat.</translation>
        </message>
        <message>
            <source>{folder}: the region is known in none of its validation scans; prepare others.</source>
            <translation>{folder}: In keiner der Aufnahmen zum Validieren ist die Region bekannt; bitte andere vorbereiten.</translation>
        </message>
        <message>
            <source>straight line</source>
            <translation>gerade Linie</translation>
        </message>
        <message>
            <source>in the axial plane</source>
            <translation>in der axialen Ebene</translation>
        </message>
        <message>
            <source>along the scalp</source>
            <translation>entlang der Kopfhaut</translation>
        </message>
        <message>
            <source>from its cortical projection</source>
            <translation>von seiner Projektion auf den Kortex</translation>
        </message>
        <message>
            <source>Nasion</source>
            <translation>Nasion</translation>
        </message>
        <message>
            <source>Inion</source>
            <translation>Inion</translation>
        </message>
        <message>
            <source>Left tragus</source>
            <translation>Linker Tragus</translation>
        </message>
        <message>
            <source>Right tragus</source>
            <translation>Rechter Tragus</translation>
        </message>
        <message>
            <source>F3 (10-20)</source>
            <translation>F3 (10-20)</translation>
        </message>
        <message>
            <source>F4 (10-20)</source>
            <translation>F4 (10-20)</translation>
        </message>
        <message>
            <source>Beam F3</source>
            <translation>Beam F3</translation>
        </message>
        <message>
            <source>Beam F4</source>
            <translation>Beam F4</translation>
        </message>
        <message>
            <source>Beam F3, adjusted</source>
            <translation>Beam F3, angepasst</translation>
        </message>
        <message>
            <source>Beam F4, adjusted</source>
            <translation>Beam F4, angepasst</translation>
        </message>
        <message>
            <source>centroid of the mask</source>
            <translation>Schwerpunkt der Maske</translation>
        </message>
        <message>
            <source>mask voxel nearest to the centroid</source>
            <translation>Voxel der Maske, das dem Schwerpunkt am nächsten liegt</translation>
        </message>
        <message>
            <source>mask voxel nearest to the scalp</source>
            <translation>Voxel der Maske, das der Kopfhaut am nächsten liegt</translation>
        </message>
        <message>
            <source>by connectivity: goes most against the subgenual cingulate in resting-state fMRI</source>
            <translation>nach Konnektivität: im Ruhe-fMRT am stärksten mit dem subgenualen Cingulum antikorreliert</translation>
        </message>
        <message>
            <source>picked by the user</source>
            <translation>vom Benutzer gewählt</translation>
        </message>
        <message>
            <source>Moved by hand</source>
            <translation>Von Hand verschoben</translation>
        </message>
        <message>
            <source>Estimated: scalp point nearest to the hand area of the primary motor cortex, MNI (-37, -21, 58) or mirrored, brought in by an affine registration; a hotspot measured by stimulation is better.</source>
            <translation>Geschätzt: Punkt der Kopfhaut, der dem Handareal des primären Motorkortex am nächsten liegt, MNI (-37, -21, 58) oder gespiegelt, durch eine affine Registrierung hereingebracht; ein durch Stimulation gemessener Hotspot ist besser.</translation>
        </message>
        <message>
            <source>Given by the user.</source>
            <translation>Vom Benutzer angegeben.</translation>
        </message>
        <message>
            <source>Placed by hand.</source>
            <translation>Von Hand gesetzt.</translation>
        </message>
        <message>
            <source>Moved by hand.</source>
            <translation>Von Hand verschoben.</translation>
        </message>
        <message>
            <source>Given by the user; moved {moved_mm:.1f} mm to the nearest point of the scalp.</source>
            <translation>Vom Benutzer angegeben; um {moved_mm:.1f} mm zum nächsten Punkt der Kopfhaut verschoben.</translation>
        </message>
        <message>
            <source>{length_cm:g} cm in front of the motor hotspot along the scalp in the parasagittal plane, hollows bridged as by a tape (5-cm rule; its limits: Herwig 2001, 10.1016/S0006-3223(01)01153-2).{doubt}</source>
            <translation>{length_cm:g} cm vor dem motorischen Hotspot entlang der Kopfhaut in der parasagittalen Ebene, Mulden überbrückt wie von einem Maßband (5-cm-Regel; ihre Grenzen: Herwig 2001, 10.1016/S0006-3223(01)01153-2).{doubt}</translation>
        </message>
        <message>
            <source>10-20 system: {name} at a quarter of the arc F7-Fz-F8, measured along the scalp from nasion, inion and both tragi as by a tape (Klem 1999, PMID 10590970).</source>
            <translation>10-20-System: {name} bei einem Viertel des Bogens F7-Fz-F8, entlang der Kopfhaut von Nasion, Inion und beiden Tragi aus gemessen wie mit einem Maßband (Klem 1999, PMID 10590970).</translation>
        </message>
        <message>
            <source>X {x_cm:.2f} cm along the circumference from Fpz to the {hemisphere}, Y {y_cm:.2f} cm from the vertex towards it, from tapes laid on the scalp in the scan (nasion-inion {nasion_inion_cm:.1f}, tragus-tragus {tragus_tragus_cm:.1f}, circumference {circumference_cm:.1f} cm; {source}).</source>
            <translation>X {x_cm:.2f} cm entlang des Umfangs von Fpz nach {hemisphere}, Y {y_cm:.2f} cm vom Vertex darauf zu, nach Maßbändern auf der Kopfhaut der Aufnahme (Nasion-Inion {nasion_inion_cm:.1f}, Tragus-Tragus {tragus_tragus_cm:.1f}, Umfang {circumference_cm:.1f} cm; {source}).</translation>
        </message>
        <message>
            <source>MNI ({x:g}, {y:g}, {z:g}){side} of {source}, brought in by an affine registration.{moved}</source>
            <translation>MNI ({x:g}, {y:g}, {z:g}){side} von {source}, durch eine affine Registrierung hereingebracht.{moved}</translation>
        </message>
        <message>
            <source> It fell outside brain tissue and was moved {moved_mm:.1f} mm to the nearest.</source>
            <translation> Er fiel außerhalb von Hirngewebe und wurde um {moved_mm:.1f} mm zum nächsten verschoben.</translation>
        </message>
        <message>
            <source>ESTIMATED, off by {low:g}-{high:g} mm: {method}</source>
            <translation>GESCHÄTZT, um {low:g}-{high:g} mm daneben: {method}</translation>
        </message>
        <message>
            <source>; from the tape back to the vertex turn it {handle_deg:.0f} degrees {way}, seen from outside</source>
            <translation>; vom Maßband zurück zum Vertex um {handle_deg:.0f} Grad {way} drehen, von außen gesehen</translation>
        </message>
        <message>
            <source>ESTIMATED nasion, inion and tragi, off by {low:g}-{high:g} mm: find them on the person by touch, or place them in the scan, for lengths of the person's own.</source>
            <translation>Nasion, Inion und Tragi GESCHÄTZT, um {low:g}-{high:g} mm daneben: bitte an der Person ertasten, oder in der Aufnahme setzen, für Längen der Person selbst.</translation>
        </message>
        <message>
            <source>Connectivity puts the target at {place}, {sure}: {said}.</source>
            <translation>Die Konnektivität legt den Zielpunkt auf {place}, {sure}: {said}.</translation>
        </message>
        <message>
            <source>Seed: {seed}, {seed_places} places. Choice: {rule}. Cleaned {signal} global signal.</source>
            <translation>Saatregion: {seed}, {seed_places} Orte. Wahl: {rule}. Bereinigt {signal} Globalsignal.</translation>
        </message>
        <message>
            <source>{name}: {minutes:.1f} minutes clean of {whole:.1f} (TR {tr_s:g} s), mean FD {framewise_mm:.2f} mm, tSNR {tsnr_sgc:.0f} at the SGC and {tsnr_mask:.0f} in the mask, {lost_sgc:.0%} of the SGC lost.</source>
            <translation>{name}: {minutes:.1f} saubere Minuten von {whole:.1f} (TR {tr_s:g} s), mittlere FD {framewise_mm:.2f} mm, tSNR {tsnr_sgc:.0f} am SGC und {tsnr_mask:.0f} in der Maske, {lost_sgc:.0%} des SGC verloren.</translation>
        </message>
        <message>
            <source>{length_cm:g}-cm landmark</source>
            <translation>{length_cm:g}-cm-Landmarke</translation>
        </message>
        <message>
            <source>{name} (estimated)</source>
            <translation>{name} (geschätzt)</translation>
        </message>
        <message>
            <source>{name} (moved by hand)</source>
            <translation>{name} (von Hand verschoben)</translation>
        </message>
        <message>
            <source> Measured from an estimated hotspot.</source>
            <translation> Von einem geschätzten Hotspot aus gemessen.</translation>
        </message>
        <message>
            <source>, mirrored,</source>
            <translation>, gespiegelt,</translation>
        </message>
        <message>
            <source>ESTIMATED: {method}</source>
            <translation>GESCHÄTZT: {method}</translation>
        </message>
        <message>
            <source>straight back along the midline</source>
            <translation>gerade nach hinten entlang der Mittellinie</translation>
        </message>
        <message>
            <source>out to the side</source>
            <translation>nach außen zur Seite</translation>
        </message>
        <message>
            <source>in across the midline</source>
            <translation>nach innen über die Mittellinie</translation>
        </message>
        <message>
            <source>straight forward along the midline</source>
            <translation>gerade nach vorn entlang der Mittellinie</translation>
        </message>
        <message>
            <source>{off:g} degrees from the midline, back and {to}</source>
            <translation>{off:g} Grad von der Mittellinie, nach hinten und {to}</translation>
        </message>
        <message>
            <source>{off:g} degrees from the midline, forward and {to}</source>
            <translation>{off:g} Grad von der Mittellinie, nach vorn und {to}</translation>
        </message>
        <message>
            <source> ({at_nasion_cm:.1f} cm at the nasion's height)</source>
            <translation> ({at_nasion_cm:.1f} cm auf der Höhe des Nasions)</translation>
        </message>
        <message>
            <source>clockwise</source>
            <translation>im Uhrzeigersinn</translation>
        </message>
        <message>
            <source>anticlockwise</source>
            <translation>gegen den Uhrzeigersinn</translation>
        </message>
        <message>
            <source>From nasion, inion and tragi as they were placed.</source>
            <translation>Von Nasion, Inion und Tragi aus, wie sie gesetzt wurden.</translation>
        </message>
        <message>
            <source>{side}: {reason}</source>
            <translation>{side}: {reason}</translation>
        </message>
        <message>
            <source>note: {text}</source>
            <translation>Hinweis: {text}</translation>
        </message>
        <message>
            <source>Connectivity: nothing in the mask goes against the subgenual cingulate.</source>
            <translation>Konnektivität: Nichts in der Maske ist mit dem subgenualen Cingulum antikorreliert.</translation>
        </message>
        <message>
            <source>90 % of random blocks within {radius_mm:.1f} mm</source>
            <translation>90 % zufälliger Blöcke im Umkreis von {radius_mm:.1f} mm</translation>
        </message>
        <message>
            <source>reliable</source>
            <translation>verlässlich</translation>
        </message>
        <message>
            <source>NOT reliable</source>
            <translation>NICHT verlässlich</translation>
        </message>
        <message>
            <source>sphere at MNI (6, 16, -10)</source>
            <translation>Kugel bei MNI (6, 16, -10)</translation>
        </message>
        <message>
            <source>group map ({group_map})</source>
            <translation>Gruppenkarte ({group_map})</translation>
        </message>
        <message>
            <source>with</source>
            <translation>mit</translation>
        </message>
        <message>
            <source>without</source>
            <translation>ohne</translation>
        </message>
        <message>
            <source>X {length_cm:.1f} cm around the head from the midline to the {hemisphere}, at the height of Fpz, {height_cm:.1f} cm above the nasion{level}; mark it</source>
            <translation>X {length_cm:.1f} cm um den Kopf von der Mittellinie nach {hemisphere}, auf der Höhe von Fpz, {height_cm:.1f} cm über dem Nasion{level}; anzeichnen</translation>
        </message>
        <message>
            <source>Y {length_cm:.1f} cm from the vertex towards that mark</source>
            <translation>Y {length_cm:.1f} cm vom Vertex auf dieses Zeichen zu</translation>
        </message>
        <message>
            <source>or: {length_cm:.1f} cm from the nasion along the midline, {share:.1%} of nasion to inion; mark it</source>
            <translation>oder: {length_cm:.1f} cm vom Nasion entlang der Mittellinie, {share:.1%} von Nasion bis Inion; anzeichnen</translation>
        </message>
        <message>
            <source>then {length_cm:.1f} cm from the left tragus over that mark, {share:.1%} of the way to the right tragus</source>
            <translation>dann {length_cm:.1f} cm vom linken Tragus über dieses Zeichen, {share:.1%} des Wegs zum rechten Tragus</translation>
        </message>
        <message>
            <source>Handle {way}{turn}</source>
            <translation>Griff {way}{turn}</translation>
        </message>
        <message>
            <source>{text} (with that tape {wrong_mm:g} mm wrong the coil is off by {off})</source>
            <translation>{text} (ist dieses Maß um {wrong_mm:g} mm falsch, liegt die Spule um {off} daneben)</translation>
        </message>
        <message>
            <source>halves {halves_mm:.1f} mm apart</source>
            <translation>Hälften {halves_mm:.1f} mm auseinander</translation>
        </message>
        <message>
            <source>runs up to {runs_mm:.1f} mm apart</source>
            <translation>Läufe bis zu {runs_mm:.1f} mm auseinander</translation>
        </message>
        <message>
            <source>The work</source>
            <translation>Arbeit</translation>
        </message>
        <message>
            <source>Volume</source>
            <translation>Volumen</translation>
        </message>
        <message>
            <source>T1 volume:</source>
            <translation>T1-Aufnahme:</translation>
        </message>
        <message>
            <source>T1-weighted MRI of a head, with the skull for scalp landmarks. Default: the first volume of the scene.</source>
            <translation>T1-gewichtetes MRT eines Kopfes, mit dem Schädel für Landmarken auf der Kopfhaut. Vorgabe: die erste Aufnahme der Szene.</translation>
        </message>
        <message>
            <source>Whether the scan shows a scalp over a skull: scalp landmarks, the coil and its entry need them; the mask and the target do not.</source>
            <translation>Ob die Aufnahme Kopfhaut über einem Schädel zeigt: Landmarken auf der Kopfhaut, die Spule und ihr Eintritt brauchen sie; Maske und Zielpunkt nicht.</translation>
        </message>
        <message>
            <source>What may make the result less certain.</source>
            <translation>Was das Ergebnis weniger sicher machen kann.</translation>
        </message>
        <message>
            <source>Load a T1 scan from a file and select it; a DICOM series is loaded in Slicer's DICOM module. Ctrl+Shift+L.</source>
            <translation>Eine T1-Aufnahme aus einer Datei laden und wählen; eine DICOM-Serie wird im Modul DICOM von Slicer geladen. Strg+Umschalt+L.</translation>
        </message>
        <message>
            <source>Load a scan…</source>
            <translation>Aufnahme laden…</translation>
        </message>
        <message>
            <source>Ctrl+Shift+L</source>
            <translation>Ctrl+Shift+L</translation>
        </message>
        <message>
            <source>Download Slicer's sample head MRHead (a T1 scan with skull, about 3 MB) and select it. Ctrl+Shift+M.</source>
            <translation>Slicers Beispielkopf MRHead (eine T1-Aufnahme mit Schädel, etwa 3 MB) herunterladen und wählen. Strg+Umschalt+M.</translation>
        </message>
        <message>
            <source>Load sample head</source>
            <translation>Beispielkopf laden</translation>
        </message>
        <message>
            <source>Ctrl+Shift+M</source>
            <translation>Ctrl+Shift+M</translation>
        </message>
        <message>
            <source>Open a folder that 'dlpfc plan', 'dlpfc batch' or Batch wrote, with its scan, to be corrected and exported here. Ctrl+Shift+O.</source>
            <translation>Einen Ordner, den 'dlpfc plan', 'dlpfc batch' oder „Stapel“ geschrieben hat, mit seiner Aufnahme öffnen, um hier zu korrigieren und zu exportieren. Strg+Umschalt+O.</translation>
        </message>
        <message>
            <source>Open results…</source>
            <translation>Ergebnisse öffnen…</translation>
        </message>
        <message>
            <source>Ctrl+Shift+O</source>
            <translation>Ctrl+Shift+O</translation>
        </message>
        <message>
            <source>DLPFC</source>
            <translation>DLPFC</translation>
        </message>
        <message>
            <source>Hemisphere:</source>
            <translation>Hemisphäre:</translation>
        </message>
        <message>
            <source>Side of the brain to look on. Default: left.</source>
            <translation>Hirnseite, auf der gesucht wird. Vorgabe: links.</translation>
        </message>
        <message>
            <source>Advanced</source>
            <translation>Erweitert</translation>
        </message>
        <message>
            <source>Threshold:</source>
            <translation>Schwelle:</translation>
        </message>
        <message>
            <source>Confidence, 0 to 1, below which the network's finding in a slice is dropped. Default: the model's own.</source>
            <translation>Konfidenz, 0 bis 1, unter der ein Fund des Netzes in einer Schicht verworfen wird. Vorgabe: die des Modells.</translation>
        </message>
        <message>
            <source>Model:</source>
            <translation>Modell:</translation>
        </message>
        <message>
            <source>The network that is asked: the shipped ones averaged (default), one of them alone, or one that you trained with 'dlpfc train'.</source>
            <translation>Das Netz, das gefragt wird: die mitgelieferten gemittelt (Vorgabe), nur eines davon, oder eines, das Sie mit 'dlpfc train' trainiert haben.</translation>
        </message>
        <message>
            <source>Your own network, a .pt file that 'dlpfc train' wrote. Used where your own model is chosen. Default: none.</source>
            <translation>Ihr eigenes Netz, eine Datei .pt, die 'dlpfc train' geschrieben hat. Gilt, wo das eigene Modell gewählt ist. Vorgabe: keine.</translation>
        </message>
        <message>
            <source>Weights (*.pt)</source>
            <translation>Gewichte (*.pt)</translation>
        </message>
        <message>
            <source>Weights of your own that lie beside your corrections or beside weights that you chose before. None is used until you choose it. Default: none.</source>
            <translation>Eigene Gewichte, die neben Ihren Korrekturen oder neben früher gewählten Gewichten liegen. Keine werden verwendet, bevor Sie sie wählen. Vorgabe: keine.</translation>
        </message>
        <message>
            <source>Device:</source>
            <translation>Gerät:</translation>
        </message>
        <message>
            <source>Where the network runs. Automatic (default) takes an NVIDIA GPU if PyTorch can use one, else the processor.</source>
            <translation>Wo das Netz rechnet. Automatisch (Vorgabe) nimmt eine NVIDIA-Grafikkarte, wenn PyTorch eine nutzen kann, sonst den Prozessor.</translation>
        </message>
        <message>
            <source>Without a network: an empty mask to draw and a target to place, with scalp, landmarks, Beam F3 and published points as far as the scan shows them. All of it can be exported. Ctrl+Shift+H.</source>
            <translation>Ohne Netz: eine leere Maske zum Zeichnen und ein Zielpunkt zum Setzen, mit Kopfhaut, Landmarken, Beam F3 und veröffentlichten Punkten, soweit die Aufnahme sie zeigt. Alles lässt sich exportieren. Strg+Umschalt+H.</translation>
        </message>
        <message>
            <source>Plan by hand</source>
            <translation>Von Hand planen</translation>
        </message>
        <message>
            <source>Ctrl+Shift+H</source>
            <translation>Ctrl+Shift+H</translation>
        </message>
        <message>
            <source>Slices done of the step that is running.</source>
            <translation>Fertige Schichten des laufenden Schritts.</translation>
        </message>
        <message>
            <source>Open what the worker has written of this run. Ctrl+Shift+G.</source>
            <translation>Öffnen, was der Arbeitsprozess über diesen Lauf geschrieben hat. Strg+Umschalt+G.</translation>
        </message>
        <message>
            <source>Show log</source>
            <translation>Protokoll zeigen</translation>
        </message>
        <message>
            <source>Ctrl+Shift+G</source>
            <translation>Ctrl+Shift+G</translation>
        </message>
        <message>
            <source>The newest result of the selected volume: size of the mask in ml, and how far its middle lay, in 9 of 10 scans like this one, from the middle of the region that the network was trained on. Experts who draw this region differ by about 6 mm.</source>
            <translation>Das neueste Ergebnis der gewählten Aufnahme: Größe der Maske in ml, und wie weit ihre Mitte in 9 von 10 solchen Aufnahmen von der Mitte der Region lag, mit der das Netz trainiert wurde. Fachleute, die diese Region zeichnen, unterscheiden sich um etwa 6 mm.</translation>
        </message>
        <message>
            <source>What to keep in mind of scan and mask.</source>
            <translation>Was bei Aufnahme und Maske zu beachten ist.</translation>
        </message>
        <message>
            <source>Correct</source>
            <translation>Korrigieren</translation>
        </message>
        <message>
            <source>Side:</source>
            <translation>Seite:</translation>
        </message>
        <message>
            <source>The mask that is looked at and edited. Default: left.</source>
            <translation>Die Maske, die angesehen und bearbeitet wird. Vorgabe: links.</translation>
        </message>
        <message>
            <source>Show in all slice views the place where the network was least sure, then the next one. Ctrl+U.</source>
            <translation>In allen Schichtansichten den Ort zeigen, an dem das Netz am unsichersten war, dann den nächsten. Strg+U.</translation>
        </message>
        <message>
            <source>Next uncertain slice</source>
            <translation>Nächste unsichere Schicht</translation>
        </message>
        <message>
            <source>Ctrl+U</source>
            <translation>Ctrl+U</translation>
        </message>
        <message>
            <source>Edit the mask</source>
            <translation>Maske bearbeiten</translation>
        </message>
        <message>
            <source>Put a target that was moved by hand back to the centroid of the mask; it then follows the mask again. Ctrl+Shift+F.</source>
            <translation>Einen von Hand verschobenen Zielpunkt in den Schwerpunkt der Maske zurücksetzen; danach folgt er wieder der Maske. Strg+Umschalt+F.</translation>
        </message>
        <message>
            <source>Target follows the mask again</source>
            <translation>Zielpunkt folgt wieder der Maske</translation>
        </message>
        <message>
            <source>Ctrl+Shift+F</source>
            <translation>Ctrl+Shift+F</translation>
        </message>
        <message>
            <source>Save the scan and its masks as they are now, as two NIfTI files in a folder of your choice, to train a network on. They hold the person's face: keep them safe. Ctrl+Shift+S.</source>
            <translation>Die Aufnahme und ihre Masken, wie sie jetzt sind, als zwei NIfTI-Dateien in einem Ordner Ihrer Wahl speichern, um ein Netz damit zu trainieren. Sie enthalten das Gesicht der Person: bitte sicher verwahren. Strg+Umschalt+S.</translation>
        </message>
        <message>
            <source>Save correction for training…</source>
            <translation>Korrektur zum Trainieren speichern…</translation>
        </message>
        <message>
            <source>Ctrl+Shift+S</source>
            <translation>Ctrl+Shift+S</translation>
        </message>
        <message>
            <source>Targets</source>
            <translation>Zielpunkte</translation>
        </message>
        <message>
            <source>Copy the coordinates of the targets, with side, scan and space. Ctrl+Shift+C.</source>
            <translation>Die Koordinaten der Zielpunkte kopieren, mit Seite, Aufnahme und Raum. Strg+Umschalt+C.</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Ctrl+Shift+C</source>
            <translation>Ctrl+Shift+C</translation>
        </message>
        <message>
            <source>Every point of the plan, live while it is dragged.</source>
            <translation>Jeder Punkt des Plans, auch während er gezogen wird.</translation>
        </message>
        <message>
            <source>The points, with how each came to where it is; the tick shows a point in the views or hides it. Default: shown.</source>
            <translation>Die Punkte, und wie jeder an seinen Ort kam; das Häkchen zeigt einen Punkt in den Ansichten oder blendet ihn aus. Vorgabe: gezeigt.</translation>
        </message>
        <message>
            <source>How the point came to where it is: automatic, estimated, placed or moved by hand.</source>
            <translation>Wie der Punkt an seinen Ort kam: automatisch, geschätzt, von Hand gesetzt oder verschoben.</translation>
        </message>
        <message>
            <source>Direct
mm</source>
            <translation>Direkt
mm</translation>
        </message>
        <message>
            <source>Distance to the target in a straight line, in mm; on the line of the coil, how deep the target lies under the scalp.</source>
            <translation>Abstand zum Zielpunkt in gerader Linie, in mm; in der Zeile der Spule, wie tief der Zielpunkt unter der Kopfhaut liegt.</translation>
        </message>
        <message>
            <source>Tape
mm</source>
            <translation>Band
mm</translation>
        </message>
        <message>
            <source>Distance to the target along the scalp, as a tape lies, in mm.</source>
            <translation>Abstand zum Zielpunkt entlang der Kopfhaut, wie ein Maßband liegt, in mm.</translation>
        </message>
        <message>
            <source>Place the point with one click in a view.</source>
            <translation>Den Punkt mit einem Klick in einer Ansicht setzen.</translation>
        </message>
        <message>
            <source>Show the point in all views.</source>
            <translation>Den Punkt in allen Ansichten zeigen.</translation>
        </message>
        <message>
            <source>Centre all views on the target; pressed again, on that of the other side. Ctrl+J.</source>
            <translation>Alle Ansichten auf den Zielpunkt richten; noch einmal gedrückt, auf den der anderen Seite. Strg+J.</translation>
        </message>
        <message>
            <source>Jump to target</source>
            <translation>Zum Zielpunkt</translation>
        </message>
        <message>
            <source>Ctrl+J</source>
            <translation>Ctrl+J</translation>
        </message>
        <message>
            <source>Which points for comparison are listed: Beam F3 and 10-20 from the fiducials, and published targets from MNI space. Default: Beam F3/F4 and two published ones.</source>
            <translation>Welche Punkte zum Vergleich in der Tabelle stehen: Beam F3 und 10-20 von den Bezugspunkten aus, und veröffentlichte Zielpunkte aus dem MNI-Raum. Vorgabe: Beam F3/F4 und zwei veröffentlichte.</translation>
        </message>
        <message>
            <source>Points to compare</source>
            <translation>Vergleichspunkte</translation>
        </message>
        <message>
            <source>Target:</source>
            <translation>Zielpunkt:</translation>
        </message>
        <message>
            <source>Which point of the mask the target is, while it is automatic: the centroid (default), the point of the mask nearest to the scalp, or what resting-state fMRI says, once it was measured under Circuit. Any other place: drag the target, or place it in the table.</source>
            <translation>Welcher Punkt der Maske das Ziel ist, solange es automatisch gesetzt wird: der Schwerpunkt (Vorgabe), der Punkt der Maske, der der Kopfhaut am nächsten liegt, oder was das Ruhe-fMRT sagt, sobald es unter Netzwerk ausgewertet wurde. Jeder andere Ort: ziehen Sie das Ziel oder setzen Sie es in der Tabelle.</translation>
        </message>
        <message>
            <source>Motor hotspot:</source>
            <translation>Motorischer Hotspot:</translation>
        </message>
        <message>
            <source>Where the 5-cm rule starts: estimated from anatomy (default; off by 15-20 mm), or the hotspot that you found and placed in the table.</source>
            <translation>Wo die 5-cm-Regel beginnt: aus der Anatomie geschätzt (Vorgabe; um 15-20 mm daneben), oder der Hotspot, den Sie gefunden und in der Tabelle gesetzt haben.</translation>
        </message>
        <message>
            <source>Rule length:</source>
            <translation>Länge der Regel:</translation>
        </message>
        <message>
            <source>Way from the motor hotspot forwards along the scalp, in mm. Usual: 50, 55 or 60. Default: 50.</source>
            <translation>Weg vom motorischen Hotspot nach vorn entlang der Kopfhaut, in mm. Üblich: 50, 55 oder 60. Vorgabe: 50.</translation>
        </message>
        <message>
            <source> mm</source>
            <translation> mm</translation>
        </message>
        <message>
            <source>Coil angle:</source>
            <translation>Spulenwinkel:</translation>
        </message>
        <message>
            <source>Angle of the coil's handle from the midline, backwards and to the side, in degrees; mirrored on the right. Default: 45.</source>
            <translation>Winkel des Spulengriffs von der Mittellinie, nach hinten und zur Seite, in Grad; rechts gespiegelt. Vorgabe: 45.</translation>
        </message>
        <message>
            <source>Head measures for Beam F3</source>
            <translation>Kopfmaße für Beam F3</translation>
        </message>
        <message>
            <source>Four points on the skin. With all of them, Beam F3 and 10-20 F3 are measured on the scalp; they take part in the next run too. Default: not placed.</source>
            <translation>Vier Punkte auf der Haut. Mit allen vieren werden Beam F3 und 10-20 F3 auf der Kopfhaut gemessen; auch der nächste Lauf nimmt sie. Vorgabe: nicht gesetzt.</translation>
        </message>
        <message>
            <source>Circumference:</source>
            <translation>Umfang:</translation>
        </message>
        <message>
            <source>Head circumference by tape, at the level of the forehead's middle and the back of the head, in cm. Default: not taken.</source>
            <translation>Kopfumfang mit dem Maßband, auf der Höhe von Stirnmitte und Hinterkopf, in cm. Vorgabe: nicht gemessen.</translation>
        </message>
        <message>
            <source>not taken</source>
            <translation>nicht gemessen</translation>
        </message>
        <message>
            <source> cm</source>
            <translation> cm</translation>
        </message>
        <message>
            <source>Nasion to inion:</source>
            <translation>Nasion bis Inion:</translation>
        </message>
        <message>
            <source>From the nasion over the top of the head to the inion by tape, in cm. Default: not taken.</source>
            <translation>Vom Nasion über den Scheitel zum Inion mit dem Maßband, in cm. Vorgabe: nicht gemessen.</translation>
        </message>
        <message>
            <source>Tragus to tragus:</source>
            <translation>Tragus bis Tragus:</translation>
        </message>
        <message>
            <source>From one tragus over the top of the head to the other by tape, in cm. Default: not taken.</source>
            <translation>Von einem Tragus über den Scheitel zum anderen mit dem Maßband, in cm. Vorgabe: nicht gemessen.</translation>
        </message>
        <message>
            <source>The scalp under the coil, of whichever target is chosen, as lengths on the head: from the four points where they are placed, else from estimated ones.</source>
            <translation>Die Kopfhaut unter der Spule, welcher Zielpunkt auch gewählt ist, als Längen auf dem Kopf: von den vier Punkten aus, wo sie gesetzt sind, sonst von geschätzten.</translation>
        </message>
        <message>
            <source>Circuit: resting-state fMRI</source>
            <translation>Netzwerk: Ruhe-fMRT</translation>
        </message>
        <message>
            <source>Sequence:</source>
            <translation>Sequenz:</translation>
        </message>
        <message>
            <source>A sequence of the scene that was loaded from a 4-D NIfTI file: its file is taken. Default: none.</source>
            <translation>Eine Sequenz der Szene, die aus einer 4-D-NIfTI-Datei geladen wurde: deren Datei wird genommen. Vorgabe: keine.</translation>
        </message>
        <message>
            <source>fMRI file:</source>
            <translation>fMRT-Datei:</translation>
        </message>
        <message>
            <source>Run of resting-state fMRI of this person, best as fMRIPrep writes it (space-T1w or space-MNI152*), or raw; several runs with a semicolon between them. Its name says in which space it lies. Default: none.</source>
            <translation>Lauf des Ruhe-fMRT dieser Person, am besten wie fMRIPrep ihn schreibt (space-T1w oder space-MNI152*), oder roh; mehrere Läufe mit einem Semikolon dazwischen. Sein Name sagt, in welchem Raum er liegt. Vorgabe: keiner.</translation>
        </message>
        <message>
            <source>Confounds:</source>
            <translation>Störgrößen:</translation>
        </message>
        <message>
            <source>fMRIPrep's table of each run, *_desc-confounds_timeseries.tsv, in their order with a semicolon between them. Default: the ones beside the runs.</source>
            <translation>Die Tabelle von fMRIPrep zu jedem Lauf, *_desc-confounds_timeseries.tsv, in deren Reihenfolge mit einem Semikolon dazwischen. Vorgabe: die neben den Läufen.</translation>
        </message>
        <message>
            <source>Correlate the fMRI with the subgenual cingulate and rank the places of the masks as they are now; a minute or two. Needs the Python package nilearn, which is installed on request. Ctrl+Shift+Y.</source>
            <translation>Korreliert das fMRT mit dem subgenualen Cingulum und ordnet die Orte der Masken, wie sie jetzt sind; ein bis zwei Minuten. Braucht das Python-Paket nilearn, das auf Wunsch installiert wird. Ctrl+Shift+Y.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+Y</source>
            <translation>Ctrl+Shift+Y</translation>
        </message>
        <message>
            <source>Volumes of the fMRI that were read.</source>
            <translation>Gelesene Volumen des fMRT.</translation>
        </message>
        <message>
            <source>Lay the map over the scan in the slice views: where the brain goes against the subgenual cingulate, the stronger the redder. Default: on.</source>
            <translation>Legt die Karte in den Schichtansichten über den Scan: wo das Gehirn dem subgenualen Cingulum entgegenläuft, je stärker, desto röter. Vorgabe: an.</translation>
        </message>
        <message>
            <source>Map over the slices</source>
            <translation>Karte über den Schichten</translation>
        </message>
        <message>
            <source>More targets</source>
            <translation>Weitere Zielpunkte</translation>
        </message>
        <message>
            <source>Targets of your own beside the plan's, each with a coil by the same rule, or with the coil of its file until it is moved.</source>
            <translation>Eigene Zielpunkte neben denen des Plans, jeder mit einer Spule nach derselben Regel, oder mit der Spule seiner Datei, bis er verschoben wird.</translation>
        </message>
        <message>
            <source>The targets in the order in which they go out. Ticked: shown in the views and written by Export.</source>
            <translation>Die Zielpunkte in der Reihenfolge, in der sie hinausgehen. Angekreuzt: in den Ansichten gezeigt und von „Exportieren“ geschrieben.</translation>
        </message>
        <message>
            <source>Side, and whether there is a coil.</source>
            <translation>Seite, und ob es eine Spule gibt.</translation>
        </message>
        <message>
            <source>Depth
mm</source>
            <translation>Tiefe
mm</translation>
        </message>
        <message>
            <source>How deep the target lies under the scalp.</source>
            <translation>Wie tief der Zielpunkt unter der Kopfhaut liegt.</translation>
        </message>
        <message>
            <source>Place the target with one click in a view.</source>
            <translation>Den Zielpunkt mit einem Klick in einer Ansicht setzen.</translation>
        </message>
        <message>
            <source>Show the target in all views.</source>
            <translation>Den Zielpunkt in allen Ansichten zeigen.</translation>
        </message>
        <message>
            <source>Name:</source>
            <translation>Name:</translation>
        </message>
        <message>
            <source>Name of the chosen target; a side in it ('left', 'R') is what its place is judged by.</source>
            <translation>Name des gewählten Zielpunkts; nach einer Seite darin ('left' für links, 'R') wird sein Ort beurteilt.</translation>
        </message>
        <message>
            <source>Click here, then on the place of a new target in a view. Ctrl+Shift+X.</source>
            <translation>Hier klicken, dann in einer Ansicht auf den Ort eines neuen Zielpunkts. Ctrl+Shift+X.</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Hinzufügen</translation>
        </message>
        <message>
            <source>Ctrl+Shift+X</source>
            <translation>Ctrl+Shift+X</translation>
        </message>
        <message>
            <source>Another target where the chosen one is, or where the target of the plan is if none is chosen. Ctrl+Shift+D.</source>
            <translation>Ein weiterer Zielpunkt am Ort des gewählten, oder, wenn keiner gewählt ist, am Ort des Zielpunkts vom Plan. Ctrl+Shift+D.</translation>
        </message>
        <message>
            <source>Duplicate</source>
            <translation>Verdoppeln</translation>
        </message>
        <message>
            <source>Ctrl+Shift+D</source>
            <translation>Ctrl+Shift+D</translation>
        </message>
        <message>
            <source>Targets, with their coils, from a file of a navigator, of points or of a mask: all that 'dlpfc convert' reads. Ctrl+Shift+I.</source>
            <translation>Zielpunkte, mit ihren Spulen, aus der Datei eines Navigators, mit Punkten oder einer Maske: alles, was 'dlpfc convert' liest. Ctrl+Shift+I.</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Importieren…</translation>
        </message>
        <message>
            <source>Ctrl+Shift+I</source>
            <translation>Ctrl+Shift+I</translation>
        </message>
        <message>
            <source>Let the chosen target go out before the one above it.</source>
            <translation>Den gewählten Zielpunkt vor dem darüber hinausgehen lassen.</translation>
        </message>
        <message>
            <source>Up</source>
            <translation>Nach oben</translation>
        </message>
        <message>
            <source>Let the chosen target go out after the one below it.</source>
            <translation>Den gewählten Zielpunkt nach dem darunter hinausgehen lassen.</translation>
        </message>
        <message>
            <source>Down</source>
            <translation>Nach unten</translation>
        </message>
        <message>
            <source>Take the chosen target away.</source>
            <translation>Den gewählten Zielpunkt wegnehmen.</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Files to write of the mask and the points as they are in the scene now: tick any number. Beside each stands the coordinate space that its numbers are in, or why this scan cannot have it. Default: what was exported last.</source>
            <translation>Dateien, die von der Maske und den Punkten, wie sie jetzt in der Szene sind, geschrieben werden: beliebig viele ankreuzen. Neben jeder steht der Koordinatenraum ihrer Zahlen, oder warum es sie für diese Aufnahme nicht gibt. Vorgabe: was zuletzt exportiert wurde.</translation>
        </message>
        <message>
            <source>Folder:</source>
            <translation>Ordner:</translation>
        </message>
        <message>
            <source>Where the files go. It is made where it is missing; files in it are replaced only if you say so. Default: the folder of the last export.</source>
            <translation>Wohin die Dateien gehen. Er wird angelegt, wo er fehlt; Dateien darin werden nur auf Ihren Wunsch ersetzt. Vorgabe: der Ordner des letzten Exports.</translation>
        </message>
        <message>
            <source>Points:</source>
            <translation>Punkte:</translation>
        </message>
        <message>
            <source>Which points go out: of the target its scalp entry and its coil too, landmarks, points to compare as they are listed, fiducials. Default: all.</source>
            <translation>Welche Punkte hinausgehen: vom Zielpunkt auch der Eintritt an der Kopfhaut und die Spule, Landmarken, Vergleichspunkte wie in der Tabelle, Bezugspunkte. Vorgabe: alle.</translation>
        </message>
        <message>
            <source>Write the ticked formats. While it runs: stop. Ctrl+Shift+E.</source>
            <translation>Die angekreuzten Formate schreiben. Während es läuft: anhalten. Strg+Umschalt+E.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+E</source>
            <translation>Ctrl+Shift+E</translation>
        </message>
        <message>
            <source>Write one HTML page to print, with slices, the head in 3-D, coordinates in mm, methods and warnings, into the folder, and open it. Ctrl+Shift+R.</source>
            <translation>Eine HTML-Seite zum Drucken in den Ordner schreiben, mit Schichten, dem Kopf in 3-D, Koordinaten in mm, Methoden und Warnungen, und sie öffnen. Strg+Umschalt+R.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+R</source>
            <translation>Ctrl+Shift+R</translation>
        </message>
        <message>
            <source>Files written.</source>
            <translation>Geschriebene Dateien.</translation>
        </message>
        <message>
            <source>What was written, and every warning that stands in it.</source>
            <translation>Was geschrieben wurde, und jede Warnung, die darin steht.</translation>
        </message>
        <message>
            <source>Guide</source>
            <translation>Führen</translation>
        </message>
        <message>
            <source>Coil:</source>
            <translation>Spule:</translation>
        </message>
        <message>
            <source>Transform of the coil, such as CoilToReference of PLUS, from the coil's axes (z into the head, y away from the handle) to the tool on the head. Filled by SlicerOpenIGTLink or by hand. Default: the node of that name.</source>
            <translation>Transformation der Spule, wie CoilToReference von PLUS, von den Achsen der Spule (z in den Kopf, y vom Griff weg) zum Werkzeug am Kopf. SlicerOpenIGTLink oder eine Hand füllt sie. Vorgabe: der Knoten dieses Namens.</translation>
        </message>
        <message>
            <source>Pointer:</source>
            <translation>Zeiger:</translation>
        </message>
        <message>
            <source>Transform of the pointer's tip, such as StylusToReference. Default: the node of that name.</source>
            <translation>Transformation der Spitze des Zeigers, wie StylusToReference. Vorgabe: der Knoten dieses Namens.</translation>
        </message>
        <message>
            <source>Head:</source>
            <translation>Kopf:</translation>
        </message>
        <message>
            <source>Transform of the tool on the head, such as ReferenceToTracker: where coil and pointer lead to the tracker (CoilToTracker), or for the coil to be lost with the head. Default: none.</source>
            <translation>Transformation des Werkzeugs am Kopf, wie ReferenceToTracker: wo Spule und Zeiger zum Tracker führen (CoilToTracker), oder damit die Spule mit dem Kopf verloren geht. Vorgabe: keine.</translation>
        </message>
        <message>
            <source>Pointer's tip:</source>
            <translation>Zeigerspitze:</translation>
        </message>
        <message>
            <source>Transform whose shift is where the tip lies in the pointer's own axes, such as StylusTipToStylus of SlicerIGT; Pivot makes it. Default: the node of that name, else the pointer's transform is its tip's.</source>
            <translation>Transformation, deren Verschiebung der Ort der Spitze in den Achsen des Zeigers ist, wie StylusTipToStylus von SlicerIGT; Drehen erzeugt sie. Vorgabe: der Knoten dieses Namens, sonst gilt die Transformation des Zeigers für seine Spitze.</translation>
        </message>
        <message>
            <source>Find the tip: hold it in a dimple that does not move against the tool on the head, tilt the pointer to all sides, and click again. Ctrl+Shift+P.</source>
            <translation>Die Spitze finden: Halten Sie sie in eine Vertiefung, die sich gegen das Werkzeug am Kopf nicht bewegt, kippen Sie den Zeiger nach allen Seiten, und klicken Sie noch einmal. Strg+Umschalt+P.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+P</source>
            <translation>Ctrl+Shift+P</translation>
        </message>
        <message>
            <source>Coil's face:</source>
            <translation>Spulenfläche:</translation>
        </message>
        <message>
            <source>Calibration of the coil: transform from its own axes (origin at its face, z into the head, y away from the handle) to those of its marker, such as CoilFaceToCoil. Default: the node of that name, else the marker's axes are the coil's.</source>
            <translation>Kalibrierung der Spule: Transformation von ihren eigenen Achsen (Ursprung an ihrer Fläche, z in den Kopf, y vom Griff weg) zu denen ihres Markers, wie CoilFaceToCoil. Vorgabe: der Knoten dieses Namens, sonst sind die Achsen des Markers die der Spule.</translation>
        </message>
        <message>
            <source>A transform that stands still for half a second is taken for lost, unless a hand moves it. Default: off.</source>
            <translation>Eine Transformation, die eine halbe Sekunde stillsteht, gilt als verloren, außer eine Hand bewegt sie. Vorgabe: aus.</translation>
        </message>
        <message>
            <source>Transforms are moved by hand</source>
            <translation>Transformationen werden von Hand bewegt</translation>
        </message>
        <message>
            <source>The point that the pointer touches next. Its place in the scan is the one under Targets, Head measures.</source>
            <translation>Der Punkt, den der Zeiger als Nächstes berührt. Sein Ort in der Aufnahme ist der unter Zielpunkte, Kopfmaße.</translation>
        </message>
        <message>
            <source>Take where the pointer's tip is now as this point on the patient. Ctrl+Shift+U.</source>
            <translation>Den Ort, an dem die Spitze des Zeigers jetzt ist, als diesen Punkt am Patienten nehmen. Ctrl+Shift+U.</translation>
        </message>
        <message>
            <source>Touch</source>
            <translation>Berühren</translation>
        </message>
        <message>
            <source>Ctrl+Shift+U</source>
            <translation>Ctrl+Shift+U</translation>
        </message>
        <message>
            <source>Sweep the pointer all over the scalp: it lays the head on the scan's skin, and tells whether points were swapped. Ctrl+Shift+W.</source>
            <translation>Mit dem Zeiger die ganze Kopfhaut abfahren: Das legt den Kopf auf die Haut der Aufnahme und zeigt, ob Punkte vertauscht wurden. Ctrl+Shift+W.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+W</source>
            <translation>Ctrl+Shift+W</translation>
        </message>
        <message>
            <source>Forget what was touched and swept. Ctrl+Shift+N.</source>
            <translation>Vergessen, was berührt und abgefahren wurde. Ctrl+Shift+N.</translation>
        </message>
        <message>
            <source>Start anew</source>
            <translation>Neu beginnen</translation>
        </message>
        <message>
            <source>Ctrl+Shift+N</source>
            <translation>Ctrl+Shift+N</translation>
        </message>
        <message>
            <source>What was touched, and how well it fits the scan.</source>
            <translation>Was berührt wurde und wie gut es zur Aufnahme passt.</translation>
        </message>
        <message>
            <source>In place within:</source>
            <translation>Richtig bis:</translation>
        </message>
        <message>
            <source>Within this distance the coil counts as in place. Default: 2 mm.</source>
            <translation>Innerhalb dieses Abstands gilt die Spule als am Ort. Vorgabe: 2 mm.</translation>
        </message>
        <message>
            <source>Within this angle handle and tilt count as in place. Default: 5 degrees.</source>
            <translation>Innerhalb dieses Winkels gelten Griff und Neigung als richtig. Vorgabe: 5 Grad.</translation>
        </message>
        <message>
            <source>Beep when the coil comes into place. Default: off.</source>
            <translation>Ein Ton, wenn die Spule an ihren Ort kommt. Vorgabe: aus.</translation>
        </message>
        <message>
            <source>Sound</source>
            <translation>Ton</translation>
        </message>
        <message>
            <source>The coil against the plan: its centre beside the planned one and above the scalp entry, the turn of its handle (positive: clockwise from behind) and its tilt. Green within the limits.</source>
            <translation>Die Spule gegen den Plan: ihre Mitte neben der geplanten und über dem Eintritt an der Kopfhaut, die Drehung des Griffs (positiv: im Uhrzeigersinn von hinten) und ihre Neigung. Grün innerhalb der Grenzen.</translation>
        </message>
        <message>
            <source>The coil from behind: dot and line are its centre and its handle, the cross is the plan; circles at the limit, 10 and 20 mm.</source>
            <translation>Die Spule von hinten: Punkt und Linie sind ihre Mitte und ihr Griff, das Kreuz ist der Plan; Kreise bei der Grenze, 10 und 20 mm.</translation>
        </message>
        <message>
            <source>Keep the coil's pose now with the plan, with its time; Export writes it. Ctrl+Shift+K.</source>
            <translation>Die jetzige Lage der Spule mit ihrer Zeit beim Plan festhalten; der Export schreibt sie. Ctrl+Shift+K.</translation>
        </message>
        <message>
            <source>Stimulated here</source>
            <translation>Hier stimuliert</translation>
        </message>
        <message>
            <source>Ctrl+Shift+K</source>
            <translation>Ctrl+Shift+K</translation>
        </message>
        <message>
            <source>Turn the 3-D view to look along the planned coil, its handle down. Ctrl+Shift+V.</source>
            <translation>Die 3-D-Ansicht so drehen, dass sie entlang der geplanten Spule blickt, deren Griff nach unten. Ctrl+Shift+V.</translation>
        </message>
        <message>
            <source>From behind</source>
            <translation>Von hinten</translation>
        </message>
        <message>
            <source>Ctrl+Shift+V</source>
            <translation>Ctrl+Shift+V</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <source>Scans:</source>
            <translation>Aufnahmen:</translation>
        </message>
        <message>
            <source>All volumes of the scene (default), each of which gets its mask and points in the scene too, or all scans in a folder and the folders in it.</source>
            <translation>Alle Volumen der Szene (Vorgabe), wobei jedes auch Maske und Punkte in der Szene bekommt, oder alle Aufnahmen in einem Ordner und den Ordnern darin.</translation>
        </message>
        <message>
            <source>Scans in:</source>
            <translation>Aufnahmen in:</translation>
        </message>
        <message>
            <source>Folder with NIfTI, NRRD, MHA or MGZ files or DICOM series, in it or in its folders. Default: none.</source>
            <translation>Ordner mit Dateien NIfTI, NRRD, MHA oder MGZ oder DICOM-Serien, darin oder in seinen Ordnern. Vorgabe: keiner.</translation>
        </message>
        <message>
            <source>Results in:</source>
            <translation>Ergebnisse in:</translation>
        </message>
        <message>
            <source>Folder for the results: one for each scan, and the table results.csv. Scans that are finished there with the same choices are not run again. Default: none.</source>
            <translation>Ordner für die Ergebnisse: einer je Aufnahme, und die Tabelle results.csv. Aufnahmen, die dort mit denselben Einstellungen fertig sind, werden nicht noch einmal gerechnet. Vorgabe: keiner.</translation>
        </message>
        <message>
            <source>Plan on one scan after the other with the hemisphere, threshold, model, device and rule chosen above. While it runs: stop; what is finished stays. Ctrl+Shift+B.</source>
            <translation>Eine Aufnahme nach der anderen planen, mit Hemisphäre, Schwelle, Modell, Gerät und Regel, wie oben gewählt. Während es läuft: anhalten; was fertig ist, bleibt. Strg+Umschalt+B.</translation>
        </message>
        <message>
            <source>Ctrl+Shift+B</source>
            <translation>Ctrl+Shift+B</translation>
        </message>
        <message>
            <source>What the batch is at.</source>
            <translation>Wobei der Stapel gerade ist.</translation>
        </message>
        <message>
            <source>What to keep in mind of the scan that was clicked on, else of the last one that is finished.</source>
            <translation>Was bei der angeklickten Aufnahme zu beachten ist, sonst bei der zuletzt fertigen.</translation>
        </message>
        <message>
            <source>Each scan: how far it is, size of the mask in ml, centroid in RAS mm, error in mm that is exceeded in one of ten such scans, seconds, and warnings.</source>
            <translation>Jede Aufnahme: wie weit sie ist, Größe der Maske in ml, Schwerpunkt in RAS-mm, Fehler in mm, der bei einer von zehn solchen Aufnahmen übertroffen wird, Sekunden, und Warnungen.</translation>
        </message>
    </context>
</TS>
