import { expect, test } from '@jest/globals';
import { Access } from '../../src/platform/index.ts';

test('without a policy the server does not start', () => {
  expect(() => new Access().rules).toThrow('No policy is registered');
});

test('without somebody to authenticate requests nothing is answered', () => {
  expect(() => new Access().authenticate({})).toThrow('Nobody is registered');
});
