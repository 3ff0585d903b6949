/** A definition that is not shipped: a permit that can rest, whose answer can be put off, and of which one can be reminded. */
const text = (de: string, en = de) => ({ de, en });
const by = (...functions: string[]) => functions.map((fn) => ({ function: fn }));
const day = { type: 'string', title: text('Bis', 'Until'), maxLength: 10, format: 'date' };
const words = { type: 'string', title: text('Grund', 'Reason'), maxLength: 200, minLength: 1 };
const which = { type: 'string', title: text('Frist', 'Deadline'), maxLength: 40 };
const to = (target: string, more = {}) => [{ target, ...more }];

export const permit = () => ({
  format: 'oa.process/1',
  key: 'permit',
  version: 1,
  title: text('Genehmigung', 'Permit'),
  description: text('Von der Anfrage bis zur Antwort', 'From the question to the answer'),
  stage: 'live.course',
  tags: { late: text('überfällig', 'overdue') },
  reasons: {
    first: text(
      'Die erste Verlängerung gewährt die Koordination.',
      'The coordinator grants the first extension.',
    ),
    second: text(
      'Erst die zweite Verlängerung gewährt das Dezernat.',
      'The directorate grants only the second one.',
    ),
  },
  chains: {
    usual: [
      { name: 'reminder', workingDays: -10, step: 'REMIND' },
      { name: 'overdue', workingDays: 1, step: 'MARK_OVERDUE' },
    ],
  },
  deadlines: {
    answer: {
      label: text('Antwort', 'Answer'),
      span: { weeks: 6 },
      chain: 'usual',
      extendable: { most: 2, percent: 50 },
    },
    law: {
      label: text('Gesetzliche Frist', 'Statutory date'),
      span: { weeks: 2 },
      onDue: 'LAPSE',
      runsOn: true,
    },
    note: { label: text('Nachricht', 'Message'), span: { days: 10 } },
  },
  suspension: { longest: { months: 6 } },
  steps: {
    ANSWER: { label: text('Antworten', 'Answer'), who: by('HEAD') },
    WITHDRAW: { label: text('Zurückziehen', 'Withdraw'), who: by('LEAD'), whileSuspended: true },
    WRITE: { label: text('Schreiben', 'Write'), who: by('HEAD'), whileSuspended: true },
    REMIND: { label: text('Erinnern', 'Remind'), who: by('SYS') },
    MARK_OVERDUE: { label: text('Überfällig', 'Overdue'), who: by('SYS') },
    LAPSE: { label: text('Verfristet', 'Lapsed'), who: by('SYS') },
    REST: {
      label: text('Aussetzen', 'Suspend'),
      who: by('DEZ'),
      does: 'suspend',
      payload: {
        properties: { until: day, reason: { ...words, enum: ['CRISIS', 'VACANCY'] }, note: words },
        required: ['until', 'reason'],
      },
      notices: [{ notice: 'rests', to: ['HEAD'] }],
    },
    GO_ON: { label: text('Fortsetzen', 'Resume'), who: by('DEZ'), does: 'resume' },
    ASK: {
      label: text('Verlängerung beantragen', 'Ask for an extension'),
      who: by('HEAD'),
      does: 'requestExtension',
      payload: {
        properties: { deadline: which, until: day, reason: words },
        required: ['deadline', 'until', 'reason'],
      },
    },
    GRANT: {
      label: text('Gewähren', 'Grant'),
      who: [{ function: 'OPENING_COORD', notSameAs: ['ASK'] }],
      does: 'grantExtension',
      payload: { properties: { deadline: which }, required: ['deadline'] },
      guard: { fact: 'asked.extensionsGranted', is: 0, reason: 'second' },
      raise: ['$extended'],
    },
    GRANT_AGAIN: {
      label: text('Nochmals gewähren', 'Grant again'),
      who: by('DEZ'),
      does: 'grantExtension',
      payload: { properties: { deadline: which }, required: ['deadline'] },
      guard: { fact: 'asked.extensionsGranted', atLeast: 1, reason: 'first' },
      raise: ['$extended'],
    },
    DENY: {
      label: text('Ablehnen', 'Refuse'),
      who: by('OPENING_COORD'),
      does: 'refuseExtension',
      payload: { properties: { deadline: which, reason: words }, required: ['deadline', 'reason'] },
    },
    NUDGE: {
      label: text('Jetzt erinnern', 'Remind now'),
      who: by('OPENING_COORD'),
      does: 'remind',
      payload: { properties: { function: words } },
    },
  },
  initial: 'live',
  states: {
    live: {
      type: 'parallel',
      label: text('Läuft', 'Running'),
      on: { WITHDRAW: to('withdrawn') },
      states: {
        course: {
          initial: 'asked',
          states: {
            asked: {
              label: text('Gefragt', 'Asked'),
              deadlines: ['answer'],
              tasks: [
                { name: 'answer', function: 'HEAD', label: text('Antworten', 'Answer') },
                { name: 'watch', function: 'OWNER', label: text('Mitlesen', 'Watch') },
              ],
              on: { ANSWER: to('answered'), WRITE: to('written') },
            },
            written: {
              label: text('Geschrieben', 'Written'),
              deadlines: ['note'],
              on: { ANSWER: to('answered') },
            },
            answered: {
              label: text('Beantwortet', 'Answered'),
              raise: ['$answered'],
              on: { ANSWER: to('asked') },
            },
          },
        },
        law: {
          initial: 'open',
          states: {
            open: { label: text('Offen', 'Open'), deadlines: ['law'], on: { LAPSE: to('lapsed') } },
            lapsed: { label: text('Verfristet', 'Lapsed'), on: { $answered: to('open') } },
          },
        },
        deadline: {
          initial: 'onTrack',
          states: {
            onTrack: {
              label: text('Im Plan', 'On track'),
              on: {
                REMIND: [{ notices: [{ notice: 'reminded', to: ['HEAD'] }] }],
                MARK_OVERDUE: to('overdue'),
              },
            },
            overdue: {
              label: text('Überfällig', 'Overdue'),
              tags: ['late'],
              on: { $extended: to('onTrack') },
            },
          },
        },
      },
    },
    withdrawn: { label: text('Zurückgezogen', 'Withdrawn'), type: 'final' },
  },
});
