import { v5 } from 'uuid';

/** What a job delivers: one effect, or what waits for a person until a morning. */
export interface Delivery {
  readonly tenant: string;
  readonly effect?: string;
  readonly person?: string;
  readonly dueAt?: string;
}

const namespace = '2f1d7a52-8a0f-5d0c-9f0e-6a1f1c9b7e55';

/** The id of one receiver's share in a notice; it is what the receiver may know it by. */
export const effectId = (notice: string, receiver: string): string => v5(`${notice} ${receiver}`, namespace);

/** A job's id tells repetitions from a release: the one adds nothing, the other does. */
export const jobId = ({ id, released }: { readonly id: string; readonly released: number }): string =>
  v5(`${id} ${released}`, namespace);

/** The id of a person's daily mail. */
export const digestId = (person: string, dueAt: string): string => v5(`${person} ${dueAt}`, namespace);
