import type { Fault } from '../definition/definition-file.rules.ts';

/** A check that was stopped found nothing wrong: too large and too slow are said apart, for the next act differs. */
export function checkStopped(isLate: boolean, seconds: number, path: string): Fault {
  return isLate
    ? {
        path,
        message: {
          de: `Die Prüfung war in der vorgesehenen Zeit (${seconds} s) nicht fertig und wurde abgebrochen. Bitte erneut versuchen, wenn weniger los ist; dauert es wieder so lange, den Ablauf verkleinern.`,
          en: `The check was not done in time (${seconds} s) and was stopped. Please try again when less is going on; if it takes as long again, make the process smaller.`,
        },
      }
    : {
        path,
        message: {
          de: 'Die Prüfung wurde abgebrochen: Der Ablauf ist zu groß, um ihn ganz zu durchlaufen.',
          en: 'The check was stopped: the process is too large to be walked whole.',
        },
      };
}
