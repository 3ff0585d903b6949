import { v5 } from 'uuid';

/** What a job delivers: one delivery, or all that wait for a person until a morning. */
export interface DeliveryJob {
  readonly tenant: string;
  readonly delivery?: string;
  readonly person?: string;
  readonly dueAt?: string;
}

const namespace = '2f1d7a52-8a0f-5d0c-9f0e-6a1f1c9b7e55';

/** The id of one receiver's delivery of a notice; the receiver may know it by this id. */
export const deliveryId = (notice: string, receiver: string): string =>
  v5(`${notice} ${receiver}`, namespace);

/** The id of a delivery's job. A job that is added twice is one job; a retry by a person is another. */
export const jobId = ({ id, retried }: { readonly id: string; readonly retried: number }): string =>
  v5(`${id} ${retried}`, namespace);

/** The id of a person's daily mail. */
export const digestId = (person: string, dueAt: string): string => v5(`${person} ${dueAt}`, namespace);
