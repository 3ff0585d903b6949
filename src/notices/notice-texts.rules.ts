import type { Text } from '../platform/bare.ts';

/** What a notice of a process definition says: what happened, and what it asks of its reader. Names no person. */
export interface NoticeText {
  readonly subject: Text;
  readonly sentence: Text;
}
const says = (de: string, en: string, deSentence: string, enSentence: string): NoticeText => ({
  subject: { de, en },
  sentence: { de: deSentence, en: enSentence },
});

/**
 * Every notice that a shipped definition sends, by its name there; a house test names what is missing. A definition of
 * an administration's own may send others, which are written in general words.
 */
export const noticeTexts: Readonly<Record<string, NoticeText>> = {
  // The course of a process.
  commissioned: says(
    'Auftrag erteilt',
    'Commissioned',
    'Der Vorgang ist beauftragt. Bitte benennen Sie, wer ihn in Ihrer Einheit leitet.',
    'The process has been commissioned. Please name its process owner in your unit.',
  ),
  selfAssessmentOpened: says(
    'Selbsteinschätzung eröffnet',
    'Self-assessment opened',
    'Die Selbsteinschätzung ist eröffnet und kann ausgefüllt werden.',
    'The self-assessment is open and can be filled in.',
  ),
  inventoryReleased: says(
    'Bestandsaufnahme freigegeben',
    'Inventory released',
    'Die Bestandsaufnahme ist abgeschlossen und zur weiteren Arbeit freigegeben.',
    'The inventory is complete and released for further work.',
  ),
  returned: says(
    'Zur Nachbesserung zurückgegeben',
    'Returned for completion',
    'Die Selbsteinschätzung ist mit Begründung zurückgegeben. Bitte bessern Sie nach und geben Sie erneut ab.',
    'The self-assessment was returned with reasons. Please complete it and hand it in again.',
  ),
  evidenceRequested: says(
    'Nachweise angefordert',
    'Evidence requested',
    'Für die Prüfung werden weitere Nachweise gebraucht. Bitte reichen Sie sie nach.',
    'The review needs further evidence. Please provide it.',
  ),
  visitScheduled: says(
    'Besuch angesetzt',
    'Visit scheduled',
    'Ein Besuch in Ihrer Einheit ist angesetzt; Tag und Ablauf stehen im Vorgang.',
    'A visit to your unit is scheduled; day and agenda stand in the process.',
  ),
  draftSent: says(
    'Berichtsentwurf liegt vor',
    'Draft report available',
    'Der Entwurf des Berichts liegt vor. Sie können dazu Stellung nehmen.',
    'The draft of the report is available. You can comment on it.',
  ),
  reportPublished: says(
    'Bericht veröffentlicht',
    'Report published',
    'Der Bericht ist veröffentlicht. Auf ihn folgt die Vereinbarung von Zielen.',
    'The report is published. Agreeing on targets comes next.',
  ),
  coSignatureRequested: says(
    'Mitzeichnung erbeten',
    'Co-signature requested',
    'Etwas liegt zur Mitzeichnung vor. Bitte zeichnen Sie mit oder erheben Sie Einwände.',
    'Something waits for your co-signature. Please sign or object.',
  ),
  targetsReturned: says(
    'Ziele zurückgegeben',
    'Targets returned',
    'Die Ziele sind mit Begründung zurückgegeben. Bitte überarbeiten Sie sie.',
    'The targets were returned with reasons. Please revise them.',
  ),
  approvalRequested: says(
    'Genehmigung erbeten',
    'Approval requested',
    'Etwas ist mitgezeichnet und wartet auf Ihre Genehmigung.',
    'Something has been co-signed and waits for your approval.',
  ),
  interimDue: says(
    'Zwischenbericht fällig',
    'Interim report due',
    'Der Zwischenbericht ist fällig. Bitte berichten Sie über den Stand der Umsetzung.',
    'The interim report is due. Please report on the progress.',
  ),
  reflectionDue: says(
    'Reflexion steht an',
    'Reflection due',
    'Die gemeinsame Reflexion steht an. Bitte vereinbaren Sie einen Termin.',
    'The joint reflection is due. Please arrange a date.',
  ),
  decisionPending: says(
    'Entscheidung steht an',
    'Decision pending',
    'Eine Empfehlung liegt vor; das Gremium hat zu entscheiden.',
    'A recommendation is available; the board has to decide.',
  ),
  established: says(
    'Als etabliert anerkannt',
    'Recognised as established',
    'Die Entscheidung ist gefallen: Der angestrebte Stand ist erreicht.',
    'It has been decided: the state aimed at has been reached.',
  ),
  buildUpContinued: says(
    'Aufbau wird fortgesetzt',
    'Build-up continues',
    'Die Entscheidung ist gefallen: Der Aufbau wird fortgesetzt.',
    'It has been decided: the build-up continues.',
  ),
  supportContinued: says(
    'Begleitung wird fortgesetzt',
    'Support continues',
    'Die Entscheidung ist gefallen: Die Einrichtung wird weiter begleitet.',
    'It has been decided: the institution continues with support.',
  ),
  supportCompleted: says(
    'Begleitung abgeschlossen',
    'Support completed',
    'Die Entscheidung ist gefallen: Die Begleitung ist abgeschlossen.',
    'It has been decided: the support is completed.',
  ),
  targetDateReached: says(
    'Vereinbarter Tag erreicht',
    'Agreed date reached',
    'Der vereinbarte Tag ist erreicht. Bitte stellen Sie den Stand fest.',
    'The agreed date has been reached. Please assess where things stand.',
  ),
  reauditDue: says(
    'Folgeaudit steht an',
    'Re-audit due',
    'Die Anerkennung läuft bald ab. Bitte beginnen Sie das Folgeaudit.',
    'The recognition expires soon. Please begin the re-audit.',
  ),
  lapsed: says(
    'Anerkennung erloschen',
    'Recognition lapsed',
    'Die Anerkennung ist erloschen, weil kein Folgeaudit begonnen hat.',
    'The recognition has lapsed because no re-audit was begun.',
  ),
  withdrawn: says(
    'Anerkennung zurückgenommen',
    'Recognition withdrawn',
    'Die Anerkennung ist zurückgenommen; die Begründung steht im Vorgang.',
    'The recognition was withdrawn; the reasons stand in the process.',
  ),
  cancelled: says(
    'Vorgang abgebrochen',
    'Process cancelled',
    'Der Vorgang ist abgebrochen; die Begründung steht im Vorgang.',
    'The process was cancelled; the reasons stand in it.',
  ),
  participationEnded: says(
    'Teilnahme beendet',
    'Participation ended',
    'Die Teilnahme ist beendet; die Begründung steht im Vorgang.',
    'The participation has ended; the reasons stand in the process.',
  ),
  superseded: says(
    'Vorgang abgelöst',
    'Process superseded',
    'Die Einheit ist in einer anderen aufgegangen; der Vorgang wird dort fortgeführt.',
    'The unit has become part of another; the process goes on there.',
  ),

  // Deadlines, pauses and extensions.
  deadlineReminder: says(
    'Frist läuft bald ab',
    'Deadline approaching',
    'Eine Frist läuft in den nächsten Tagen ab. Was zu tun ist, steht im Vorgang.',
    'A deadline ends within the next days. What is to be done stands in the process.',
  ),
  deadlinePassed: says(
    'Frist verstrichen',
    'Deadline passed',
    'Eine Frist ist verstrichen. Bitte holen Sie den Schritt nach oder beantragen Sie eine Verlängerung.',
    'A deadline has passed. Please take the step now or request an extension.',
  ),
  deadlineEscalated: says(
    'Überfälliger Vorgang',
    'Process overdue',
    'Ein Vorgang ist seit Längerem überfällig und wird Ihnen deshalb vorgelegt.',
    'A process has been overdue for some time and is therefore put before you.',
  ),
  handReminder: says(
    'Erinnerung',
    'Reminder',
    'Sie werden an einen offenen Schritt erinnert.',
    'You are reminded of an open step.',
  ),
  suspended: says(
    'Vorgang ausgesetzt',
    'Process suspended',
    'Der Vorgang ruht; seine Fristen laufen so lange nicht.',
    'The process rests; its deadlines do not run meanwhile.',
  ),
  resumed: says(
    'Vorgang wieder aufgenommen',
    'Process resumed',
    'Der Vorgang läuft wieder; die Fristen sind um die Pause verlängert.',
    'The process runs again; its deadlines have moved by the pause.',
  ),
  extensionRequested: says(
    'Fristverlängerung beantragt',
    'Extension requested',
    'Eine Verlängerung ist beantragt. Bitte entscheiden Sie darüber.',
    'An extension has been requested. Please decide on it.',
  ),
  extensionGranted: says(
    'Frist verlängert',
    'Extension granted',
    'Die Verlängerung ist gewährt; der neue Tag steht im Vorgang.',
    'The extension is granted; the new day stands in the process.',
  ),
  extensionRefused: says(
    'Verlängerung abgelehnt',
    'Extension refused',
    'Die Verlängerung ist abgelehnt; es bleibt bei der bisherigen Frist.',
    'The extension is refused; the deadline stays as it was.',
  ),

  // Objections.
  objectionFiled: says(
    'Einwendung erhoben',
    'Objection filed',
    'Gegen eine Feststellung ist eine Einwendung erhoben. Bitte nehmen Sie sie auf.',
    'An objection was filed against a finding. Please take it up.',
  ),
  objectionAcknowledged: says(
    'Einwendung wird geprüft',
    'Objection under review',
    'Ihre Einwendung ist eingegangen und wird geprüft.',
    'Your objection has arrived and is under review.',
  ),
  objectionRetracted: says(
    'Einwendung zurückgenommen',
    'Objection retracted',
    'Die Einwendung ist zurückgenommen.',
    'The objection was retracted.',
  ),
  objectionReminder: says(
    'Einwendung wartet',
    'Objection waiting',
    'Über eine Einwendung ist bald zu entscheiden.',
    'An objection has to be decided soon.',
  ),
  objectionOverdue: says(
    'Entscheidung über eine Einwendung überfällig',
    'Decision on objection overdue',
    'Über eine Einwendung hätte schon entschieden sein sollen.',
    'An objection should have been decided by now.',
  ),
  objectionDecided: says(
    'Über die Einwendung ist entschieden',
    'Objection decided',
    'Über die Einwendung ist entschieden; Ergebnis und Begründung stehen im Vorgang.',
    'The objection is decided; outcome and reasons stand in the process.',
  ),

  // Participation of representations.
  participationRequested: says(
    'Beteiligung eingeleitet',
    'Participation requested',
    'Eine Angelegenheit liegt Ihnen zur Beteiligung vor.',
    'A matter is put before you for participation.',
  ),
  participationAnswered: says(
    'Stellungnahme zur Beteiligung liegt vor',
    'Participation answered',
    'Die Interessenvertretung hat Stellung genommen.',
    'The representation has given its statement.',
  ),
  participationRetracted: says(
    'Beteiligung zurückgezogen',
    'Participation retracted',
    'Die Angelegenheit liegt Ihnen nicht mehr zur Beteiligung vor.',
    'The matter is no longer before you for participation.',
  ),
  participationReminder: says(
    'Beteiligung: Frist läuft bald ab',
    'Participation: deadline approaching',
    'Die Frist für Ihre Stellungnahme läuft in den nächsten Tagen ab.',
    'The deadline for your statement ends within the next days.',
  ),
  participationOverdue: says(
    'Beteiligung: Frist verstrichen',
    'Participation: deadline passed',
    'Die Frist für die Stellungnahme der Interessenvertretung ist verstrichen.',
    'The deadline for the representation’s statement has passed.',
  ),

  // Measures.
  measureReturned: says(
    'Maßnahme zurückgegeben',
    'Measure returned',
    'Die Maßnahme ist mit Begründung zurückgegeben. Bitte überarbeiten Sie sie.',
    'The measure was returned with reasons. Please revise it.',
  ),
  measuresDecided: says(
    'Maßnahmen genehmigt',
    'Measures approved',
    'Die Zielvereinbarung ist genehmigt. Die Gleichstellungsbeauftragte kann binnen einer Woche Widerspruch einlegen (§ 19 LGG NRW).',
    'The target agreement is approved. The equal opportunities officer may file a statutory objection within a week (§ 19 LGG NRW).',
  ),
  measureDecided: says(
    'Maßnahme beschlossen',
    'Measure decided',
    'Die Maßnahme ist beschlossen und kann umgesetzt werden.',
    'The measure is decided and can be carried out.',
  ),
  measureRejected: says(
    'Maßnahme abgelehnt',
    'Measure rejected',
    'Die Maßnahme ist abgelehnt; die Begründung steht im Vorgang.',
    'The measure was rejected; the reasons stand in the process.',
  ),
  measureReportedDone: says(
    'Maßnahme als umgesetzt gemeldet',
    'Measure reported done',
    'Die Maßnahme ist als umgesetzt gemeldet. Ihre Wirkung ist von jemand anderem zu prüfen.',
    'The measure is reported done. Somebody else has to check its effect.',
  ),
  measurePostponed: says(
    'Maßnahme verschoben',
    'Measure postponed',
    'Die Maßnahme ist verschoben; Grund und neuer Tag stehen im Vorgang.',
    'The measure is postponed; reason and new day stand in the process.',
  ),
  measureSuperseded: says(
    'Maßnahme abgelöst',
    'Measure superseded',
    'Die Maßnahme ist durch eine andere abgelöst.',
    'The measure has been superseded by another.',
  ),
  effectCheckDue: says(
    'Wirkung ist zu prüfen',
    'Effect to be checked',
    'Die Wirkung der Maßnahme ist zu prüfen.',
    'The effect of the measure has to be checked.',
  ),
  effectConfirmed: says(
    'Wirkung bestätigt',
    'Effect confirmed',
    'Die Wirkung der Maßnahme ist bestätigt.',
    'The effect of the measure is confirmed.',
  ),
  reworkDemanded: says(
    'Nacharbeit verlangt',
    'Rework demanded',
    'Die Wirkung ist noch nicht belegt. Bitte arbeiten Sie nach.',
    'The effect is not shown yet. Please rework the measure.',
  ),
  executionHeld: says(
    'Umsetzung angehalten',
    'Execution held',
    'Gegen die Maßnahme ist Widerspruch eingelegt (§ 19 LGG NRW); ihre Umsetzung ruht bis zur Entscheidung.',
    'A statutory objection was filed (§ 19 LGG NRW); the measure rests until it is decided.',
  ),
  executionFree: says(
    'Umsetzung wieder frei',
    'Execution free again',
    'Über den Widerspruch gegen die Maßnahme (§ 19 LGG NRW) ist entschieden.',
    'The statutory objection against the measure is decided.',
  ),
  resumptionDue: says(
    'Wiederaufnahme steht an',
    'Resumption due',
    'Die verschobene Maßnahme sollte nun wieder aufgenommen werden.',
    'The postponed measure should be taken up again now.',
  ),
  statusDue: says(
    'Statusbericht fällig',
    'Status report due',
    'Bitte berichten Sie über den Stand der Maßnahme.',
    'Please report on the state of the measure.',
  ),
  statusMissed: says(
    'Statusbericht überfällig',
    'Status report overdue',
    'Über den Stand der Maßnahme ist nicht berichtet worden.',
    'The state of the measure has not been reported.',
  ),
};

const otherwise = says(
  'Neues in einem Vorgang',
  'News in a process',
  'In einem Vorgang, an dem Sie beteiligt sind, ist etwas geschehen.',
  'Something has happened in a process that you take part in.',
);

export const textOf = (kind: string): NoticeText =>
  Object.hasOwn(noticeTexts, kind) ? noticeTexts[kind]! : otherwise;
