import { expect, test } from '@jest/globals';
import { checkStopped } from './check-stopped.rules.ts';

test.each([
  [true, 'states', /^The check was not done in time \(20 s\) and was stopped\. Please try again/],
  [false, '$', /^The check was stopped: the process is too large/],
])('late %s: says at %s what to do', (isLate, path, sentence) => {
  const fault = checkStopped(isLate, 20, path);
  expect(fault.path).toBe(path);
  expect(fault.message.en).toMatch(sentence);
});
