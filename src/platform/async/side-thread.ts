import { Worker } from 'node:worker_threads';

/** The thread did not answer within its limits of time or memory; it was stopped. */
export class SideThreadStopped extends Error {
  /** It was time that ran out, and not memory. */
  readonly isLate: boolean;

  constructor(message: string, isLate: boolean) {
    super(message);
    this.isLate = isLate;
  }
}

/**
 * A thread beside the server's for work that a stranger's input could make long: one question at a time, each with a
 * limit of time, all with one of memory. A thread that exceeds them is stopped, and the next question starts another.
 * The file answers with `answerQuestions` below.
 */
export class SideThread<Question, Answer> {
  readonly #file: URL;
  readonly #milliseconds: number;
  readonly #megabytes: number;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: URL, { milliseconds, megabytes }: { milliseconds: number; megabytes: number }) {
    this.#file = file;
    this.#milliseconds = milliseconds;
    this.#megabytes = megabytes;
  }

  ask(question: Question): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(question));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(question: Question): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    return new Promise<Answer>((resolve, reject) => {
      const stop = (error: Error) => {
        this.#worker = undefined;
        void worker.terminate();
        settle(() => reject(error));
      };
      const late = setTimeout(
        () => stop(new SideThreadStopped(`no answer in ${this.#milliseconds} ms`, true)),
        this.#milliseconds,
      );
      const answered = ({ answer, fault }: { answer: Answer; fault?: string }) =>
        settle(() => (fault === undefined ? resolve(answer) : reject(new Error(fault))));
      const failed = (error: Error) => stop(new SideThreadStopped(error.message, false));
      const settle = (end: () => void) => {
        clearTimeout(late);
        worker.off('message', answered).off('error', failed);
        worker.unref();
        end();
      };
      worker.ref();
      worker.on('message', answered).on('error', failed);
      worker.postMessage(question);
    });
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: this.#megabytes, stackSizeMb: 4 };
    return new Worker(this.#file, { execArgv: [], resourceLimits });
  }
}
