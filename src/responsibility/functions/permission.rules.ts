/**
 * Functions a person can hold at a place. LEAD … POST_HOLDER are derived from posts and assignments, OWNER and those of
 * a round are granted for one process or series, the others stand for as long as their grant runs.
 */
export const functionCodes = [
  'LEAD',
  'DEZ',
  'HEAD',
  'OFFICE_ABOVE',
  'ABOVE',
  'NEXT_ABOVE',
  'CONTRIB',
  'POST_HOLDER',
  'OWNER',
  'HR',
  'OPENING_COORD',
  'AUDLEAD',
  'AUD',
  'AUD2',
  'BOARD',
  'STEERING',
  'APPEAL',
  'PR',
  'GB',
  'SBV',
  'DSB',
  'FIN',
  'ADMIN',
  'COMMITTEE',
  'SYS',
] as const;
export type FunctionCode = (typeof functionCodes)[number];

type Tags = ReadonlySet<string>;

const isSubmitted = (tags: Tags) => tags.has('ratingsClosed') && !tags.has('consensus');

/** What a process's tags must say for a right to hold. `always` also holds where there is no process. */
export const conditions = {
  always: () => true,
  /** The unit is writing its self-assessment. */
  editable: (tags: Tags) => tags.has('editable'),
  /** Ratings are closed and the unit talks over differences. */
  consensus: (tags: Tags) => tags.has('consensus'),
  /** Handed in by the head's signature; while it is being reworked it is the unit's own again. */
  submitted: isSubmitted,
  /** Auditors are at work on their ratings. */
  auditable: (tags: Tags) => tags.has('auditable'),
  /** The unit has commented; until the report is released auditors may still correct it. */
  correctable: (tags: Tags) => tags.has('correctable'),
  /** Auditors wait for evidence of the unit. */
  evidencePending: (tags: Tags) => tags.has('evidencePending'),
  /** The draft lies with the unit. */
  commenting: (tags: Tags) => tags.has('commenting'),
  /** The draft has left the auditors' desk; their work in progress is nobody else's. */
  drafted: (tags: Tags) => tags.has('commenting') || tags.has('correctable') || tags.has('released'),
  released: (tags: Tags) => tags.has('released'),
  /** The same where it is about enough people; who does not work on the case sees nothing of smaller units. */
  submittedOfMany: (tags: Tags) => isSubmitted(tags) && !tags.has('fewInside'),
  releasedOfMany: (tags: Tags) => tags.has('released') && !tags.has('fewInside'),
  publishedOfMany: (tags: Tags) => tags.has('published') && !tags.has('fewOutside'),
  /** The head is writing down targets and measures. */
  targets: (tags: Tags) => tags.has('targets'),
  /** The targets wait for co-signatures. */
  coSigning: (tags: Tags) => tags.has('coSigning'),
  /** The board has the case on its table. */
  deciding: (tags: Tags) => tags.has('deciding'),
  recognised: (tags: Tags) => tags.has('recognised'),
  /** Recognised, with conditions that are still running. */
  conditional: (tags: Tags) => tags.has('conditional'),
  /** The report is meant for the public. */
  published: (tags: Tags) => tags.has('published'),
} satisfies Record<string, (tags: Tags) => boolean>;
export type Condition = keyof typeof conditions;

/** Who may: everybody who is signed in, or the holders of a function under a condition. What is not named is denied. */
export type Permission = 'anyone' | Partial<Record<Condition, string>>;

const unitSide = 'OWNER CONTRIB HEAD OFFICE_ABOVE';
const auditors = 'AUDLEAD AUD AUD2';
const representations = 'PR GB SBV';
/** Everybody with a part in the opening; committees see what is published, merely holding a post gives nothing. */
const everyFunction = functionCodes
  .filter((code) => !['SYS', 'ADMIN', 'COMMITTEE', 'POST_HOLDER'].includes(code))
  .join(' ');

/**
 * The one table: action × function × state, for the whole product. Default deny. Stated a second time, by hand, in
 * `test/house/permission-matrix.csv`, which data protection officers read; a house test compares the two.
 * Scope is not in here: a function is asked for *at a place* (`functionsAt`), so `HEAD` means head of this very unit.
 * Source: Konzept, roles × data; the least right that lets the work be done.
 */
export const permissions: Readonly<Record<string, Permission>> = {
  // What every signed-in person may see: the form of an answer, the organisation, the published catalogues.
  'page.read': 'anyone',
  'refusal.read': 'anyone',
  'me.read': 'anyone',
  'unit.read': 'anyone',
  'person.readName': 'anyone',
  'edition.read': 'anyone',
  'definition.read': 'anyone',
  'mutation.result': 'anyone',
  // A command asks for permission itself, under its lock.
  'command.send': 'anyone',

  // Organisation: HR keeps the books.
  'organisation.import': { always: 'HR' },
  'post.read': { always: `HR ${unitSide}` },

  // Catalogue: the integration centre drafts and publishes, the second of two people.
  'edition.draft': { always: 'OPENING_COORD' },
  'edition.publish': { always: 'OPENING_COORD' },

  // Own processes: the integration centre drafts them, and publishes them by the second of two people.
  'definition.draft': { always: 'OPENING_COORD' },
  'definition.publish': { always: 'OPENING_COORD' },

  // Responsibilities: HR writes and sees all of them, people see their own unit's; others get counts.
  'assignment.read': { always: `HR POST_HOLDER ${unitSide}` },
  'assignment.propose': { always: 'HR' },
  'assignment.answer': { always: 'POST_HOLDER' },
  'assignment.confirm': { always: 'HR' },
  'assignment.end': { always: 'HR' },
  'assignmentRule.read': { always: 'HR' },
  'assignmentRule.apply': { always: 'HR' },
  'gap.read': { always: `HR ${unitSide} DEZ LEAD OPENING_COORD ${representations}` },
  'vacancy.read': { always: 'HR HEAD OFFICE_ABOVE' },
  'load.read': { always: 'HR HEAD POST_HOLDER' },
  'grant.read': { always: 'HR ADMIN DSB' },
  'grant.propose': { always: 'HR ADMIN' },
  'grant.confirm': { always: 'HR ADMIN' },
  'grant.end': { always: 'HR ADMIN' },

  // Rounds are prepared and run by the integration centre; everybody with a function sees which there are.
  'round.read': { always: everyFunction },
  'round.open': { always: 'OPENING_COORD' },
  'round.prepare': { always: 'OPENING_COORD' },
  'round.start': { always: 'OPENING_COORD LEAD' },
  'round.end': { always: 'OPENING_COORD LEAD' },

  // Units that merge or split: the personnel office says who follows, the integration centre confirms.
  'succession.read': { always: 'HR OPENING_COORD LEAD DEZ HEAD OFFICE_ABOVE ABOVE' },
  'succession.propose': { always: 'HR' },
  'succession.confirm': { always: 'OPENING_COORD' },
  // Processes by the thousand (each step asks its own right too), and the change of a running round: the centre, in the
  // second step another person of it.
  'bulk.read': { always: 'OPENING_COORD LEAD' },
  'bulk.run': { always: 'OPENING_COORD LEAD' },
  'migration.read': { always: 'OPENING_COORD' },
  'migration.propose': { always: 'OPENING_COORD' },
  'migration.run': { always: 'OPENING_COORD' },

  // The unit's answers: its own until they are handed in.
  'selfRating.read': {
    always: unitSide,
    submitted: `OPENING_COORD ${auditors} APPEAL`,
    submittedOfMany: 'DEZ LEAD',
  },
  'selfRating.write': { editable: 'OWNER CONTRIB HEAD' },
  'difference.resolve': { editable: 'OWNER HEAD', consensus: 'OWNER HEAD' },
  // Parts of a checklist or process whose whole was asked for already.
  'rating.read': 'anyone',
  'processPart.read': 'anyone',

  // The auditors' ratings: theirs until the draft goes out; HR never.
  'auditRating.read': {
    always: `${auditors} APPEAL OPENING_COORD`,
    drafted: 'OWNER CONTRIB HEAD',
    released: 'OFFICE_ABOVE BOARD',
    releasedOfMany: `ABOVE DEZ LEAD ${representations}`,
    publishedOfMany: 'COMMITTEE',
  },
  'auditRating.write': { auditable: 'AUDLEAD AUD', correctable: 'AUDLEAD AUD' },
  'visitNote.read': { always: `${auditors} APPEAL` },
  'visitNote.write': { auditable: auditors, correctable: auditors },
  'evidence.provide': { evidencePending: 'OWNER CONTRIB HEAD' },

  // The report follows its ratings.
  'report.read': {
    always: `${auditors} APPEAL OPENING_COORD`,
    drafted: 'OWNER CONTRIB HEAD',
    released: `OFFICE_ABOVE ABOVE DEZ LEAD BOARD ${representations}`,
    published: 'COMMITTEE',
  },
  // Explanations, comments and the words for the inside: never the public's.
  'report.readInternal': {
    always: `${auditors} APPEAL OPENING_COORD`,
    drafted: 'OWNER CONTRIB HEAD',
    released: `OFFICE_ABOVE ABOVE DEZ LEAD BOARD ${representations}`,
  },
  'report.write': { auditable: 'AUDLEAD AUD', correctable: 'AUDLEAD AUD' },
  'report.sign': { auditable: 'AUD2', correctable: 'AUD2' },
  'report.comment': { commenting: 'OWNER HEAD' },
  'report.reply': { commenting: 'AUDLEAD AUD', correctable: 'AUDLEAD AUD' },

  // What lies before the board is the board's alone; who may read the report may read the decision.
  'ballot.read': { deciding: 'BOARD AUDLEAD OPENING_COORD' },
  'decision.vote': { deciding: 'BOARD' },
  'decision.read': {
    released: `${unitSide} ABOVE DEZ LEAD OPENING_COORD ${auditors} APPEAL BOARD STEERING ${representations}`,
    published: 'COMMITTEE',
  },
  // What was advised and stated on the way, by name.
  'decision.readInternal': {
    released: `${unitSide} ABOVE DEZ LEAD OPENING_COORD ${auditors} APPEAL BOARD STEERING ${representations}`,
  },
  // Objections are between the unit, who judged it and who decides about that.
  'objection.read': {
    always: `${unitSide} ABOVE DEZ LEAD OPENING_COORD AUDLEAD APPEAL BOARD`,
  },
  'participation.read': {
    always: `${unitSide} ABOVE DEZ LEAD OPENING_COORD HR AUDLEAD ${representations}`,
  },
  'condition.propose': { deciding: 'AUDLEAD' },
  'condition.show': { conditional: 'OWNER CONTRIB HEAD' },
  'condition.assess': { conditional: 'AUDLEAD AUD' },
  'surveillance.state': { recognised: 'HEAD' },

  'evidence.read': {
    always: unitSide,
    submitted: `${auditors} OPENING_COORD APPEAL`,
    deciding: 'DEZ LEAD',
  },
  // A proof is reached through a rating or a list that was asked for already.
  'evidence.show': 'anyone',
  'evidence.withdraw': { always: 'OWNER CONTRIB HEAD DSB' },
  'evidence.attach': { editable: 'OWNER CONTRIB HEAD' },

  'measure.read': {
    always: `${unitSide} ABOVE NEXT_ABOVE DEZ LEAD OPENING_COORD ${auditors} APPEAL BOARD FIN ${representations}`,
    coSigning: 'HR',
    published: 'COMMITTEE',
  },
  'measure.write': { targets: 'OWNER HEAD' },
  'measure.report': { released: 'OWNER HEAD POST_HOLDER' },
  'measure.confirm': { released: 'HEAD ABOVE DEZ OPENING_COORD' },
  // Who has signed; the measures themselves are more than that.
  'targets.read': {
    released: `${unitSide} ABOVE NEXT_ABOVE DEZ LEAD OPENING_COORD ${auditors} APPEAL BOARD HR FIN ${representations}`,
  },
  'targets.coSign': { coSigning: 'DEZ HR FIN GB PR' },
  'measure.readStaffing': { always: 'HR' },

  // Failed deliveries, shown by function and never by person; and the systems that receive notices.
  'delivery.read': { always: 'ADMIN OPENING_COORD' },
  'delivery.retry': { always: 'ADMIN OPENING_COORD' },
  'delivery.drop': { always: 'ADMIN OPENING_COORD' },
  'webhook.read': { always: 'ADMIN' },
  'webhook.register': { always: 'ADMIN' },
  'webhook.end': { always: 'ADMIN' },

  // Where a process stands shows none of its answers; staff and leadership both need to know it.
  'process.list': { always: everyFunction, published: 'COMMITTEE' },
  'process.read': { always: everyFunction, published: 'COMMITTEE' },
  // Who did what and when, whose turn it is and what may come next: by name, and so not for committees.
  'process.readCourse': { always: `${everyFunction} POST_HOLDER` },
  // The whole log as a file: under pseudonyms for process mining, with ids and no names for whoever checks the chain.
  'log.export': { always: 'OPENING_COORD DSB' },
  // Who downloaded it: shown to the two who may download it, so that each can check the other.
  'logDownload.read': { always: 'OPENING_COORD DSB' },
  // Figures over many units; what stands behind each is asked for on its own.
  'status.read': { always: `${everyFunction} COMMITTEE` },
  // Single units in the lists behind them; committees see those whose report is public.
  'status.readUnits': { always: everyFunction, published: 'COMMITTEE' },
};

/** Whether a holder of these functions may do it while the process bears these tags. An unknown action is denied. */
export function allows(action: string, functions: ReadonlySet<string>, tags: Tags): boolean {
  const permission = compiled.get(action);
  if (!permission) return false;
  if (permission === 'anyone') return true;
  return permission.some(
    ([condition, holders]) => intersects(holders, functions) && conditions[condition](tags),
  );
}

/** Whether it may be done in some state: for a field that is asked before a place is known. */
export function allowsSomewhere(action: string, functions: ReadonlySet<string>): boolean {
  const permission = compiled.get(action);
  if (!permission) return false;
  return permission === 'anyone' || permission.some(([, holders]) => intersects(holders, functions));
}

type Compiled = 'anyone' | readonly (readonly [Condition, ReadonlySet<string>])[];

const compiled: ReadonlyMap<string, Compiled> = new Map(
  Object.entries(permissions).map(([action, permission]) => [action, compile(permission)]),
);

function compile(permission: Permission): Compiled {
  if (permission === 'anyone') return permission;
  return Object.entries(permission).map(([condition, holders]) => [
    condition as Condition,
    new Set(holders.split(/\s+/)),
  ]);
}

function intersects(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of others) if (some.has(one)) return true;
  return false;
}
