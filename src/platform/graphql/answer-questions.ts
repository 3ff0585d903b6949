import { parentPort } from 'node:worker_threads';

/** What the file of a `SideThread` does: every question is answered, or the error told. */
export function answerQuestions<Question, Answer>(
  work: (question: Question) => Answer | Promise<Answer>,
): void {
  parentPort!.on('message', async (question: Question) => {
    try {
      parentPort!.postMessage({ answer: await work(question) });
    } catch (error) {
      parentPort!.postMessage({ fault: String(error) });
    }
  });
}
