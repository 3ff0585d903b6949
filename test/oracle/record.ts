/** What a walk did, in plain words and in order: the walk writes it down while it acts. */
export interface Walk {
  readonly ratings: readonly Rating[];
  readonly moves: readonly Move[];
  readonly assignments: readonly Assignment[];
  readonly deadlines: readonly Deadline[];
  readonly coreMeasures: readonly Deadline[];
  readonly steeringActive: boolean;
}

export interface Rating {
  readonly unit: string;
  readonly criterion: string;
  /** SELF: the unit's own; FINAL: the auditor's, counted from the report's publication on. */
  readonly by: 'SELF' | 'FINAL';
  readonly level: number | 'NOT_APPLICABLE';
  readonly on: string;
}

/** A unit's process came into a state. `tags` are the state's public meaning. */
export interface Move {
  readonly unit: string;
  readonly state: string;
  readonly tags: readonly string[];
  readonly on: string;
}

export interface Assignment {
  readonly unit: string;
  readonly kind: 'COMPETENT' | 'ACCOUNTABLE';
  /** A criterion's code when competent, a field's when accountable. */
  readonly subject: string;
  readonly withDeputy: boolean;
  readonly from: string;
  /** First day on which it no longer holds. */
  readonly until?: string;
}

export interface Deadline {
  readonly unit: string;
  readonly dueOn: string;
  readonly metOn?: string;
}
